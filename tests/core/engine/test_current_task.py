"""Code of an executor knows on whose behalf it runs, wherever that is; other code belongs to nobody."""

from __future__ import annotations

import asyncio
from typing import Any

from scheduler_core import Domain, TaskContext, current_task_id
from scheduler_core.testing import MakeScheduler, run_until_idle, until
from tests.core.support import Alpha, Chore, Family, Job, Script, alpha


async def test_an_executor_runs_on_behalf_of_its_task(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    seen: dict[int, set[int | None]] = {}

    async def look(task: Any, ctx: TaskContext) -> None:
        found = seen.setdefault(ctx.record.id, set())
        found.add(current_task_id())
        await asyncio.sleep(0)
        found.add(current_task_id())
        found.add(await asyncio.create_task(_current()))
        found.add(await asyncio.to_thread(current_task_id))

    names = [f"look {n}" for n in range(5)]
    for name in names:
        script.does(name, look)
    outcomes = await scheduler.domain(Alpha).submit_batch([Job(name=name) for name in names])
    await run_until_idle(scheduler)
    assert seen == {outcome.id: {outcome.id} for outcome in outcomes}
    assert current_task_id() is None


async def test_so_do_threads_finalize_and_on_cancel(make_scheduler: MakeScheduler, script: Script) -> None:
    domain = Domain(Alpha)
    seen: dict[str, tuple[int, int | None]] = {}

    def note(what: str, ctx: TaskContext) -> None:
        seen[what] = (ctx.record.id, current_task_id())

    class Parts:
        async def execute(self, task: Family, ctx: TaskContext) -> None:
            note("execute", ctx)

        def finalize(self, task: Family, memo: object, ctx: TaskContext) -> None:
            note("finalize", ctx)

    class Endless:
        async def execute(self, task: Chore, ctx: TaskContext) -> None:
            note("endless", ctx)
            await asyncio.Event().wait()

        async def on_cancel(self, task: Chore, ctx: TaskContext) -> None:
            note("on_cancel", ctx)

    @domain.executor(Job)
    def job(task: Job, ctx: TaskContext) -> None:
        note("thread", ctx)

    domain.register(Family, Parts())
    domain.register(Chore, Endless())
    scheduler = await make_scheduler(domain)
    handle = scheduler.domain(Alpha)
    await handle.submit_batch([Job(), Family()])
    endless = (await handle.submit(Chore())).id or 0
    await until(lambda: "endless" in seen)
    await handle.cancel(endless)
    await run_until_idle(scheduler)
    assert set(seen) == {"execute", "finalize", "thread", "endless", "on_cancel"}
    assert all(task == current for task, current in seen.values()), seen


async def _current() -> int | None:
    return current_task_id()
