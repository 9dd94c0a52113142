"""A main window on a real scheduler, as bootstrap puts them together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.bridge.commands import Commands
from app.bridge.event_bridge import EventBridge
from app.bridge.session import Session
from app.pages.main_window import MainWindow
from app.plugin_host.host import LoadedPlugin
from app.problem import Problem
from app.settings import SettingsStore
from scheduler_core import Clock, DomainHandle, Scheduler, SchedulerConfig, TaskStore
from tests.app.tiny_domain import Tiny, tiny_domain

W = TypeVar("W", bound=QWidget)
LONGEST_WAIT_S = 30.0
BROKEN = LoadedPlugin(
    "weather", "Weather", "", "series-5", 50, None, None,
    Problem("Plugin Weather", "No module named 'requests'", "Update the plugin"),
)  # fmt: skip


def title(window: MainWindow) -> str:
    """What stands above the page."""
    label = window.findChild(QLabel, "page-title")
    assert isinstance(label, QLabel)
    return label.text()


def tiny_plugin() -> LoadedPlugin:
    """How the host would show the tiny domain."""
    return LoadedPlugin("tiny", "Tiny things", "Does tiny things", "series-1", 10, None, None, None)


@dataclass
class Open:
    """One open session and what it is made of."""

    window: MainWindow
    session: Session
    gate: asyncio.Event
    dropped: list[list[Path]] = field(default_factory=list)

    @property
    def scheduler(self) -> Scheduler:
        return self.session.scheduler

    @property
    def tiny(self) -> DomainHandle[Tiny]:
        return self.session.scheduler.domain(Tiny)

    def child(self, kind: type[W], name: str) -> W:
        """The widget of that object name; fails when there is none."""
        found = self.window.findChild(kind, name)
        assert isinstance(found, kind), f"no {kind.__name__} {name}"
        return found

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits until the condition holds; fails after half a minute."""
        await until(condition)


async def until(condition: Callable[[], bool]) -> None:
    """Turns the event loop until the condition holds; fails after half a minute."""
    async with asyncio.timeout(LONGEST_WAIT_S):
        while not condition():
            await asyncio.sleep(0.005)


def dispose(window: MainWindow) -> None:
    """Closes the window and frees it at once: outside of an event loop nobody else would."""
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@asynccontextmanager
async def opened(
    window: MainWindow,
    settings: SettingsStore,
    plugins: Sequence[LoadedPlugin] | None = None,
    problems: Sequence[Problem] = (),
    store: Path | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[Open]:
    """A scheduler with the tiny domain, attached to `window` until the end."""
    gate = asyncio.Event()
    scheduler = Scheduler(
        store=TaskStore.in_memory() if store is None else store,
        domains=[tiny_domain(gate)],
        config=SchedulerConfig(max_concurrency=4, shutdown_grace=0.1),
        clock=clock,
    )
    async with scheduler:
        shown = (tiny_plugin(),) if plugins is None else tuple(plugins)
        commands = Commands(scheduler, settings, shown, window)
        session = Session(
            scheduler, EventBridge(scheduler, window), commands, settings, shown, tuple(problems)
        )
        window.attach(session)
        try:
            yield Open(window, session, gate)
        finally:
            await commands.wait_idle()
            session.events.close()
            window.detach()
