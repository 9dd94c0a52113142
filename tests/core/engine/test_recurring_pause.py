"""A paused schedule holds what has not started, and what it does when it is resumed."""

from __future__ import annotations

from pathlib import Path

from scheduler_core import (
    RecurringSkipped,
    RetryableError,
    RetryPolicy,
    Submitted,
    TaskStatus,
)
from scheduler_core.testing import START, MakeScheduler, ManualClock, until, until_quiet
from tests.core.recurring_support import (
    HOUR,
    HOURLY,
    LATER,
    due_in,
    id_of,
    listen,
    only,
    pass_time,
)
from tests.core.support import Alpha, Job, Script, alpha


async def test_a_paused_schedule_holds_what_has_not_started(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    first = id_of(await handle.submit(Job(), recurring=LATER, tags={"job_id": "1"}))
    await handle.submit(Job(name="other"), run_after=HOUR, tags={"job_id": "1"})
    assert await handle.pause_recurring(first)
    record = await scheduler.task(first)
    assert record is not None
    assert (record.status, record.pause_reasons) == (TaskStatus.PAUSED, ("its schedule is paused",))
    assert (handle.counts.paused, handle.counts.pending, scheduler.counts.paused) == (1, 1, 1)
    assert ((await handle.snapshot()).paused_count, (await scheduler.snapshot()).paused_count) == (1, 1)
    summary = await scheduler.job("job_id", "1")
    assert summary is not None
    assert summary.counts == {"pending": 1, "paused": 1}
    assert await handle.count_by_tag("job_id", "paused") == {"1": 1}
    assert await handle.task_ids_by_tags({"job_id": "1"}, "paused") == [first]
    assert await handle.tag_keys_by_prefix("job") == ["job_id"]
    explanation = await scheduler.explain(first)
    assert explanation.blocking is not None
    assert explanation.blocking.message == "Its schedule is paused."
    assert (await only(scheduler)).is_paused
    await handle.pause()
    record = await scheduler.task(first)
    assert record is not None
    assert record.pause_reasons == ("its schedule is paused", "alpha is paused")
    await handle.resume()
    await pass_time(scheduler, manual_clock, 2 * HOUR)
    assert script.started == ["other"]
    await pass_time(scheduler, manual_clock, 1)
    assert manual_clock.timers == [], "nobody watches the clock for it"


async def test_pausing_twice_or_resuming_what_is_not_paused_changes_nothing(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    first = id_of(await handle.submit(Job(), recurring=LATER))
    assert await handle.resume_recurring(first)
    for _ in range(2):
        assert await handle.pause_recurring(first)
    for _ in range(2):
        assert await handle.resume_recurring(first)
    assert (handle.counts.paused, handle.counts.pending) == (0, 1)
    await pass_time(scheduler, manual_clock, HOUR)
    assert script.started == ["job"]


async def test_what_runs_when_its_schedule_is_paused_goes_on_and_the_next_comes_held(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    first = id_of(await handle.submit(Job(), recurring=HOURLY))
    await until(lambda: script.running == 1)
    heard = listen(scheduler)
    assert await handle.pause_recurring(first)
    assert script.running == 1
    script.release("job")
    await until_quiet(scheduler)
    assert script.ended == ["job"]
    assert scheduler.counts.paused == scheduler.counts.active == 1
    assert [event.status for event in heard if isinstance(event, Submitted)] == [TaskStatus.PAUSED]
    await pass_time(scheduler, manual_clock, HOUR / 2)
    assert await handle.resume_recurring(first)
    assert scheduler.counts.pending == 1
    await pass_time(scheduler, manual_clock, HOUR / 2)
    assert script.started == ["job"] * 2


async def test_what_waits_for_another_attempt_has_started(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(3, 60)))
    handle = scheduler.domain(Alpha)
    script.fails("job", RetryableError("busy"))
    first = id_of(await handle.submit(Job(), recurring=HOURLY))
    await until_quiet(scheduler)
    assert await handle.pause_recurring(first)
    assert not await handle.run_recurring_now(first)
    assert scheduler.counts.pending == 1
    await pass_time(scheduler, manual_clock, 60)
    assert script.started == ["job"] * 2
    assert scheduler.counts.paused == scheduler.counts.active == 1


async def test_resuming_runs_what_was_due_before_the_pause(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    handle.set_max_concurrency(0)
    first = id_of(await handle.submit(Job(), recurring=LATER))
    await pass_time(scheduler, manual_clock, HOUR)
    heard = listen(scheduler)
    assert await handle.pause_recurring(first)
    handle.set_max_concurrency(None)
    await pass_time(scheduler, manual_clock, 5 * HOUR)
    assert not script.started
    assert await handle.resume_recurring(first)
    await until_quiet(scheduler)
    assert script.started == ["job"]
    assert [event.count for event in heard if isinstance(event, RecurringSkipped)] == [5]
    assert due_in(await only(scheduler), manual_clock) == HOUR


async def test_resuming_skips_what_came_due_during_the_pause(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    first = id_of(await handle.submit(Job(), recurring=LATER, ttl=60))
    heard = listen(scheduler)
    assert await handle.pause_recurring(first)
    await pass_time(scheduler, manual_clock, 3.25 * HOUR)
    assert await handle.resume_recurring(first)
    await until_quiet(scheduler)
    assert not script.started
    (skipped,) = [event for event in heard if isinstance(event, RecurringSkipped)]
    assert (skipped.task_id, skipped.count) == (first, 3)
    assert due_in(await only(scheduler), manual_clock) == 0.75 * HOUR
    record = await scheduler.task(first)
    assert record is not None
    assert record.expires_at is not None
    assert record.expires_at.timestamp() == START + 4 * HOUR + 60
    await pass_time(scheduler, manual_clock, 0.75 * HOUR)
    assert script.started == ["job"]


async def test_one_that_is_unblocked_while_its_schedule_is_paused_is_held(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("before")
    before = id_of(await handle.submit(Job(name="before")))
    first = id_of(await handle.submit(Job(), recurring=HOURLY, depends_on=[before], tags={"k": "v"}))
    assert await handle.pause_recurring(first)
    assert scheduler.counts.blocked == 1
    script.release("before")
    await until_quiet(scheduler)
    assert scheduler.counts.paused == 1
    assert await handle.count_by_tag("k", "paused") == {"v": 1}
    assert await handle.resume_recurring(first)
    await until_quiet(scheduler)
    assert script.started == ["before", "job"]


async def test_a_paused_schedule_survives_a_restart(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, tmp_path: Path
) -> None:
    first = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    task_id = id_of(await first.domain(Alpha).submit(Job(), recurring=LATER))
    await first.domain(Alpha).pause_recurring(task_id)
    state = await only(first)
    await first.close()
    manual_clock.advance(10 * HOUR)
    second = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await until_quiet(second)
    assert await only(second) == state
    assert (second.counts.paused, second.counts.active) == (1, 1)
    assert await second.domain(Alpha).resume_recurring(task_id)
    await pass_time(second, manual_clock, HOUR)
    assert script.started == ["job"]


async def test_a_held_task_can_be_cancelled_and_the_next_one_is_held_too(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    first = id_of(await handle.submit(Job(), recurring=LATER, tags={"k": "v"}))
    await handle.pause_recurring(first)
    assert await handle.cancel(first)
    assert scheduler.counts.paused == scheduler.counts.active == 1
    assert await handle.count_by_tag("k", "paused") == {"v": 1}
    assert due_in(await only(scheduler), manual_clock) == 2 * HOUR
