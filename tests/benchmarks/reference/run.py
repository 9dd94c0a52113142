"""Measures the workloads of the reference, in memory and on a file, and prints them beside its figures.

make bench-reference ARGS="--rounds 3 --only chain"
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from scheduler_core import TaskStore
from tests.benchmarks.figures import summary
from tests.benchmarks.raw_sqlite import commit_each_s, run_raw
from tests.benchmarks.reference.workload import Done, Workload
from tests.benchmarks.reference.workloads import WORKLOADS

ROUNDS = 5
IN_MEMORY_AIM = 1.0
DISPATCH_ON_FILE_AIM = 5.0
YARDSTICK_TASKS = 10_000
HEAD = (
    "workload",
    "reference, ms",
    "in memory, ms",
    "reference/ours",
    "on a file, ms",
    "reference/ours",
)
WIDTHS = (50, 13, 36, 14, 36, 14)


@dataclass(frozen=True)
class Measured:
    """Milliseconds of each round of one workload."""

    workload: Workload
    memory_ms: Sequence[float]
    file_ms: Sequence[float]

    @property
    def memory_ratio(self) -> float:
        """How many times as fast as the reference."""
        return self.workload.reference_ms / median(self.memory_ms)

    @property
    def file_ratio(self) -> float:
        """The same on a file."""
        return self.workload.reference_ms / median(self.file_ms)

    def cells(self) -> tuple[str, ...]:
        """As the table shows it."""
        file_aim = DISPATCH_ON_FILE_AIM if self.workload.dispatches else 0.0
        return (
            self.workload.what,
            f"{self.workload.reference_ms:g}",
            summary(self.memory_ms, digits=_digits(self.memory_ms)),
            _ratio(self.memory_ratio, IN_MEMORY_AIM),
            summary(self.file_ms, digits=_digits(self.file_ms)),
            _ratio(self.file_ratio, file_aim),
        )


def main() -> None:
    """Measure all, or those whose names hold `--only`, and print a row as soon as it is known."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default="", metavar="WORDS")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)  # the failures are meant
    with tempfile.TemporaryDirectory(prefix="tidemill-reference-") as folder:
        _say_machine(Path(folder))
        _print(HEAD)
        _print([f"{'-' * (width - 1)}:" if at else "-" * width for at, width in enumerate(WIDTHS)])
        rows: list[Measured] = []
        for workload in WORKLOADS:
            if options.only in workload.what:
                rows.append(measured(workload, options.rounds, Path(folder)))
                _print(rows[-1].cells())
    _print_sum(rows)


def measured(workload: Workload, rounds: int, folder: Path) -> Measured:
    """In memory and on a file in turns, so that both meet the same machine."""
    memory_ms: list[float] = []
    file_ms: list[float] = []
    for number in range(rounds):
        path = folder / f"{number}.db"
        memory_ms.append(_milliseconds(workload, TaskStore.in_memory()))
        file_ms.append(_milliseconds(workload, TaskStore(path)))
        for part in folder.glob(f"{number}.db*"):
            part.unlink()
    return Measured(workload, memory_ms, file_ms)


def _milliseconds(workload: Workload, store: TaskStore) -> float:
    gc.collect()  # what the one before left is not this one's
    done = asyncio.run(_do(workload, store))
    if done.seen != workload.expected(workload.tasks):
        raise AssertionError(f"{workload.what}: {done.seen}")
    return done.seconds * 1_000


async def _do(workload: Workload, store: TaskStore) -> Done:
    return await workload.do(store, workload.tasks)


def _say_machine(folder: Path) -> None:
    raw = run_raw(folder / "raw.db", YARDSTICK_TASKS)
    each_s = median(commit_each_s(folder / f"each{number}.db", 1_000) for number in range(ROUNDS))
    print(
        "Its figures are of a GitHub runner, ours of this machine, so a ratio says only as much as the two are alike. "
        f"Here sqlite3 alone claims and moves {YARDSTICK_TASKS / raw.work_s:,.0f} rows a second, "
        f"and inserts 1,000 one by one, each with its commit on a file, in {each_s * 1_000:.0f} ms.\n"
    )


def _print_sum(rows: Sequence[Measured]) -> None:
    ahead = sum(row.memory_ratio >= IN_MEMORY_AIM for row in rows)
    dispatch = [row for row in rows if row.workload.dispatches]
    far = sum(row.file_ratio >= DISPATCH_ON_FILE_AIM for row in dispatch)
    print(
        f"\nIn memory ahead on {ahead} of {len(rows)}; on a file ahead by {DISPATCH_ON_FILE_AIM:g} on {far} of the "
        f"{len(dispatch)} that run tasks."
    )


def _print(cells: Sequence[str]) -> None:
    shown = [
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    ]
    print(f"| {' | '.join(shown)} |", flush=True)


def _ratio(ratio: float, aim: float) -> str:
    return f"{'' if ratio >= aim else 'behind '}{ratio:.2f}"


def _digits(values: Sequence[float]) -> int:
    size = median(values)
    return 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 4


if __name__ == "__main__":
    main()
