"""kill -9 at moments that a seed chooses, again and again: nothing that was stored is lost, and nothing ends twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler_core import Scheduler
from tests.reliability.books import active_tasks, check_books, history_by_label
from tests.reliability.mill import GRAINS, SACKS, child_labels, domains, submitted_labels

REPOSITORY = Path(__file__).resolve().parents[2]
KILLS = 3


def live(database: Path, output: Path, run: int, kill_after: int | None) -> list[str]:
    """One life: what the process said until it was killed after so many lines, or until it had nothing left to do."""
    command = [sys.executable, "-m", "tests.reliability.mill", str(database), str(output), str(run)]
    said: list[str] = []
    with subprocess.Popen(
        command,
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.strip())
            if kill_after is not None and len(said) >= kill_after:
                process.send_signal(signal.SIGKILL)
                # What it said before it died stands, too.
                said += [late.strip() for late in process.stdout if late.endswith("\n")]
    assert process.returncode == (0 if kill_after is None else -signal.SIGKILL), said
    return said


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
async def test_nothing_is_lost_and_nothing_ends_twice(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    database, output = tmp_path / "mill.db", tmp_path / "output"
    output.mkdir()
    stored: list[int] = []
    did: set[str] = set()
    for run in range(1, KILLS + 1):
        said = live(database, output, run, kill_after=chance.randint(1, 2 * GRAINS))
        stored += [run] if f"stored {run}" in said else []
        did |= {line.removeprefix("did ") for line in said if line.startswith("did ")}
        check_books(database)
    said = live(database, output, 0, kill_after=None)
    assert said[-1] == "idle"

    assert active_tasks(database) == 0
    check_books(database)
    ends = history_by_label(database)
    for run in stored:
        assert {label: ends.get(label) for label in submitted_labels(run)} == {
            label: ["completed"] for label in submitted_labels(run)
        }
        # A parent that was killed while it spawned spawns again; a child that had ended by then ends once more.
        assert all(set(ends[label]) == {"completed"} for label in child_labels(run))
    for run in range(1, KILLS + 1):
        # A batch is stored whole or not at all, also where nobody lived to hear the answer.
        assert sum(f"grind-{run}-{number}" in ends for number in range(GRAINS)) in (0, GRAINS)
        assert sum(f"fill-{run}-{number}" in ends for number in range(SACKS)) in (0, SACKS)
    assert all(len(set(found)) == 1 for found in ends.values())
    assert did <= {path.name for path in output.iterdir()} == set(ends)

    async with Scheduler(store=database, domains=domains(output)) as scheduler:
        assert scheduler.counts.completed == sum(len(found) for found in ends.values())
        assert scheduler.recovery.requeued == 0
        for job in await scheduler.jobs("job_id", 10, 0):
            assert job.counts["completed"] == job.total
