"""Any thread may ask for the metrics, at any time."""

from __future__ import annotations

import asyncio
import threading

import pytest

from scheduler_core import MetricsSnapshot, Scheduler, SchedulerError, TaskCounters, TaskStore
from scheduler_core.engine import loop_thread
from scheduler_core.testing import MakeScheduler, run_until_idle
from tests.core.support import Alpha, Job, Script, alpha, jobs


async def test_it_can_be_asked_before_and_after(script: Script) -> None:
    scheduler = Scheduler(TaskStore.in_memory(), [alpha(script)])
    new = scheduler.metrics()
    assert new.opened_at is None
    assert new.total == TaskCounters()
    async with scheduler:
        await scheduler.domain(Alpha).submit(Job())
        await scheduler.wait_idle()
    assert scheduler.metrics().total.completed == 1


async def test_another_thread_is_answered_by_the_loops(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    threads: set[int] = set()
    view = scheduler._engine.metrics_view
    whole = view.snapshot

    def watched() -> MetricsSnapshot:
        threads.add(threading.get_ident())
        return whole()

    view.snapshot = watched
    done = threading.Event()

    def ask() -> int:
        asked = 0
        while not done.is_set() or not asked:
            assert scheduler.metrics().total.submitted >= 0
            asked += 1
        return asked

    asking = [asyncio.ensure_future(asyncio.to_thread(ask)) for _ in range(2)]
    await scheduler.domain(Alpha).submit_batch(jobs(500))
    await run_until_idle(scheduler)
    done.set()
    assert min(await asyncio.gather(*asking)) > 0
    assert threads == {threading.get_ident()}


async def test_what_goes_wrong_on_the_loops_thread_is_raised_where_it_was_asked(
    make_scheduler: MakeScheduler, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler = await make_scheduler(alpha(script))
    monkeypatch.setattr(scheduler._engine.metrics_view, "snapshot", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await asyncio.to_thread(scheduler.metrics)


async def test_a_loop_that_does_not_turn_is_named(
    make_scheduler: MakeScheduler, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop_thread, "PATIENCE_S", 0.01)
    scheduler = await make_scheduler(alpha(script))
    errors: list[SchedulerError] = []

    def ask() -> None:
        try:
            scheduler.metrics()
        except SchedulerError as error:
            errors.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    asking.join()  # and the loop stands still
    (error,) = errors
    assert "its event loop has not turned for 0.01 s" in str(error)


def test_a_loop_that_has_ended_is_not_waited_for(script: Script) -> None:
    async def live() -> Scheduler:
        async with Scheduler(TaskStore.in_memory(), [alpha(script)]) as scheduler:
            await scheduler.domain(Alpha).submit(Job())
            await scheduler.wait_idle()
        return scheduler

    scheduler = asyncio.run(live())
    seen: list[int] = []
    asking = threading.Thread(target=lambda: seen.append(scheduler.metrics().total.completed))
    asking.start()
    asking.join()
    assert seen == [1]
