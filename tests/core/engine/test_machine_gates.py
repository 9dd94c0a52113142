"""Who waits while the machine is busy: the throttle by pressure, and the IO budget by what tasks move."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler_core import (
    AgingConfig,
    IoBudget,
    ResourceSample,
    SamplerConfig,
    Scheduler,
    SchedulerConfig,
    TaskContext,
    ThrottlePolicy,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.support import Alpha, Chore, Job, Script, alpha

MONITORED = SchedulerConfig(
    max_concurrency=10,
    resource_monitoring=True,
    throttle=ThrottlePolicy([]),
    sampler=SamplerConfig(ewma_alpha=1.0),
)


class Load:
    """A source of pressure that the test sets, and a machine that moves what the test says."""

    name = "load"

    def __init__(self, pressure: float = 0.0, **moves: float) -> None:
        self.now = pressure
        self.moves = moves

    def pressure(self) -> float:
        return self.now

    def sample(self) -> ResourceSample:
        return ResourceSample(**self.moves)


async def three(scheduler: Scheduler) -> None:
    """A task of each class."""
    handle = scheduler.domain(Alpha)
    for name, priority in (("background", 192), ("normal", 128), ("high", 64)):
        await handle.submit(Job(name=name), priority=priority)


@pytest.mark.parametrize(
    ("pressure", "started"),
    [
        (0.0, ["high", "normal", "background"]),
        (0.5, ["high", "normal", "background"]),
        (0.51, ["high", "normal"]),
        (0.75, ["high", "normal"]),
        (0.76, ["high"]),
        (1.0, ["high"]),
    ],
)
async def test_background_waits_above_a_half_and_normal_above_three_quarters(
    make_scheduler: MakeScheduler, script: Script, pressure: float, started: list[str]
) -> None:
    scheduler = await make_scheduler(
        alpha(script), pressure_sources=[Load(pressure)], config=SchedulerConfig(max_concurrency=10)
    )
    await scheduler.pause_all()
    await three(scheduler)
    await scheduler.resume_all()
    await until_quiet(scheduler)
    assert script.started == started


async def test_they_start_when_the_machine_calms_down(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    load = Load(1.0)
    scheduler = await make_scheduler(alpha(script), pressure_sources=[load])
    await three(scheduler)
    await until_quiet(scheduler)
    assert script.started == ["high"]
    load.now = 0.6
    manual_clock.advance(1)
    await until_quiet(scheduler)
    assert script.started == ["high", "normal"]
    load.now = 0.1
    await run_until_idle(scheduler, manual_clock)
    assert script.started == ["high", "normal", "background"]
    manual_clock.advance(1)
    assert not manual_clock.timers, "nobody waits for the machine any more"


async def test_a_policy_of_ones_own_and_none_at_all(make_scheduler: MakeScheduler, script: Script) -> None:
    load = Load(0.35)
    policy = ThrottlePolicy([(100, 0.3)])
    scheduler = await make_scheduler(
        alpha(script), pressure_sources=[load], config=SchedulerConfig(throttle=policy)
    )
    await three(scheduler)
    await until_quiet(scheduler)
    assert script.started == ["high"]
    free = await make_scheduler(
        alpha(script), pressure_sources=[Load(1.0)], config=SchedulerConfig(throttle=ThrottlePolicy([]))
    )
    await three(free)
    await run_until_idle(free)
    assert free.counts.completed == 3


async def test_of_several_thresholds_the_lowest_counts_and_they_travel_as_json() -> None:
    policy = ThrottlePolicy([(192, 0.9), (128, 0.4)])
    assert [policy.limit(priority) for priority in (64, 127, 128, 191, 192, 255)] == [
        *(None, None, 0.4, 0.4, 0.4, 0.4)
    ]
    assert ThrottlePolicy.model_validate_json(policy.model_dump_json()) == policy
    assert ThrottlePolicy().limit(192) == 0.5


async def test_a_task_that_has_aged_enough_starts_on_a_busy_machine(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    """Its timer is the next deadline: nobody asks in between."""
    aging = AgingConfig(grace_period=100, aging_interval=10, max_effective_priority=64)
    config = SchedulerConfig(
        aging=aging, throttle=ThrottlePolicy([(128, 0.5)]), sampler=SamplerConfig(interval=10_000)
    )
    scheduler = await make_scheduler(alpha(script), pressure_sources=[Load(1.0)], config=config)
    await scheduler.domain(Alpha).submit(Job(name="waits"), priority=130)
    await until_quiet(scheduler)
    manual_clock.advance(129)
    await until_quiet(scheduler)
    assert script.started == []
    manual_clock.advance(1)
    await run_until_idle(scheduler)
    assert script.started == ["waits"]


async def test_explain_tells_what_the_machine_does(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), pressure_sources=[Load(0.8)])
    task = (await scheduler.domain(Alpha).submit(Job())).id or 0
    await until_quiet(scheduler)
    gate = (await scheduler.explain(task)).blocking
    assert gate is not None
    assert gate.name == "throttle"
    assert gate.values == {"pressure": 0.8, "limit": 0.75, "priority": 128}
    assert gate.message == "The machine is 80% busy; tasks of priority 128 wait until it is at 75% or below."


# The IO budget


async def movers(
    make: MakeScheduler, script: Script, clock: ManualClock, load: Load, **config: Any
) -> Scheduler:
    """A scheduler whose machine has been measured while a task that is expected to read 1,000 bytes runs."""
    scheduler = await make(
        alpha(script), pressure_sources=[], resource_sampler=load, config=MONITORED.evolve(**config)
    )
    script.holds("mover")
    await scheduler.domain(Alpha).submit(Job(name="mover"), priority=0, expected_io=IoBudget(disk_read=1_000))
    await until(lambda: script.started == ["mover"])
    clock.advance(1)
    return scheduler


async def rest(scheduler: Scheduler) -> None:
    """Until nothing more starts by itself."""
    engine = scheduler._engine
    await until(
        lambda: not (engine.dispatcher.is_busy or engine.completion.is_busy or len(engine.attempts) > 1)
    )


async def test_what_would_move_more_than_four_fifths_of_two_seconds_waits(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await movers(make_scheduler, script, manual_clock, Load(disk_read=1_000.0))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="too much"), expected_io=IoBudget(disk_read=610))
    await handle.submit(Job(name="just fits"), expected_io=IoBudget(disk_read=600))
    await rest(scheduler)
    assert script.started == ["mover", "just fits"]
    script.release("mover")
    await run_until_idle(scheduler)
    assert script.started == ["mover", "just fits", "too much"]


async def test_other_directions_and_tasks_that_move_nothing_do_not_wait(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await movers(make_scheduler, script, manual_clock, Load(disk_read=1.0))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="reads"), priority=1, expected_io=IoBudget(disk_read=1))
    await handle.submit(Job(name="writes"), expected_io=IoBudget(disk_write=10**9))
    await handle.submit(Job(name="sends"), expected_io=IoBudget(net_tx=10**9))
    await handle.submit(Job(name="thinks"))
    await rest(scheduler)
    assert script.started == ["mover", "writes", "sends", "thinks"]
    script.release("mover")
    await run_until_idle(scheduler)


async def test_a_faster_machine_lets_more_start(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    load = Load(disk_read=100.0)
    scheduler = await movers(make_scheduler, script, manual_clock, load)
    await scheduler.domain(Alpha).submit(Job(name="large"), expected_io=IoBudget(disk_read=10_000))
    await rest(scheduler)
    assert script.started == ["mover"]
    load.moves = {"disk_read": 10_000.0}
    manual_clock.advance(1)
    await until(lambda: "large" in script.started)
    script.release("mover")
    await run_until_idle(scheduler)


async def test_without_monitoring_nobody_waits(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("a", "b")
    for name in ("a", "b"):
        await handle.submit(Job(name=name), expected_io=IoBudget(disk_read=10**12))
    await until(lambda: script.running == 2)
    script.release("a", "b")


async def test_the_first_of_its_kind_starts_however_large_it_is(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await movers(make_scheduler, script, manual_clock, Load())
    await scheduler.domain(Alpha).submit(Job(name="upload"), expected_io=IoBudget(net_tx=10**12))
    await until(lambda: "upload" in script.started)
    script.release("mover")
    await run_until_idle(scheduler)


async def test_what_a_type_usually_moves_counts_where_nobody_says(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    async def reads(task: Any, ctx: TaskContext) -> None:
        ctx.record_io(disk_read=50_000)

    script.does("learns", reads)
    load = Load(disk_read=1_000.0)
    scheduler = await movers(make_scheduler, script, manual_clock, load)
    handle = scheduler.domain(Alpha)
    await handle.submit(Chore(name="learns"))
    await until(lambda: scheduler.counts.completed == 1)
    later = (await handle.submit(Chore(name="like that", n=2))).id or 0
    await handle.submit(Job(name="another type"))
    await rest(scheduler)
    assert script.started == ["mover", "learns", "another type"]
    gate = (await scheduler.explain(later)).blocking
    assert gate is not None
    assert gate.name == "io_budget"
    assert gate.values == {"direction": "disk_read", "expected": 51_000, "allowed": 1_600.0}
    assert "51,000 bytes" in gate.message
    script.release("mover")
    await run_until_idle(scheduler)


async def test_tasks_of_a_size_that_is_held_do_not_hold_smaller_ones(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    """Two thousand large ones, older and more urgent, of a hundred sizes."""
    scheduler = await movers(make_scheduler, script, manual_clock, Load(disk_read=1_000.0))
    handle = scheduler.domain(Alpha)
    for size in range(100):
        await handle.submit_batch(
            [Job(name="large", n=100 * size + n) for n in range(20)],
            priority=1,
            expected_io=IoBudget(disk_read=10_000 + 1_000 * size),
        )
    await handle.submit(Job(name="small"), priority=255, expected_io=IoBudget(disk_read=100))
    await rest(scheduler)
    assert script.started == ["mover", "small"]
    script.release("mover")
    await run_until_idle(scheduler, patience=30)
    assert scheduler.counts.completed == 2_002
