"""A plugin that loads the real app with no-op tasks and measures its event loop meanwhile. It runs inside the app.

`python -m app run --take FILE` begins it: FILE is JSON, `{"tasks": 10000, "page": "overview", "kind": "nothing"}`. What
it measured is written beside FILE.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel
from PySide6.QtWidgets import QApplication

from app.widgets.nav_list import NavList
from scheduler_core import (
    Domain,
    DomainHandle,
    DomainKey,
    DomainPlugin,
    DropReceipt,
    PluginServices,
    Scheduler,
    TypedTask,
)
from tests.benchmarks.load import Load, Measured, result_file
from tests.benchmarks.loop_probe import LoopProbe
from tests.benchmarks.noop import Noop, Nothing, Tagged, noop_domain

_STEP_S = 0.005
_MOST_WAITING = 2_000
_MOST_OUT = 20


async def measure(load: Load, scheduler: Scheduler) -> Measured:
    """Waits until the window has come to rest, then submits the tasks and measures until the window rests again."""
    probe = LoopProbe()
    probe.start()
    await probe.wait_quiet()
    _show(load.page)
    await probe.wait_quiet()
    kind = {"nothing": Nothing, "tagged": Tagged}[load.kind]
    # Made before the clock starts, and in slices: the caller's own cost is not the scheduler's.
    tasks: list[Nothing | Tagged] = []
    for number in range(load.tasks):
        tasks.append(kind(number=number))
        if number % 100 == 0:
            await asyncio.sleep(0)
    await probe.wait_quiet()
    if not load.watch:
        probe.stop()
    handle = scheduler.domain(Noop)
    begun_s, begun_cpu_s = time.perf_counter(), time.process_time()
    if load.rate:
        await _submit_steadily(handle, tasks, load.rate)
    else:
        await handle.submit_batch(tasks)
    submitted_s, submitted_cpu_s = time.perf_counter(), time.process_time()
    await scheduler.wait_idle()
    ended_s, ended_cpu_s = time.perf_counter(), time.process_time()
    assert handle.counts.completed >= load.tasks
    late = probe.stop()
    return Measured(
        submit_s=submitted_s - begun_s,
        work_s=ended_s - submitted_s,
        longest_qt_s=max(late.qt_s, default=0.0),
        longest_asyncio_s=max(late.asyncio_s, default=0.0),
        longest_busy_s=late.busy_s,
        quick=late.share_below(0.016),
        cpu_s=ended_cpu_s - begun_cpu_s,
        work_cpu_s=ended_cpu_s - submitted_cpu_s,
        p99_s=late.p99_s,
        longest_ours_s=max(late.ours_s, default=0.0),
        ours_p99_s=late.ours_p99_s,
        place=late.place,
    )


async def _submit_steadily(handle: DomainHandle[Any], tasks: Sequence[TypedTask[Any]], rate: int) -> None:
    """As many a second as `rate` says, in small batches that do not wait for each other; but not too many of them."""
    size = max(1, int(rate * _STEP_S))
    out: set[asyncio.Task[Any]] = set()
    due_s = time.perf_counter()
    for begin in range(0, len(tasks), size):
        while len(out) >= _MOST_OUT or handle.counts.active > _MOST_WAITING:
            await asyncio.sleep(_STEP_S)
        batch = asyncio.create_task(handle.submit_batch(tasks[begin : begin + size]))
        out.add(batch)
        batch.add_done_callback(out.discard)
        due_s = max(due_s + _STEP_S, time.perf_counter() - _STEP_S)
        await asyncio.sleep(max(0.0, due_s - time.perf_counter()))
    await asyncio.gather(*out)


def _show(page: str) -> None:
    (nav,) = (
        nav for window in QApplication.topLevelWidgets() if (nav := window.findChild(NavList)) is not None
    )
    nav.show_page(page)


class LoadDrop:
    """Takes the order."""

    title = "Measure"

    def accepts(self, paths: Sequence[Path]) -> bool:
        return len(paths) == 1 and paths[0].suffix == ".order"

    async def submit(self, paths: Sequence[Path], scheduler: Scheduler) -> DropReceipt:
        (order,) = paths
        measured = await measure(Load(**json.loads(order.read_text())), scheduler)
        result = result_file(order)
        unfinished = result.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(asdict(measured)))
        unfinished.rename(result)
        return DropReceipt(job_tag="job_id", job_value="bench", task_ids=(), title="Measured")


class LoadSettings(BaseModel):
    """None."""


class LoadPlugin(DomainPlugin[LoadSettings]):
    """The no-op domain as a plugin of the app."""

    key: ClassVar[type[DomainKey]] = Noop
    settings_model: ClassVar[type[BaseModel]] = LoadSettings

    def build(self, settings: LoadSettings, services: PluginServices) -> Domain[Any]:
        return noop_domain()

    def drop_handlers(self) -> Sequence[Any]:
        return (LoadDrop(),)
