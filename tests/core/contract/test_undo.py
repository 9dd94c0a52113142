"""Cancelling and clearing that can be taken back: how it looks meanwhile, what comes back, what becomes of the rest."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import (
    BroughtBack,
    Cancelled,
    DependencyFailurePolicy,
    PermanentError,
    RecurringSchedule,
    RetryableError,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    SetAside,
    SubmitStatus,
    TaskContext,
    TaskRecord,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Beta, Errand, Family, Job, Script, alpha, beta, ended, jobs

STILL = SchedulerConfig(max_concurrency=0)


async def _named(scheduler: Scheduler, *names: str) -> dict[str, TaskRecord]:
    """The active tasks of these names."""
    ids = [one.id for handle in scheduler.domains() for one in await _active(scheduler, handle.name)]
    records = [record for one in ids if (record := await scheduler.task(one)) is not None]
    return {record.label: record for record in records if not names or record.label in names}


async def _active(scheduler: Scheduler, domain: str) -> list[TaskRecord]:
    return await scheduler._engine.views.page_of_domain(domain, 0)


async def test_what_is_cancelled_for_now_is_in_no_list_and_no_count(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=STILL)
    handle = scheduler.domain(Alpha)
    outcomes = await handle.submit_batch(jobs(3), tags={"job": "a"})
    ids = [one.id for one in outcomes if one.id is not None]
    undo = await scheduler.cancel_for_now(ids[:2])
    assert undo is not None
    assert (undo.act, undo.n) == ("cancel", 2)
    assert scheduler.undos == (undo,)
    assert handle.counts.pending == 1
    assert await scheduler.task(ids[0]) is None
    assert await handle.task_ids_by_tags({"job": "a"}) == ids[2:]
    summary = await scheduler.job("job", "a")
    assert summary is not None
    assert {state: n for state, n in summary.counts.items() if n} == {"pending": 1, "cancelled": 2}
    scheduler.set_max_concurrency(4)
    await run_until_idle(scheduler)
    assert len(script.started) == 1


async def test_undo_brings_everything_back_as_it_was(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=STILL)
    handle = scheduler.domain(Alpha)
    first = await handle.submit(Job(name="first"), tags={"job": "a"}, priority=7)
    after = await handle.submit(Job(name="after"), depends_on=[first.id or 0])
    later = await handle.submit(Job(name="later"), run_after=60, ttl=3_600)
    hourly = await handle.submit(
        Job(name="hourly"), recurring=RecurringSchedule(every=3_600, initial_delay=60)
    )
    before = await _named(scheduler)
    counts = handle.counts
    undo = await scheduler.cancel_for_now([one.id or 0 for one in (first, after, later, hourly)])
    assert undo is not None
    assert await _named(scheduler) == {}
    manual_clock.advance(5)
    assert await scheduler.undo(undo.id) == 4
    assert await _named(scheduler) == before
    assert handle.counts == counts
    assert scheduler.undos == ()
    assert await handle.task_ids_by_tags({"job": "a"}) == [first.id]
    assert (await handle.submit(Job(name="first"))).status is SubmitStatus.DUPLICATE
    scheduler.set_max_concurrency(1)
    await run_until_idle(scheduler)
    assert script.started == ["first", "after"]
    manual_clock.advance(61)
    await run_until_idle(scheduler)
    assert sorted(script.started) == ["after", "first", "hourly", "later"]


async def test_when_the_time_is_over_they_are_cancelled(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script), config=STILL)
    handle = scheduler.domain(Alpha)
    first = await handle.submit(Job(name="first"))
    await scheduler.domain(Beta).submit(Errand(name="after"), depends_on=[first.id or 0])
    undo = await scheduler.cancel_for_now([first.id or 0])
    assert undo is not None
    manual_clock.advance(9.9)
    assert scheduler.undos == (undo,)
    assert scheduler.domain(Beta).counts.blocked == 1
    manual_clock.advance(0.2)
    await until(lambda: scheduler.counts.cancelled == 1)
    assert await ended(scheduler) == {"first": "cancelled", "after": "dependency_failed"}
    assert scheduler.undos == ()
    assert await scheduler.undo(undo.id) == 0


async def test_what_runs_is_interrupted_and_goes_on_after_an_undo(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    script.holds("runs")
    scheduler = await make_scheduler(alpha(script))
    outcome = await scheduler.domain(Alpha).submit(Job(name="runs"), tags={"job": "a"})
    await until(lambda: script.running == 1)
    undo = await scheduler.cancel_for_now([outcome.id or 0])
    assert undo is not None
    await until(lambda: script.cancelled == ["runs"] and scheduler.counts.active == 0)
    assert await scheduler.history() == []
    script.release("runs")
    assert await scheduler.undo(undo.id) == 1
    await run_until_idle(scheduler)
    (record,) = await scheduler.history()
    assert (record.label, record.status, record.retry_count) == ("runs", "completed", 0)


async def test_what_does_not_stop_in_time_goes_back_into_line_after_an_undo(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    asked: list[TaskContext] = []

    async def stubborn(_task: Any, ctx: TaskContext) -> None:
        asked.append(ctx)
        if len(asked) > 1:
            return
        try:
            await script_gate.wait()
        except BaseException:
            await script_gate.wait()
            raise

    script_gate = asyncio.Event()
    script.does("runs", stubborn)
    outcome = await scheduler.domain(Alpha).submit(Job(name="runs"))
    await until(lambda: len(asked) == 1)
    undo = await scheduler.cancel_for_now([outcome.id or 0])
    assert undo is not None
    await scheduler.undo(undo.id)
    script_gate.set()
    await run_until_idle(scheduler)
    assert len(asked) == 2
    assert await ended(scheduler) == {"runs": "completed"}


async def test_what_runs_and_does_not_stop_is_cancelled_when_the_time_is_over(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    script.holds("runs")
    scheduler = await make_scheduler(alpha(script))
    outcome = await scheduler.domain(Alpha).submit(Job(name="runs"))
    await until(lambda: script.running == 1)
    await scheduler.cancel_for_now([outcome.id or 0])
    await until(lambda: scheduler.counts.active == 0)
    manual_clock.advance(10.1)
    await until(lambda: scheduler.counts.cancelled == 1)
    assert await ended(scheduler) == {"runs": "cancelled"}


async def test_a_parent_takes_its_children_along_and_waits_for_them_again(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    async def bear(_task: Any, ctx: TaskContext) -> str:
        await ctx.spawn_child(Job(name="quick"))
        await ctx.spawn_child(Job(name="slow"))
        return "memo"

    script.does("family", bear)
    script.holds("slow")
    scheduler = await make_scheduler(alpha(script))
    parent = await scheduler.domain(Alpha).submit(Family(name="family"))
    await until(lambda: "quick" in script.ended and "slow" in script.started)
    undo = await scheduler.cancel_for_now([parent.id or 0])
    assert undo is not None
    assert undo.n == 1
    await until(lambda: scheduler.counts.active == 0)
    script.release("slow")
    assert await scheduler.undo(undo.id) >= 1
    await run_until_idle(scheduler)
    assert script.finalized == [("family", "memo")]
    assert set((await ended(scheduler)).values()) == {"completed"}


async def test_a_child_that_ends_meanwhile_is_not_waited_for(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    async def bear(_task: Any, ctx: TaskContext) -> None:
        await ctx.spawn_child(Job(name="child"))

    script.does("family", bear)
    script.holds("child")
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    parent = await handle.submit(Family(name="family"))
    await until(lambda: "child" in script.started)
    child = (await _named(scheduler, "child"))["child"]
    undo = await scheduler.cancel_for_now([parent.id or 0])
    assert undo is not None
    await until(lambda: scheduler.counts.active == 0)
    later = await scheduler.domain(Alpha).submit(Job(name="child"), parent=None, key="another")
    assert later.id != child.id
    script.release("child")
    await scheduler.undo(undo.id)
    await run_until_idle(scheduler)
    assert (await ended(scheduler))["family"] == "completed"


async def test_its_key_is_free_and_the_newer_task_keeps_it(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=STILL)
    handle = scheduler.domain(Alpha)
    old = await handle.submit(Job(name="same"))
    undo = await scheduler.cancel_for_now([old.id or 0])
    assert undo is not None
    new = await handle.submit(Job(name="same"))
    assert new.status is SubmitStatus.INSERTED
    assert await scheduler.undo(undo.id) == 0
    assert [record.id for record in await _active(scheduler, "alpha")] == [new.id]
    (record,) = await scheduler.history()
    assert (record.id, record.status) == (old.id, "cancelled")


@pytest.mark.parametrize("fails", [False, True])
async def test_what_it_depends_on_may_end_meanwhile(
    make_scheduler: MakeScheduler, script: Script, fails: bool
) -> None:
    script.holds("first")
    if fails:
        script.fails("first", PermanentError("broken"))
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    first = await handle.submit(Job(name="first"))
    after = await handle.submit(Job(name="after"), depends_on=[first.id or 0])
    undo = await scheduler.cancel_for_now([after.id or 0])
    assert undo is not None
    script.release("first")
    await run_until_idle(scheduler)
    assert script.started == ["first"]
    await scheduler.undo(undo.id)
    await run_until_idle(scheduler)
    assert (await ended(scheduler))["after"] == ("dependency_failed" if fails else "completed")


async def test_who_depends_on_it_waits_and_may_still_be_submitted(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=STILL)
    handle = scheduler.domain(Alpha)
    first = await handle.submit(Job(name="first"))
    undo = await scheduler.cancel_for_now([first.id or 0])
    assert undo is not None
    await handle.submit(Job(name="strict"), depends_on=[first.id or 0])
    await handle.submit(
        Job(name="lax"), depends_on=[first.id or 0], on_dependency_failure=DependencyFailurePolicy.IGNORE
    )
    assert handle.counts.blocked == 2
    scheduler.set_max_concurrency(1)
    manual_clock.advance(10.1)
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"first": "cancelled", "strict": "dependency_failed", "lax": "completed"}


async def test_a_schedule_goes_on_when_its_occurrence_is_cancelled_after_all(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    outcome = await handle.submit(
        Job(name="hourly"), recurring=RecurringSchedule(every=3_600, initial_delay=60)
    )
    await scheduler.cancel_for_now([outcome.id or 0])
    manual_clock.advance(10.1)
    await until(lambda: scheduler.counts.cancelled == 1)
    (state,) = (await scheduler.snapshot()).recurring
    assert state.task_id != outcome.id
    assert handle.counts.pending == 1


async def test_a_retry_is_set_aside_and_comes_back_with_its_delay(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    script.fails("job", RetryableError("busy"))
    scheduler = await make_scheduler(alpha(script))
    outcome = await scheduler.domain(Alpha).submit(Job(name="job"), retry=RetryPolicy.constant(3, 60))
    await until(lambda: script.started == ["job"] and scheduler.counts.running == 0)
    undo = await scheduler.cancel_for_now([outcome.id or 0])
    assert undo is not None
    await run_until_idle(scheduler)
    manual_clock.advance(5)
    await scheduler.undo(undo.id)
    manual_clock.advance(56)
    await run_until_idle(scheduler)
    assert script.started == ["job", "job"]


async def test_events_tell_what_left_and_what_came_back(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=STILL)
    heard: list[str] = []
    scheduler.subscribe(
        lambda events: heard.extend(type(event).__name__ for event in events),
        only={SetAside, BroughtBack, Cancelled},
    )
    told: list[int] = []
    scheduler.undos_changed.connect(lambda undos: told.append(len(undos)))
    outcome = await scheduler.domain(Alpha).submit(Job(name="job"))
    undo = await scheduler.cancel_for_now([outcome.id or 0])
    assert undo is not None
    await scheduler.undo(undo.id)
    await scheduler.cancel_for_now([outcome.id or 0])
    manual_clock.advance(10.1)
    await until(lambda: scheduler.counts.cancelled == 1)
    assert heard == ["SetAside", "BroughtBack", "SetAside", "Cancelled"]
    assert told == [1, 0, 1, 0]


async def test_nothing_to_take_back_is_none(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    assert await scheduler.cancel_for_now([1, 2, 3]) is None
    assert await scheduler.cancel_for_now([]) is None
    assert await scheduler.clear_for_now([1]) is None
    assert scheduler.undos == ()
    assert await scheduler.undo(77) == 0


async def test_its_columns_are_those_of_tasks(
    make_scheduler: MakeScheduler, tmp_path: Path, script: Script
) -> None:
    path = tmp_path / "a.db"
    await (await make_scheduler(alpha(script), store=path)).close()
    with closing(sqlite3.connect(path)) as database:
        tasks, aside = (
            {(name, kind) for _, name, kind, *_ in database.execute(f"PRAGMA table_info({table})")}
            for table in ("tasks", "set_aside")
        )
    assert aside - tasks == {("undo", "INTEGER")}
    assert tasks <= aside
