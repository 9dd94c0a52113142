"""Aging that is switched on, off, or changed while tasks wait: they stand where they would if it had always been so."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest

from scheduler_core import (
    AgingConfig,
    Completed,
    ConfigurationError,
    Scheduler,
    SchedulerConfig,
    SchedulerEvent,
    StoreError,
    TaskEvent,
    ThrottlePolicy,
)
from scheduler_core.store.database import Database
from scheduler_core.store.task_store import TaskStore
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.support import Alpha, Job, Script, alpha, jobs

AGING = AgingConfig(grace_period=10, aging_interval=1, max_effective_priority=64)
ONE = SchedulerConfig(max_concurrency=1)


async def busy(scheduler: Scheduler, script: Script) -> None:
    """The only slot is taken until "first" is released."""
    script.holds("first")
    await scheduler.domain(Alpha).submit(Job(name="first"), priority=0)
    await until(lambda: script.started == ["first"])


async def effective(scheduler: Scheduler, task_id: int) -> int:
    """What the throttle gate says of a task's priority by now."""
    gates = {gate.name: gate for gate in (await scheduler.explain(task_id)).gates}
    return int(gates["throttle"].values["priority"])


async def test_what_waits_already_has_the_age_it_would_have(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE)
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script)
    old = (await handle.submit(Job(name="old"), priority=140)).id or 0
    manual_clock.advance(10 + 20)
    await handle.submit(Job(name="new"), priority=125)
    await scheduler.set_aging(AGING)
    assert await effective(scheduler, old) == 120
    assert scheduler.aging == AGING
    assert (await scheduler.snapshot()).aging == AGING
    script.release("first")
    await run_until_idle(scheduler)
    assert script.started == ["first", "old", "new"]


async def test_switched_off_each_is_as_urgent_as_it_was_submitted(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE.evolve(aging=AGING))
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script)
    old = (await handle.submit(Job(name="old"), priority=140)).id or 0
    manual_clock.advance(10 + 20)
    await handle.submit(Job(name="new"), priority=125)
    await scheduler.set_aging(None)
    assert await effective(scheduler, old) == 140
    assert scheduler.aging is None
    script.release("first")
    await run_until_idle(scheduler)
    assert script.started == ["first", "new", "old"]


async def test_another_pace_holds_at_once(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE.evolve(aging=AGING))
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script)
    old = (await handle.submit(Job(name="old"), priority=140)).id or 0
    manual_clock.advance(10 + 20)
    await scheduler.set_aging(AGING.evolve(aging_interval=10))
    assert await effective(scheduler, old) == 138
    manual_clock.advance(10)
    assert await effective(scheduler, old) == 137
    script.release("first")


async def test_in_lanes_longer_than_their_windows_everybody_stands_where_it_belongs(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    """Those in memory are looked up, those behind come by pages that say since when they wait."""
    scheduler = await make_scheduler(alpha(script), config=ONE)
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script)
    await handle.submit_batch(jobs(1_100, "old"), priority=150)
    await handle.submit_batch([Job(name=f"side-{n}", n=n) for n in range(40)], priority=150, group="g")
    manual_clock.advance(10 + 40)
    await handle.submit_batch(jobs(10, "new"), priority=120)
    await scheduler.set_aging(AGING)
    scheduler.set_max_concurrency(8)
    script.release("first")
    await run_until_idle(scheduler)
    old = [f"old-{n}" for n in range(1_100)] + [f"side-{n}" for n in range(40)]
    assert script.started[1:1_141] == old


async def test_a_page_that_was_asked_for_before_is_looked_up_too(
    make_scheduler: MakeScheduler,
    manual_clock: ManualClock,
    script: Script,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE, store=tmp_path / "a.db")
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script)
    await handle.submit_batch(jobs(1_100, "old"), priority=150)
    manual_clock.advance(10 + 40)
    asked, may_answer = asyncio.Event(), asyncio.Event()
    read = TaskStore.ready_page

    async def reads_late(*args: Any, **options: Any) -> Any:
        page = await read(*args, **options)
        asked.set()
        await may_answer.wait()
        return page

    monkeypatch.setattr(TaskStore, "ready_page", reads_late)
    script.release("first")
    await asked.wait()
    changing = asyncio.ensure_future(scheduler.set_aging(AGING))
    await until(changing.done)
    script.holds("second")
    await handle.submit(Job(name="second"), priority=0)
    await until(lambda: script.started[-1] == "second")
    await handle.submit(Job(name="new"), priority=120)
    scheduler.set_max_concurrency(8)
    may_answer.set()
    script.release("second")
    await run_until_idle(scheduler)
    assert script.started[-1] == "new", "all others are more urgent by now"


async def test_time_spent_paused_while_nothing_aged_does_not_count_either(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE)
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script)
    task = (await handle.submit(Job(name="waits"), group="g")).id or 0
    manual_clock.advance(5)
    await handle.pause_group("g")
    manual_clock.advance(1_000)
    await scheduler.set_aging(AGING)
    manual_clock.advance(1_000)
    assert await effective(scheduler, task) == 128
    await handle.resume_group("g")
    manual_clock.advance(10)
    assert await effective(scheduler, task) == 123
    script.release("first")


async def test_what_runs_does_not_age_when_it_is_switched_on(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE)
    heard: list[SchedulerEvent] = []
    scheduler.subscribe(heard.extend)
    script.holds("runs")
    await scheduler.domain(Alpha).submit(Job(name="runs"))
    await until(lambda: script.running == 1)
    manual_clock.advance(100)
    await scheduler.set_aging(AGING)
    script.release("runs")
    await run_until_idle(scheduler)
    over = [event for event in heard if isinstance(event, TaskEvent) and isinstance(event, Completed)]
    assert [event.effective_priority for event in over] == [128]


async def test_what_waits_for_a_calmer_machine_starts_when_it_is_urgent_enough_by_now(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    config = SchedulerConfig(throttle=ThrottlePolicy([(100, 0.5)]))
    scheduler = await make_scheduler(alpha(script), config=config, pressure_sources=[("x", lambda: 0.9)])
    await scheduler.domain(Alpha).submit(Job(name="held"), priority=110)
    await until_quiet(scheduler)
    manual_clock.advance(10 + 20)
    await until_quiet(scheduler)
    assert script.started == []
    await scheduler.set_aging(AGING)
    await run_until_idle(scheduler)
    assert script.started == ["held"]


async def test_and_waits_on_until_it_has_grown_so_urgent(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    config = SchedulerConfig(throttle=ThrottlePolicy([(100, 0.5)]))
    scheduler = await make_scheduler(alpha(script), config=config, pressure_sources=[("x", lambda: 0.9)])
    await scheduler.domain(Alpha).submit(Job(name="held"), priority=110)
    await until_quiet(scheduler)
    await scheduler.set_aging(AGING)
    manual_clock.advance(10 + 10)
    await until_quiet(scheduler)
    assert script.started == []
    manual_clock.advance(1)
    await run_until_idle(scheduler)
    assert script.started == ["held"]


async def test_when_ages_cannot_be_read_all_is_as_before(
    make_scheduler: MakeScheduler,
    manual_clock: ManualClock,
    script: Script,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE)
    handle = scheduler.domain(Alpha)
    await busy(scheduler, script)
    old = (await handle.submit(Job(name="old"), priority=140)).id or 0
    manual_clock.advance(10 + 20)

    async def fails(*_: object) -> object:
        raise StoreError("database", "the disk is gone", "Bring it back.")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "read", fails)
        with pytest.raises(StoreError):
            await scheduler.set_aging(AGING)
    assert scheduler.aging is None
    assert await effective(scheduler, old) == 140
    await scheduler.set_aging(AGING)
    assert await effective(scheduler, old) == 120
    script.release("first")


async def test_what_was_chosen_before_and_could_not_be_started_ages_like_the_others(
    make_scheduler: MakeScheduler,
    manual_clock: ManualClock,
    script: Script,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=0), config=ONE)
    handle = scheduler.domain(Alpha)
    old = (await handle.submit(Job(name="old"), priority=140)).id or 0
    manual_clock.advance(10 + 20)
    refused: list[list[int]] = []
    told: list[StoreError] = []
    scheduler.store_failed.connect(told.append)

    def refuses(store: TaskStore, ids: Any) -> asyncio.Future[Any]:
        refused.append(list(ids))
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        future.set_exception(StoreError("database", "the disk is full", "Make room."))
        return future

    with monkeypatch.context() as patch:
        patch.setattr(TaskStore, "claim", refuses)
        handle.set_max_concurrency(1)
        await until(lambda: refused == [[old]] and bool(told))
        await scheduler.set_aging(AGING)
        handle.set_max_concurrency(0)
        manual_clock.advance(1)  # now it is put back into line
        await until_quiet(scheduler)
    await handle.submit(Job(name="new"), priority=125)
    handle.set_max_concurrency(1)
    await run_until_idle(scheduler, manual_clock)
    assert script.started == ["old", "new"]


async def test_at_the_end_nothing_is_to_be_looked_up_again(
    make_scheduler: MakeScheduler,
    manual_clock: ManualClock,
    script: Script,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=0), config=ONE)
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="old"), priority=140)
    refused: list[int] = []

    def refuses(store: TaskStore, ids: Any) -> asyncio.Future[Any]:
        refused.extend(ids)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        future.set_exception(StoreError("database", "the disk is full", "Make room."))
        return future

    async def fails(*_: object) -> object:
        raise StoreError("database", "the disk is gone", "Bring it back.")

    with monkeypatch.context() as patch:
        patch.setattr(TaskStore, "claim", refuses)
        handle.set_max_concurrency(1)
        await until(lambda: bool(refused))
        await scheduler.set_aging(AGING)
        handle.set_max_concurrency(0)
        patch.setattr(Database, "read", fails)
        manual_clock.advance(1)  # now it is put back into line, and nobody knows since when it waits
        await until(lambda: 1.0 in manual_clock.timers)
    await scheduler.close(0)
    assert manual_clock.timers == []


async def test_changes_that_come_at_once_are_made_in_their_order(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=0), config=ONE)
    await scheduler.domain(Alpha).submit_batch(jobs(500))
    slow = AGING.evolve(aging_interval=10)
    await asyncio.gather(scheduler.set_aging(AGING), scheduler.set_aging(None), scheduler.set_aging(slow))
    assert scheduler.aging == slow


async def test_what_is_no_way_to_age_is_refused(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE)
    with pytest.raises(ConfigurationError, match="AgingConfig"):
        await scheduler.set_aging(cast("AgingConfig", 60))
