"""When nothing is to be done, nothing of the window ticks: whatever page is in front, and whatever happened before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractAnimation, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.pages.main_window import MainWindow
from app.settings import SettingsStore
from app.system.stall_watch import StallWatch
from app.widgets.graph_panel import GraphPanel
from tests.app.pages.sessions import Open, dispose, opened
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Nothing, Wait

PAGES = ("overview", "jobs", "queue", "history", "failures")


@pytest.fixture
def settings(tmp_path: Path) -> SettingsStore:
    store = SettingsStore(tmp_path / "settings.toml")
    store.update(general={"welcome_done": True})
    return store


@pytest.fixture
def window(qapp: QApplication, settings: SettingsStore) -> Iterator[MainWindow]:
    made = MainWindow(settings)
    made.show()
    yield made
    dispose(made)


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


async def work(at: Open) -> None:
    """Tasks that end, one that fails, and one that waits to be let go."""
    at.gate.clear()
    await at.tiny.submit_batch(
        [*(Nothing(number=n) for n in range(50)), Fail(), Wait()], tags={"job_id": "one"}
    )
    await at.until(lambda: at.tiny.counts.running == 1 and at.tiny.counts.pending == 0)
    at.gate.set()
    await at.scheduler.wait_idle()
