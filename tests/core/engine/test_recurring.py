"""Tasks that come again: when they do, and how that is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from scheduler_core import (
    InvalidTaskError,
    RecurringSchedule,
    SubmitStatus,
    TaskContext,
    TaskTypeConfig,
    TypedTask,
)
from scheduler_core.testing import START, MakeScheduler, ManualClock, until_quiet
from tests.core.recurring_support import (
    HOUR,
    HOURLY,
    LATER,
    due_in,
    id_of,
    no_schedule,
    only,
    pass_time,
    pass_time_until_running,
)
from tests.core.support import NO_RETRY, Alpha, Family, Job, Script, alpha, record_of


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
    assert len({record.id for record in records}) == 3
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
        ({"recurring": 3600}, "3600 is no RecurringSchedule"),
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


async def test_what_a_schedule_skips_is_counted(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Job(), recurring=LATER)
    await scheduler.domain(Alpha).pause()
    await pass_time(scheduler, manual_clock, 5.5 * HOUR)
    await scheduler.domain(Alpha).resume()
    await until_quiet(scheduler)
    assert scheduler.metrics().total.recurring_skipped == 4
