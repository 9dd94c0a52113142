"""The watch finds what holds the loop, and lets an idle app sleep."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from typing import ClassVar

import pytest
from PySide6.QtCore import QCoreApplication

from app.system.stall_watch import StallWatch, stack_of
from scheduler_core import Domain, DomainKey, Scheduler, TaskContext, TaskStore, TypedTask
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Nothing, Tiny, tiny_domain


class Slow(DomainKey):
    name = "slow"


class Hold(TypedTask[Slow]):
    task_type: ClassVar[str] = "hold"
    seconds: float


def slow_domain() -> Domain:
    domain = Domain(Slow)

    @domain.executor(Hold)
    async def hold_the_loop(task: Hold, ctx: TaskContext) -> None:
        # Twice through the loop first, so that the watch has begun.
        await asyncio.sleep(0.03)
        until_s = time.monotonic() + task.seconds
        while time.monotonic() < until_s:
            pass

    return domain


def test_a_stall_is_measured_and_its_place_is_logged(
    qapp: QCoreApplication, caplog: pytest.LogCaptureFixture
) -> None:
    async def stall() -> float:
        async with Scheduler(store=TaskStore.in_memory(), domains=[slow_domain()]) as scheduler:
            watch = StallWatch(scheduler, asyncio.get_running_loop())
            watch.start()
            await scheduler.domain(Slow).submit(Hold(seconds=0.4))
            await scheduler.wait_idle()
            await asyncio.sleep(0.03)
            watch.stop()
            watch.stop()
            return watch.longest_stall_s

    with caplog.at_level(logging.WARNING, logger="app.system.stall_watch"):
        longest_s = run_on_qt(qapp, stall())
    assert 0.35 < longest_s < 5
    assert "hold_the_loop" in caplog.text


def test_idle_it_has_no_timer_and_stopped_it_leaves_no_thread(qapp: QCoreApplication) -> None:
    before = set(threading.enumerate())

    async def idle() -> None:
        async with Scheduler(store=TaskStore.in_memory(), domains=[tiny_domain()]) as scheduler:
            watch = StallWatch(scheduler, asyncio.get_running_loop())
            watch.start()
            assert not watch.is_ticking
            await scheduler.domain(Tiny).submit_batch([Nothing(number=n) for n in range(20)])
            await scheduler.wait_idle()
            while watch.is_ticking:
                await asyncio.sleep(0)
            watch.stop()

    run_on_qt(qapp, idle())
    assert {thread for thread in threading.enumerate() if thread.name == "stall-watch"} <= before


def test_looking_at_a_thread_keeps_nothing_alive_that_the_thread_has_let_go() -> None:
    let_go_by: set[int] = set()

    class Painter:
        def __del__(self) -> None:
            let_go_by.add(threading.get_ident())

    def paint() -> None:
        painter = Painter()  # noqa: F841 - held as long as this runs
        time.sleep(0.001)

    seen: list[str] = []
    mine = threading.get_ident()
    looker = threading.Thread(target=lambda: seen.extend(stack_of(mine) for _ in range(100)))
    looker.start()
    while looker.is_alive():
        paint()
    looker.join()
    assert let_go_by == {mine}
    assert any(stack.splitlines()[-1].endswith(" in paint") for stack in seen)
