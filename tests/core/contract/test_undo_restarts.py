"""What can be taken back outlives the program, however it ends."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from scheduler_core import (
    Scheduler,
    SchedulerConfig,
    TaskRecord,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Job, Script, alpha, ended, jobs
from tests.reliability.books import check_books

STILL = SchedulerConfig(max_concurrency=0)


async def _active(scheduler: Scheduler, domain: str) -> list[TaskRecord]:
    return await scheduler._engine.views.page_of_domain(domain, 0)


async def test_it_can_be_undone_after_a_crash(
    make_scheduler: MakeScheduler, tmp_path: Path, script: Script
) -> None:
    path = tmp_path / "a.db"
    script.holds("runs")
    clock = ManualClock()
    scheduler = await make_scheduler(alpha(script), store=path, clock=clock)
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="runs"))
    await until(lambda: script.running == 1)
    scheduler.set_max_concurrency(0)
    await handle.submit_batch(jobs(1_200), tags={"job": "a"})
    ids = [one.id for one in await _active(scheduler, "alpha")]
    ids += [one.id for one in await scheduler._engine.views.page_of_domain("alpha", ids[-1])]
    ids += [one.id for one in await scheduler._engine.views.page_of_domain("alpha", ids[-1])]
    assert len(ids) == 1_201
    undo = await scheduler.cancel_for_now(ids)
    assert undo is not None
    await until(lambda: scheduler.counts.active == 0)
    crashed = tmp_path / "crashed.db"
    for end in ("", "-wal"):  # what a program that is killed now leaves
        shutil.copy(f"{path}{end}", f"{crashed}{end}")
    clock.advance(3_600)
    again = await make_scheduler(alpha(script), store=crashed, clock=clock, config=STILL)
    assert [one.n for one in again.undos] == [1_201]
    assert again.counts.active == 0
    fresh = await again.domain(Alpha).submit(Job(name="fresh"))
    assert fresh.id is not None
    assert fresh.id > max(ids)
    assert await again.undo(again.undos[0].id) == 1_201
    assert again.counts.pending == 1_202
    await again.close()
    check_books(crashed)


async def test_after_a_crash_it_is_carried_out_when_nobody_undoes_it(
    make_scheduler: MakeScheduler, tmp_path: Path, script: Script
) -> None:
    path = tmp_path / "a.db"
    clock = ManualClock()
    scheduler = await make_scheduler(alpha(script), store=path, clock=clock, config=STILL)
    outcomes = await scheduler.domain(Alpha).submit_batch(jobs(1_100))
    await scheduler.cancel_for_now([one.id or 0 for one in outcomes])
    await scheduler.close()
    again = await make_scheduler(alpha(script), store=path, clock=clock, config=STILL)
    clock.advance(10.1)
    await until(lambda: again.counts.cancelled == 1_100)
    await until(lambda: not again._engine.undoing._carrying_out)
    await again.close()
    check_books(path)
    with closing(sqlite3.connect(path)) as database:
        for table in ("undos", "undo_marks", "set_aside"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


async def test_a_running_task_that_was_killed_meanwhile_is_set_aside_at_the_next_start(
    make_scheduler: MakeScheduler, tmp_path: Path, script: Script
) -> None:
    path = tmp_path / "a.db"
    scheduler = await make_scheduler(alpha(script), store=path, config=STILL)
    outcome = await scheduler.domain(Alpha).submit(Job(name="runs"))
    undo = await scheduler.cancel_for_now([outcome.id or 0])
    assert undo is not None
    await scheduler.undo(undo.id)
    await scheduler.close()
    with (
        closing(sqlite3.connect(path)) as database,
        database,
    ):  # what a crash leaves before the attempt has stopped
        database.execute("UPDATE tasks SET status = 'running', cancelling = 2, started_at = created_at")
        database.execute("INSERT INTO undos (id, act, until, n) VALUES (9, 'cancel', 0, 1)")
        database.execute("INSERT INTO undo_marks (undo, id) VALUES (9, ?)", (outcome.id,))
    again = await make_scheduler(alpha(script), store=path)
    assert again.counts.active == 0
    assert await again.undo(9) == 1
    await run_until_idle(again)
    assert await ended(again) == {"runs": "completed"}
