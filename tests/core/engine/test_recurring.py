"""Tasks that come again: when, instead of what, how often, and what stops them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from scheduler_core import (
    DomainHandle,
    InvalidTaskError,
    Priority,
    RecurringCompleted,
    RecurringSchedule,
    RecurringSkipped,
    RecurringState,
    RetryableError,
    RetryPolicy,
    Scheduler,
    SchedulerEvent,
    SubmitOutcome,
    SubmitStatus,
    Submitted,
    TaskContext,
    TaskStatus,
    TaskTypeConfig,
    TypedTask,
)
from scheduler_core.testing import START, MakeScheduler, ManualClock, until, until_quiet
from tests.core.support import NO_RETRY, Alpha, Chore, Family, Job, Script, alpha, beta, ended, record_of

HOUR = 3_600.0
HOURLY = RecurringSchedule(HOUR)
LATER = RecurringSchedule(HOUR, initial_delay=HOUR)
"""The first of its occurrences waits an hour, too."""


async def pass_time(scheduler: Scheduler, clock: ManualClock, duration: float) -> None:
    clock.advance(duration)
    await until_quiet(scheduler)


async def only(scheduler: Scheduler) -> RecurringState:
    """The one schedule there is."""
    (state,) = (await scheduler.snapshot()).recurring
    return state


async def no_schedule(scheduler: Scheduler) -> bool:
    return (await scheduler.snapshot()).recurring == ()


def due_in(state: RecurringState, clock: ManualClock) -> float:
    return state.next_at.timestamp() - clock.time()


def listen(scheduler: Scheduler) -> list[SchedulerEvent]:
    heard: list[SchedulerEvent] = []
    scheduler.subscribe(heard.extend)
    return heard


def id_of(outcome: SubmitOutcome) -> int:
    assert outcome.id is not None
    return outcome.id


# When it comes


async def test_an_interval_begins_at_once_and_comes_again_and_again(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    outcome = await scheduler.domain(Alpha).submit(Job(), recurring=HOURLY, tags={"a": "b"}, group="g")
    assert outcome.status is SubmitStatus.INSERTED
    await until_quiet(scheduler)
    assert script.started == ["job"]
    await pass_time(scheduler, manual_clock, HOUR - 1)
    assert script.started == ["job"]
    await pass_time(scheduler, manual_clock, 1)
    assert script.started == ["job"] * 2
    await pass_time(scheduler, manual_clock, HOUR)
    records = await scheduler.history()
    assert len({record.task_id for record in records}) == 3
    assert {(record.payload["n"], record.tags["a"], record.group, record.key) for record in records} == {
        (0, "b", "g", records[0].key)
    }
    state = await only(scheduler)
    assert (state.id, state.occurrence, due_in(state, manual_clock)) == (outcome.id, 4, HOUR)
    assert scheduler.counts.active == 1


async def test_the_first_occurrence_waits_for_its_delay(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(
        Job(), recurring=RecurringSchedule(timedelta(hours=1), initial_delay=timedelta(minutes=5))
    )
    await pass_time(scheduler, manual_clock, 299)
    assert not script.started
    await pass_time(scheduler, manual_clock, 1)
    assert script.started == ["job"]
    assert due_in(await only(scheduler), manual_clock) == HOUR


async def test_a_cron_expression_comes_at_its_times_in_its_zone(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))  # it is 22:13:20 UTC, 23:13:20 in Berlin
    handle = scheduler.domain(Alpha)
    utc = await handle.submit(Job(name="utc"), recurring=RecurringSchedule.cron("30 23 * * *"))
    berlin = await handle.submit(
        Job(name="berlin"), recurring=RecurringSchedule.cron("30 23 * * *", tz="Europe/Berlin")
    )
    shown = {state.id: f"{state.next_at:%d %H:%M}" for state in (await scheduler.snapshot()).recurring}
    assert shown == {utc.id: "14 23:30", berlin.id: "14 22:30"}
    await pass_time(scheduler, manual_clock, 20 * 60)
    assert script.started == ["berlin"]
    await pass_time(scheduler, manual_clock, 24 * HOUR)
    assert script.started == ["berlin", "utc", "berlin"]


async def test_the_first_time_may_be_told(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    at = datetime.fromtimestamp(START + 90, UTC)
    await handle.submit(Job(name="at"), recurring=HOURLY, run_at=at)
    await handle.submit(Job(name="after"), recurring=LATER, run_after=30)
    await handle.submit(Job(name="cron"), recurring=RecurringSchedule.cron("0 0 * * *"), run_after=60)
    for _ in range(3):
        await pass_time(scheduler, manual_clock, 30)
    assert script.started == ["after", "cron", "at"]
    shown = {state.label: state.next_at for state in (await scheduler.snapshot()).recurring}
    assert shown == {
        "at": at + timedelta(hours=1),
        "after": at + timedelta(seconds=3_540),
        "cron": datetime(2023, 11, 15, tzinfo=UTC),
    }


async def test_the_grid_stays_however_long_an_occurrence_takes(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Job(), recurring=HOURLY)
    for round_ in range(1, 4):
        script.holds("job")
        await pass_time_until_running(scheduler, manual_clock, script, START + (round_ - 1) * HOUR)
        manual_clock.advance(600 * round_)
        script.release("job")
        await until_quiet(scheduler)
        assert (await only(scheduler)).next_at.timestamp() == START + round_ * HOUR


async def pass_time_until_running(
    scheduler: Scheduler, clock: ManualClock, script: Script, at: float
) -> None:
    clock.advance(at - clock.time())
    await until(lambda: script.running == 1)


async def test_the_type_may_say_that_it_comes_again_and_the_call_has_the_last_word(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    class Nightly(TypedTask[Alpha]):
        task_type: ClassVar[str] = "nightly"
        type_config: ClassVar[TaskTypeConfig] = TaskTypeConfig(
            recurring=RecurringSchedule.cron("0 2 * * *"), run_after=60
        )
        name: str = "nightly"

    domain = alpha(script)
    domain.executor(Nightly)(script.execute)
    handle = (scheduler := await make_scheduler(domain)).domain(Alpha)
    typed = await handle.submit(Nightly(name="typed"))
    called = await handle.submit(Nightly(name="called"), recurring=LATER)
    shown = {state.id: state for state in (await scheduler.snapshot()).recurring}
    assert shown[id_of(typed)].schedule == RecurringSchedule.cron("0 2 * * *")
    assert shown[id_of(typed)].next_at.timestamp() == START + 60, "run_after goes with it"
    assert shown[id_of(called)].schedule == LATER
    assert shown[id_of(called)].next_at.timestamp() == START + HOUR


async def test_a_batch_is_as_many_schedules(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    tasks = [Job(name=name) for name in ("a", "b", "a")]
    outcomes = await scheduler.domain(Alpha).submit_batch(tasks, recurring=LATER)
    assert [outcome.status for outcome in outcomes] == ["inserted", "inserted", "duplicate"]
    assert [state.label for state in (await scheduler.snapshot()).recurring] == ["a", "b"]
    await pass_time(scheduler, manual_clock, HOUR)
    await pass_time(scheduler, manual_clock, HOUR)
    assert script.started == ["a", "b"] * 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"recurring": HOURLY, "parent": 1}, "a child cannot come again"),
        ({"recurring": 3600}, "3600 is no schedule"),
        ({"recurring": RecurringSchedule(1, initial_delay=1e15)}, "after the year 9999"),
        ({"recurring": HOURLY, "run_after": 1, "run_at": datetime.now(UTC)}, "both run_at and run_after"),
    ],
)
async def test_what_cannot_come_again_is_refused_and_nothing_is_stored(
    make_scheduler: MakeScheduler, script: Script, options: dict[str, Any], words: str
) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(InvalidTaskError, match=words):
        await scheduler.domain(Alpha).submit(Job(), **options)
    assert scheduler.counts.active == 0
    assert await no_schedule(scheduler)


async def test_a_child_cannot_come_again(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=NO_RETRY))

    async def spawn(task: Any, ctx: TaskContext) -> None:
        await ctx.spawn_child(Job(), recurring=HOURLY)

    script.does("family", spawn)
    await scheduler.domain(Alpha).submit(Family())
    await until_quiet(scheduler)
    assert "a child cannot come again" in str((await record_of(scheduler, "family")).last_error)


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
    records = {record.task_id: record.status for record in await scheduler.history()}
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
    assert (over.schedule_id, over.occurrences, over.task_id) == (first, 3, records[0].task_id)
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


# Keys


async def test_a_schedule_that_is_submitted_again_is_one(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, tmp_path: Path
) -> None:
    """Programs submit their schedules at every start."""
    ids: set[int | None] = set()
    for round_ in range(3):
        scheduler = await make_scheduler(alpha(script), store=tmp_path / "a.db")
        outcome = await scheduler.domain(Alpha).submit(Job(), recurring=LATER)
        assert outcome.status is (SubmitStatus.DUPLICATE if round_ else SubmitStatus.INSERTED)
        ids.add(outcome.id)
        assert due_in(await only(scheduler), manual_clock) == HOUR - round_
        await scheduler.close()
        manual_clock.advance(1)
    assert len(ids) == 1
    script.holds("job")
    scheduler = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    manual_clock.advance(HOUR)
    await until(lambda: script.running == 1)
    again = await scheduler.domain(Alpha).submit(Job(), recurring=RecurringSchedule(5))
    assert again.status is SubmitStatus.DUPLICATE, "also while an occurrence runs"
    script.release("job")
    await until_quiet(scheduler)
    assert (await only(scheduler)).schedule == LATER
    assert script.started == ["job"]


async def test_one_that_is_submitted_again_as_more_urgent_is_so_from_now_on(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(), recurring=LATER)
    raised = await handle.submit(Job(), recurring=LATER, priority=Priority.HIGH)
    assert raised.status is SubmitStatus.UPGRADED
    await pass_time(scheduler, manual_clock, HOUR)
    await pass_time(scheduler, manual_clock, HOUR)
    assert [record.priority for record in await scheduler.history()] == [Priority.HIGH] * 2


async def test_a_twin_that_was_requeued_keeps_the_schedule_going(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job", "twin")
    first = id_of(await handle.submit(Job(n=1), key="k", recurring=RecurringSchedule(HOUR, 2)))
    await until(lambda: script.running == 1)
    assert (await handle.submit(Job(name="twin"), key="k")).status is SubmitStatus.REQUEUED
    script.release("job")
    await until(lambda: script.started == ["job", "twin"])
    state = await only(scheduler)
    assert (state.id, state.occurrence) == (first, 1), "it is not counted"
    assert state.task_id == scheduler.active_tasks()[0].id
    script.release("twin")
    await until_quiet(scheduler)
    assert due_in(await only(scheduler), manual_clock) == HOUR
    await pass_time(scheduler, manual_clock, HOUR)
    assert script.started == ["job", "twin", "job"]
    assert await no_schedule(scheduler)


async def test_a_twin_that_is_called_off_leaves_the_schedule_alone(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    first = id_of(await handle.submit(Job(), recurring=HOURLY))
    await until(lambda: script.running == 1)
    await handle.submit(Job())
    await handle.cancel(first)
    await until_quiet(scheduler)
    assert due_in(await only(scheduler), manual_clock) == HOUR
    assert script.started == ["job"]


async def test_a_twin_whose_dependency_fails_leaves_the_schedule_alone(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=NO_RETRY))
    handle = scheduler.domain(Alpha)
    script.holds("job", "bad")
    script.fails("bad", ValueError("no"))
    await handle.submit(Job(), recurring=HOURLY)
    bad = id_of(await handle.submit(Job(name="bad")))
    await until(lambda: script.running == 2)
    assert (await handle.submit(Job(), depends_on=[bad])).status is SubmitStatus.REQUEUED
    script.release("bad")
    await until(lambda: script.running == 1)
    script.release("job")
    await until_quiet(scheduler)
    assert [record.status for record in await scheduler.history()] == [
        "dependency_failed",
        "completed",
        "failed",
    ]
    assert due_in(await only(scheduler), manual_clock) == HOUR
    assert scheduler.counts.active == 1


async def test_a_schedule_whose_key_a_running_task_holds_begins_after_it(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    await handle.submit(Job())
    await until(lambda: script.running == 1)
    assert (await handle.submit(Job(), recurring=LATER)).status is SubmitStatus.REQUEUED
    assert (await handle.submit(Job(), recurring=LATER)).status is SubmitStatus.DUPLICATE
    assert await no_schedule(scheduler)
    script.release("job")
    await until_quiet(scheduler)
    assert due_in(await only(scheduler), manual_clock) == HOUR
    await pass_time(scheduler, manual_clock, HOUR)
    assert script.started == ["job"] * 2


@pytest.mark.parametrize(("schedule", "occurrence"), [(LATER, 0), (HOURLY, 1)])
async def test_a_schedule_whose_key_a_waiting_task_holds_is_not_lost(
    make_scheduler: MakeScheduler,
    script: Script,
    manual_clock: ManualClock,
    schedule: RecurringSchedule,
    occurrence: int,
) -> None:
    """What waits anyway stands in for the first occurrence."""
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    holder = id_of(await handle.submit(Job()))
    outcome = await handle.submit(Job(), recurring=schedule)
    assert (outcome.status, outcome.id) == (SubmitStatus.DUPLICATE, holder)
    state = await only(scheduler)
    assert (state.id, state.task_id, state.occurrence) == (holder, holder, occurrence)
    await handle.resume()
    await until_quiet(scheduler)
    assert script.started == ["job"]
    assert due_in(await only(scheduler), manual_clock) == HOUR


async def test_a_schedule_whose_key_a_requeued_task_will_hold_is_not_lost(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    await handle.submit(Job())
    await until(lambda: script.running == 1)
    assert (await handle.submit(Job())).status is SubmitStatus.REQUEUED
    assert (await handle.submit(Job(), recurring=LATER)).status is SubmitStatus.DUPLICATE
    script.release("job")
    await until_quiet(scheduler)
    assert script.started == ["job"] * 2
    assert due_in(await only(scheduler), manual_clock) == HOUR
    assert scheduler.counts.active == 1


@pytest.mark.parametrize("is_running", [True, False])
async def test_superseding_with_another_schedule_replaces_it(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, is_running: bool
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    await handle.submit(Job(n=1), key="k", recurring=HOURLY if is_running else LATER)
    if is_running:
        await until(lambda: script.running == 1)
    new = await handle.submit(
        Job(n=2, name="new"),
        key="k",
        recurring=RecurringSchedule(60, initial_delay=60),
        on_duplicate="supersede",
    )
    assert new.status is SubmitStatus.SUPERSEDED
    await until_quiet(scheduler)
    state = await only(scheduler)
    assert (state.id, state.schedule.every, state.label) == (new.id, 60, "new")
    for _ in range(2):
        await pass_time(scheduler, manual_clock, 60)
    assert script.ended == (["job"] if is_running else []) + ["new"] * 2
    assert scheduler.counts.active == 1


async def test_reject_makes_no_schedule(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(), run_after=60)
    outcome = await handle.submit(Job(), recurring=HOURLY, on_duplicate="reject")
    assert outcome.status is SubmitStatus.REJECTED
    assert await no_schedule(scheduler)


# Pausing a schedule


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


# Ending a schedule, and running it now


async def test_cancelling_a_schedule_cancels_what_has_not_started(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    first = id_of(await handle.submit(Job(), recurring=HOURLY))
    await until_quiet(scheduler)
    waiting = (await only(scheduler)).task_id
    assert await handle.cancel_recurring(first), "by an occurrence that is over"
    assert await no_schedule(scheduler)
    assert scheduler.counts.active == 0
    assert [(r.task_id, r.status) for r in await scheduler.history()] == [
        (waiting, "cancelled"),
        (first, "completed"),
    ]
    assert not await handle.cancel_recurring(first)
    assert not await handle.pause_recurring(waiting)
    await pass_time(scheduler, manual_clock, 2 * HOUR)
    assert script.started == ["job"]
    again = await handle.submit(Job(), recurring=HOURLY)
    assert again.status is SubmitStatus.INSERTED


async def test_cancelling_a_schedule_lets_what_runs_go_on(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    first = id_of(await handle.submit(Job(), recurring=HOURLY))
    await until(lambda: script.running == 1)
    assert await handle.cancel_recurring(first)
    assert script.running == 1
    replaced = await handle.submit(Job(), recurring=LATER)
    assert replaced.status is SubmitStatus.REQUEUED, "it belongs to no schedule any more"
    script.release("job")
    await until_quiet(scheduler)
    assert (await ended(scheduler))["job"] == "completed"
    assert (await only(scheduler)).schedule == LATER


@pytest.mark.parametrize("is_paused", [True, False])
async def test_cancelling_a_schedule_cancels_a_held_or_blocked_occurrence(
    make_scheduler: MakeScheduler, script: Script, is_paused: bool
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("before")
    before = id_of(await handle.submit(Job(name="before")))
    first = id_of(await handle.submit(Job(), recurring=LATER, depends_on=() if is_paused else [before]))
    if is_paused:
        await handle.pause_recurring(first)
    assert await handle.cancel_recurring(first)
    assert scheduler.counts.running == scheduler.counts.active == 1


async def test_run_now_leaves_the_grid_as_it_is(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    first = id_of(await handle.submit(Job(), recurring=LATER, ttl=60))
    await pass_time(scheduler, manual_clock, HOUR / 2)
    assert await handle.run_recurring_now(first)
    await until_quiet(scheduler)
    assert script.started == ["job"]
    assert due_in(await only(scheduler), manual_clock) == HOUR / 2
    await pass_time(scheduler, manual_clock, HOUR / 2)
    assert script.started == ["job"] * 2
    done = (await scheduler.history())[-1]
    assert done.run_at is not None
    assert done.run_at.timestamp() == START + HOUR / 2


async def test_run_now_is_false_where_nothing_waits_for_its_time(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    first = id_of(await handle.submit(Job(), recurring=HOURLY))
    await until(lambda: script.running == 1)
    assert not await handle.run_recurring_now(first)
    script.release("job")
    await until_quiet(scheduler)
    await handle.pause_recurring(first)
    assert not await handle.run_recurring_now(first), "a pause is a pause"
    assert script.started == ["job"]


async def test_run_now_of_one_that_is_blocked_makes_it_run_when_it_is_not(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("before")
    before = id_of(await handle.submit(Job(name="before")))
    first = id_of(await handle.submit(Job(), recurring=LATER, depends_on=[before]))
    assert await handle.run_recurring_now(first)
    await until_quiet_or_running(scheduler, script)
    assert script.started == ["before"]
    script.release("before")
    await until_quiet(scheduler)
    assert script.started == ["before", "job"]


async def until_quiet_or_running(scheduler: Scheduler, script: Script) -> None:
    await until(lambda: script.running == 1)


async def test_trying_a_failed_occurrence_again_makes_the_waiting_one_due(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=NO_RETRY))
    handle = scheduler.domain(Alpha)
    script.fails("job", RetryableError("busy"))
    await handle.submit(Job(), recurring=HOURLY)
    await until_quiet(scheduler)
    (dead,) = await handle.dead_letter_tasks()
    waiting = (await only(scheduler)).task_id
    outcome = await handle.retry_dead_letter(dead.id)
    assert (outcome.status, outcome.id) == (SubmitStatus.DUPLICATE, waiting)
    await until_quiet(scheduler)
    assert script.started == ["job"] * 2
    assert scheduler.failure_count == 0
    assert due_in(await only(scheduler), manual_clock) == HOUR
    assert scheduler.counts.active == 1


async def test_trying_an_occurrence_again_whose_schedule_is_gone_runs_it_once(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=NO_RETRY))
    handle = scheduler.domain(Alpha)
    script.fails("job", RetryableError("busy"))
    first = id_of(await handle.submit(Job(), recurring=HOURLY))
    await until_quiet(scheduler)
    (dead,) = await handle.dead_letter_tasks()
    await handle.cancel_recurring(first)
    assert (await handle.retry_dead_letter(dead.id)).status is SubmitStatus.INSERTED
    await until_quiet(scheduler)
    assert script.started == ["job"] * 2
    assert scheduler.counts.active == 0


Control = Callable[[DomainHandle[Any], int], Any]


@pytest.mark.parametrize(
    "act",
    [
        lambda handle, task_id: handle.pause_recurring(task_id),
        lambda handle, task_id: handle.resume_recurring(task_id),
        lambda handle, task_id: handle.cancel_recurring(task_id),
        lambda handle, task_id: handle.run_recurring_now(task_id),
    ],
)
async def test_a_schedule_of_another_domain_or_none_is_left_alone(
    make_scheduler: MakeScheduler, script: Script, act: Control
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    handle = scheduler.domain(Alpha)
    first = id_of(await handle.submit(Job(), recurring=LATER))
    plain = id_of(await handle.submit(Chore(), run_after=60))
    before = await only(scheduler)
    assert not await act(scheduler.domain("beta"), first)
    for nothing in (plain, 999, 0, -1, 2**70):
        assert not await act(handle, nothing)
    assert await only(scheduler) == before
    assert scheduler.counts.pending == scheduler.counts.active == 2


async def test_any_occurrence_names_its_schedule_also_when_the_history_forgot_the_first(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    first = id_of(await handle.submit(Job(), recurring=HOURLY))
    await until_quiet(scheduler)
    await pass_time(scheduler, manual_clock, HOUR)
    await pass_time(scheduler, manual_clock, HOUR)
    second = (await scheduler.history())[-2].task_id
    assert await handle.pause_recurring(second)
    assert (await only(scheduler)).is_paused
    assert await handle.resume_recurring((await only(scheduler)).task_id)
    assert await scheduler.prune_history(keep=1) == 2
    assert not await handle.pause_recurring(second)
    assert await handle.pause_recurring(first)
    assert (await only(scheduler)).is_paused


# Coming back


async def test_what_came_due_while_the_program_was_closed_is_caught_up_once(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, tmp_path: Path
) -> None:
    first = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await first.domain(Alpha).submit(Job(), recurring=HOURLY)
    await until_quiet(first)
    await first.close()
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
    await first.close()
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
    await first.close()
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
