"""When tasks are due and what they are expected to move, as a person changes it, and what survives a restart."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from scheduler_core import (
    IoBudget,
    Priority,
    RecurringSchedule,
    RetryPolicy,
    SchedulerConfig,
    TaskContext,
    TaskStatus,
    ThrottlePolicy,
)
from scheduler_core.testing import START, MakeScheduler, ManualClock, run_until_idle, until
from tests.core.engine.test_adjusting import at_rest, ids_of
from tests.core.engine.test_machine_gates import MONITORED, Load
from tests.core.support import NO_RETRY, Alpha, Job, Script, alpha, record_of

HOUR = 3_600.0


async def test_a_delayed_task_starts_now(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    ids = await ids_of(scheduler, "ab", run_after=HOUR)
    await at_rest(scheduler)
    assert not script.started
    assert await scheduler.start_now(ids[:1]) == ids[:1]
    await run_until_idle(scheduler)
    assert script.ended == ["a"]
    record = await record_of(scheduler, "a")
    assert record.run_at is not None
    assert record.run_at.timestamp() == pytest.approx(START)
    manual_clock.advance(HOUR + 1)
    await until(lambda: script.ended == ["a", "b"])
    assert await scheduler.start_now(ids) == []


async def test_the_delay_of_a_retry_is_over_now(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.fails("a", ValueError("first"))
    policy = RetryPolicy.constant(2, HOUR, retry_on=(ValueError,))
    (a,) = await ids_of(scheduler, "a", retry=policy)
    await until(lambda: script.ended == ["a"])
    await at_rest(scheduler)
    assert await scheduler.start_now([a]) == [a]
    await until(lambda: script.ended == ["a", "a"])
    await run_until_idle(scheduler)
    record = await record_of(scheduler, "a")
    assert (record.status, record.retry_count, record.run_at) == (TaskStatus.COMPLETED, 1, None)


async def test_an_occurrence_starts_now_and_the_next_comes_when_it_would_have(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    hourly = RecurringSchedule(timedelta(hours=1), initial_delay=HOUR)
    (a,) = await ids_of(scheduler, "a", recurring=hourly)
    (b,) = await ids_of(scheduler, "b", run_after=HOUR)
    assert await scheduler.start_now([b, a]) == sorted([a, b])
    await until(lambda: sorted(script.ended) == ["a", "b"])
    await at_rest(scheduler)
    (schedule,) = (await scheduler.snapshot()).recurring
    assert schedule.next_at.timestamp() == pytest.approx(START + HOUR)


async def test_what_is_due_now_still_waits_for_whatever_else_holds_it(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.holds("before")
    (before,) = await ids_of(scheduler, ["before"])  # type: ignore[arg-type]
    (blocked,) = await ids_of(scheduler, "a", depends_on=[before], run_after=HOUR)
    (paused,) = [
        outcome.id or 0
        for outcome in await scheduler.domain(Alpha).submit_batch([Job(name="b")], run_after=HOUR, group="g")
    ]
    await scheduler.domain(Alpha).pause_group("g")
    assert await scheduler.start_now([blocked, paused]) == [blocked, paused]
    await at_rest(scheduler)
    assert script.started == ["before"]
    script.release("before")
    await until(lambda: script.ended == ["before", "a"])
    await scheduler.domain(Alpha).resume_group("g")
    await run_until_idle(scheduler)
    assert script.ended == ["before", "a", "b"]


# What it is expected to move


async def test_a_task_that_forgets_what_it_moves_passes_the_io_budget(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(
        alpha(script), resource_sampler=Load(disk_read=1_000.0), config=MONITORED
    )
    script.holds("first")
    large = IoBudget(disk_read=10_000)
    await scheduler.domain(Alpha).submit(Job(name="first"), expected_io=large)
    await until(lambda: script.running == 1)
    manual_clock.advance(2)
    a, b = await ids_of(scheduler, "ab", expected_io=large, tags={"kind": "large"})
    await at_rest(scheduler)
    closed = [gate.name for gate in (await scheduler.explain(a)).gates if not gate.passed]
    assert closed == ["io_budget"]
    counted = await scheduler.domain(Alpha).count_by_tag("kind", "pending")
    assert await scheduler.ignore_io([a]) == [a]
    await until(lambda: scheduler.counts.completed == 1)
    assert counted == {"large": 2}
    assert await scheduler.domain(Alpha).count_by_tag("kind", "pending") == {"large": 1}
    assert (await record_of(scheduler, "a")).expected_io is None
    assert scheduler.counts.pending == 1
    script.release("first")
    await run_until_idle(scheduler, manual_clock)
    assert script.ended == ["a", "first", "b"]
    assert await scheduler.domain(Alpha).count_by_tag("kind") == {}
    assert await scheduler.ignore_io([a, b]) == []


async def test_what_its_type_usually_moves_is_forgotten_as_well(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(
        alpha(script), resource_sampler=Load(disk_write=1_000.0), config=MONITORED
    )

    async def moves(_: Job, ctx: TaskContext) -> None:
        ctx.record_io(disk_write=50_000)

    script.does("before", moves)
    script.holds("first")
    await ids_of(scheduler, ["before"])  # type: ignore[arg-type]
    await run_until_idle(scheduler)
    await ids_of(scheduler, ["first"])  # type: ignore[arg-type]
    await until(lambda: script.running == 1)
    manual_clock.advance(2)
    (a,) = await ids_of(scheduler, "a")
    await at_rest(scheduler)
    assert script.started == ["before", "first"]
    assert await scheduler.ignore_io([a]) == [a]
    await until(lambda: script.ended == ["before", "a"])
    assert await scheduler.ignore_io([record.id for record in scheduler.active_tasks()]) == [], "it runs"
    script.release("first")
    await run_until_idle(scheduler)


async def test_what_was_changed_survives_a_restart(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "tasks.db"
    config = SchedulerConfig(max_concurrency=0)
    first = await make_scheduler(alpha(script), store=path, config=config)
    a, b, c = await ids_of(first, "abc", expected_io=IoBudget(net_rx=7), retry=NO_RETRY)
    (later,) = await ids_of(first, "d", run_after=HOUR)
    await first.set_priority([c], 3)
    await first.ignore_io([b])
    await first.start_now([later])
    await first.close()
    second = await make_scheduler(alpha(script), store=path, config=config)
    assert second.counts.pending == 4
    second.set_max_concurrency(1)
    await run_until_idle(second)
    assert script.started == ["c", "a", "b", "d"]
    expected = {record.id: record.expected_io for record in await second.history()}
    assert expected[b] is None
    assert expected[a] == IoBudget(net_rx=7)


# By two gates


async def test_a_task_held_by_two_gates_is_lifted_past_one_and_waits_for_the_other(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    load = Load(1.0)
    scheduler = await make_scheduler(
        alpha(script),
        pressure_sources=[load],
        config=SchedulerConfig(throttle=ThrottlePolicy([(Priority.NORMAL, 0.5)])),
    )
    script.holds("first")
    await scheduler.domain(Alpha).submit(Job(name="first"), priority=Priority.HIGH)
    await until(lambda: script.running == 1)
    manual_clock.advance(2)
    (a,) = await ids_of(scheduler, "a", run_after=HOUR)

    async def closed() -> list[str]:
        return [gate.name for gate in (await scheduler.explain(a)).gates if not gate.passed]

    assert await closed() == ["run_at", "throttle"]
    await scheduler.set_priority([a], Priority.HIGH)
    assert await closed() == ["run_at"]
    await at_rest(scheduler)
    assert script.started == ["first"]
    await scheduler.set_priority([a], Priority.NORMAL)
    await scheduler.start_now([a])
    assert await closed() == ["throttle"]
    await at_rest(scheduler)
    assert script.started == ["first"]
    await scheduler.set_priority([a], Priority.HIGH)
    await until(lambda: script.ended == ["a"])
    script.release("first")
    await run_until_idle(scheduler)
