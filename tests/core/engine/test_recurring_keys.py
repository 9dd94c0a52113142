"""Schedules and keys: what becomes of twins, and of a schedule that is submitted twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler_core import (
    Priority,
    RecurringSchedule,
    SubmitStatus,
)
from scheduler_core.testing import MakeScheduler, ManualClock, until, until_quiet
from tests.core.recurring_support import (
    HOUR,
    HOURLY,
    LATER,
    due_in,
    id_of,
    no_schedule,
    only,
    pass_time,
)
from tests.core.support import NO_RETRY, Alpha, Job, Script, alpha


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
