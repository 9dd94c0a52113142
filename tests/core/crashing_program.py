"""A program that is killed in the middle: `python crashing_program.py DATABASE`. Says on stdout how far it is."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from scheduler_core import (
    RecurringSchedule,
    RetryableError,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    TaskContext,
)
from tests.core.support import Alpha, Errand, Family, Job, Script, alpha, beta


async def main(path: str) -> None:
    """Brings tasks into every state, says READY, and works on until it is killed."""
    script = Script()
    scheduler = Scheduler(
        path,
        [alpha(script, default_retry=RetryPolicy.constant(3, 3600)), beta(script)],
        config=SchedulerConfig(max_concurrency=50, cancel_hook_timeout=0),
    )
    await scheduler.open()
    handle, other = scheduler.domain(Alpha), scheduler.domain("beta")

    async def deaf(task: Any, ctx: TaskContext) -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                continue

    async def spawn(task: Any, ctx: TaskContext) -> str:
        await ctx.spawn_child(Job(name="child"))
        return "memo"

    script.does("deaf", deaf)
    script.does("family", spawn)
    script.holds("running", "child", "first")
    script.fails("retries", RetryableError("later"))
    await handle.submit(Job(name="done"))
    await handle.submit(Job(name="running"), key="held")
    await handle.submit(Job(name="retries"))
    await handle.submit(Family(name="family"))
    await handle.submit(Job(name="overdue"), run_after=0.2)
    first = await handle.submit(Job(name="first"))
    await other.submit(Errand(name="blocked"), depends_on=[first.id or 0])
    cancelled = await handle.submit(Job(name="deaf"))
    while not {"running", "deaf", "child", "first"} <= set(script.started) or scheduler.counts.waiting != 1:
        await asyncio.sleep(0.01)
    while "retries" not in script.ended or scheduler.counts.completed < 1:
        await asyncio.sleep(0.01)
    await handle.pause_group("g")
    await handle.submit(Job(name="grouped"), group="g")
    await handle.cancel(cancelled.id or 0)
    await handle.submit(Job(name="hourly"), recurring=RecurringSchedule(3600, initial_delay=3600))
    handle.set_max_concurrency(0)
    await handle.submit(Job(name="pending"))
    sys.stdout.write("READY\n")
    sys.stdout.flush()
    for n in range(1_000_000):  # so that the kill comes in the middle of writing
        await other.submit(Errand(name="flood", n=n))


asyncio.run(main(sys.argv[1]))
