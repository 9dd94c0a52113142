"""Ending a schedule, running an occurrence now, and whose schedule it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scheduler_core import (
    DomainHandle,
    RetryableError,
    Scheduler,
    SubmitStatus,
)
from scheduler_core.testing import START, MakeScheduler, ManualClock, until, until_quiet
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
from tests.core.support import NO_RETRY, Alpha, Chore, Job, Script, alpha, beta, ended


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
    assert [(r.id, r.status) for r in await scheduler.history()] == [
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
    second = (await scheduler.history())[-2].id
    assert await handle.pause_recurring(second)
    assert (await only(scheduler)).is_paused
    assert await handle.resume_recurring((await only(scheduler)).task_id)
    assert await scheduler.prune_history(keep=1) == 2
    assert not await handle.pause_recurring(second)
    assert await handle.pause_recurring(first)
    assert (await only(scheduler)).is_paused
