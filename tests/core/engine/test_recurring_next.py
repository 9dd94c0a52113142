"""One occurrence after the other: what follows which end, what is skipped, and when it is over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import (
    DomainHandle,
    RecurringCompleted,
    RecurringSchedule,
    RecurringSkipped,
    RetryableError,
    RetryPolicy,
    SubmitStatus,
    TaskContext,
)
from scheduler_core.testing import START, MakeScheduler, ManualClock, until, until_quiet
from tests.core.recurring_support import (
    HOUR,
    HOURLY,
    LATER,
    due_in,
    id_of,
    listen,
    no_schedule,
    only,
    pass_time,
    pass_time_until_running,
)
from tests.core.support import NO_RETRY, Alpha, Family, Job, Script, alpha, ended

# One after the other


async def finish_well(handle: DomainHandle[Alpha], task_id: int, script: Script) -> None:
    script.release("job")


async def fail(handle: DomainHandle[Alpha], task_id: int, script: Script) -> None:
    script.fails("job", ValueError("broken"))
    script.release("job")


async def use_up_retries(handle: DomainHandle[Alpha], task_id: int, script: Script) -> None:
    script.fails("job", RetryableError("1"), RetryableError("2"))
    script.release("job")


async def cancel(handle: DomainHandle[Alpha], task_id: int, script: Script) -> None:
    assert await handle.cancel(task_id)
    script.release("job")


async def supersede(handle: DomainHandle[Alpha], task_id: int, script: Script) -> None:
    script.release("job")
    outcome = await handle.submit(Job(), on_duplicate="supersede")
    assert outcome.status is SubmitStatus.SUPERSEDED


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (finish_well, "completed"),
        (fail, "failed"),
        (use_up_retries, "dead_letter"),
        (cancel, "cancelled"),
        (supersede, "superseded"),
    ],
)
async def test_the_next_one_comes_however_the_last_one_ends(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, end: Any, status: str
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(1)))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    first = id_of(await handle.submit(Job(), recurring=HOURLY))
    await until(lambda: script.running == 1)
    await end(handle, first, script)
    await until_quiet(scheduler)
    records = {record.id: record.status for record in await scheduler.history()}
    assert records[first] == status
    state = await only(scheduler)
    assert (state.id, due_in(state, manual_clock)) == (first, HOUR)
    assert scheduler.counts.pending == scheduler.counts.active == 1
    before = len(script.ended)
    await pass_time(scheduler, manual_clock, HOUR)
    assert len(script.ended) == before + 1


async def test_the_next_one_comes_after_one_that_expired_or_lost_its_dependency(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=NO_RETRY))
    handle = scheduler.domain(Alpha)
    script.fails("bad", ValueError("no"))
    script.holds("bad")
    bad = id_of(await handle.submit(Job(name="bad")))
    await handle.submit(Job(name="after bad"), recurring=HOURLY, depends_on=[bad])
    script.release("bad")
    await until_quiet(scheduler)
    assert (await ended(scheduler))["after bad"] == "dependency_failed"
    await pass_time(scheduler, manual_clock, HOUR)
    assert (await ended(scheduler))["after bad"] == "completed", "the dependency is that of the first one"
    await handle.cancel_recurring((await only(scheduler)).id)
    await handle.submit(Job(name="brief"), recurring=HOURLY, ttl=10)
    await until_quiet(scheduler)
    await handle.pause()
    await pass_time(scheduler, manual_clock, HOUR)
    await pass_time(scheduler, manual_clock, 30)
    assert (await ended(scheduler))["brief"] == "expired"
    await handle.resume()
    await pass_time(scheduler, manual_clock, HOUR - 30)
    assert script.started.count("brief") == 2


async def test_one_that_is_submitted_with_a_failed_dependency_comes_the_next_time(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=NO_RETRY))
    script.fails("bad", ValueError("no"))
    bad = id_of(await scheduler.domain(Alpha).submit(Job(name="bad")))
    await until_quiet(scheduler)
    await scheduler.domain(Alpha).submit(Job(), recurring=HOURLY, depends_on=[bad])
    await until_quiet(scheduler)
    assert (await ended(scheduler))["job"] == "dependency_failed"
    await pass_time(scheduler, manual_clock, HOUR)
    assert (await ended(scheduler))["job"] == "completed"


async def test_times_that_pass_while_one_runs_are_skipped_and_told_once(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.holds("job")
    first = id_of(await scheduler.domain(Alpha).submit(Job(), recurring=HOURLY))
    heard = listen(scheduler)
    await until(lambda: script.running == 1)
    manual_clock.advance(3.5 * HOUR)
    await until(lambda: script.running == 1)
    assert scheduler.counts.active == 1, "nothing piles up behind it"
    script.release("job")
    await until_quiet(scheduler)
    (skipped,) = [event for event in heard if isinstance(event, RecurringSkipped)]
    state = await only(scheduler)
    assert (skipped.schedule_id, skipped.count, skipped.task_id) == (first, 3, state.task_id)
    assert due_in(state, manual_clock) == HOUR / 2


async def test_a_machine_that_slept_through_a_hundred_periods_runs_once(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Job(), recurring=HOURLY)
    await until_quiet(scheduler)
    heard = listen(scheduler)
    manual_clock.jump(100.5 * HOUR)
    await pass_time(scheduler, manual_clock, HOUR)
    assert script.started == ["job"] * 2
    assert [event.count for event in heard if isinstance(event, RecurringSkipped)] == [100]
    assert due_in(await only(scheduler), manual_clock) == HOUR / 2


async def test_a_clock_that_is_set_back_repeats_nothing(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.holds("job")
    await scheduler.domain(Alpha).submit(Job(), recurring=HOURLY)
    await until(lambda: script.running == 1)
    manual_clock.jump(-5)
    script.release("job")
    await until_quiet(scheduler)
    assert due_in(await only(scheduler), manual_clock) == HOUR + 5


async def test_one_that_is_cancelled_before_its_time_is_followed_by_the_next_time(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    first = id_of(await handle.submit(Job(), recurring=LATER))
    assert await handle.cancel(first)
    assert due_in(await only(scheduler), manual_clock) == 2 * HOUR
    assert await handle.cancel_all() == [(await scheduler.snapshot()).recurring[0].task_id - 1]
    assert due_in(await only(scheduler), manual_clock) == 3 * HOUR
    await pass_time(scheduler, manual_clock, 2 * HOUR)
    assert not script.started


async def test_after_so_many_occurrences_it_is_over_and_retries_are_not_counted(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(3)))
    script.fails("job", RetryableError("1"), RetryableError("2"))
    heard = listen(scheduler)
    first = id_of(await scheduler.domain(Alpha).submit(Job(), recurring=RecurringSchedule(HOUR, 3)))
    await until_quiet(scheduler)
    for _ in range(5):
        await pass_time(scheduler, manual_clock, HOUR)
    assert script.started == ["job"] * 5
    records = await scheduler.history()
    assert [record.retry_count for record in records] == [0, 0, 2]
    (over,) = [event for event in heard if isinstance(event, RecurringCompleted)]
    assert (over.schedule_id, over.occurrences, over.task_id) == (first, 3, records[0].id)
    assert isinstance(heard[-1], RecurringCompleted)
    assert scheduler.counts.active == 0
    assert await no_schedule(scheduler)
    assert manual_clock.timers == []


async def test_an_occurrence_lives_from_when_it_was_due(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(), recurring=LATER, ttl=60)
    for round_ in range(1, 4):
        record = await scheduler.task((await only(scheduler)).task_id)
        assert record is not None
        assert record.run_at is not None
        assert record.expires_at is not None
        assert record.run_at.timestamp() == START + round_ * HOUR
        assert record.expires_at - record.run_at == timedelta(seconds=60)
        await pass_time(scheduler, manual_clock, HOUR)
    assert script.started == ["job"] * 3


async def test_an_occurrence_with_children_ends_with_them(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))

    async def spawn(task: Any, ctx: TaskContext) -> None:
        await ctx.spawn_child(Job(name="child"))

    script.does("family", spawn)
    script.holds("child")
    await scheduler.domain(Alpha).submit(Family(), recurring=HOURLY)
    await until(lambda: scheduler.counts.waiting == 1)
    await pass_time_until_running(scheduler, manual_clock, script, START + HOUR)
    assert scheduler.counts.active == 2
    script.release("child")
    await until_quiet(scheduler)
    assert script.finalized == [("family", None)]
    assert due_in(await only(scheduler), manual_clock) == HOUR


# Coming back


async def test_what_came_due_while_the_program_was_closed_is_caught_up_once(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, tmp_path: Path
) -> None:
    first = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await first.domain(Alpha).submit(Job(), recurring=HOURLY)
    await until_quiet(first)
    await first.close(finish=False)
    manual_clock.advance(100.5 * HOUR)
    second = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await until_quiet(second)
    assert script.started == ["job"] * 2
    assert due_in(await only(second), manual_clock) == HOUR / 2
    assert (await only(second)).occurrence == 3


async def test_one_that_ran_when_the_program_ended_is_the_same_occurrence(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, tmp_path: Path
) -> None:
    script.holds("job")
    first = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await first.domain(Alpha).submit(Job(), recurring=RecurringSchedule(HOUR, 2))
    await until(lambda: script.running == 1)
    state = await only(first)
    await first.close(finish=False)
    script.release("job")
    second = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    assert await only(second) == state
    await until_quiet(second)
    assert (await only(second)).occurrence == 2
    await pass_time(second, manual_clock, HOUR)
    assert script.started == ["job"] * 3
    assert await no_schedule(second)


async def test_one_that_expired_while_the_program_was_closed_is_followed_by_the_next(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, tmp_path: Path
) -> None:
    first = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await first.domain(Alpha).submit(Job(), recurring=LATER, ttl=60)
    await first.close(finish=False)
    manual_clock.advance(1.5 * HOUR)
    second = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await until_quiet(second)
    assert second.recovery.expired == 1
    assert due_in(await only(second), manual_clock) == HOUR / 2
    await second.pause_all()
    await pass_time(second, manual_clock, HOUR / 2 + 60)
    assert [record.status for record in await second.history()] == ["expired"] * 2, "its time is watched"
    await second.resume_all()
    await pass_time(second, manual_clock, HOUR - 60)
    assert script.started == ["job"]
