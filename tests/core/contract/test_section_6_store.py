"""Contract, section 6: schedules, recovery and limits. Written from the page alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from scheduler_core import (
    PermanentError,
    RecurringSchedule,
    RetryableError,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.contract.world import Ingest, Work, ingest, status
from tests.core.support import Script


async def put(scheduler: Scheduler, name: str, **options: object) -> int:
    outcome = await scheduler.domain(Ingest).submit(Work(name=name), **options)  # pyright: ignore[reportArgumentType]
    assert outcome.id is not None
    return outcome.id


async def test_an_occurrence_that_has_not_started_keeps_the_next_one_away(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script))
    handle = scheduler.domain(Ingest)
    handle.set_max_concurrency(0)
    await put(scheduler, "work", recurring=RecurringSchedule(60))
    manual_clock.advance(600)
    await until_quiet(scheduler)
    assert (await handle.snapshot()).pending_count == 1
    handle.set_max_concurrency(1)
    await until(lambda: script.ended == ["work"])
    await run_until_idle(scheduler)
    assert script.started == ["work"]
    assert (await handle.snapshot()).pending_count == 1
    manual_clock.advance(60)
    await until(lambda: len(script.started) == 2)


async def test_a_schedule_survives_a_restart(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    first = await make_scheduler(ingest(script), store=path)
    await put(first, "work", recurring=RecurringSchedule(timedelta(minutes=1)))
    await until(lambda: len(script.ended) == 1)
    await run_until_idle(first)
    await first.close()
    second = await make_scheduler(ingest(script), store=str(path))
    manual_clock.advance(60)
    await until(lambda: len(script.ended) == 2)
    assert len((await second.snapshot()).recurring) == 1


async def test_a_cron_expression_is_in_the_zone_that_it_names(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script))
    task = await put(scheduler, "work", recurring=RecurringSchedule.cron("30 9 * * *", tz="America/New_York"))
    record = await scheduler.task(task)
    assert record is not None
    # 22:13 UTC on 14 November 2023: the next 9:30 in New York is at 14:30 UTC.
    assert record.run_at == datetime(2023, 11, 15, 14, 30, tzinfo=UTC)


async def test_what_ran_in_a_program_that_ended_runs_again_without_a_retry(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    script.holds("running")
    first = await make_scheduler(ingest(script), store=path)
    running = await put(first, "running")
    await until(lambda: script.started == ["running"])
    await first.close(0)
    second = await make_scheduler(ingest(script), store=path)
    assert (await second.domain(Ingest).submit(Work(name="running"))).id == running
    await until(lambda: script.started == ["running"] * 2)
    script.release("running")
    await run_until_idle(second)
    records = [record for record in await second.history(limit=9) if record.id == running]
    assert [(record.status, record.retry_count) for record in records] == [("completed", 0)]


async def test_at_open_what_is_due_runs_and_what_has_expired_expires(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    first = await make_scheduler(ingest(script), store=path)
    await put(first, "due", run_after=60)
    expired = await put(first, "expired", run_after=7200, ttl=100)
    await put(first, "later", run_after=7200)
    await first.close()
    manual_clock.advance(3600)
    second = await make_scheduler(ingest(script), store=path)
    await until(lambda: script.ended == ["due"])
    await run_until_idle(second)
    assert await status(second, expired) == "expired"
    assert (await second.domain(Ingest).snapshot()).pending_count == 1


async def test_every_end_is_in_the_history_once_with_its_attempts(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script), config=SchedulerConfig(max_concurrency=1))
    script.fails("flaky", RetryableError("first"), RetryableError("second"), PermanentError("third"))
    task = await put(scheduler, "flaky", retry=RetryPolicy.constant(5, 1.0))
    await run_until_idle(scheduler, manual_clock)
    (record,) = await scheduler.history(limit=9)
    assert (record.id, record.status, record.last_error) == (task, "failed", "third")
    assert [attempt.error for attempt in record.attempts] == ["first", "second", "third"]
    for attempt in record.attempts:
        assert attempt.started_at <= attempt.ended_at
        assert str(attempt.error) in str(attempt.traceback)
    assert record.completed_at >= record.created_at
    assert record.duration is not None
    assert await scheduler.task(task) is None
