"""What the size of the queue and of the history costs. Nothing here passes or fails by time."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from scheduler_core import Scheduler, SchedulerConfig
from tests.benchmarks.conftest import Scale
from tests.benchmarks.lines import Files, Line
from tests.benchmarks.noop import noop_domain
from tests.benchmarks.opening import memory_mb
from tests.benchmarks.reads import Sizes, group_of, make_file, opened, questions
from tests.benchmarks.table import Row, at_least, at_most

Report = Callable[[Row], None]
Say = Callable[[str], None]
SIZES = (1_000, 100_000, 1_000_000)
LANES = 50
MANY_LANES = 1_000


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Files]:
    """Files with many tasks in line, made when they are asked for."""
    folder = tmp_path_factory.mktemp("large")
    yield Files(folder)
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "how", ["in front, in one lane", f"in front, in {LANES} lanes", "held, and more urgent"]
)
async def test_dispatch_does_not_slow_down_with_the_queue(
    files: Files, scale: Scale, report: Report, how: str
) -> None:
    sizes = [scale.times(size) for size in SIZES]
    lanes = LANES if str(LANES) in how else 1
    tasks = scale.times(3_000)
    lines = [Line(files.copy(size, lanes), lanes) for size in sizes]
    rates: list[list[float]] = [[] for _ in lines]
    for line in lines:
        await line.scheduler.open()
        if how.startswith("held"):
            line.hold()
    for run in range(1 if scale.is_taste else 2 * scale.runs + 1):
        for place in _turns(len(lines), run):
            rate = await lines[place].rate(tasks, behind=not how.startswith("held"))
            if run or scale.is_taste:  # the first is to warm up
                rates[place].append(rate)
    for line in lines:
        await line.scheduler.close()
    for size, ours in list(zip(sizes, rates, strict=True))[1:]:
        what = f"dispatch, {size:,} {how}"
        report(Row(what, "NORMAL", "tasks/s", ours, f"{sizes[0]:,}", rates[0], at_least(0.9)))


def test_memory_with_a_long_queue(files: Files, scale: Scale, report: Report) -> None:
    queued = scale.times(SIZES[-1])
    for lanes in (1,) if scale.is_taste else (1, LANES, MANY_LANES):
        more: list[float] = []
        for _ in range(min(scale.runs, 3)):
            none = memory_mb(files.path(0))
            more.append(memory_mb(files.path(queued, lanes)) - none)
        what = (
            f"memory with {queued:,} queued in {lanes:,} lane{'s' if lanes > 1 else ''}, more than with none"
        )
        report(Row(what, "NORMAL", "MB", more, aim=at_most(60)))


@pytest.mark.parametrize("lanes", [1, LANES, MANY_LANES])
def test_opening_after_a_crash(files: Files, scale: Scale, report: Report, lanes: int) -> None:
    queued, running = scale.times(SIZES[-1]), scale.times(10_000)
    path = files.copy(queued, lanes)
    ours: list[float] = []
    raw: list[float] = []
    for _ in range(scale.runs):
        _crash(path, running)
        raw.append(_scan_s(path, queued))
        ours.append(asyncio.run(_open_s(path, running)))
    what = f"open, {queued:,} queued in {lanes:,} lane{'s' if lanes > 1 else ''}, {running:,} running at the crash"
    report(Row(what, "NORMAL", "s", ours, "sqlite3, one full scan", raw, at_most(2)))


async def test_questions_to_a_large_file(tmp_path: Path, scale: Scale, report: Report, say: Say) -> None:
    path = tmp_path / "app.db"
    sizes = Sizes(scale.times(100_000), max(2_000, scale.times(1_000_000)))
    make_file(path, sizes)
    async with opened(path) as scheduler:
        asked = await questions(scheduler, sizes)
        times: dict[str, list[float]] = {name: [] for name in asked}
        for run in range(scale.runs + 1):
            for name, ask in asked.items():
                begun_s = time.perf_counter()
                await ask()
                if run or scale.is_taste:
                    times[name].append((time.perf_counter() - begun_s) * 1_000)
    reference = next(iter(times))
    for name, taken in times.items():
        ratio = sorted(taken)[len(taken) // 2] / sorted(times[reference])[len(taken) // 2]
        say(f"{name}: {sorted(taken)[len(taken) // 2]:.2f} ms, {ratio:.1f} primary-key reads")
    for group in dict.fromkeys(map(group_of, times)):
        slowest = max((name for name in times if group_of(name) == group), key=lambda name: sum(times[name]))
        what = f"{slowest}, {sizes.queued:,} queued, {sizes.finished:,} finished"
        report(Row(what, "NORMAL", "ms", times[slowest], aim=at_most(20)))


def _turns(n: int, run: int) -> Sequence[int]:
    """Who comes when: each begins once."""
    return [(place + run) % n for place in range(n)]


def _crash(path: Path, running: int) -> None:
    """So many run, and the program has died."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE tasks SET status = 'running', started_at = created_at WHERE id <= ? AND status = 'pending'",
            (running,),
        )


def _scan_s(path: Path, queued: int) -> float:
    with closing(sqlite3.connect(path)) as connection:
        begun_s = time.perf_counter()
        found = sum(1 for _ in connection.execute("SELECT * FROM tasks"))
        taken_s = time.perf_counter() - begun_s
    assert found == queued
    return taken_s


async def _open_s(path: Path, running: int) -> float:
    scheduler = Scheduler(store=path, domains=[noop_domain()], config=SchedulerConfig(max_concurrency=0))
    begun_s = time.perf_counter()
    await scheduler.open()
    taken_s = time.perf_counter() - begun_s
    assert scheduler.recovery.requeued == running
    await scheduler.close()
    return taken_s
