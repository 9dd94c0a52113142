"""The same by the scheduler, in the way that is measured elsewhere: 64 callers, 64 at once."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from scheduler_core import Scheduler, SchedulerConfig, TaskStore
from tests.benchmarks.noop import Noop, Nothing, noop_domain

CALLERS = 64
AT_ONCE = 64
FILE = "ours.db"


def enqueue(folder: Path, tasks: int, durable: str) -> float:
    """Tasks a second, submitted by 64 callers at once, each answered when its task is durable."""

    async def work() -> float:
        numbers = iter([Nothing(number=number) for number in range(tasks)])
        async with still(folder, durable) as scheduler:
            handle = scheduler.domain(Noop)

            async def call() -> None:
                for task in numbers:
                    await handle.submit(task)

            begun_s = time.perf_counter()
            await asyncio.gather(*(call() for _ in range(CALLERS)))
            taken_s = time.perf_counter() - begun_s
            assert handle.counts.pending == tasks
        return tasks / taken_s

    return asyncio.run(work())


def run(folder: Path, tasks: int, durable: str) -> float:
    """Tasks a second, 64 at once, until the last is in the history."""

    async def work() -> float:
        async with still(folder, durable) as scheduler:
            handle = scheduler.domain(Noop)
            await handle.submit_batch([Nothing(number=number) for number in range(tasks)])
            begun_s = time.perf_counter()
            scheduler.set_max_concurrency(AT_ONCE)
            await scheduler.wait_idle()
            taken_s = time.perf_counter() - begun_s
            assert handle.counts.completed == tasks
        return tasks / taken_s

    return asyncio.run(work())


def still(folder: Path, durable: str) -> Scheduler:
    """One that starts nothing, on a file of the folder."""
    memory = durable == "memory"
    store = TaskStore.in_memory() if memory else TaskStore(folder / FILE, synchronous=durable)
    config = SchedulerConfig(max_concurrency=0)
    return Scheduler(store=store, domains=[noop_domain()], config=config)
