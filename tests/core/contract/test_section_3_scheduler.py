"""Contract, section 3: what is asked of the scheduler. Written from the page alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scheduler_core import (
    Explanation,
    HistoryStats,
    JobSummary,
    PermanentError,
    RateLimit,
    Scheduler,
    SchedulerError,
    SchedulerSnapshot,
    TaskHistoryRecord,
    TaskRecord,
    TaskStatus,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.contract.world import Ingest, Process, Sort, Thumb, Work, ingest, process, status
from tests.core.support import Script


@pytest.fixture
async def scheduler(make_scheduler: MakeScheduler, script: Script) -> Scheduler:
    return await make_scheduler(ingest(script), process(script))


async def put(scheduler: Scheduler, name: str, **options: object) -> int:
    outcome = await scheduler.domain(Ingest).submit(Work(name=name), **options)  # pyright: ignore[reportArgumentType]
    assert outcome.id is not None
    return outcome.id


async def test_everything_is_paused_and_resumed_and_counted(scheduler: Scheduler, script: Script) -> None:
    await put(scheduler, "later", run_after=60)
    await scheduler.domain(Process).submit(Thumb(), run_after=60)
    assert await scheduler.pause_all() == 2
    assert scheduler.is_paused
    snapshot = await scheduler.snapshot()
    assert isinstance(snapshot, SchedulerSnapshot)
    assert (snapshot.is_paused, snapshot.paused_count, snapshot.pending_count) == (True, 2, 0)
    assert await scheduler.resume_all() == 2
    assert not scheduler.is_paused


async def test_one_task_by_its_id(scheduler: Scheduler, script: Script) -> None:
    first = await put(scheduler, "first", run_after=60)
    second = await put(scheduler, "second", depends_on=[first])
    record = await scheduler.task(second)
    assert isinstance(record, TaskRecord)
    assert (record.id, record.status, record.dependencies) == (second, TaskStatus.BLOCKED, (first,))
    assert await scheduler.task(999_999) is None


async def test_the_history_is_paged_and_filtered(scheduler: Scheduler, script: Script) -> None:
    script.fails("bad", PermanentError("Disk is FULL"))
    for name in ("one", "bad", "two"):
        await put(scheduler, name)
        await run_until_idle(scheduler)
    await scheduler.domain(Process).submit(Thumb(name="three"))
    await run_until_idle(scheduler)
    cancelled = await put(scheduler, "gone", run_after=60)
    await scheduler.domain(Ingest).cancel(cancelled)

    async def labels(*args: int, **options: object) -> list[str]:
        return [record.label for record in await scheduler.history(*args, **options)]  # pyright: ignore[reportArgumentType]

    everything = await scheduler.history(limit=10)
    assert {type(record) for record in everything} == {TaskHistoryRecord}
    assert [record.label for record in everything] == ["gone", "three", "two", "bad", "one"]
    assert await labels(2) == ["gone", "three"]
    assert await labels(2, 2) == ["two", "bad"]
    assert await labels(limit=2, offset=4) == ["one"]
    assert await labels(limit=2, before_id=everything[1].id) == ["two", "bad"]
    assert await labels(limit=9, status="failed") == ["bad"]
    assert await labels(limit=9, status=TaskStatus.FAILED) == ["bad"]
    assert await labels(limit=9, status=["failed", "cancelled"]) == ["gone", "bad"]
    assert await labels(limit=9, domain="process") == ["three"]
    assert await labels(limit=9, domain=Process) == ["three"]
    assert await labels(limit=9, text="full") == ["bad"]
    assert await labels(limit=9, text="TW") == ["two"]
    assert await labels(limit=9, text="t", domain="ingest", status="completed") == ["two"]
    assert await labels(limit=0) == []
    for wrong in ({"limit": -1}, {"limit": 9, "offset": -1}, {"limit": 9, "status": "shrug"}, {"limit": "9"}):
        with pytest.raises((ValueError, TypeError)) as caught:
            await scheduler.history(**wrong)  # pyright: ignore[reportArgumentType]
        assert isinstance(caught.value, SchedulerError)


async def test_a_record_of_the_history_has_the_id_the_task_had(scheduler: Scheduler, script: Script) -> None:
    late, early = await put(scheduler, "late", run_after=60), await put(scheduler, "early")
    await run_until_idle(scheduler)
    await scheduler.domain(Ingest).cancel(late)
    records = await scheduler.history(limit=9)
    assert [record.id for record in records] == [late, early]
    assert [record.id for record in await scheduler.history(limit=9, before_id=late)] == [early]
    assert await scheduler.history(limit=9, before_id=early) == []


async def test_what_is_known_of_a_type(
    scheduler: Scheduler, manual_clock: ManualClock, script: Script
) -> None:
    script.fails("bad", PermanentError("no"))
    script.holds("good")
    await put(scheduler, "good")
    await until(lambda: script.started == ["good"])
    manual_clock.advance(4)
    script.release("good")
    await put(scheduler, "bad")
    await run_until_idle(scheduler)
    stats = await scheduler.history_stats("ingest::work")
    assert isinstance(stats, HistoryStats)
    assert stats.counts == {"completed": 1, "failed": 1}
    assert stats.average_duration == 4.0


async def test_lookup_finds_the_active_the_ended_or_nothing(scheduler: Scheduler, script: Script) -> None:
    assert await scheduler.lookup(Work(name="w")) is None
    first = await put(scheduler, "w", run_after=60)
    active = await scheduler.lookup(Work(name="w"))
    assert isinstance(active, TaskRecord)
    assert active.id == first
    await scheduler.domain(Ingest).cancel(first)
    ended = await scheduler.lookup(Work(name="w"))
    assert isinstance(ended, TaskHistoryRecord)
    assert (ended.id, ended.status) == (first, "cancelled")
    assert await scheduler.lookup(Sort(name="w")) is None


async def test_who_depends_on_whom(scheduler: Scheduler, script: Script) -> None:
    first = await put(scheduler, "first", run_after=60)
    thumb = await scheduler.domain(Process).submit(Thumb(), depends_on=(first,))
    assert thumb.id is not None
    last = await put(scheduler, "last", depends_on=[first, thumb.id])
    assert await scheduler.task_dependencies(last) == [first, thumb.id]
    assert await scheduler.task_dependents(first) == [thumb.id, last]
    blocked = await scheduler.blocked_tasks()
    assert [record.id for record in blocked] == [thumb.id, last]
    assert {record.status for record in blocked} == {"blocked"}


async def test_limits_are_set_and_taken_back(scheduler: Scheduler, script: Script) -> None:
    names = [f"w{n}" for n in range(6)]
    script.holds(*names)
    scheduler.set_max_concurrency(9)
    scheduler.set_group_limit("g", 1)
    for name in names:
        await put(scheduler, name, group="g")
    await until(lambda: script.started == ["w0"])
    scheduler.set_group_limit("g", 2)
    await until(lambda: len(script.started) == 2)
    scheduler.set_group_limit("g", None)
    await until(lambda: len(script.started) == 6)
    script.release(*names)
    await run_until_idle(scheduler)
    for setter in (
        scheduler.set_group_limit,
        scheduler.set_group_weight,
        scheduler.set_group_minimum_slots,
    ):
        setter("g", 3)
        setter("g", None)
        with pytest.raises((ValueError, TypeError)) as caught:
            setter("g", -1)
        assert isinstance(caught.value, SchedulerError)


async def test_rates_are_set_by_type_and_by_group_and_taken_back(
    scheduler: Scheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler.set_rate_limit("ingest::work", RateLimit.per_second(1, burst=1))
    for n in range(3):
        await put(scheduler, f"w{n}")
    await until(lambda: script.started == ["w0"])
    manual_clock.advance(1)
    await until(lambda: script.started == ["w0", "w1"])
    scheduler.set_rate_limit("ingest::work", None)
    await until(lambda: len(script.started) == 3)
    scheduler.set_group_rate_limit("g", RateLimit.per_minute(60, burst=1))
    assert len((await scheduler.snapshot()).rate_limits) == 1
    for n in range(3):
        await put(scheduler, f"g{n}", group="g")
    await until(lambda: script.started[3:] == ["g0"])
    manual_clock.advance(1)
    await until(lambda: script.started[3:] == ["g0", "g1"])
    scheduler.set_group_rate_limit("g", None)
    await until(lambda: len(script.started) == 6)


async def test_the_history_is_pruned_by_number_and_by_age(
    scheduler: Scheduler, manual_clock: ManualClock, script: Script
) -> None:
    for n in range(6):
        await put(scheduler, f"w{n}")
        await run_until_idle(scheduler)
        manual_clock.advance(10)
    assert await scheduler.prune_history(keep=4) == 2
    assert await scheduler.prune_history(older_than=timedelta(seconds=25)) == 2
    assert [record.label for record in await scheduler.history(limit=9)] == ["w5", "w4"]
    assert await scheduler.prune_history() == 0
    assert await scheduler.prune_history(older_than=0) == 2


async def test_jobs_are_the_values_of_a_tag_over_all_domains(scheduler: Scheduler, script: Script) -> None:
    script.fails("bad", PermanentError("no"))
    script.holds("held")
    await put(scheduler, "done", tags={"job": "1"})
    await put(scheduler, "bad", tags={"job": "1"})
    await run_until_idle(scheduler)
    await put(scheduler, "held", tags={"job": "1"})
    await scheduler.domain(Process).submit(Thumb(name="later"), tags={"job": "1"}, run_after=60)
    await put(scheduler, "other", tags={"job": "2"}, run_after=60)
    await until(lambda: "held" in script.started)
    jobs = await scheduler.jobs("job", limit=10, offset=0)
    assert {type(job) for job in jobs} == {JobSummary}
    assert [job.value for job in jobs] == ["2", "1"]
    first = jobs[1]
    assert (first.tag, first.value, first.total) == ("job", "1", 4)
    assert first.counts == {"completed": 1, "failed": 1, "running": 1, "pending": 1}
    assert first.progress == 0.5
    assert [job.value for job in await scheduler.jobs("job", 1, 1)] == ["1"]
    assert await scheduler.jobs("album", 9, 0) == []
    await scheduler.cancel_job("job", "1")
    await until_quiet(scheduler)
    (_, first) = await scheduler.jobs("job", 9, 0)
    assert first.counts == {"completed": 1, "failed": 1, "cancelled": 2}
    assert first.progress == 1.0
    assert script.cancelled == ["held"]


async def test_explain_lists_every_gate_in_the_order_of_the_contract(scheduler: Scheduler) -> None:
    await scheduler.domain(Ingest).pause()
    task = await put(scheduler, "w", run_after=60, group="disk")
    found = await scheduler.explain(task)
    assert isinstance(found, Explanation)
    assert found.task_id == task
    assert [gate.name for gate in found.gates] == [
        "scheduler_paused",
        "domain_paused",
        "group_paused",
        "run_at",
        "global_cap",
        "domain_cap",
        "group_cap",
        "throttle",
        "io_budget",
        "rate_limit",
        "group_rate_limit",
    ]
    closed = [gate for gate in found.gates if not gate.passed]
    assert len(closed) == 2
    assert all(gate.message.strip() for gate in found.gates)
    assert any("paused" in gate.message for gate in closed)
    assert all(isinstance(gate.values, dict) for gate in found.gates)
    with pytest.raises((ValueError, KeyError)) as caught:
        await scheduler.explain(999_999)
    assert isinstance(caught.value, SchedulerError)
    assert await status(scheduler, task) == "paused"
