"""For how long the window does not answer while tasks run. Nothing here passes or fails by time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.app_run import run_in_app
from tests.benchmarks.conftest import Scale
from tests.benchmarks.figures import summary
from tests.benchmarks.load import Load, Measured

PAGES = ("overview", "running", "jobs")


@pytest.mark.timeout(1200)
def test_the_window_answers_while_tasks_run(tmp_path: Path, scale: Scale, say: Callable[[str], None]) -> None:
    for page in PAGES if scale.runs > 1 else PAGES[:1]:
        runs: list[Measured] = []
        for run in range(scale.runs):
            folder = tmp_path / f"{page}-{run}"
            folder.mkdir()
            runs.append(run_in_app(folder, Load(scale.tasks, page, "tagged")))
        assert all(one.quick > 0 for one in runs)
        tell(page, runs, scale, say)


def tell(page: str, runs: list[Measured], scale: Scale, say: Callable[[str], None]) -> None:
    slowest = max(runs, key=lambda one: one.longest_s)
    say("")
    say(f"{scale.tasks:,} tagged tasks in the app, page {page}:")
    say(f"longest stall         {summary([one.longest_s * 1000 for one in runs], ' ms', 0)}")
    say(f"longest computation   {summary([one.longest_busy_s * 1000 for one in runs], ' ms', 0)}")
    say(f"answered in 16 ms     {summary([one.quick * 100 for one in runs], ' %', 1)}")
    say(f"run a second          {summary([scale.tasks / one.work_s for one in runs], digits=0)}")
    say(f"computed a task       {summary([one.cpu_s / scale.tasks * 1e6 for one in runs], ' µs', 0)}")
    if slowest.place:
        say(f"the longest was in\n{slowest.place}")
