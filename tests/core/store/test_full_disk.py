"""A disk that is full while tasks run: everybody is told, nothing is lost, and it goes on when there is room."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import Scheduler, StoreError, StoreFullError, TaskContext
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Job, Script, alpha, ended, jobs, record_of


async def fill(scheduler: Scheduler, full: bool) -> None:
    """SQLite may not make the file any longer: what a full disk does to it."""
    writer = scheduler._engine.store.database._writer
    assert writer is not None

    def limit(connection: sqlite3.Connection) -> None:
        if full:
            # No free page is left to write into either.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("VACUUM")
            connection.execute("PRAGMA max_page_count = 1")
        else:
            connection.execute("PRAGMA max_page_count = 1073741823")

    await writer.run(limit)


async def test_a_submission_that_finds_no_room_says_so_and_stores_nothing(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    scheduler = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="before"))
    await run_until_idle(scheduler)
    await fill(scheduler, True)
    with pytest.raises(StoreFullError, match="disk is full") as raised:
        await handle.submit_batch([Job(name="x" * 1_000, n=n) for n in range(500)])
    assert "a.db" in str(raised.value)
    assert scheduler.counts.active == 0
    await fill(scheduler, False)
    await handle.submit_batch([Job(name="x" * 1_000, n=n) for n in range(500)])
    await run_until_idle(scheduler)
    assert scheduler.counts.completed == 501


async def test_an_outcome_that_finds_no_room_is_kept_and_written_later(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, tmp_path: Path
) -> None:
    scheduler = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    handle = scheduler.domain(Alpha)
    told: list[StoreError] = []
    scheduler.store_failed.connect(told.append)

    async def big_memo(task: Any, ctx: TaskContext) -> str:
        return "m" * 100_000

    names = [f"job-{n}" for n in range(4)]
    for name in names:
        script.does(name, big_memo)
    script.holds(*names)
    await handle.submit_batch(jobs(4))
    await until(lambda: script.running == 4)
    await fill(scheduler, True)
    script.release(*names)
    await until(lambda: bool(told))
    assert isinstance(told[0], StoreFullError)
    assert scheduler.counts.running == 4  # what the database says
    for _ in range(3):
        before = len(told)
        manual_clock.advance(1.1)
        await until(lambda before=before: len(told) > before)
    await fill(scheduler, False)
    manual_clock.advance(1.1)
    await until(lambda: scheduler.counts.completed == 4)
    assert (await record_of(scheduler, "job-0")).memo == "m" * 100_000
    assert script.started == names
    manual_clock.advance(5)
    assert manual_clock.timers == []


async def test_what_could_not_be_written_before_the_end_runs_again(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    first = await make_scheduler(alpha(script), store=tmp_path / "a.db")

    async def big_memo(task: Any, ctx: TaskContext) -> str:
        return "m" * 100_000

    script.does("job", big_memo)
    script.holds("job")
    await first.domain(Alpha).submit(Job())
    await until(lambda: script.running == 1)
    await fill(first, True)
    script.release("job")
    await until(lambda: script.running == 0)
    await first.close()
    second = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    assert second.recovery.requeued == 1
    await run_until_idle(second)
    assert await ended(second) == {"job": "completed"}
    assert script.started == ["job", "job"]


async def test_a_claim_that_cannot_be_written_is_tried_again(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    told: list[StoreError] = []
    scheduler.store_failed.connect(told.append)
    handle.set_max_concurrency(0)
    await handle.submit_batch(jobs(10))
    await scheduler._engine.store.read(lambda c: c.execute("PRAGMA query_only = 1"))
    handle.set_max_concurrency(None)
    await until(lambda: bool(told))
    assert not script.started
    await scheduler._engine.store.read(lambda c: c.execute("PRAGMA query_only = 0"))
    manual_clock.advance(1.1)
    await run_until_idle(scheduler)
    assert sorted(script.started) == sorted(f"job-{n}" for n in range(10))
    assert scheduler.counts.completed == 10
    assert scheduler.counts.running == 0


async def test_delayed_tasks_are_let_in_when_there_is_room_again(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    told: list[StoreError] = []
    scheduler.store_failed.connect(told.append)
    await scheduler.domain(Alpha).submit_batch(jobs(3), run_after=10)
    await scheduler._engine.store.read(lambda c: c.execute("PRAGMA query_only = 1"))
    manual_clock.advance(11)
    await until(lambda: bool(told))
    assert not script.started
    await scheduler._engine.store.read(lambda c: c.execute("PRAGMA query_only = 0"))
    manual_clock.advance(1.1)
    await until(lambda: scheduler.counts.completed == 3)
