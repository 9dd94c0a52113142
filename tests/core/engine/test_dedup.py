"""What becomes of a submission whose key is held, by every status the holder may have."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler_core import (
    DependencyError,
    DuplicateStrategy,
    Priority,
    RetryableError,
    RetryPolicy,
    SubmitStatus,
    TaskContext,
    TaskTypeConfig,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Errand, Job, Script, alpha, beta, ended, labels, record_of


async def test_the_same_task_twice_is_one(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    first = await handle.submit(Job())
    second = await handle.submit(Job())
    assert first.status is SubmitStatus.INSERTED
    assert second.status is SubmitStatus.DUPLICATE
    assert second.id == first.id
    assert scheduler.counts.paused == 1


async def test_another_payload_is_another_task(make_scheduler: MakeScheduler, script: Script) -> None:
    handle = (await make_scheduler(alpha(script))).domain(Alpha)
    outcomes = [await handle.submit(Job(n=1)), await handle.submit(Job(n=2))]
    assert [outcome.status for outcome in outcomes] == [SubmitStatus.INSERTED] * 2


async def test_a_key_of_the_caller_replaces_the_payload(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    first = await handle.submit(Job(n=1), key="k")
    assert (await handle.submit(Job(n=2), key="k")).id == first.id
    record = await scheduler.task(first.id or 0)
    assert record is not None
    assert (record.key, record.payload["n"]) == ("k", 1)


async def test_one_key_in_two_types_is_two_tasks(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    one = await scheduler.domain(Alpha).submit(Job(), key="k")
    other = await scheduler.domain("beta").submit(Errand(), key="k")
    assert one.status is other.status is SubmitStatus.INSERTED


async def test_an_empty_key_is_a_key(make_scheduler: MakeScheduler, script: Script) -> None:
    handle = (await make_scheduler(alpha(script))).domain(Alpha)
    await handle.pause()
    first = await handle.submit(Job(n=1), key="")
    assert (await handle.submit(Job(n=2), key="")).id == first.id


async def test_a_key_is_free_when_its_task_has_ended(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    first = await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    second = await scheduler.domain(Alpha).submit(Job())
    assert second.status is SubmitStatus.INSERTED
    assert second.id != first.id


async def test_a_more_urgent_twin_raises_the_one_that_waits(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    await handle.submit_batch([Job(name=name) for name in "abc"])
    raised = await handle.submit(Job(name="c"), priority=Priority.HIGH)
    assert raised.status is SubmitStatus.UPGRADED
    record = await scheduler.task(raised.id or 0)
    assert record is not None
    assert record.priority == Priority.HIGH
    await handle.resume()
    await run_until_idle(scheduler)
    assert script.started == ["c", "a", "b"]


async def test_a_less_urgent_twin_changes_nothing(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    first = await handle.submit(Job(), priority=10)
    assert (await handle.submit(Job(), priority=200)).status is SubmitStatus.DUPLICATE
    record = await scheduler.task(first.id or 0)
    assert record is not None
    assert record.priority == 10


async def test_a_raised_task_runs_once(make_scheduler: MakeScheduler, script: Script) -> None:
    """It stands in its lane twice, under both priorities."""
    scheduler = await make_scheduler(alpha(script, max_concurrency=1))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    await handle.submit(Job())
    for priority in range(100, 0, -10):
        assert (await handle.submit(Job(), priority=priority)).status is SubmitStatus.UPGRADED
    await handle.resume()
    await run_until_idle(scheduler)
    assert script.started == ["job"]
    assert scheduler.counts.running == scheduler.counts.pending == 0
    await handle.submit(Job(name="next"))
    await run_until_idle(scheduler)
    assert script.started == ["job", "next"]


async def test_a_raised_task_that_is_not_due_still_waits(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(), run_after=60)
    assert (await handle.submit(Job(), priority=0)).status is SubmitStatus.UPGRADED
    await run_until_idle(scheduler)
    assert not script.started
    manual_clock.advance(61)
    await until(lambda: scheduler.counts.completed == 1)


async def test_a_raised_task_that_is_blocked_still_waits(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("first")
    first = await handle.submit(Job(name="first"))
    await handle.submit(Job(name="second"), depends_on=[first.id or 0])
    assert (await handle.submit(Job(name="second"), priority=0)).status is SubmitStatus.UPGRADED
    await until(lambda: script.started == ["first"])
    assert scheduler.counts.blocked == 1
    script.release("first")
    await run_until_idle(scheduler)
    assert script.started == ["first", "second"]


async def test_a_twin_of_a_running_task_runs_once_more_after_it(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    first = await handle.submit(Job())
    await until(lambda: script.running == 1)
    outcomes = [await handle.submit(Job()) for _ in range(3)]
    assert [o.status for o in outcomes] == [
        SubmitStatus.REQUEUED,
        SubmitStatus.DUPLICATE,
        SubmitStatus.DUPLICATE,
    ]
    assert {o.id for o in outcomes} == {first.id}
    script.release("job")
    await run_until_idle(scheduler)
    assert script.started == ["job", "job"]
    assert script.most_running == 1
    assert [record.id != first.id for record in await scheduler.history()] == [True, False]


async def test_what_is_requeued_runs_with_what_its_own_caller_asked_for(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    await handle.submit(Job(n=1), key="k")
    await until(lambda: script.running == 1)
    await handle.submit(Job(n=2), key="k", priority=7, tags={"a": "b"}, group="g", label="again")
    script.release("job")
    await run_until_idle(scheduler)
    newest = (await scheduler.history())[0]
    assert (newest.payload["n"], newest.priority, newest.tags, newest.group, newest.label) == (
        2,
        7,
        {"a": "b"},
        "g",
        "again",
    )


async def test_what_is_requeued_also_runs_after_a_failure(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    script.fails("job", ValueError("broken"))
    await handle.submit(Job())
    await until(lambda: script.running == 1)
    await handle.submit(Job())
    script.release("job")
    await run_until_idle(scheduler)
    assert [record.status for record in await scheduler.history()] == ["completed", "failed"]


async def test_what_is_requeued_runs_once_though_its_twin_is_tried_three_times(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(3, 5)))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    script.fails("job", RetryableError("1"), RetryableError("2"))
    await handle.submit(Job())
    await until(lambda: script.running == 1)
    await handle.submit(Job())
    script.release("job")
    await run_until_idle(scheduler, manual_clock)
    assert script.started == ["job"] * 4
    assert [record.status for record in await scheduler.history()] == ["completed", "completed"]


async def test_cancelling_a_running_task_calls_off_its_requeued_twin(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    """Both have the id that was cancelled: nothing of it may start again."""
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    first = await handle.submit(Job())
    await until(lambda: script.running == 1)
    assert (await handle.submit(Job())).status is SubmitStatus.REQUEUED
    assert await handle.cancel(first.id or 0)
    await run_until_idle(scheduler)
    assert script.started == ["job"]
    assert labels(await scheduler.history()) == ["job"]


async def test_a_twin_submitted_after_the_cancellation_runs(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job", "again")

    async def slow_to_stop(task: Any, ctx: TaskContext) -> None:
        try:
            await script.execute(Job(name="again"), ctx)
        finally:
            await handle.submit(Job())

    script.does("job", slow_to_stop)
    script.release("job")
    first = await handle.submit(Job())
    await until(lambda: "again" in script.started)
    script.does("job", _nothing)
    await handle.cancel(first.id or 0)
    await run_until_idle(scheduler)
    assert [record.status for record in await scheduler.history()] == ["completed", "cancelled"]


async def _nothing(task: Any, ctx: TaskContext) -> None:
    pass


async def test_reject_stores_nothing(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    await handle.submit(Job())
    outcome = await handle.submit(Job(), on_duplicate=DuplicateStrategy.REJECT)
    assert (outcome.status, outcome.id) == (SubmitStatus.REJECTED, None)
    assert scheduler.counts.active == 1


async def test_reject_without_a_twin_inserts(make_scheduler: MakeScheduler, script: Script) -> None:
    handle = (await make_scheduler(alpha(script))).domain(Alpha)
    assert (await handle.submit(Job(), on_duplicate="reject")).status is SubmitStatus.INSERTED


async def test_supersede_takes_the_place_of_a_waiting_task_and_its_dependents(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    old = await handle.submit(Job(n=1), key="k", label="old")
    dependent = await handle.submit(Job(name="dependent"), depends_on=[old.id or 0])
    new = await handle.submit(Job(n=2), key="k", label="new", on_duplicate=DuplicateStrategy.SUPERSEDE)
    assert new.status is SubmitStatus.SUPERSEDED
    assert new.id != old.id
    assert await scheduler.task_dependencies(dependent.id or 0) == [new.id]
    assert (await record_of(scheduler, "old")).status == "superseded"
    await handle.resume()
    await run_until_idle(scheduler)
    assert script.started == ["job", "dependent"]
    assert (await record_of(scheduler, "new")).payload["n"] == 2
    assert scheduler.failure_count == 0


async def test_supersede_stops_the_running_one(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("old")
    old = await handle.submit(Job(name="old"), key="k")
    await until(lambda: script.running == 1)
    new = await handle.submit(Job(name="new"), key="k", on_duplicate="supersede")
    await run_until_idle(scheduler)
    assert script.cancelled == ["old"]
    assert await ended(scheduler) == {"old": "superseded", "new": "completed"}
    assert new.id != old.id
    assert scheduler.counts.active == 0


async def test_a_task_may_not_supersede_what_it_waits_for(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    first = await handle.submit(Job(name="first"), key="k")
    second = await handle.submit(Job(name="second"), depends_on=[first.id or 0])
    for dependency in (first.id, second.id):
        with pytest.raises(DependencyError, match="circle"):
            await handle.submit(
                Job(name="third"), key="k", depends_on=[dependency or 0], on_duplicate="supersede"
            )
    assert scheduler.counts.paused == 1
    assert scheduler.counts.blocked == 1


async def test_superseding_the_last_child_does_not_end_the_parent_early(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("old", "new")

    async def spawn(task: Any, ctx: TaskContext) -> None:
        await ctx.spawn_child(Job(name="old"), key="k")

    script.does("parent", spawn)
    parent = await handle.submit(Job(name="parent"))
    await until(lambda: scheduler.counts.waiting == 1 and script.running == 1)
    await handle.submit(Job(name="new"), key="k", on_duplicate="supersede", parent=parent.id)
    await until(lambda: "new" in script.started)
    assert scheduler.counts.waiting == 1
    script.release("new")
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"old": "superseded", "new": "completed", "parent": "completed"}
    assert script.ended[-1] == "new"


class Newest(Job):
    """A type that supersedes by default."""

    task_type = "newest"
    type_config = TaskTypeConfig(on_duplicate=DuplicateStrategy.SUPERSEDE)

    def dedup_key(self) -> str:
        return "one"


async def test_the_type_chooses_its_key_and_its_strategy(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    domain = alpha(script)
    domain.executor(Newest)(script.execute)
    scheduler = await make_scheduler(domain)
    handle = scheduler.domain(Alpha)
    await handle.pause()
    first = await handle.submit(Newest(n=1))
    second = await handle.submit(Newest(n=2))
    assert second.status is SubmitStatus.SUPERSEDED
    kept = await handle.submit(Newest(n=3), on_duplicate="skip")
    assert (kept.status, kept.id) == (SubmitStatus.DUPLICATE, second.id)
    assert first.id != second.id


async def test_lookup_finds_the_active_task_then_its_record(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    assert await scheduler.lookup(Job()) is None
    await handle.pause()
    outcome = await handle.submit(Job(), key="mine")
    assert await scheduler.lookup(Job()) is None
    found = await scheduler.lookup(Job(), key="mine")
    assert found is not None
    assert (found.id, found.status) == (outcome.id, "paused")
    await handle.resume()
    await run_until_idle(scheduler)
    found = await scheduler.lookup(Job(), key="mine")
    assert found is not None
    assert found.status == "completed"
