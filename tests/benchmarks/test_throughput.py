"""How many no-op tasks a second, beside what SQLite alone can do. Nothing here passes or fails by time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.conftest import Scale
from tests.benchmarks.figures import summary
from tests.benchmarks.noop import Nothing, Tagged
from tests.benchmarks.raw_sqlite import RawTimes, run_raw
from tests.benchmarks.throughput import SchedulerTimes, count_statements, run_scheduler

Say = Callable[[str], None]


@pytest.mark.parametrize("kind", [Nothing, Tagged])
def test_a_batch_of_tasks_that_do_nothing(
    tmp_path: Path, scale: Scale, say: Say, kind: type[Nothing | Tagged]
) -> None:
    ours: list[SchedulerTimes] = []
    raw: list[RawTimes] = []
    for run in range(scale.runs):  # in turns, so that both meet the same machine
        raw.append(run_raw(tmp_path / f"raw{run}.db", scale.tasks))
        ours.append(asyncio.run(run_scheduler(tmp_path / f"ours{run}.db", scale.tasks, kind)))
    pairs = list(zip(ours, raw, strict=True))
    say("")
    say(f"{scale.tasks:,} tasks {kind.qualified_type}, 64 at once, on a file:")
    say(f"submitted a second   {summary([scale.tasks / one.submit_s for one in ours], digits=0)}")
    say(f"run a second         {summary([scale.tasks / one.work_s for one in ours], digits=0)}")
    say(
        f"sqlite3, claimed and moved a second  {summary([scale.tasks / one.work_s for one in raw], digits=0)}"
    )
    say(
        f"sqlite3, inserted a second           {summary([scale.tasks / one.insert_s for one in raw], digits=0)}"
    )
    say(f"run / sqlite3's claim and move       {summary([b.work_s / a.work_s for a, b in pairs])}")
    say(f"the same by processor time           {summary([b.work_cpu_s / a.work_cpu_s for a, b in pairs])}")
    whole = [(b.insert_s + b.work_s) / (a.submit_s + a.work_s) for a, b in pairs]
    say(f"submitted and run / sqlite3's whole  {summary(whole)}")
    strict = [b.work_s / (a.submit_s + a.work_s) for a, b in pairs]
    say(f"submitted and run / sqlite3's claim and move  {summary(strict)}")


async def test_statements_are_done_for_many_tasks_at_once(tmp_path: Path, scale: Scale, say: Say) -> None:
    seen = await count_statements(tmp_path / "traced.db", scale.tasks)
    inserted = scale.tasks  # each row of an `executemany` is traced
    say("")
    say(f"SQL statements a task, its insertion apart: {(seen.total() - inserted) / scale.tasks:.2f}")
    say(f"transactions a hundred tasks: {seen['COMMIT'] / scale.tasks * 100:.1f}")
    assert seen["COMMIT"] < scale.tasks / 4
