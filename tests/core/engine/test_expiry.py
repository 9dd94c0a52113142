"""A task that does not start in its time expires, and is never started after it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import (
    Expired,
    InvalidTaskError,
    RetryableError,
    RetryPolicy,
    SchedulerConfig,
    SchedulerEvent,
    TaskContext,
    TaskStatus,
    TtlFrom,
)
from scheduler_core.store.claim import MAY_EXPIRE
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.support import Alpha, Chore, Family, Job, Script, alpha, ended, jobs, record_of


async def test_a_task_that_waits_too_long_expires_on_its_deadline(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    heard: list[SchedulerEvent] = []
    scheduler.subscribe(heard.extend)
    await scheduler.pause_all()
    outcome = await scheduler.domain(Alpha).submit(Job(), ttl=60)
    record = await scheduler.task(outcome.id or 0)
    assert record is not None
    assert record.expires_at is not None
    assert record.expires_at.timestamp() == manual_clock.time() + 60
    manual_clock.advance(59)
    await until_quiet(scheduler)
    assert await ended(scheduler) == {}
    manual_clock.advance(1)
    await until_quiet(scheduler)
    done = await record_of(scheduler, "job")
    assert (done.status, done.last_error) == (TaskStatus.EXPIRED, "it did not start in its time")
    assert isinstance(heard[-1], Expired)
    assert scheduler.failure_count == 1
    manual_clock.advance(1)
    assert manual_clock.timers == []


async def test_one_that_has_started_is_left_alone(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(1, 100)))
    script.fails("job", RetryableError("busy"))
    await scheduler.domain(Alpha).submit(Job(), ttl=60)
    await until_quiet(scheduler)
    manual_clock.advance(99)
    await until_quiet(scheduler)
    assert await ended(scheduler) == {}
    await run_until_idle(scheduler, manual_clock)
    assert await ended(scheduler) == {"job": "completed"}


async def test_time_that_begins_with_the_first_attempt(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(5, 100)))
    script.fails("job", *[RetryableError("busy")] * 5)
    await scheduler.pause_all()
    await scheduler.domain(Alpha).submit(Job(), ttl=60, ttl_from=TtlFrom.FIRST_ATTEMPT)
    manual_clock.advance(1000)
    await until_quiet(scheduler)
    await scheduler.resume_all()
    await until_quiet(scheduler)
    assert script.started == ["job"]
    manual_clock.advance(60)
    await until_quiet(scheduler)
    assert await ended(scheduler) == {"job": "expired"}


async def test_the_layers_of_ttl(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, default_ttl=50), config=SchedulerConfig(default_ttl=10))
    await scheduler.pause_all()
    handle = scheduler.domain(Alpha)
    for ttl, expected in ((None, 50), (5, 5)):
        outcome = await handle.submit(Job(n=expected), ttl=ttl)
        record = await scheduler.task(outcome.id or 0)
        assert record is not None
        assert record.expires_at is not None
        assert record.expires_at.timestamp() == manual_clock.time() + expected
    await handle.submit(Job(name="no time"), ttl=0)
    assert await ended(scheduler) == {"no time": "expired"}
    with pytest.raises((ValueError, InvalidTaskError), match="ttl"):
        await handle.submit(Job(n=99), ttl=-1)


async def test_children_have_what_is_left_of_their_parents_time(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1))
    start = manual_clock.time()

    async def spawn(task: Any, ctx: TaskContext) -> None:
        manual_clock.advance(10)
        await ctx.spawn_child(Chore(name="plain"))
        await ctx.spawn_child(Chore(name="sooner"), ttl=5)
        await ctx.spawn_child(Chore(name="later"), ttl=500)
        await ctx.domain(Alpha).pause()

    script.does("family", spawn)
    await scheduler.domain(Alpha).submit(Family(), ttl=60)
    await until(lambda: scheduler.domain(Alpha).is_paused)
    await until_quiet(scheduler)
    ends: dict[str, float] = {}
    for task_id in await scheduler._engine.store.read(
        lambda connection: [row[0] for row in connection.execute("SELECT id FROM tasks WHERE parent_id > 0")]
    ):
        record = await scheduler.task(task_id)
        assert record is not None
        assert record.expires_at is not None
        ends[record.label] = record.expires_at.timestamp() - start
    assert ends == {"plain": 60, "sooner": 15, "later": 60}
    await scheduler.domain(Alpha).cancel_all()


async def test_after_a_sleep_nothing_starts_that_is_over(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1))
    script.holds("job-0")
    await scheduler.domain(Alpha).submit_batch(jobs(5), ttl=60)
    await until(lambda: script.started == ["job-0"])
    manual_clock.jump(3600)  # the machine slept: wall time has passed, no timer has fired
    script.release("job-0")
    await until(lambda: scheduler.counts.completed == 1 and not scheduler._engine.dispatcher.is_busy)
    assert script.started == ["job-0"]
    manual_clock.advance(60)
    await run_until_idle(scheduler)
    assert sorted((await ended(scheduler)).values()) == ["completed"] + ["expired"] * 4


async def test_two_sweeps_are_an_interval_apart(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(expiry_sweep_interval=30))
    await scheduler.pause_all()
    for n in range(10):
        await scheduler.domain(Alpha).submit(Job(name=f"job-{n}", n=n), ttl=10 + n)
    manual_clock.advance(10)
    await until_quiet(scheduler)
    assert len(await ended(scheduler)) == 1
    manual_clock.advance(29)
    await until_quiet(scheduler)
    assert len(await ended(scheduler)) == 1
    manual_clock.advance(1)
    await until_quiet(scheduler)
    assert len(await ended(scheduler)) == 10


async def test_what_expired_while_nobody_ran_expires_at_open(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    scheduler = await make_scheduler(alpha(script), store=path)
    await scheduler.pause_all()
    await scheduler.domain(Alpha).submit_batch(jobs(3), ttl=60)
    await scheduler.domain(Alpha).submit(Job(name="stays"))
    await scheduler.close()
    manual_clock.advance(61)
    again = await make_scheduler(alpha(script), store=path)
    assert (again.recovery.expired, again.recovery.pending) == (3, 1)
    await again.resume_all()
    await run_until_idle(again)
    assert script.started == ["stays"]


async def test_deadlines_are_found_through_their_index(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    await make_scheduler(alpha(script), store=path)
    with sqlite3.connect(path) as connection:
        plan = connection.execute(
            f"EXPLAIN QUERY PLAN SELECT min(expires_at) FROM tasks WHERE {MAY_EXPIRE}"
        ).fetchall()
    connection.close()
    assert "tasks_expiry" in plan[0][3]


async def test_a_child_of_one_whose_time_is_over_expires_at_once_and_interrupts_nobody(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=2))
    handle = scheduler.domain(Alpha)
    script.holds("parent", "low")
    parent = await handle.submit(Job(name="parent"), ttl=60, fail_fast=False)
    await handle.submit(Job(name="low", n=1), priority=255)
    await until(lambda: script.running == 2)
    manual_clock.advance(61)
    child = await handle.submit(Job(name="child"), parent=parent.id, priority=0)
    assert child.status == "inserted"
    assert await ended(scheduler) == {"child": "expired"}
    script.release("parent", "low")
    await run_until_idle(scheduler)
    assert script.cancelled == []
    assert script.started == ["parent", "low"]
