"""What tasks of a type move, learnt from those that said so."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from scheduler_core import IoBudget, PermanentError, Scheduler, TaskContext
from scheduler_core.store.schema import APPLICATION_ID, load_migrations
from scheduler_core.testing import MakeScheduler, run_until_idle, until
from tests.core.support import NO_RETRY, Alpha, Chore, Family, Job, Script, alpha, record_of


def moving(script: Script, name: str, **moved: int) -> None:
    """Tasks of this name say that they moved so much."""

    async def work(task: Any, ctx: TaskContext) -> None:
        ctx.record_io(**moved)

    script.does(name, work)


async def run(scheduler: Scheduler, *tasks: Any) -> None:
    await scheduler.domain(Alpha).submit_batch(tasks)
    await run_until_idle(scheduler)


async def test_the_mean_of_completed_tasks_that_said_so_survives_restart_and_pruning(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    scheduler = await make_scheduler(alpha(script, default_retry=NO_RETRY, max_concurrency=1), store=path)
    assert (await scheduler.history_stats(Job)).average_io is None
    moving(script, "large", disk_read=1_000, net_tx=10)
    moving(script, "small", disk_read=101)

    async def breaks(task: Any, ctx: TaskContext) -> None:
        ctx.record_io(disk_read=10**6)
        raise PermanentError("no")

    script.does("breaks", breaks)
    await run(scheduler, Job(name="large"), Job(name="silent"), Job(name="breaks"), Chore(name="silent"))
    assert (await scheduler.history_stats(Job)).average_io == IoBudget(disk_read=1_000, net_tx=10)
    assert (await scheduler.history_stats(Chore)).average_io is None
    await run(scheduler, Job(name="small"))
    learnt = IoBudget(disk_read=550, net_tx=5)
    assert (await scheduler.history_stats(Job)).average_io == learnt
    await scheduler.close(finish=False)
    again = await make_scheduler(alpha(script), store=path)
    assert (await again.history_stats(Job)).average_io == learnt
    await again.prune_history(keep=4)  # the large one goes
    assert (await again.history_stats(Job)).average_io == IoBudget(disk_read=101)
    await again.prune_history(keep=0)
    assert (await again.history_stats(Job)).average_io is None
    with sqlite3.connect(path) as connection:
        kept = connection.execute("SELECT sum(io_n), sum(disk_read), sum(net_tx) FROM totals").fetchone()
    connection.close()
    assert kept == (0, 0, 0)


async def test_what_the_work_moved_is_kept_until_finalize_and_over_a_restart(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    async def parent(task: Any, ctx: TaskContext) -> None:
        ctx.record_io(disk_read=7)
        await ctx.spawn_child(Job(name="child"))

    path = tmp_path / "app.db"
    scheduler = await make_scheduler(alpha(script), store=path)
    script.holds("child")
    for name in ("family", "plain"):
        script.does(name, parent)
    await scheduler.domain(Alpha).submit(Family())
    await until(lambda: script.running == 1 and scheduler.counts.waiting == 1)
    await scheduler.close(finish=False)
    script.release("child")
    again = await make_scheduler(alpha(script), store=path)
    await run_until_idle(again)
    assert script.finalized == [("family", None)]
    assert (await record_of(again, "family")).actual_io == IoBudget(disk_read=7)
    await run(again, Job(name="plain"))
    assert (await record_of(again, "plain")).actual_io == IoBudget(disk_read=7), (
        "it only waited for its child"
    )
    assert (await again.history_stats(Family)).average_io == IoBudget(disk_read=7)
    assert (await again.history_stats(Job)).average_io == IoBudget(disk_read=7)


async def test_numbers_that_no_disk_holds_stop_nothing(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    scheduler = await make_scheduler(alpha(script), store=path)
    moving(script, "absurd", disk_read=10**30, net_rx=2**62)
    await run(scheduler, Job(name="absurd"))
    await scheduler.close(finish=False)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE totals SET disk_read = 9223372036854775000")
    connection.close()
    again = await make_scheduler(alpha(script), store=path)
    await run(again, Job(name="absurd", n=1))
    assert again.counts.completed == 2
    assert (await record_of(again, "absurd")).actual_io == IoBudget(disk_read=10**30, net_rx=2**62)


async def test_what_was_said_before_it_was_added_up_is_added_up_with_the_new_schema(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    first = load_migrations()[0]
    with sqlite3.connect(path) as connection:
        connection.executescript(first)
        connection.execute(
            "INSERT INTO lanes VALUES (1, 'alpha', 'alpha::job', ''), (2, 'alpha', 'alpha::job', 'g')"
        )
        connection.execute(
            "INSERT INTO totals VALUES (1, 'completed', 3, 0), (1, 'failed', 1, 0), (2, 'completed', 1, 0)"
        )
        rows = [
            (1, 1, "completed", '{"disk_read":100,"disk_write":0,"net_rx":0,"net_tx":1}'),
            (2, 1, "completed", '{"disk_read":200,"disk_write":0,"net_rx":0,"net_tx":1}'),
            (3, 1, "completed", None),
            (4, 1, "failed", '{"disk_read":9,"disk_write":9,"net_rx":9,"net_tx":9}'),
            (5, 2, "completed", '{"disk_read":600,"disk_write":0,"net_rx":0,"net_tx":1}'),
        ]
        connection.executemany(
            "INSERT INTO history (task_id, lane, key, label, priority, status, payload, max_retries, retry_count, "
            "created_at, completed_at, fail_fast, on_dep_failure, actual_io) "
            "VALUES (?1, ?2, ?1, 'x', 128, ?3, '{}', 0, 0, 1, 2, 1, 'cancel', ?4)",
            rows,
        )
        connection.execute("PRAGMA user_version = 1")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.close()
    scheduler = await make_scheduler(alpha(script), store=path)
    assert (await scheduler.history_stats(Job)).average_io == IoBudget(disk_read=300, net_tx=1)
    await scheduler.prune_history(keep=0)
    assert (await scheduler.history_stats(Job)).average_io is None
