"""Groups share the slots: minimum slots, weights, what is left by priority, and whoever has waited too long."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from scheduler_core import (
    AgingConfig,
    ConfigurationError,
    GroupWeightChanged,
    Scheduler,
    SchedulerConfig,
    SchedulerEvent,
)
from scheduler_core.testing import MakeScheduler, ManualClock, until, until_quiet
from tests.core.support import Alpha, Beta, Errand, Job, Script, alpha, beta


class Crowd:
    """Tasks of several groups that all wait once they run; each that is let go makes room for one."""

    def __init__(self, scheduler: Scheduler, script: Script) -> None:
        self.scheduler = scheduler
        self.script = script

    async def submit(self, group: str | None, n: int, **options: Any) -> None:
        names = [f"{group}-{i}" for i in range(n)]
        self.script.holds(*names)
        handle = self.scheduler.domain(Alpha)
        await handle.submit_batch([Job(name=name) for name in names], group=group, **options)

    async def running(self) -> Counter[str]:
        """How many of each group run, once nothing more starts."""
        full = self.scheduler.max_concurrency
        await until(lambda: self.script.running == full)
        ended = set(self.script.ended)
        return Counter(name.split("-")[0] for name in self.script.started if name not in ended)

    async def turn_over(self, n: int) -> None:
        """The oldest that run end, one after another."""
        for _ in range(n):
            ended = set(self.script.ended)
            oldest = next(name for name in self.script.started if name not in ended)
            before = len(self.script.started)
            self.script.release(oldest)
            await until(lambda before=before: len(self.script.started) > before)

    def let_go(self) -> None:
        """All end."""
        self.script.release(*self.script._gates)


async def crowd(make: MakeScheduler, script: Script, **config: Any) -> Crowd:
    scheduler = await make(alpha(script), beta(script), config=SchedulerConfig(**config))
    return Crowd(scheduler, script)


async def test_slots_are_shared_by_weight(make_scheduler: MakeScheduler, script: Script) -> None:
    many = await crowd(make_scheduler, script, max_concurrency=8, group_weights={"a": 3, "b": 1})
    await many.scheduler.pause_all()
    await many.submit("a", 40)
    await many.submit("b", 40)
    await many.scheduler.resume_all()
    assert await many.running() == {"a": 6, "b": 2}
    await many.turn_over(20)
    assert await many.running() == {"a": 6, "b": 2}
    many.let_go()


async def test_without_weights_the_first_group_takes_all(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    many = await crowd(make_scheduler, script, max_concurrency=8)
    await many.submit("a", 40)
    await many.submit("b", 40)
    assert await many.running() == {"a": 8}
    many.let_go()


async def test_a_more_urgent_group_does_not_take_the_share_of_another(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    many = await crowd(make_scheduler, script, max_concurrency=4, group_weights={"a": 1, "b": 1})
    await many.submit("a", 20, priority=64)
    await many.submit("b", 20, priority=200)
    await many.turn_over(8)
    assert await many.running() == {"a": 2, "b": 2}
    many.let_go()


async def test_tasks_without_a_group_are_one_group_with_the_default_weight(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    many = await crowd(
        make_scheduler, script, max_concurrency=8, group_weights={"a": 1}, default_group_weight=3
    )
    await many.scheduler.pause_all()
    await many.submit("a", 20)
    await many.submit(None, 20)
    await many.scheduler.resume_all()
    assert await many.running() == {"a": 2, "None": 6}
    many.let_go()


async def test_minimum_slots_come_first(make_scheduler: MakeScheduler, script: Script) -> None:
    many = await crowd(make_scheduler, script, max_concurrency=4, group_minimum_slots={"small": 1})
    await many.scheduler.pause_all()
    await many.submit("large", 40, priority=10)
    await many.submit("small", 5, priority=250)
    await many.scheduler.resume_all()
    running = await many.running()
    assert running["small"] >= 1
    many.let_go()


async def test_a_group_without_work_keeps_no_slot_from_anybody(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    many = await crowd(
        make_scheduler,
        script,
        max_concurrency=6,
        group_weights={"a": 1, "b": 5},
        group_minimum_slots={"b": 3},
    )
    await many.submit("a", 20)
    assert await many.running() == {"a": 6}
    many.let_go()


async def test_what_weights_leave_goes_by_priority(make_scheduler: MakeScheduler, script: Script) -> None:
    many = await crowd(make_scheduler, script, max_concurrency=5, group_weights={"a": 1, "b": 1})
    await many.scheduler.pause_all()
    await many.submit("a", 20, priority=200)
    await many.submit("b", 20, priority=100)
    await many.scheduler.resume_all()
    assert await many.running() == {"a": 2, "b": 3}
    many.let_go()


async def test_a_capped_group_leaves_the_rest_of_its_share(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    many = await crowd(
        make_scheduler,
        script,
        max_concurrency=8,
        group_weights={"a": 3, "b": 1},
        group_concurrency={"a": 2},
    )
    await many.scheduler.pause_all()
    await many.submit("a", 20)
    await many.submit("b", 20)
    await many.scheduler.resume_all()
    assert await many.running() == {"a": 2, "b": 6}
    many.let_go()


async def test_weights_change_while_tasks_run_and_are_told(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    many = await crowd(make_scheduler, script, max_concurrency=4)
    heard: list[SchedulerEvent] = []
    many.scheduler.subscribe(heard.extend)
    await many.submit("a", 40)
    await many.submit("b", 40)
    assert await many.running() == {"a": 4}
    many.scheduler.set_group_weight("b", 3)
    await many.turn_over(8)
    assert await many.running() == {"a": 1, "b": 3}
    many.scheduler.set_group_weight("b", None)
    many.scheduler.set_group_minimum_slots("b", None)
    await many.turn_over(12)
    assert await many.running() == {"a": 4}
    told = [(event.group, event.weight) for event in heard if isinstance(event, GroupWeightChanged)]
    assert told == [("b", 3), ("b", None)]
    many.let_go()


async def test_shares_hold_across_domains(make_scheduler: MakeScheduler, script: Script) -> None:
    many = await crowd(make_scheduler, script, max_concurrency=4, group_weights={"a": 1, "b": 1})
    await many.scheduler.pause_all()
    await many.submit("a", 10)
    script.holds(*(f"b-{n}" for n in range(10)))
    await many.scheduler.domain(Beta).submit_batch([Errand(name=f"b-{n}") for n in range(10)], group="b")
    await many.scheduler.resume_all()
    assert await many.running() == {"a": 2, "b": 2}
    many.let_go()


async def test_who_has_waited_too_long_gets_what_is_left_before_who_is_more_urgent(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    aging = AgingConfig(grace_period=0, aging_interval=1, max_effective_priority=100, urgent_threshold=100)
    many = await crowd(
        make_scheduler, script, max_concurrency=1, group_weights={"rich": 100, "poor": 1}, aging=aging
    )
    await many.submit("rich", 1, priority=10)
    await until(lambda: script.running == 1)
    await many.submit("poor", 5, priority=200)
    manual_clock.advance(200)
    script.holds("rich-late")
    handle = many.scheduler.domain(Alpha)
    many.scheduler.set_group_weight("rich", 1)  # neither is due the only slot now
    await handle.submit(Job(name="rich-late"), group="rich", priority=10)
    await many.turn_over(1)
    assert await many.running() == {"poor": 1}
    many.let_go()


async def test_urgent_tasks_do_not_wait_for_their_groups_turn(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    many = await crowd(make_scheduler, script, max_concurrency=2, group_weights={"a": 9, "b": 1})
    await many.submit("a", 10)
    await many.running()
    script.holds("urgent")
    await many.scheduler.domain(Alpha).submit(Job(name="urgent"), group="b", priority=0)
    await until(lambda: "urgent" in script.started)
    many.let_go()


async def test_the_snapshot_shows_what_each_group_is_due(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    many = await crowd(
        make_scheduler,
        script,
        max_concurrency=8,
        group_weights={"a": 3},
        group_minimum_slots={"idle": 2},
        group_concurrency={"a": 5},
    )
    assert [(one.group, one.allocated) for one in (await many.scheduler.snapshot()).group_allocations] == [
        ("a", 0),
        ("idle", 0),
    ]
    await many.submit("a", 20)
    await many.submit(None, 20)
    await many.running()
    shown = {one.group: one for one in (await many.scheduler.snapshot()).group_allocations}
    assert (shown["a"].weight, shown["a"].max_concurrency, shown["a"].allocated) == (3, 5, 5)
    assert (shown[None].weight, shown[None].allocated, shown[None].minimum_slots) == (1, 3, 0)
    assert shown["a"].running + shown[None].running == 8
    assert (shown["idle"].minimum_slots, shown["idle"].running) == (2, 0)
    many.let_go()


async def test_a_paused_group_is_due_nothing(make_scheduler: MakeScheduler, script: Script) -> None:
    many = await crowd(make_scheduler, script, max_concurrency=4, group_weights={"a": 1, "b": 1})
    await many.scheduler.domain(Alpha).pause_group("a")
    await many.submit("a", 10)
    await many.submit("b", 10)
    assert await many.running() == {"b": 4}
    shown = {one.group: one.allocated for one in (await many.scheduler.snapshot()).group_allocations}
    assert shown == {"a": 0, "b": 4}
    many.let_go()


@pytest.mark.parametrize("wrong", [0, -1, True, 1.5, "2"])
async def test_a_weight_that_cannot_be_is_refused(
    make_scheduler: MakeScheduler, script: Script, wrong: Any
) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(ConfigurationError):
        scheduler.set_group_weight("g", wrong)
    with pytest.raises(ConfigurationError):
        scheduler.set_group_weight("", 1)
    if wrong != 0:
        with pytest.raises(ConfigurationError):
            scheduler.set_group_minimum_slots("g", wrong)
    await until_quiet(scheduler)
