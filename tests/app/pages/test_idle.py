"""When nothing is to be done, nothing of the window ticks: whatever page is in front, and whatever happened before."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QAbstractAnimation, QObject, QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.pages.main_window import MainWindow
from app.settings import SettingsStore
from app.system.stall_watch import StallWatch
from app.widgets.graph_panel import GraphPanel
from scheduler_core import RecurringSchedule
from scheduler_core.testing import START, ManualClock, run_until_idle
from tests.app.pages.sessions import Open, opened
from tests.app.pages.statements import Statements
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Nothing, Wait

PAGES = ("overview", "jobs", "queue", "history", "failures")
MINUTES = 10
FAR_S = 86_400.0

# Said by the offscreen platform, which has no windows above each other.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|propagateSizeHints)")


def moving(window: QWidget) -> list[QObject]:
    """The timers and animations that are not at rest."""
    timers: list[QObject] = [one for one in window.findChildren(QTimer) if one.isActive()]
    animations = window.findChildren(QAbstractAnimation)
    return timers + [one for one in animations if one.state() == QAbstractAnimation.State.Running]


def asyncio_timers() -> list[str]:
    """What the app or the scheduler has told asyncio to call later."""
    handles = asyncio.get_running_loop()._timer._SimpleTimer__callbacks.values()  # type: ignore[attr-defined]
    modules = [str(getattr(one._callback, "__module__", "")) for one in handles if not one.cancelled()]
    return [name for name in modules if name.startswith(("app.", "scheduler_core."))]


def test_at_rest_nothing_ticks_on_any_page(
    window: MainWindow, settings: SettingsStore, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    for feed in ("overview_feed", "jobs_feed", "running_feed"):
        monkeypatch.setattr(f"app.pages.{feed}._TICK_MS", 50)

    async def script() -> None:
        async with opened(window, settings) as at:
            watch = StallWatch(at.scheduler, asyncio.get_running_loop())
            watch.start()
            try:
                await at.until(lambda: window.findChild(GraphPanel) is not None)
                for page in PAGES:
                    window.show_page(page)
                    await work(at)
                    await at.until(lambda: not moving(window) and not asyncio_timers())
            finally:
                watch.stop()

    run_on_qt(qapp, script())


@pytest.mark.parametrize("state", ["everything waits", "a task runs"])
def test_no_page_asks_the_store_on_a_timer(
    state: str, window: MainWindow, settings: SettingsStore, qapp: QApplication
) -> None:
    """Ten minutes pass for the scheduler, and each timer that a page has fires, in front of every page."""
    clock = ManualClock()

    async def script() -> None:
        async with opened(window, settings, clock=clock) as at:
            await fill(at)
            if state == "a task runs":
                await at.tiny.submit(Wait(number=2), tags={"job_id": "two"})
                await at.until(lambda: at.tiny.counts.running == 1)
            statements = Statements(at.scheduler)
            await statements.watch()
            window.show_settings()
            at.child(QPushButton, "inspector-toggle").click()
            await at.until(lambda: window.findChild(GraphPanel) is not None)
            for page in (*PAGES, "domain-tiny"):
                window.show_page(page)
                await at.until(lambda page=page: settled(window, page))
                await statements.quiet()
                before = len(statements.noted)
                for _ in range(MINUTES):
                    clock.advance(60)
                    fired = [one for one in window.findChildren(QTimer) if one.isActive()]
                    for timer in fired:
                        timer.timeout.emit()
                    await asyncio.sleep(0)
                await statements.quiet()
                asked = statements.noted[before:]
                assert not asked, f"{page} asks: {asked}"
            # The clock stands still: nobody would wait for a task to be interrupted.
            at.gate.set()
            await at.until(lambda: not at.tiny.counts.running)

    run_on_qt(qapp, script(), 60)


async def fill(at: Open) -> None:
    """Something to be seen on every page, and things that are due later than this test looks."""
    at.gate.set()
    await at.tiny.submit_batch([*(Nothing(number=n) for n in range(5)), Fail()], tags={"job_id": "one"})
    await run_until_idle(at.scheduler)
    at.gate.clear()
    await at.tiny.submit_batch([Nothing(number=n) for n in range(100, 105)], run_after=FAR_S, group="disk")
    await at.tiny.submit(
        Nothing(number=9), label="nightly", recurring=RecurringSchedule(every=FAR_S, initial_delay=FAR_S)
    )
    await at.tiny.pause_group("disk", datetime.fromtimestamp(START + 2 * FAR_S, UTC))
    await run_until_idle(at.scheduler)


def settled(window: MainWindow, name: str) -> bool:
    """Has the page asked what it has to?"""
    page = window.findChild(QWidget, f"page-{name}")
    return page is not None and page.isVisible() and getattr(page, "is_settled", True)


async def work(at: Open) -> None:
    """Tasks that end, one that fails, and one that waits to be let go."""
    at.gate.clear()
    await at.tiny.submit_batch(
        [*(Nothing(number=n) for n in range(50)), Fail(), Wait()], tags={"job_id": "one"}
    )
    await at.until(lambda: at.tiny.counts.running == 1 and at.tiny.counts.pending == 0)
    at.gate.set()
    await at.scheduler.wait_idle()
