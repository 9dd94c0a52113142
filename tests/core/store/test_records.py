"""Records are made of rows without a second look at their values, and are as if there were one."""

from __future__ import annotations

from typing import Any, ClassVar

from scheduler_core import (
    Domain,
    IoBudget,
    PermanentError,
    RetryableError,
    RetryPolicy,
    TaskContext,
    TypedTask,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle
from tests.core.support import Alpha, Job, Script, alpha, labels


async def test_records_of_active_tasks_are_as_validated_ones(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    first = await handle.submit(Job(name="plain"))
    await handle.submit(
        Job(name="with all"),
        group="g",
        tags={"a": "1"},
        ttl=3600,
        run_after=60,
        depends_on=[first.id or 0],
        expected_io=IoBudget(disk_read=5),
    )
    records = await scheduler.tasks()
    assert labels(records) == ["plain", "with all"]
    for record in records:
        assert_as_validated(record)


async def test_a_payload_that_is_nested_deeply_is_read_again(
    make_scheduler: MakeScheduler, manual_clock: ManualClock
) -> None:
    class Deep(TypedTask[Alpha]):
        task_type: ClassVar[str] = "deep"
        inner: Any

    domain = Domain(Alpha)

    @domain.executor(Deep)
    async def deep(task: Deep, ctx: TaskContext) -> None:
        pass

    inner: Any = 1
    for _ in range(230):
        inner = [inner]
    scheduler = await make_scheduler(domain)
    await scheduler.domain(Alpha).submit(Deep(inner=inner))
    assert [one.payload for one in await scheduler.tasks()] == [{"inner": inner}]
    await run_until_idle(scheduler, manual_clock)
    assert [one.payload for one in await scheduler.history()] == [{"inner": inner}]


async def test_records_of_ended_tasks_are_as_validated_ones(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)

    async def moves(task: Any, ctx: TaskContext) -> dict[str, list[int]]:
        ctx.record_io(disk_read=7)
        return {"found": [1, 2]}

    script.does("moves", moves)
    script.fails("again", RetryableError("not yet"), RetryableError("not yet"))
    script.fails("never", PermanentError("no"))
    first = await handle.submit(Job(name="moves"), group="g", tags={"a": "1"}, expected_io=IoBudget(net_rx=1))
    await handle.submit(Job(name="again"), retry=RetryPolicy.constant(2))
    await handle.submit(Job(name="never"), depends_on=[first.id or 0])
    await handle.pause_group("held")
    gone = await handle.submit(Job(name="cancelled before it began"), group="held")
    await handle.cancel(gone.id or 0)
    await run_until_idle(scheduler, manual_clock)
    records = await scheduler.history(limit=10)
    assert sorted(labels(records)) == ["again", "cancelled before it began", "moves", "never"]
    for record in records:
        assert_as_validated(record)
        for attempt in record.attempts:
            assert_as_validated(attempt)


def assert_as_validated(record: Any) -> None:
    """The same values of the same types, in the same order, and every field is there."""
    kind = type(record)
    validated = kind.model_validate(dict(record))
    assert validated == record
    assert list(record.__dict__) == list(kind.model_fields) == list(validated.__dict__)
    assert [type(value) for value in record.__dict__.values()] == [
        type(value) for value in validated.__dict__.values()
    ]
    assert kind.model_validate_json(record.model_dump_json()) == record
    assert repr(record) == repr(validated)
