"""The window's rows: how soon it is there, what it costs when idle, and whether it answers. Nothing passes by time.

On a machine that others use too, the clock says as much of them as of us. Where that matters a second row says the same
by what was computed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.resources import samples_dir
from tests.app.programs import wait_for_text
from tests.benchmarks.app_run import run_in_app
from tests.benchmarks.conftest import Scale
from tests.benchmarks.idle import Usage, usage, wait_until_calm
from tests.benchmarks.load import Load, Measured
from tests.benchmarks.starts import Start, make_data_dir, running_app, running_empty, start_app, start_empty
from tests.benchmarks.table import Row, at_least, at_most
from tests.benchmarks.throughput import MAX_CONCURRENCY, SchedulerTimes, run_scheduler

Report = Callable[[Row], None]
PAGES = ("overview", "jobs", "queue", "history", "failures")
WANTED_RATE = 5_000
"""Tasks a second, if the machine can."""


@pytest.mark.timeout(600)
def test_start(tmp_path: Path, scale: Scale, report: Report) -> None:
    data = make_data_dir(tmp_path / "data")
    if not scale.is_taste:
        # Modules are compiled at the very first start, and the database is made.
        start_empty()
        start_app(data)
    ours: list[Start] = []
    empty: list[Start] = []
    for _ in range(1 if scale.is_taste else 9):
        empty.append(start_empty())
        ours.append(start_app(data))
    assert all(one.paint_s < one.live_s for one in ours)
    name = "empty PySide6 window, painted"
    by_clock, computed = [one.paint_s for one in empty], [one.paint_cpu_s for one in empty]
    painted = [one.paint_s for one in ours]
    report(Row("start to first paint", "", "s", painted, name, by_clock, at_most(2.5)))
    painted = [one.paint_cpu_s for one in ours]
    report(Row("the same, computed", "", "s", painted, name, computed, at_most(2.5)))
    live = [one.live_s for one in ours]
    report(
        Row(
            "start to live data: cards, counts and status painted",
            "NORMAL",
            "s",
            live,
            name,
            by_clock,
            at_most(5),
        )
    )
    live = [one.live_cpu_s for one in ours]
    report(Row("the same, computed", "NORMAL", "s", live, name, computed, at_most(5)))


@pytest.mark.timeout(600)
def test_an_idle_minute(tmp_path: Path, scale: Scale, report: Report) -> None:
    pages = PAGES[:1] if scale.is_taste else PAGES
    minute_s = 1.0 if scale.is_taste else 60.0
    with ExitStack() as stack:
        apps: list[int] = []
        for page in pages:
            data = make_data_dir(tmp_path / page, page)
            process = stack.enter_context(running_app(data, ["--take", samples_dir()]))
            wait_for_text(process, data / "logs" / "tidemill.log", "live data after")
            apps.append(process.pid)
        empty = stack.enter_context(running_empty()).pid
        if not scale.is_taste:
            wait_until_calm([*apps, empty])
        before = {pid: usage(pid) for pid in (*apps, empty)}
        time.sleep(minute_s)
        used = {pid: usage(pid) - before[pid] for pid in (*apps, empty)}
    ours, reference = [used[pid] for pid in apps], used[empty]
    assert all(one.computed_s < minute_s for one in ours)
    what = f"idle after a job, {minute_s:.0f} s, each page in front"

    def percent(one: Usage) -> float:
        return one.computed_s / minute_s * 100

    report(Row(f"{what}: of a core", "", "%", [percent(one) for one in ours], aim=at_most(0.5)))
    report(Row("the same, an empty PySide6 window", "", "%", [percent(reference)]))
    report(Row(f"{what}: wake-ups", "", "times", [float(one.wakes) for one in ours], aim=at_most(0)))
    report(Row("the same, an empty PySide6 window", "", "times", [float(reference.wakes)]))


@pytest.mark.timeout(900)
def test_no_op_tasks_in_the_app(tmp_path: Path, scale: Scale, report: Report) -> None:
    plain: list[SchedulerTimes] = []
    ours: list[Measured] = []
    for run in range(scale.runs):
        folder = tmp_path / str(run)
        folder.mkdir()
        plain.append(asyncio.run(run_scheduler(folder / "plain.db", scale.tasks)))
        ours.append(run_in_app(folder, Load(scale.tasks, watch=False)))
    what = f"{scale.tasks:,} no-op tasks, {MAX_CONCURRENCY} at once, in the app, Overview in front"
    rates = [scale.tasks / one.work_s for one in ours]
    reference = [scale.tasks / one.work_s for one in plain]
    report(Row(what, "NORMAL", "tasks/s", rates, "on asyncio", reference, at_least(0.5)))
    rates = [scale.tasks / one.work_cpu_s for one in ours]
    reference = [scale.tasks / one.work_cpu_s for one in plain]
    report(
        Row(
            "the same, tasks a second computed",
            "NORMAL",
            "tasks/s",
            rates,
            "on asyncio",
            reference,
            at_least(0.5),
        )
    )


@pytest.mark.timeout(900)
def test_the_window_answers_while_tasks_run(
    tmp_path: Path, scale: Scale, report: Report, say: Callable[[str], None]
) -> None:
    for page in PAGES[:1] if scale.is_taste else PAGES[:4]:
        (tmp_path / page).mkdir()
        _answers(tmp_path / page, page, scale, report, say)


def _answers(tmp_path: Path, page: str, scale: Scale, report: Report, say: Callable[[str], None]) -> None:
    runs: list[Measured] = []
    for run in range(min(3, scale.runs)):
        folder = tmp_path / str(run)
        folder.mkdir()
        runs.append(run_in_app(folder, Load(scale.tasks, page, "tagged", WANTED_RATE)))
    assert all(one.quick > 0 for one in runs)
    rate = sum(scale.tasks / (one.submit_s + one.work_s) for one in runs) / len(runs)
    what = f"{page.capitalize()} in front, {rate:,.0f} tagged tasks a second: the loop answers 99 % within"

    def row(what: str, values: list[float], most_ms: float) -> None:
        report(Row(what, "NORMAL", "ms", [1000 * value for value in values], aim=at_most(most_ms)))

    row(what, [one.p99_s for one in runs], 8)
    row("the same, without the wait for a core that others have", [one.ours_p99_s for one in runs], 8)
    row("longest time without an answer", [one.longest_s for one in runs], 33)
    row("the same, without the wait for a core that others have", [one.longest_ours_s for one in runs], 33)
    slowest = max(runs, key=lambda one: one.longest_s)
    if slowest.place:
        say(f"the longest was in\n{slowest.place}")
