"""What a database says after its program was killed: nothing is lost, nothing is doubled, keys are held."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
from pathlib import Path

import pytest

from scheduler_core import RetryableError, RetryPolicy, SchedulerConfig, SubmitStatus, SystemClock
from scheduler_core.testing import START, MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import NO_RETRY, Alpha, Beta, Errand, Job, Script, alpha, beta, ended, jobs, record_of

PROGRAM = Path(__file__).with_name("crashing_program.py")


async def _run_and_kill(path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(PROGRAM),
        str(path),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    line = await process.stdout.readline()
    assert line == b"READY\n", (await process.stderr.read()).decode()
    process.send_signal(signal.SIGKILL)
    await process.communicate()


async def test_a_killed_program_goes_on_where_it_was(
    make_scheduler: MakeScheduler, tmp_path: Path, script: Script
) -> None:
    path = tmp_path / "a.db"
    await _run_and_kill(path)
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        before = dict(database.execute("SELECT label, status FROM tasks WHERE label <> 'flood'").fetchall())
        flood = database.execute("SELECT count(*) FROM tasks WHERE label = 'flood'").fetchone()[0]
        flood += database.execute("SELECT count(*) FROM history WHERE label = 'flood'").fetchone()[0]
    database.close()
    before.pop("overdue", None)  # its time may have come already
    assert before == {
        "running": "running",
        "retries": "pending",
        "family": "waiting",
        "child": "running",
        "first": "running",
        "deaf": "running",
        "blocked": "blocked",
        "grouped": "pending",
        "pending": "pending",
        "hourly": "pending",
    }
    clock = ManualClock(SystemClock().time() + 10)
    script.holds("running")
    scheduler = await make_scheduler(alpha(script), beta(script), store=path, clock=clock)
    assert scheduler.recovery.requeued >= 3
    await until(lambda: "running" in script.started)
    again = await scheduler.domain(Alpha).submit(Job(name="other"), key="held")
    assert again.status is SubmitStatus.REQUEUED, "the key is held over the crash"
    script.release("running")
    await run_until_idle(scheduler)
    found = await ended(scheduler)
    assert found["deaf"] == "cancelled"
    assert "deaf" not in script.started
    for label in ("done", "running", "child", "first", "blocked", "family", "overdue", "pending", "other"):
        assert found[label] == "completed", label
    assert script.finalized == [("family", "memo")]
    assert "family" not in script.started
    assert (await record_of(scheduler, "running")).retry_count == 0
    assert "grouped" not in found
    assert scheduler.counts.paused == 1
    assert scheduler.counts.pending == 2  # one waits an hour for its retry, and one comes hourly
    clock.advance(3_700)
    await run_until_idle(scheduler)
    retried = await record_of(scheduler, "retries")
    assert (retried.status, retried.retry_count, len(retried.attempts)) == ("completed", 1, 2)
    assert script.started.count("hourly") == 1
    (hourly,) = (await scheduler.snapshot()).recurring
    assert (hourly.label, hourly.occurrence, scheduler.counts.pending) == ("hourly", 2, 1)
    completed = [r for r in await scheduler.history(limit=1_000_000) if r.label == "flood"]
    assert len(completed) == flood
    assert {record.status for record in completed} == {"completed"} or flood == 0


async def test_delayed_tasks_that_came_due_meanwhile_run_at_once(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, tmp_path: Path
) -> None:
    first = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await first.domain(Alpha).submit(Job(name="due"), run_after=10)
    await first.domain(Alpha).submit(Job(name="not due"), run_after=1_000)
    await first.close(finish=False)
    manual_clock.advance(60)
    second = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await run_until_idle(second)
    assert script.started == ["due"]
    assert second.recovery.pending == 2
    manual_clock.advance(1_000)
    await until(lambda: second.counts.completed == 2)


async def test_an_interruption_by_the_end_counts_no_retry(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    script.holds("job")
    for _ in range(4):
        scheduler = await make_scheduler(alpha(script, default_retry=NO_RETRY), store=tmp_path / "a.db")
        await scheduler.domain(Alpha).submit(Job())
        await until(lambda: script.running == 1)
        await scheduler.close(finish=False)
    script.release("job")
    scheduler = await make_scheduler(alpha(script, default_retry=NO_RETRY), store=tmp_path / "a.db")
    await run_until_idle(scheduler)
    record = await record_of(scheduler, "job")
    assert (record.status, record.retry_count) == ("completed", 0)
    assert script.started == ["job"] * 5


async def test_ids_are_never_given_twice(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    seen: set[int] = set()
    for round_ in range(3):
        scheduler = await make_scheduler(alpha(script), store=tmp_path / "a.db")
        outcomes = await scheduler.domain(Alpha).submit_batch([Job(n=round_ * 10 + n) for n in range(10)])
        ids = {outcome.id or 0 for outcome in outcomes}
        assert not ids & seen
        seen |= ids
        await run_until_idle(scheduler)
        await scheduler.close(finish=False)


async def test_counts_failures_and_dead_letters_are_there_after_a_restart(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    script.fails("bad", ValueError("no"))
    script.fails("dead", RetryableError("no"))
    first = await make_scheduler(alpha(script, default_retry=NO_RETRY), store=tmp_path / "a.db")
    handle = first.domain(Alpha)
    for name in ("bad", "dead", "good"):
        await handle.submit(Job(name=name))
    await run_until_idle(first)
    await handle.pause()
    await handle.submit(Job(name="left"), tags={"job_id": "1"})
    counts, failures = first.counts, first.failure_count
    assert failures == 2
    await first.close(finish=False)
    second = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    assert (second.counts, second.failure_count) == (counts, failures)
    assert [r.label for r in await second.domain(Alpha).dead_letter_tasks()] == ["dead"]
    assert await second.domain(Alpha).count_by_tag("job_id") == {"1": 1}
    summary = await second.job("job_id", "1")
    assert summary is not None
    assert (summary.total, summary.counts) == (1, {"paused": 1})


async def test_a_dependent_whose_dependency_has_gone_meanwhile_is_mended(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    """As if the program had died between two commits that ours makes in one."""
    path = tmp_path / "a.db"
    scheduler = await make_scheduler(alpha(script), beta(script), store=path)
    await scheduler.pause_all()
    handle = scheduler.domain(Alpha)
    good = await handle.submit(Job(name="good"))
    bad = await handle.submit(Job(name="bad"))
    await handle.submit(Job(name="after good"), depends_on=[good.id or 0])
    await handle.submit(Job(name="after bad"), depends_on=[bad.id or 0])
    await handle.submit(Job(name="after all"), depends_on=[bad.id or 0], on_dependency_failure="ignore")
    await scheduler.close(finish=False)
    with sqlite3.connect(path) as database:
        for task_id, status in ((good.id, "completed"), (bad.id, "failed")):
            database.execute(
                "INSERT INTO history (task_id, lane, key, label, priority, status, payload, max_retries, retry_count, "
                "created_at, completed_at, fail_fast, on_dep_failure) "
                "SELECT id, lane, key, label, priority, ?, payload, 0, 0, created_at, created_at, 1, 'cancel' "
                "FROM tasks WHERE id = ?",
                (status, task_id),
            )
            database.execute("DELETE FROM tasks WHERE id = ?", (task_id,))
        database.execute("DELETE FROM pauses")
    database.close()
    scheduler = await make_scheduler(alpha(script), beta(script), store=path)
    await run_until_idle(scheduler)
    found = await ended(scheduler)
    assert found["after good"] == "completed"
    assert found["after all"] == "completed"
    assert found["after bad"] == "dependency_failed"
    assert scheduler.counts.active == 0


async def test_thousands_left_are_all_done_in_order(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    first = await make_scheduler(alpha(script, max_concurrency=1), store=tmp_path / "a.db")
    await first.pause_all()
    await first.domain(Alpha).submit_batch(jobs(3_000))
    await first.close(finish=False)
    second = await make_scheduler(alpha(script, max_concurrency=1), store=tmp_path / "a.db")
    await second.resume_all()
    await run_until_idle(second)
    assert script.started == [f"job-{n}" for n in range(3_000)]


@pytest.mark.parametrize("again", [RetryPolicy.constant(2), RetryPolicy.constant(2, 5)])
async def test_wait_idle_waits_for_retries_but_not_for_what_is_held(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, again: RetryPolicy
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    other = scheduler.domain("beta")
    await other.pause()
    script.fails("errand", RetryableError("x"))
    await other.submit(Errand())
    script.fails("job", RetryableError("1"), RetryableError("2"))
    await scheduler.domain(Alpha).submit(Job(), retry=again)
    await scheduler.domain(Alpha).submit(Job(name="delayed"), run_after=1e6)
    await run_until_idle(scheduler, manual_clock)
    assert script.started == ["job"] * 3
    assert manual_clock.time() - START < 100


async def test_the_most_urgent_of_all_lanes_starts_first_after_a_restart(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    """The lanes are read one after the other: none starts before all have been."""
    config = SchedulerConfig(max_concurrency=0)
    first = await make_scheduler(alpha(script), beta(script), store=tmp_path / "a.db", config=config)
    for n, name in enumerate("abcdefgh"):
        await first.domain(Alpha).submit(Job(name=name), priority=200 - n, group=name)
    await first.domain(Beta).submit(Errand(name="urgent"), priority=1)
    await first.close()
    config = SchedulerConfig(max_concurrency=1)
    second = await make_scheduler(alpha(script), beta(script), store=tmp_path / "a.db", config=config)
    await run_until_idle(second)
    assert script.started == ["urgent", *"hgfedcba"]
