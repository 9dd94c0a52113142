"""What ends in one transaction: no end makes the scheduler forget another."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from scheduler_core import DependencyError, PermanentError, RetryableError, RetryPolicy, TaskContext
from scheduler_core.testing import MakeScheduler, run_until_idle, until
from tests.core.support import Alpha, Chore, Family, Job, Script, alpha, ended


@pytest.mark.parametrize("kind", [Job, Family], ids=["no finalize", "finalize"])
async def test_a_parent_fails_though_its_last_child_succeeds_at_the_same_moment(
    make_scheduler: MakeScheduler, script: Script, kind: Any
) -> None:
    scheduler = await make_scheduler(alpha(script))
    end = asyncio.Event()

    async def spawn(task: Any, ctx: TaskContext) -> None:
        await ctx.spawn_children([Job(name="bad"), Job(name="good", n=1)])

    async def fail(task: Any, ctx: TaskContext) -> None:
        await end.wait()
        raise ValueError("no")

    async def succeed(task: Any, ctx: TaskContext) -> None:
        await end.wait()

    for name, action in (("parent", spawn), ("bad", fail), ("good", succeed)):
        script.does(name, action)
    await scheduler.domain(Alpha).submit(kind(name="parent"))
    await until(lambda: scheduler.counts.waiting == 1 and script.running == 2)
    end.set()
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"bad": "failed", "good": "completed", "parent": "failed"}
    assert script.finalized == []


async def test_a_job_is_cancelled_whole_though_a_parent_waits_only_for_what_was_to_run_once_more(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle, job = scheduler.domain(Alpha), {"job_id": "1"}
    script.holds("busy")

    async def spawn(task: Any, ctx: TaskContext) -> None:
        assert (await ctx.spawn_child(Job(name="busy"))).status == "requeued"

    script.does("parent", spawn)
    await handle.submit(Job(name="busy"), tags=job)
    await until(lambda: script.running == 1)
    await handle.submit(Chore(name="parent"), tags=job)
    await until(lambda: scheduler.counts.waiting == 1)
    assert await scheduler.cancel_job("job_id", "1") == 2
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"busy": "cancelled", "parent": "cancelled"}


async def test_two_of_a_batch_have_the_key_of_a_task_that_fails_at_once(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.fails("bad", ValueError("no"))
    bad = await handle.submit(Job(name="bad"))
    await run_until_idle(scheduler)
    outcomes = await handle.submit_batch([Job(name="a"), Job(name="b")], key="k", depends_on=[bad.id or 0])
    assert [outcome.status for outcome in outcomes] == ["inserted", "inserted"]
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"bad": "failed", "a": "dependency_failed", "b": "dependency_failed"}


async def test_what_depends_on_a_child_of_the_task_it_supersedes_does_not_wait_for_ever(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("child")
    children: list[int] = []

    async def spawn(task: Any, ctx: TaskContext) -> None:
        outcome = await ctx.spawn_child(Job(name="child"), run_after=60)
        children.append(outcome.id or 0)

    script.does("parent", spawn)
    await handle.submit(Job(name="parent"), key="k")
    await until(lambda: scheduler.counts.waiting == 1)
    await handle.submit(Job(name="new"), key="k", depends_on=children, on_duplicate="supersede")
    await run_until_idle(scheduler)
    found = await ended(scheduler)
    assert found == {"parent": "superseded", "child": "cancelled", "new": "dependency_failed"}


async def test_a_child_may_not_supersede_its_own_parent(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))

    async def spawn(task: Any, ctx: TaskContext) -> None:
        with pytest.raises(DependencyError, match="whose child it is to be"):
            await ctx.spawn_child(Job(name="parent"), on_duplicate="supersede")

    script.does("parent", spawn)
    await scheduler.domain(Alpha).submit(Job(name="parent"))
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"parent": "completed"}


async def test_a_retry_that_ends_with_its_parent_in_the_same_commit_is_not_waited_for(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    async def bear(_task: Any, ctx: TaskContext) -> None:
        await ctx.spawn_child(Job(name="again"), retry=RetryPolicy.constant(3, 60))
        await ctx.spawn_child(Job(name="never"))

    script.does("family", bear)
    script.holds("again", "never")
    script.fails("again", RetryableError("busy"))
    script.fails("never", PermanentError("broken"))
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Family(name="family"))
    await until(lambda: {"again", "never"} <= set(script.started) and scheduler.counts.waiting == 1)
    script.release("again", "never")  # both outcomes of one turn of the loop are written together
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"family": "failed", "again": "cancelled", "never": "failed"}
    assert scheduler._engine.commits.backoff == {}
    assert scheduler._engine.rest.is_idle()
