"""How fast tasks run, from the queue into the history, and how soon one starts. Nothing here passes or fails by time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from scheduler_core import Scheduler, SchedulerConfig, TaskStore
from tests.benchmarks.conftest import Scale
from tests.benchmarks.gated import Gated, gated_rate
from tests.benchmarks.noop import Noop, Nothing, noop_domain
from tests.benchmarks.raw_sqlite import commit_seconds, move_rate
from tests.benchmarks.table import Row, at_least, at_most
from tests.benchmarks.throughput import run_rate

Report = Callable[[Row], None]


def test_running(tmp_path: Path, scale: Scale, report: Report, synchronous: str) -> None:
    tasks = scale.times(20_000)
    ours: list[float] = []
    raw: list[float] = []
    for run in range(scale.runs):
        raw.append(move_rate(tmp_path / f"raw{run}.db", tasks, synchronous))
        ours.append(asyncio.run(run_rate(tmp_path / f"ours{run}.db", tasks, synchronous)))
    what = f"run {tasks:,} no-op tasks, 64 at once"
    name = "sqlite3, claim and move, batches of 256"
    report(Row(what, synchronous, "tasks/s", ours, name, raw, at_least(0.4)))


def test_running_with_every_gate_in_use(
    tmp_path: Path, scale: Scale, report: Report, synchronous: str
) -> None:
    tasks = scale.times(10_000)
    ours: list[float] = []
    plain: list[float] = []
    for run in range(scale.runs):
        plain.append(asyncio.run(gated_rate(tmp_path / f"plain{run}.db", tasks, synchronous, Gated.NOTHING)))
        ours.append(
            asyncio.run(gated_rate(tmp_path / f"gated{run}.db", tasks, synchronous, Gated.EVERYTHING))
        )
    what = f"run {tasks:,} with groups, weights, rates, aging, tags, dependencies"
    report(Row(what, synchronous, "tasks/s", ours, "without any of these", plain, at_least(0.6)))


def test_from_submission_to_start(tmp_path: Path, scale: Scale, report: Report, synchronous: str) -> None:
    tasks = scale.times(1_000)
    waits: dict[int, list[float]] = {50: [], 99: []}
    commits: list[float] = []
    for run in range(scale.runs):
        took = asyncio.run(commit_seconds(tmp_path / f"raw{run}.db", tasks, synchronous))
        commits.append(took * 1e6)
        found = sorted(asyncio.run(_waits(tmp_path / f"ours{run}.db", tasks, synchronous)))
        for share, values in waits.items():
            values.append(found[min(len(found) - 1, len(found) * share // 100)] * 1e6)
    for share, most in ((50, 4.0), (99, 10.0)):
        what = f"submit to start, idle scheduler, p{share}"
        name = "aiosqlite, insert and commit, median"
        report(Row(what, synchronous, "µs", waits[share], name, commits, at_most(most)))


async def _waits(path: Path, tasks: int, synchronous: str) -> list[float]:
    """Seconds from the call of `submit` to the first line of the executor, one task after the other."""
    started: list[float] = []
    domain = noop_domain(lambda: started.append(time.perf_counter()))
    store = TaskStore(path, synchronous=synchronous)
    waits: list[float] = []
    async with Scheduler(store=store, domains=[domain], config=SchedulerConfig()) as scheduler:
        handle = scheduler.domain(Noop)
        for number in range(tasks):
            begun_s = time.perf_counter()
            await handle.submit(Nothing(number=number))
            await scheduler.wait_idle()
            waits.append(started.pop() - begun_s)
    return waits
