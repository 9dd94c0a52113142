"""Runs a batch of no-op tasks through a real scheduler on a real file."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from scheduler_core import Scheduler, SchedulerConfig, TaskStore
from tests.benchmarks.noop import Noop, Nothing, Tagged, noop_domain

MAX_CONCURRENCY = 64


@dataclass(frozen=True)
class SchedulerTimes:
    """Seconds for all tasks: until `submit_batch` answered, and from there until the last was in the history.

    `work_cpu_s` is what all threads computed for the latter.
    """

    submit_s: float
    work_s: float
    work_cpu_s: float


async def run_scheduler(path: Path, tasks: int, kind: type[Nothing | Tagged] = Nothing) -> SchedulerTimes:
    """Submits `tasks` tasks in one batch to a new database at `path` and waits until all are done."""
    work = [kind(number=number) for number in range(tasks)]
    config = SchedulerConfig(max_concurrency=MAX_CONCURRENCY)
    async with Scheduler(store=path, domains=[noop_domain()], config=config) as scheduler:
        handle = scheduler.domain(Noop)
        begun_s = time.perf_counter()
        await handle.submit_batch(work)
        submitted_s, cpu_s = time.perf_counter(), time.process_time()
        await scheduler.wait_idle()
        ended_s, cpu_s = time.perf_counter(), time.process_time() - cpu_s
        assert handle.counts.completed == tasks
    return SchedulerTimes(submitted_s - begun_s, ended_s - submitted_s, cpu_s)


async def run_rate(path: Path, tasks: int, synchronous: str) -> float:
    """Tasks a second, from the moment at which the first may start until the last is in the history."""
    store = TaskStore(path, synchronous=synchronous)
    config = SchedulerConfig(max_concurrency=0)
    async with Scheduler(store=store, domains=[noop_domain()], config=config) as scheduler:
        handle = scheduler.domain(Noop)
        await handle.submit_batch([Nothing(number=number) for number in range(tasks)])
        begun_s = time.perf_counter()
        scheduler.set_max_concurrency(MAX_CONCURRENCY)
        await scheduler.wait_idle()
        taken_s = time.perf_counter() - begun_s
        assert handle.counts.completed == tasks
    return tasks / taken_s


async def count_statements(path: Path, tasks: int) -> Counter[str]:
    """How often each kind of SQL statement (its first word) is done from the submission of `tasks` tasks to their end."""
    seen: Counter[str] = Counter()
    store = TaskStore(path)
    config = SchedulerConfig(max_concurrency=MAX_CONCURRENCY)
    async with Scheduler(store=store, domains=[noop_domain()], config=config) as scheduler:
        await store.database.write(
            lambda connection: connection.set_trace_callback(lambda text: seen.update([text.split()[0]]))
        )
        await scheduler.domain(Noop).submit_batch([Nothing(number=number) for number in range(tasks)])
        await scheduler.wait_idle()
    return seen
