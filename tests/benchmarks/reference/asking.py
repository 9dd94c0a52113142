"""The workloads that ask: one question, the median of many times, to a scheduler that nothing else keeps busy."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from statistics import median
from typing import TypeVar

from scheduler_core import DomainHandle, Scheduler, SchedulerConfig, TaskStore
from tests.benchmarks.reference.work import Bench, Nothing, bench_domain
from tests.benchmarks.reference.workload import Done, still

T = TypeVar("T")

TIMES = 50
PAGE = 50
TAG = {"bucket": "b0"}


async def ids_by_tags(store: TaskStore, n: int) -> Done:
    """The ids of the tasks with a tag, which all `n` carry."""
    async with still(store) as scheduler:
        handle = await _tagged(scheduler, n)
        seconds, ids = await _median(lambda: handle.task_ids_by_tags(TAG))
        return Done(seconds, {"ids": len(set(ids))})


async def counts_by_tag(store: TaskStore, n: int) -> Done:
    """How many tasks carry each value of a tag, of `n`."""
    async with still(store) as scheduler:
        handle = await _tagged(scheduler, n)
        seconds, counts = await _median(lambda: handle.count_by_tag("bucket"))
        return Done(seconds, counts)


async def history_page(store: TaskStore, n: int) -> Done:
    """The newest 50 of `n` that have ended."""
    async with _running(store) as scheduler:
        await _run(scheduler, n)
        seconds, page = await _median(lambda: scheduler.history(PAGE))
        return Done(seconds, {"records": len(page), "newest": page[0].payload["number"]})


async def stats(store: TaskStore, n: int) -> Done:
    """How the `n` tasks of a type have ended, and how long they take."""
    async with _running(store) as scheduler:
        await _run(scheduler, n)
        seconds, told = await _median(lambda: scheduler.history_stats(Nothing))
        return Done(seconds, {"total": told.total, **told.counts})


def _running(store: TaskStore) -> Scheduler:
    return Scheduler(store=store, domains=[bench_domain()], config=SchedulerConfig(max_concurrency=32))


async def _run(scheduler: Scheduler, n: int) -> None:
    await scheduler.domain(Bench).submit_batch([Nothing(number=number) for number in range(n)])
    await scheduler.wait_idle()


async def _tagged(scheduler: Scheduler, n: int) -> DomainHandle[Bench]:
    handle = scheduler.domain(Bench)
    await handle.submit_batch([Nothing(number=number) for number in range(n)], tags=TAG)
    return handle


async def _median(ask: Callable[[], Awaitable[T]]) -> tuple[float, T]:
    """Seconds, and the last answer."""
    took_s: list[float] = []
    while True:
        begun_s = time.perf_counter()
        answer = await ask()
        took_s.append(time.perf_counter() - begun_s)
        if len(took_s) == TIMES:
            return median(took_s), answer
