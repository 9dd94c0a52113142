"""How fast tasks come in: in one batch, from many callers at once, one by one. Nothing here passes or fails by time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from scheduler_core import Scheduler, SchedulerConfig, TaskStore
from tests.benchmarks.conftest import Scale
from tests.benchmarks.noop import Noop, Nothing, noop_domain
from tests.benchmarks.raw_sqlite import insert_rate, one_by_one_rate
from tests.benchmarks.table import Row, at_least

Report = Callable[[Row], None]
CALLERS = 64


def test_submitting_a_batch(tmp_path: Path, scale: Scale, report: Report, synchronous: str) -> None:
    tasks = scale.times(100_000)
    ours: list[float] = []
    raw: list[float] = []
    for run in range(scale.runs):
        raw.append(insert_rate(tmp_path / f"raw{run}.db", tasks, synchronous))
        ours.append(asyncio.run(_batch_rate(tmp_path / f"ours{run}.db", tasks, synchronous)))
    name = "sqlite3, batches of 256"
    report(Row(f"submit_batch of {tasks:,}", synchronous, "tasks/s", ours, name, raw, at_least(0.5)))


def test_submitting_by_many_callers(tmp_path: Path, scale: Scale, report: Report, synchronous: str) -> None:
    tasks = scale.times(20_000)
    ours: list[float] = []
    raw: list[float] = []
    for run in range(scale.runs):
        raw.append(insert_rate(tmp_path / f"raw{run}.db", tasks, synchronous))
        ours.append(asyncio.run(_callers_rate(tmp_path / f"ours{run}.db", tasks, synchronous)))
    name = "sqlite3, batches of 256"
    what = f"submit by {CALLERS} callers, each durable"
    report(Row(what, synchronous, "tasks/s", ours, name, raw, at_least(0.2)))


def test_submitting_one_by_one(tmp_path: Path, scale: Scale, report: Report, synchronous: str) -> None:
    tasks = scale.times(2_000)
    ours: list[float] = []
    raw: list[float] = []
    for run in range(scale.runs):
        raw.append(asyncio.run(one_by_one_rate(tmp_path / f"raw{run}.db", tasks, synchronous)))
        ours.append(asyncio.run(_one_by_one_rate(tmp_path / f"ours{run}.db", tasks, synchronous)))
    name = "aiosqlite, insert and commit"
    report(Row("submit, one caller", synchronous, "tasks/s", ours, name, raw, at_least(0.7)))


def still(path: Path, synchronous: str) -> Scheduler:
    """A scheduler that starts nothing."""
    config = SchedulerConfig(max_concurrency=0)
    store = TaskStore(path, synchronous=synchronous)
    return Scheduler(store=store, domains=[noop_domain()], config=config)


async def _batch_rate(path: Path, tasks: int, synchronous: str) -> float:
    work = [Nothing(number=number) for number in range(tasks)]
    async with still(path, synchronous) as scheduler:
        begun_s = time.perf_counter()
        outcomes = await scheduler.domain(Noop).submit_batch(work)
        taken_s = time.perf_counter() - begun_s
        assert len({outcome.id for outcome in outcomes}) == tasks
    return tasks / taken_s


async def _callers_rate(path: Path, tasks: int, synchronous: str) -> float:
    work = iter([Nothing(number=number) for number in range(tasks)])
    async with still(path, synchronous) as scheduler:
        handle = scheduler.domain(Noop)

        async def call() -> None:
            for task in work:
                await handle.submit(task)

        begun_s = time.perf_counter()
        await asyncio.gather(*(call() for _ in range(CALLERS)))
        taken_s = time.perf_counter() - begun_s
        assert handle.counts.pending == tasks
    return tasks / taken_s


async def _one_by_one_rate(path: Path, tasks: int, synchronous: str) -> float:
    work = [Nothing(number=number) for number in range(tasks)]
    async with still(path, synchronous) as scheduler:
        handle = scheduler.domain(Noop)
        begun_s = time.perf_counter()
        for task in work:
            await handle.submit(task)
        taken_s = time.perf_counter() - begun_s
        assert handle.counts.pending == tasks
    return tasks / taken_s
