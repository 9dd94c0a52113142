"""Tasks that wait grow more urgent, by a clock that pauses stop and restarts keep."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from scheduler_core import (
    AgingConfig,
    Cancelled,
    Completed,
    Dispatched,
    Priority,
    RetryableError,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    SchedulerEvent,
    Submitted,
    TaskEvent,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.support import Alpha, Beta, Chore, Errand, Job, Script, alpha, beta, jobs

AGING = AgingConfig(grace_period=10, aging_interval=1, max_effective_priority=64)
ONE = SchedulerConfig(max_concurrency=1, aging=AGING)


async def busy(scheduler: Scheduler, script: Script) -> None:
    """The only slot is taken until "first" is released."""
    script.holds("first")
    await scheduler.domain(Alpha).submit(Job(name="first"), priority=0)
    await until(lambda: script.started == ["first"])


async def test_a_task_that_waited_long_goes_before_a_fresh_more_urgent_one(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE)
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script)
    await handle.submit(Job(name="idle"), priority=Priority.IDLE)
    manual_clock.advance(10 + 128)  # by now 127
    await handle.submit(Job(name="normal"), priority=Priority.NORMAL)
    script.release("first")
    await run_until_idle(scheduler, manual_clock)
    assert script.started == ["first", "idle", "normal"]


async def test_without_aging_it_does_not(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=1))
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script)
    await handle.submit(Job(name="idle"), priority=Priority.IDLE)
    manual_clock.advance(10_000)
    await handle.submit(Job(name="normal"), priority=Priority.NORMAL)
    script.release("first")
    await run_until_idle(scheduler, manual_clock)
    assert script.started == ["first", "normal", "idle"]


async def test_nothing_ages_in_its_grace_nor_beyond_the_ceiling(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE)
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script)
    old = (await handle.submit(Job(name="old"), priority=65)).id or 0
    manual_clock.advance(10.9)
    assert await effective(scheduler, old) == 65
    manual_clock.advance(0.1)
    assert await effective(scheduler, old) == 64
    manual_clock.advance(10_000)
    assert await effective(scheduler, old) == 64


async def effective(scheduler: Scheduler, task_id: int) -> int:
    """What the throttle gate says of a task's priority by now."""
    gates = {gate.name: gate for gate in (await scheduler.explain(task_id)).gates}
    return int(gates["throttle"].values["priority"])


@pytest.mark.parametrize("scope", ["scheduler", "domain", "group"])
async def test_time_spent_paused_does_not_count(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, scope: str
) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE)
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script)
    waiting = (await handle.submit(Job(name="waits"), group="g")).id or 0
    manual_clock.advance(15)
    assert await effective(scheduler, waiting) == 128 - 5
    await pause(scheduler, scope)
    manual_clock.advance(1_000)
    assert await effective(scheduler, waiting) == 128 - 5
    other = "group" if scope == "domain" else "domain"
    await pause(scheduler, other)
    await resume(scheduler, scope)
    manual_clock.advance(500)
    assert await effective(scheduler, waiting) == 128 - 5, "another reason still holds it"
    await resume(scheduler, other)
    before = await effective(scheduler, waiting)
    manual_clock.advance(3)
    assert await effective(scheduler, waiting) == before - 3


async def pause(scheduler: Scheduler, scope: str) -> None:
    handle = scheduler.domain(Alpha)
    await {
        "scheduler": scheduler.pause_all,
        "domain": handle.pause,
        "group": lambda: handle.pause_group("g"),
    }[scope]()


async def resume(scheduler: Scheduler, scope: str) -> None:
    handle = scheduler.domain(Alpha)
    await {
        "scheduler": scheduler.resume_all,
        "domain": handle.resume,
        "group": lambda: handle.resume_group("g"),
    }[scope]()


async def test_a_lane_that_is_made_while_a_pause_holds_it_does_not_age(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE)
    handle = scheduler.domain(Alpha)
    await handle.pause_group("new")
    task = (await handle.submit(Job(name="x"), group="new")).id or 0
    manual_clock.advance(1_000)
    await scheduler.pause_all()
    await handle.resume_group("new")
    assert await effective(scheduler, task) == 128


@pytest.mark.parametrize("paused", [False, True])
async def test_waiting_goes_on_over_a_restart_and_a_pause_stops_it_there_too(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, tmp_path: Path, paused: bool
) -> None:
    path = tmp_path / "a.db"
    scheduler = await make_scheduler(alpha(script, max_concurrency=0), store=path, config=ONE)
    task = (await scheduler.domain(Alpha).submit(Job(name="x"))).id or 0
    manual_clock.advance(12)
    if paused:
        await scheduler.domain(Alpha).pause()
    await scheduler.close(0)
    manual_clock.advance(20)
    again = await make_scheduler(alpha(script, max_concurrency=0), store=path, config=ONE)
    assert await effective(again, task) == (126 if paused else 106)
    await again.domain(Alpha).resume()
    manual_clock.advance(1)
    assert await effective(again, task) == (125 if paused else 105)


async def test_a_timed_pause_that_ended_while_nobody_ran_stops_the_clock_until_its_end(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "a.db"
    scheduler = await make_scheduler(alpha(script, max_concurrency=0), store=path, config=ONE)
    task = (await scheduler.domain(Alpha).submit(Job(name="x"))).id or 0
    manual_clock.advance(12)
    await scheduler.domain(Alpha).pause_for(100)
    await scheduler.close(0)
    manual_clock.advance(105)
    again = await make_scheduler(alpha(script, max_concurrency=0), store=path, config=ONE)
    assert await effective(again, task) == 128 - 7


async def test_tasks_of_a_domain_that_was_gone_did_not_age_meanwhile(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "a.db"
    both = await make_scheduler(alpha(script), beta(script, max_concurrency=0), store=path, config=ONE)
    task = (await both.domain(Beta).submit(Errand(name="x"))).id or 0
    manual_clock.advance(12)
    await both.close(0)
    alone = await make_scheduler(alpha(script), store=path, config=ONE)
    manual_clock.advance(1_000)
    await alone.close(0)
    again = await make_scheduler(alpha(script), beta(script, max_concurrency=0), store=path, config=ONE)
    assert await effective(again, task) == 126


async def test_a_delayed_task_begins_to_wait_when_it_is_due(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=0), config=ONE)
    task = (await scheduler.domain(Alpha).submit(Job(name="x"), run_after=3_600)).id or 0
    manual_clock.advance(3_600)
    await until_quiet(scheduler)
    assert await effective(scheduler, task) == 128
    manual_clock.advance(13)
    assert await effective(scheduler, task) == 125


async def test_what_is_tried_again_waits_anew_and_what_was_interrupted_does_not(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(1)), config=ONE)
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script)
    script.holds("x")
    script.fails("x", RetryableError("again"))
    task = (await handle.submit(Job(name="x"))).id or 0
    manual_clock.advance(15)
    script.release("first")
    await until(lambda: script.running == 1 and script.started[-1] == "x")
    manual_clock.advance(100)  # while it runs
    await handle.pause()
    await until_quiet(scheduler)
    assert await effective(scheduler, task) == 128 - 5
    handle.set_max_concurrency(1)
    await handle.resume()
    await until(lambda: script.running == 1)
    script.release("x")  # fails, and stands in line again
    handle.set_max_concurrency(0)
    await until_quiet(scheduler)
    assert await effective(scheduler, task) == 128


async def test_events_tell_both_priorities(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE)
    heard: list[SchedulerEvent] = []
    scheduler.subscribe(heard.extend)
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script)
    await handle.submit(Job(name="runs"))
    gone = (await handle.submit(Job(name="gone"))).id or 0
    manual_clock.advance(12)
    await handle.cancel(gone)
    script.release("first")
    script.does("runs", lambda *_: advance(manual_clock))
    await run_until_idle(scheduler)
    told: dict[str, Any] = {
        f"{event.label} {type(event).__name__}": (event.base_priority, event.effective_priority)
        for event in heard
        if isinstance(event, TaskEvent)
    }
    assert told[f"runs {Submitted.__name__}"] == (128, 128)
    assert told[f"runs {Dispatched.__name__}"] == (128, 126)
    assert told[f"runs {Completed.__name__}"] == (128, 126), "it does not age while it runs"
    assert told[f"gone {Cancelled.__name__}"] == (128, 126)


async def advance(clock: ManualClock) -> None:
    clock.advance(50)


async def test_the_snapshot_shows_how_tasks_age(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE)
    assert (await scheduler.snapshot()).aging == AGING


async def test_an_aged_task_interrupts_nobody(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    config = SchedulerConfig(
        max_concurrency=1, preempt_priority=64, aging=AGING.evolve(max_effective_priority=0)
    )
    scheduler = await make_scheduler(alpha(script), config=config)
    script.holds("long")
    await scheduler.domain(Alpha).submit(Job(name="long"), priority=200)
    await until(lambda: script.running == 1)
    await scheduler.domain(Alpha).submit(Job(name="aged"), priority=128)
    manual_clock.advance(10_000)
    await scheduler.domain(Alpha).submit(Chore(name="other"))
    for _ in range(50):
        await asyncio.sleep(0)
    assert script.started == ["long"]
    script.release("long")


async def test_a_long_lane_ages_page_by_page(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE)
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script)
    await handle.submit_batch(jobs(2_000, "old"), priority=150)
    manual_clock.advance(10 + 40)
    await handle.submit_batch(jobs(10, "new"), priority=120)
    script.release("first")
    await run_until_idle(scheduler)
    assert script.started[1:2_001] == [f"old-{n}" for n in range(2_000)]


@pytest.mark.parametrize(
    "wrong",
    [{"aging_interval": 0}, {"grace_period": -1}, {"max_effective_priority": 256}, {"urgent_threshold": -1}],
)
def test_aging_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AgingConfig(**wrong)


async def test_a_lane_that_was_paused_ages_on_while_it_waits_in_line(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    """It is looked at again when its time has come, though no other task came or went meanwhile."""
    scheduler = await make_scheduler(alpha(script), config=ONE)
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script)
    await handle.submit(Job(name="old"), priority=140, group="g")
    await handle.pause_group("g")
    manual_clock.advance(500)
    await handle.resume_group("g")
    manual_clock.advance(10 + 20)  # by now 120
    await handle.submit(Job(name="new"), priority=125)
    script.release("first")
    await run_until_idle(scheduler)
    assert script.started == ["first", "old", "new"]
