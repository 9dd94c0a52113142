"""Everything that shows or changes a pause or a limit, on one real scheduler: window, tray and settings at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from app.pages.main_window import MainWindow
from app.settings import SettingsStore
from app.system.tray import Tray
from app.widgets.graph_panel import GraphPanel
from app.work_settings import WorkSettings
from scheduler_core import DomainHandle, Scheduler
from tests.app.pages.sessions import Open, opened, until
from tests.app.pages.statements import Statements
from tests.app.tiny_domain import Tiny, Wait

W = TypeVar("W", bound=QWidget)
FRAME_S = 1 / 60
MOST_TURNS = 3
"""Of the event loop, where the machine is slower than a screen."""
FAR_S = 3600.0
GROUP = "disk"

Views = Mapping[str, Callable[[], object]]


@dataclass
class WholeShell:
    """One open session with all that a person may have in sight."""

    at: Open
    tray: Tray
    statements: Statements

    @property
    def scheduler(self) -> Scheduler:
        return self.at.scheduler

    @property
    def tiny(self) -> DomainHandle[Tiny]:
        return self.at.tiny

    @property
    def window(self) -> MainWindow:
        return self.at.window

    @property
    def settings(self) -> SettingsStore:
        return self.at.session.settings

    def child(self, kind: type[W], name: str) -> W:
        """The one widget of that name, in any window, whatever page is in front."""
        found = self.window.findChildren(kind, name)
        assert len(found) == 1, f"{len(found)} {kind.__name__} {name}"
        return found[0]

    def sees(self, kind: type[W], name: str) -> W | None:
        """The widget of that name, if a person sees it."""
        return next((one for one in self.window.findChildren(kind, name) if one.isVisible()), None)

    def entry(self, name: str) -> QAction:
        """An entry of the tray's menu."""
        found = self.tray.menu.findChild(QAction, name)
        assert isinstance(found, QAction), name
        return found

    def action(self, name: str) -> None:
        """As if the keys of an action were pressed."""
        found = self.window.findChild(QAction, f"action-{name}")
        assert isinstance(found, QAction), name
        found.trigger()

    def palette(self, text: str) -> None:
        """Types it into the palette and presses Enter."""
        self.action("palette")
        box = self.child(QLineEdit, "palette-search")
        box.setText(text)
        box.returnPressed.emit()

    def title_of_entry(self, key: str) -> str:
        """How the palette would call an entry now."""
        return next(one.title for one in self.window._entries() if one.key == key)

    async def front(self, page: str) -> None:
        """Brings a page to the front and waits until it has asked what it has to."""
        if self.sees(QWidget, f"page-{page}") is None:
            self.window.show_page(page)
            await self.settled()

    async def settled(self) -> None:
        """Every intent is carried out, every page has asked, and the graphs are there."""
        await self.at.session.commands.wait_idle()
        await until(lambda: self.window.findChild(GraphPanel) is not None)
        while True:
            await until(self._is_front_settled)
            await self.statements.quiet()
            if self._is_front_settled():
                return

    def _is_front_settled(self) -> bool:
        """Has the page in front asked what it has to, with nothing more to ask?"""
        return getattr(self.window._pages.currentWidget(), "is_settled", True)

    async def shows_within_a_frame(
        self, event: Heard, views: Views, wanted: object, what: str, *, asks_nothing: bool
    ) -> None:
        """All views show `wanted` one frame after the scheduler told of it; with `asks_nothing` no store is asked by then.

        (When an order of the window has been carried out, whatever it was, failures are asked for anew.)
        """
        await event.wait()
        while late := [name for name, look in views.items() if look() != wanted]:
            event.turns += 1
            assert event.turns <= MOST_TURNS or time.monotonic() - event.at_s <= FRAME_S, (
                f"{what}: {late} late"
            )
            await asyncio.sleep(0)
        asked = self.statements.noted[event.statements :]
        assert not (asks_nothing and asked), f"{what}: the database was asked: {asked}"


class Heard:
    """When a signal came, and how many statements there had been by then."""

    def __init__(self, shell: WholeShell, *signals: Any) -> None:
        self._shell = shell
        self._signals = signals
        self._came = asyncio.Event()
        self.at_s = 0.0
        self.turns = 0
        self.statements = 0
        for signal in signals:
            signal.connect(self._on, check_nargs=False)

    async def wait(self) -> None:
        """Returns once it came."""
        async with asyncio.timeout(10):
            await self._came.wait()
        for signal in self._signals:
            signal.disconnect(self._on)

    def _on(self, *_: object) -> None:
        if not self._came.is_set():
            self.at_s = time.monotonic()
            self.statements = len(self._shell.statements.noted)
            self._came.set()


@asynccontextmanager
async def whole_shell(window: MainWindow, settings: SettingsStore) -> AsyncIterator[WholeShell]:
    """A session with a domain, a group whose one task is for later, the tray and the settings window."""
    async with opened(window, settings) as at:
        work = WorkSettings(at.scheduler, settings.value)
        settings.changed.connect(work.apply)
        tray = Tray()
        shell = WholeShell(at, tray, Statements(at.scheduler))
        await at.tiny.submit(Wait(number=1), group=GROUP, run_after=FAR_S)
        tray.attach(at.scheduler, at.session.commands, {"tiny": "Tiny things"})
        window.show_settings()
        window.show_page("domain-tiny")
        window.show_page("overview")
        await shell.statements.watch()
        try:
            await shell.settled()
            yield shell
        finally:
            await shell.settled()
            settings.changed.disconnect(work.apply)
            tray.close()
            QApplication.processEvents()


def words_of(shell: WholeShell, name: str) -> str:
    """What a label or a button says; empty while nobody sees it."""
    label = shell.sees(QLabel, name) or shell.sees(QPushButton, name)
    return "" if label is None else label.text()
