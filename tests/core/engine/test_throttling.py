"""The throttle while it works: changed at run time, what it holds back, and sources that tell when they change."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler_core import (
    HeldBack,
    Priority,
    ResourceSample,
    RetentionPolicy,
    Scheduler,
    SchedulerConfig,
    ThrottlePolicy,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.support import Alpha, Beta, Errand, Job, Script, alpha, beta, jobs

NOBODY = ThrottlePolicy([])


class Source:
    """Says what the test tells it."""

    def __init__(self, name: str, says: float = 0.0, *, tells_changes: bool = False) -> None:
        self.name = name
        self.says = says
        self.asked = 0
        self.tells_changes = tells_changes

    def pressure(self) -> float:
        self.asked += 1
        return self.says


class Network:
    """A machine that moves so many bytes a second."""

    def __init__(self, moved: float) -> None:
        self.moved = moved

    def sample(self) -> ResourceSample:
        return ResourceSample(net_rx=self.moved)


async def submit(scheduler: Scheduler, name: str, priority: int, **options: Any) -> None:
    await scheduler.domain(Alpha).submit(Job(name=name), priority=priority, **options)


async def test_a_policy_that_is_changed_lets_those_go_whom_it_no_longer_holds(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), pressure_sources=[Source("disk", 0.8)])
    told: list[ThrottlePolicy] = []
    scheduler.throttle_changed.connect(told.append)
    await submit(scheduler, "ordinary", Priority.NORMAL)
    await submit(scheduler, "backup", Priority.BACKGROUND)
    await until_quiet(scheduler)
    assert script.started == []
    only_background = ThrottlePolicy([(Priority.BACKGROUND, 0.75)])
    scheduler.set_throttle(only_background)
    await until(lambda: script.started == ["ordinary"])
    await until_quiet(scheduler)
    assert script.started == ["ordinary"]
    scheduler.set_throttle(NOBODY)
    scheduler.set_throttle(NOBODY)
    await until(lambda: script.started == ["ordinary", "backup"])
    assert told == [only_background, NOBODY]
    assert scheduler.throttle == NOBODY


async def test_a_lane_is_found_again_whose_limit_alone_was_lifted(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    """BACKGROUND and IDLE wait for one pressure, in one lot, and what stands first there goes on waiting."""
    scheduler = await make_scheduler(alpha(script), pressure_sources=[Source("disk", 0.6)])
    await submit(scheduler, "backup", Priority.BACKGROUND)
    await submit(scheduler, "later", Priority.IDLE - 1)
    await until_quiet(scheduler)
    scheduler.set_throttle(ThrottlePolicy([(Priority.BACKGROUND, 0.5), (Priority.IDLE, 0.9)]))
    await until_quiet(scheduler)
    assert script.started == []
    scheduler.set_throttle(ThrottlePolicy([(Priority.IDLE - 1, 0.5)]))
    await until(lambda: script.started == ["backup"])


async def test_a_stricter_policy_holds_what_has_not_started(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    config = SchedulerConfig(throttle=NOBODY)
    scheduler = await make_scheduler(alpha(script), config=config, pressure_sources=[Source("disk", 0.8)])
    await submit(scheduler, "first", Priority.NORMAL)
    await until(lambda: script.started == ["first"])
    scheduler.set_throttle(ThrottlePolicy())
    await submit(scheduler, "second", Priority.NORMAL)
    await until_quiet(scheduler)
    assert script.started == ["first"]


async def test_an_ignored_source_is_shown_and_holds_nobody(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    config = SchedulerConfig(throttle=ThrottlePolicy(ignores=["cpu"]))
    sources = [Source("cpu", 1.0), Source("disk", 0.4)]
    scheduler = await make_scheduler(alpha(script), config=config, pressure_sources=sources)
    await submit(scheduler, "ordinary", Priority.NORMAL)
    await until(lambda: script.started == ["ordinary"])
    snapshot = await scheduler.snapshot()
    assert (snapshot.pressure, snapshot.pressure_breakdown) == (0.4, {"cpu": 1.0, "disk": 0.4})
    assert scheduler.pressure.source == "disk"
    sources[1].says = 1.0
    await scheduler.snapshot()
    assert scheduler.pressure.source == "disk"


async def test_what_is_held_back_is_told_with_its_source_and_again_when_it_goes_on(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    disk = Source("disk", 0.9)
    scheduler = await make_scheduler(alpha(script), beta(script), pressure_sources=[disk])
    told: list[HeldBack | None] = []
    scheduler.held_back_changed.connect(told.append)
    assert scheduler.held_back is None
    await scheduler.domain(Alpha).submit_batch(jobs(3), priority=Priority.BACKGROUND)
    await scheduler.domain(Beta).submit(Errand())
    await submit(scheduler, "urgent", Priority.HIGH)
    await until(lambda: script.started == ["urgent"])
    manual_clock.advance(1)
    await until(lambda: scheduler.held_back is not None and scheduler.held_back.count == 4)
    assert told[-1] == HeldBack(source="disk", pressure=0.9, limit=0.75, count=4, domains=("alpha", "beta"))
    disk.says = 0.6
    manual_clock.advance(1)
    await until(lambda: len(script.started) == 2)
    manual_clock.advance(1)
    assert scheduler.held_back == HeldBack(
        source="disk", pressure=0.6, limit=0.5, count=3, domains=("alpha",)
    )
    disk.says = 0.0
    manual_clock.advance(1)
    await run_until_idle(scheduler, manual_clock)
    assert told[-1] is None
    assert len(script.started) == 5


async def test_a_pause_and_not_the_throttle_holds_what_is_paused(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script), pressure_sources=[Source("disk", 0.9)])
    await submit(scheduler, "ordinary", Priority.NORMAL)
    await until(lambda: scheduler.held_back is not None)
    await scheduler.pause_all()
    manual_clock.advance(1)
    await until(lambda: scheduler.held_back is None)
    await scheduler.resume_all()
    await until(lambda: scheduler.held_back is not None)


async def test_what_is_stopped_at_the_end_leaves_no_timer_of_the_throttle(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    """What the last commits bring changes the counts of those held back, after the throttle has closed."""
    scheduler = await make_scheduler(
        alpha(script), pressure_sources=[Source("disk", 0.9, tells_changes=True)]
    )
    await submit(scheduler, "urgent", Priority.HIGH)
    await until(lambda: script.started == ["urgent"])
    await submit(scheduler, "backup", Priority.BACKGROUND)
    await until(lambda: scheduler.held_back is not None)
    await scheduler.close(0)
    assert manual_clock.timers == []


async def test_a_source_that_tells_its_changes_is_not_read_in_between(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    battery, disk = Source("battery", 1.0, tells_changes=True), Source("disk", 0.9)
    scheduler = await make_scheduler(alpha(script), pressure_sources=[battery, ("disk", disk)])
    await submit(scheduler, "ordinary", Priority.NORMAL)
    await until(lambda: scheduler.held_back is not None)
    manual_clock.advance(2)
    await until_quiet(scheduler)
    assert manual_clock.timers == []
    assert scheduler.pressure.breakdown == {"battery": 1.0}
    asked = disk.asked
    manual_clock.advance(600)
    assert disk.asked == asked
    battery.says = 0.0
    scheduler.pressure_changed_outside()
    await until(lambda: scheduler.held_back is not None and scheduler.held_back.source == "disk")
    assert len(manual_clock.timers) >= 1
    disk.says = 0.0
    manual_clock.advance(1)
    await until(lambda: script.started == ["ordinary"])


async def test_a_condition_is_told_also_when_nothing_is_to_be_done(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    battery = Source("battery", 0.0, tells_changes=True)
    scheduler = await make_scheduler(alpha(script), pressure_sources=[battery])
    told: list[dict[str, float]] = []
    scheduler.pressure_changed.connect(lambda reading: told.append(reading.breakdown))
    battery.says = 1.0
    scheduler.pressure_changed_outside()
    assert scheduler.pressure.pressure == 1.0
    battery.says = 0.0
    scheduler.pressure_changed_outside()
    assert told == [{"battery": 1.0}, {}]
    assert manual_clock.timers == []


async def test_the_bandwidth_limit_is_changed_while_it_works(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script), resource_sampler=Network(900.0))
    script.holds("held")
    await submit(scheduler, "held", 0)
    await until(lambda: script.running == 1)
    scheduler.set_bandwidth_limit(1000)
    await submit(scheduler, "ordinary", Priority.NORMAL)
    await until(lambda: scheduler.held_back is not None)
    assert scheduler.pressure.breakdown == {"network": 0.9}
    scheduler.set_bandwidth_limit(None)
    await until(lambda: script.started == ["held", "ordinary"])
    assert scheduler.pressure.breakdown == {}
    script.release("held")


async def test_the_limit_of_other_groups_is_changed_while_it_works(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    config = SchedulerConfig(group_concurrency={"own": 1}, default_group_concurrency=1)
    scheduler = await make_scheduler(alpha(script), config=config)
    script.holds("a", "b", "c", "d")
    for name, group in (("a", "any"), ("b", "any"), ("c", "own"), ("d", "own")):
        await submit(scheduler, name, Priority.NORMAL, group=group)
    await until_quiet_but(scheduler, script, 2)
    scheduler.set_default_group_limit(None)
    await until_quiet_but(scheduler, script, 3)
    assert sorted(script.started) == ["a", "b", "c"]
    scheduler.set_group_limit("own", None)
    await until(lambda: sorted(script.started) == ["a", "b", "c", "d"])
    script.release("a", "b", "c", "d")


async def until_quiet_but(scheduler: Scheduler, script: Script, running: int) -> None:
    """So many run, and the others stay where they are over a turn of everything."""
    await until(lambda: script.running == running)
    await scheduler.snapshot()
    assert script.running == running


async def test_what_the_history_keeps_is_changed_while_it_works(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit_batch(jobs(5))
    await run_until_idle(scheduler)
    scheduler.set_retention(RetentionPolicy(max_count=3))
    await until(lambda: scheduler.counts.completed == 3)
    scheduler.set_retention(RetentionPolicy(max_age=100))
    await until(lambda: bool(manual_clock.timers))
    manual_clock.advance(200)
    await until(lambda: scheduler.counts.completed == 0)
    scheduler.set_retention(None)
    assert max(manual_clock.timers, default=0.0) < 1  # only what tells the counts


@pytest.mark.parametrize(
    ("order", "bad"),
    [
        ("set_throttle", [(128, 0.5)]),
        ("set_bandwidth_limit", 0),
        ("set_bandwidth_limit", float("nan")),
        ("set_bandwidth_limit", True),
        ("set_bandwidth_limit", "1"),
        ("set_retention", 5),
        ("set_default_group_limit", -1),
    ],
)
async def test_what_cannot_be_a_limit_is_refused_and_nothing_has_changed(
    make_scheduler: MakeScheduler, script: Script, order: str, bad: Any
) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(ValueError, match=r"\w"):
        getattr(scheduler, order)(bad)
    assert scheduler.throttle == ThrottlePolicy()
