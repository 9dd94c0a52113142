"""Children whose key a running task holds: they come after it, unless it is their own parent that would wait."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from scheduler_core import SubmitOutcome, SubmitStatus, TaskContext
from scheduler_core.testing import MakeScheduler, run_until_idle, until
from tests.core.support import Alpha, Family, Job, Script, alpha, ended


async def test_a_task_that_spawns_itself_does_not_wait_for_itself(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    outcomes: list[SubmitOutcome] = []

    async def again(task: Any, ctx: TaskContext) -> None:
        outcomes.append(await ctx.spawn_child(Job()))

    script.does("job", again)
    first = await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert [(o.status, o.id) for o in outcomes] == [(SubmitStatus.DUPLICATE, first.id)]
    assert await ended(scheduler) == {"job": "completed"}


async def test_nor_does_a_grandchild_that_spawns_its_grandparent(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.holds("stay")

    async def spawn_and_stay(task: Any, ctx: TaskContext) -> None:
        await ctx.spawn_child(Job(name="child"))
        await script.execute(Job(name="stay"), ctx)

    async def spawn_grandparent(task: Any, ctx: TaskContext) -> None:
        assert (await ctx.spawn_child(Job(name="top"))).status is SubmitStatus.DUPLICATE
        script.release("stay")

    script.does("top", spawn_and_stay)
    script.does("child", spawn_grandparent)
    await scheduler.domain(Alpha).submit(Job(name="top"))
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"top": "completed", "child": "completed"}


async def test_two_that_spawn_each_other_do_not_wait_for_ever(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    spawned: list[SubmitStatus] = []

    def spawns(other: str) -> Any:
        async def action(task: Any, ctx: TaskContext) -> None:
            await until(lambda: script.running == 2)
            spawned.append((await ctx.spawn_child(Job(name=other))).status)
            await until(lambda: len(spawned) >= 2)
            script.does("a", _nothing)
            script.does("b", _nothing)

        return action

    script.does("a", spawns("b"))
    script.does("b", spawns("a"))
    await scheduler.domain(Alpha).submit_batch([Job(name="a"), Job(name="b")])
    await run_until_idle(scheduler)
    assert sorted(spawned) == [SubmitStatus.DUPLICATE, SubmitStatus.REQUEUED]
    assert scheduler.counts.active == 0


async def _nothing(task: Any, ctx: TaskContext) -> None:
    pass


@pytest.mark.parametrize("how", ["cancelled", "superseded"])
async def test_a_parent_that_ends_because_its_last_child_went_still_runs_once_more(
    make_scheduler: MakeScheduler, script: Script, how: str
) -> None:
    """What was promised to run once more does, by whatever way its twin has ended."""
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    requeued: list[SubmitStatus] = []

    async def spawn(task: Any, ctx: TaskContext) -> None:
        script.does("parent", _nothing)
        await ctx.spawn_child(Job(name="child"), run_after=3600, key="child")
        requeued.append((await handle.submit(Job(name="parent"))).status)

    script.does("parent", spawn)
    await handle.submit(Job(name="parent"))
    await until(lambda: scheduler.counts.waiting == 1)
    if how == "cancelled":
        await handle.cancel_where(lambda record: record.label == "child")
    else:
        await handle.submit(Job(name="other"), key="child", on_duplicate="supersede")
    await run_until_idle(scheduler)
    assert requeued == [SubmitStatus.REQUEUED]
    assert script.started.count("parent") == 2
    assert scheduler.counts.active == 0


async def test_a_requeued_child_whose_dependency_came_to_wait_for_its_parent_holds_nobody(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    """The gate was superseded by one that waits for the parent: a circle, were it not cut."""
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("shared")
    await handle.submit(Job(name="shared"))
    gate = await handle.submit(Job(name="gate"), run_after=3600)

    async def spawn(task: Any, ctx: TaskContext) -> None:
        outcome = await ctx.spawn_child(Job(name="shared"), depends_on=[gate.id or 0])
        assert outcome.status is SubmitStatus.REQUEUED

    script.does("family", spawn)
    family = await handle.submit(Family())
    await until(lambda: scheduler.counts.waiting == 1)
    await handle.submit(Job(name="gate"), key=None, on_duplicate="supersede", depends_on=[family.id or 0])
    script.release("shared")
    await run_until_idle(scheduler)
    assert scheduler.counts.active == 0


async def test_a_twin_whose_key_was_taken_at_the_same_moment_is_not_counted(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    """One transaction ends the parent, and stores a task of its key before its own twin comes."""
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)

    async def spawn(task: Any, ctx: TaskContext) -> None:
        script.does("parent", _nothing)
        await ctx.spawn_child(Job(name="child"), run_after=3600, key="child")
        assert (await handle.submit(Job(name="parent"), tags={"a": "b"})).status is SubmitStatus.REQUEUED

    script.does("parent", spawn)
    await handle.submit(Job(name="parent"))
    await until(lambda: scheduler.counts.waiting == 1)
    await asyncio.gather(
        handle.submit(Job(name="other"), key="child", on_duplicate="supersede"),
        handle.submit(Job(name="parent")),
    )
    await run_until_idle(scheduler)
    assert script.started.count("parent") == 2
    assert scheduler.counts.active == 0
    assert await handle.count_by_tag("a") == {}
