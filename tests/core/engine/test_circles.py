"""Nobody waits for itself: not through a child that is its own twin, nor through the twin of somebody who waits for it."""

from __future__ import annotations

from typing import Any

from scheduler_core import SubmitStatus, TaskContext
from scheduler_core.testing import MakeScheduler, run_until_idle, until
from tests.core.support import Alpha, Family, Job, Script, alpha, ended


async def test_a_task_that_spawns_itself_is_there_already(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    answers: list[SubmitStatus] = []

    async def spawn(task: Any, ctx: TaskContext) -> None:
        answers.append((await ctx.spawn_child(Job())).status)

    script.does("job", spawn)
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert answers == [SubmitStatus.DUPLICATE]
    assert await ended(scheduler) == {"job": "completed"}


async def test_a_child_that_spawns_its_parent_is_told_that_it_is_there(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    answers: list[SubmitStatus] = []
    script.holds("held")

    async def spawn_and_wait(task: Any, ctx: TaskContext) -> None:
        await ctx.spawn_child(Job())
        await until(lambda: bool(answers))

    async def spawn_parent(task: Any, ctx: TaskContext) -> None:
        answers.append((await ctx.spawn_child(Family())).status)

    script.does("family", spawn_and_wait)
    script.does("job", spawn_parent)
    await scheduler.domain(Alpha).submit(Family())
    await run_until_idle(scheduler)
    assert answers == [SubmitStatus.DUPLICATE]
    assert await ended(scheduler) == {"job": "completed", "family": "completed"}
