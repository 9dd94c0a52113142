"""Contract, section 6: dependencies, children and times to live. Written from the page alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scheduler_core import (
    DependencyError,
    DomainHandle,
    PermanentError,
    Priority,
    RetryableError,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    SchedulerError,
    TaskContext,
    TaskStatus,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.contract.world import (
    Ingest,
    Process,
    Sort,
    SortExecutor,
    Thumb,
    Work,
    ingest,
    process,
    status,
)
from tests.core.support import Script


@pytest.fixture
def sorter(script: Script) -> SortExecutor:
    return SortExecutor(script)


@pytest.fixture
async def scheduler(make_scheduler: MakeScheduler, script: Script, sorter: SortExecutor) -> Scheduler:
    return await make_scheduler(
        ingest(script, sorter), process(script), config=SchedulerConfig(max_concurrency=9)
    )


@pytest.fixture
def handle(scheduler: Scheduler) -> DomainHandle[Ingest]:
    return scheduler.domain(Ingest)


async def put(scheduler: Scheduler, name: str, **options: object) -> int:
    outcome = await scheduler.domain(Ingest).submit(Work(name=name), **options)  # pyright: ignore[reportArgumentType]
    assert outcome.id is not None
    return outcome.id


async def statuses(scheduler: Scheduler, *ids: int) -> list[str]:
    return [await status(scheduler, task_id) for task_id in ids]


def test_the_states_are_those_of_the_contract() -> None:
    assert {status.value for status in TaskStatus} == {
        *("pending", "running", "paused", "waiting", "blocked"),
        *("completed", "failed", "cancelled", "superseded", "expired", "dependency_failed", "dead_letter"),
    }
    assert TaskStatus.DEAD_LETTER == "dead_letter"


async def test_a_dependent_runs_after_all_it_depends_on_in_whatever_domain(
    scheduler: Scheduler, script: Script
) -> None:
    script.holds("a", "thumb")
    first = await put(scheduler, "a")
    thumb = await scheduler.domain(Process).submit(Thumb(), depends_on=[first])
    assert thumb.id is not None
    last = await put(scheduler, "last", depends_on=(first, thumb.id))
    assert await statuses(scheduler, thumb.id, last) == ["blocked", "blocked"]
    script.release("a")
    await until(lambda: "thumb" in script.started)
    assert "last" not in script.started
    script.release("thumb")
    await run_until_idle(scheduler)
    assert script.ended == ["a", "thumb", "last"]


async def test_what_has_completed_is_met_and_the_policy_applies_at_once_to_what_failed(
    scheduler: Scheduler, script: Script
) -> None:
    script.fails("bad", PermanentError("no"))
    good, bad = await put(scheduler, "good"), await put(scheduler, "bad")
    await run_until_idle(scheduler)
    met = await put(scheduler, "met", depends_on=[good])
    cancelled = await put(scheduler, "cancelled", depends_on=[bad])
    failed = await put(scheduler, "failed", depends_on=[good, bad], on_dependency_failure="fail")
    ignoring = await put(scheduler, "ignoring", depends_on=[bad], on_dependency_failure="ignore")
    await run_until_idle(scheduler)
    assert await statuses(scheduler, met, cancelled, failed, ignoring) == [
        "completed",
        "dependency_failed",
        "dependency_failed",
        "completed",
    ]


async def test_unknown_ids_and_circles_are_dependency_errors_and_insert_nothing(
    scheduler: Scheduler, handle: DomainHandle[Ingest], script: Script
) -> None:
    with pytest.raises(DependencyError) as caught:
        await put(scheduler, "a", depends_on=[12345])
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, SchedulerError)
    with pytest.raises(DependencyError):
        await handle.submit_batch([Work(name="a"), Work(name="b")], depends_on=[12345])
    refused = list[DependencyError]()

    async def parent(task: object, ctx: TaskContext) -> None:
        try:
            await ctx.spawn_child(Work(name="child"), depends_on=[ctx.record.id])
        except DependencyError as error:  # each would wait for the other
            refused.append(error)

    script.does("parent", parent)
    await put(scheduler, "parent")
    await run_until_idle(scheduler)
    assert len(refused) == 1
    assert (await handle.snapshot()).pending_count == 0
    assert (await handle.snapshot()).blocked_count == 0


async def test_cancel_cascades_fail_does_not_and_ignore_runs(scheduler: Scheduler, script: Script) -> None:
    script.holds("root")
    script.fails("root", PermanentError("no"))
    root = await put(scheduler, "root")
    await until(lambda: script.started == ["root"])
    cancel = await put(scheduler, "cancel", depends_on=[root])
    cancel_below = await put(scheduler, "cancel below", depends_on=[cancel])
    fail = await put(scheduler, "fail", depends_on=[root], on_dependency_failure="fail")
    fail_below = await put(scheduler, "fail below", depends_on=[fail])
    ignore = await put(scheduler, "ignore", depends_on=[root], on_dependency_failure="ignore")
    ignore_below = await put(scheduler, "ignore below", depends_on=[ignore])
    script.release("root")
    await run_until_idle(scheduler)
    assert await statuses(scheduler, cancel, cancel_below, fail) == ["dependency_failed"] * 3
    assert await statuses(scheduler, fail_below) == ["blocked"]
    assert await statuses(scheduler, ignore, ignore_below) == ["completed", "completed"]


async def test_a_cancelled_dependency_is_a_failed_one(
    scheduler: Scheduler, handle: DomainHandle[Ingest]
) -> None:
    first = await put(scheduler, "a", run_after=60)
    second = await put(scheduler, "b", depends_on=[first])
    await handle.cancel(first)
    assert await statuses(scheduler, first, second) == ["cancelled", "dependency_failed"]


async def family(scheduler: Scheduler, script: Script, fail_fast: bool | None) -> int:
    """A parent with a child that fails and two siblings, one of which runs and one of which waits."""

    async def parent(task: object, ctx: TaskContext) -> object:
        await ctx.spawn_child(Work(name="runs"))
        await ctx.spawn_child(Work(name="waits"), run_after=60)
        await ctx.spawn_child(Thumb(name="fails"))
        return "memo"

    script.does("sort", parent)
    script.holds("runs", "fails")
    script.fails("fails", PermanentError("no"))
    outcome = await scheduler.domain(Ingest).submit(Sort(), fail_fast=fail_fast)
    assert outcome.id is not None
    await until(lambda: {"runs", "fails"} <= set(script.started))
    script.release("fails")
    return outcome.id


async def test_the_first_failure_cancels_the_siblings_and_fails_the_parent(
    scheduler: Scheduler, script: Script, sorter: SortExecutor
) -> None:
    parent = await family(scheduler, script, None)
    await until(lambda: "runs" in script.cancelled)
    await until_quiet(scheduler)
    by_label = {record.label: record.status for record in await scheduler.history(limit=9)}
    assert by_label == {"fails": "failed", "runs": "cancelled", "waits": "cancelled", "sort": "failed"}
    assert sorter.finalized == []
    assert await status(scheduler, parent) == "failed"


async def test_without_fail_fast_the_siblings_go_on(
    scheduler: Scheduler, script: Script, manual_clock: ManualClock
) -> None:
    parent = await family(scheduler, script, False)
    await until(lambda: "fails" in script.ended)
    assert script.cancelled == []
    assert await status(scheduler, parent) == "waiting"
    script.release("runs")
    manual_clock.advance(60)
    await run_until_idle(scheduler)
    by_label = {record.label: record.status for record in await scheduler.history(limit=9)}
    assert (by_label["runs"], by_label["waits"], by_label["fails"]) == ("completed", "completed", "failed")
    assert await status(scheduler, parent) in {"completed", "failed"}


async def test_children_inherit_what_is_left_of_life_tags_and_the_more_urgent_priority(
    scheduler: Scheduler, script: Script, manual_clock: ManualClock
) -> None:
    async def parent(task: object, ctx: TaskContext) -> None:
        await ctx.spawn_child(Work(name="plain"), run_after=1)
        await ctx.spawn_child(
            Work(name="own"), run_after=1, ttl=3600, tags={"job": "2"}, priority=Priority.REALTIME + 1
        )
        await ctx.spawn_child(Thumb(name="less"), run_after=1, priority=Priority.IDLE)

    script.does("sort", parent)
    outcome = await scheduler.domain(Ingest).submit(
        Sort(), ttl=timedelta(minutes=2), tags={"job": "1", "of": "me"}, priority=Priority.HIGH, run_after=30
    )
    assert outcome.id is not None
    record = await scheduler.task(outcome.id)
    assert record is not None
    manual_clock.advance(30)
    await until_quiet(scheduler)
    ids = await scheduler.domain(Ingest).task_ids_by_tags({"of": "me"}, "pending")
    ids += await scheduler.domain(Process).task_ids_by_tags({"of": "me"})
    children = {child.label: child for task_id in ids if (child := await scheduler.task(task_id))}
    assert {label: child.expires_at for label, child in children.items()} == {
        "plain": record.expires_at,
        "own": record.expires_at,
        "less": record.expires_at,
    }
    assert {label: child.priority for label, child in children.items()} == {"plain": 64, "own": 1, "less": 64}
    assert children["plain"].tags == {"job": "1", "of": "me"}
    assert children["own"].tags == {"job": "2", "of": "me"}


async def test_cancelling_a_parent_cancels_its_children_in_whatever_domain(
    scheduler: Scheduler, handle: DomainHandle[Ingest], script: Script
) -> None:
    async def parent(task: object, ctx: TaskContext) -> None:
        await ctx.spawn_children([Thumb(name="running")])
        await ctx.spawn_child(Thumb(name="waiting"), run_after=60)

    script.does("work", parent)
    script.holds("running")
    task = await put(scheduler, "work")
    await until(lambda: "running" in script.started)
    assert await handle.cancel(task) is True
    await until_quiet(scheduler)
    assert {record.label: record.status for record in await scheduler.history(limit=9)} == {
        "work": "cancelled",
        "running": "cancelled",
        "waiting": "cancelled",
    }


async def test_a_time_to_live_ends_only_what_has_not_started(
    scheduler: Scheduler, handle: DomainHandle[Ingest], script: Script, manual_clock: ManualClock
) -> None:
    script.holds("running")
    running = await put(scheduler, "running", ttl=10)
    await until(lambda: script.started == ["running"])
    waiting = await put(scheduler, "waiting", ttl=10, run_after=60)
    long = await put(scheduler, "long", ttl=120, run_after=60)
    manual_clock.advance(45)
    await until_quiet_of_writes(scheduler, waiting)
    assert await statuses(scheduler, running, waiting, long) == ["running", "expired", "pending"]
    script.release("running")
    manual_clock.advance(15)
    await run_until_idle(scheduler)
    assert await statuses(scheduler, running, long) == ["completed", "completed"]


async def until_quiet_of_writes(scheduler: Scheduler, task: int) -> None:
    """Wait until a task has ended."""
    found = set[int]()
    stream = scheduler.events()
    while task not in found:
        found |= {record.id for record in await scheduler.history(limit=99)}
        if task not in found:
            event = await anext(stream)
            found.add(getattr(event, "task_id", 0)) if type(event).__name__ == "Expired" else None


async def test_a_life_from_the_first_attempt_begins_with_it(
    scheduler: Scheduler, script: Script, manual_clock: ManualClock
) -> None:
    script.fails("work", RetryableError("later"))
    task = await put(
        scheduler, "work", ttl=10, ttl_from="first_attempt", run_after=3600, retry=RetryPolicy.constant(3, 60)
    )
    manual_clock.advance(3600)
    await until(lambda: script.ended == ["work"])
    await until_quiet(scheduler)
    manual_clock.advance(60)
    await run_until_idle(scheduler)
    assert await status(scheduler, task) == "expired"
    assert script.started == ["work"]


async def test_expired_before_it_starts_is_checked_at_dispatch(
    scheduler: Scheduler, handle: DomainHandle[Ingest], script: Script, manual_clock: ManualClock
) -> None:
    handle.set_max_concurrency(0)
    task = await put(scheduler, "work", ttl=10)
    manual_clock.advance(10.5)
    handle.set_max_concurrency(1)
    await run_until_idle(scheduler)
    assert script.started == []
    assert await status(scheduler, task) == "expired"


async def test_children_expire_with_their_parent(
    scheduler: Scheduler, script: Script, manual_clock: ManualClock
) -> None:
    async def parent(task: object, ctx: TaskContext) -> None:
        await ctx.spawn_child(Thumb(name="child"), run_after=3600)

    script.does("work", parent)
    task = await put(scheduler, "work", ttl=100)
    await until_quiet(scheduler)
    manual_clock.advance(131)
    await run_until_idle(scheduler)
    records = {record.label: record.status for record in await scheduler.history(limit=9)}
    assert records["child"] == "expired"
    assert await status(scheduler, task) in {"expired", "failed"}
