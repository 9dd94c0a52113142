"""What the history keeps, and what it says of each type."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import PermanentError, RetentionPolicy, Scheduler, SchedulerConfig, TaskContext
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import NO_RETRY, Alpha, Chore, Job, Script, alpha, jobs, labels


async def test_the_newest_stay_and_everything_that_counts_them_agrees(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    scheduler = await make_scheduler(alpha(script, max_concurrency=1, default_retry=NO_RETRY), store=path)
    script.fails("old-1", PermanentError("no"))
    handle = scheduler.domain(Alpha)
    await handle.submit_batch(jobs(3, "old"), tags={"job_id": "old"})
    await run_until_idle(scheduler)
    await handle.submit_batch([Chore(name=f"new-{n}", n=n) for n in range(2)], tags={"job_id": "new"})
    await run_until_idle(scheduler)
    assert scheduler.failure_count == 1
    assert await scheduler.prune_history(keep=2) == 3
    assert labels(await scheduler.history()) == ["new-1", "new-0"]
    assert (scheduler.failure_count, scheduler.counts.completed, scheduler.counts.failed) == (0, 2, 0)
    assert [job.value for job in await scheduler.jobs("job_id")] == ["new"]
    assert (await scheduler.history_stats(Job)).total == 0
    assert (await scheduler.history_stats(Chore)).counts == {"completed": 2}
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM tag_counts WHERE value = 'old'").fetchone() == (0,)
    connection.close()
    assert await scheduler.prune_history(keep=2) == 0
    newest = (await scheduler.history())[0].id
    assert await scheduler.prune_history(keep=0) == 2
    await handle.submit(Job(name="later"))
    await run_until_idle(scheduler)
    (later,) = await scheduler.history()
    assert later.id > newest
    assert later.id > 5


async def test_what_is_older_goes(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit_batch(jobs(2, "old"))
    await run_until_idle(scheduler)
    manual_clock.advance(100)
    await scheduler.domain(Alpha).submit_batch(jobs(2, "new"))
    await run_until_idle(scheduler)
    assert await scheduler.prune_history(older_than=100) == 0
    manual_clock.advance(1)
    assert await scheduler.prune_history(older_than=100) == 2
    assert sorted(labels(await scheduler.history())) == ["new-0", "new-1"]
    with pytest.raises(ValueError, match="keep"):
        await scheduler.prune_history(keep=-1)


async def test_a_policy_keeps_itself_by_count(make_scheduler: MakeScheduler, script: Script) -> None:
    config = SchedulerConfig(max_concurrency=64, retention=RetentionPolicy(max_count=10))
    scheduler = await make_scheduler(alpha(script), config=config)
    await scheduler.domain(Alpha).submit_batch(jobs(1500))
    await run_until_idle(scheduler)
    await until(lambda: scheduler.counts.completed < 1000)
    assert len(await scheduler.history(limit=2000)) == scheduler.counts.completed


async def test_a_policy_keeps_itself_by_age(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    config = SchedulerConfig(retention=RetentionPolicy(max_age=3600))
    scheduler = await make_scheduler(alpha(script), config=config)
    await scheduler.domain(Alpha).submit_batch(jobs(3))
    await run_until_idle(scheduler)
    manual_clock.advance(3599)
    assert scheduler.counts.completed == 3
    manual_clock.advance(62)
    await until(lambda: scheduler.counts.completed == 0)
    assert await scheduler.history() == []
    manual_clock.advance(60)
    assert manual_clock.timers == []


async def took(scheduler: Scheduler, manual_clock: ManualClock, script: Script, *durations: float) -> None:
    """One job for each duration."""
    for n, duration in enumerate(durations):

        async def work(task: Any, ctx: TaskContext, duration: float = duration) -> None:
            manual_clock.advance(duration)

        script.does("timed", work)
        await scheduler.domain(Alpha).submit(Job(name="timed", n=n))
        await run_until_idle(scheduler)


async def test_stats_say_how_a_type_ends_and_how_long_it_takes_also_after_a_restart(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    scheduler = await make_scheduler(alpha(script, default_retry=NO_RETRY), store=path)
    assert (await scheduler.history_stats("alpha::job")).average_duration is None
    await took(scheduler, manual_clock, script, 10, 20)
    script.fails("bad", PermanentError("no"))
    await scheduler.domain(Alpha).submit(Job(name="bad"))
    await run_until_idle(scheduler)
    await scheduler.close()
    again = await make_scheduler(alpha(script), store=path)
    stats = await again.history_stats(Job)
    assert (stats.total, stats.counts) == (3, {"completed": 2, "failed": 1})
    assert stats.average_duration == pytest.approx(15)
    script.holds("silent")
    await again.domain(Alpha).submit(Job(name="silent"))
    await until(lambda: "silent" in script.started)
    manual_clock.advance(3)
    (progress,) = (await again.snapshot()).progress
    assert progress.fraction == pytest.approx(3 / 15)
    script.release("silent")
    await run_until_idle(again)


async def test_no_id_is_given_twice_though_the_newest_was_pruned(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    scheduler = await make_scheduler(alpha(script), store=path)
    await scheduler.domain(Alpha).submit_batch(jobs(3))
    await run_until_idle(scheduler)
    assert await scheduler.prune_history(keep=0) == 3
    await scheduler.close()
    again = await make_scheduler(alpha(script), store=path)
    outcome = await again.domain(Alpha).submit(Job(name="later"))
    assert outcome.id == 4
