"""The real app in the test's own process: the window, the desktop and everything below them, on one data folder."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QListView,
    QPushButton,
    QTextEdit,
    QTreeView,
    QWidget,
)

from app.bridge.session import Session
from app.desktop import Desktop
from app.language import Language
from app.models.failures_model import FailureColumn
from app.pages.main_window import MainWindow
from app.paths import DataPaths
from app.plugin_host.overrides import Override
from app.run_options import RunOptions
from app.settings import SettingsStore
from app.system.next_paint import NextPaint
from app.system.notifications import Notifier
from app.system.window_loop import WindowLoop
from app.system.window_watch import WindowWatch
from app.widgets.nav_list import NavList
from app.widgets.toast import Toaster
from scheduler_core import DomainCounts, DomainHandle, Scheduler

W = TypeVar("W", bound=QWidget)
LONGEST_WAIT_S = 60.0
_LOOK_EVERY_S = 0.01


@dataclass
class RealApp:
    """One start of the app. `told` collects what the plugins tell the person."""

    paths: DataPaths
    window: MainWindow
    desktop: Desktop
    running: asyncio.Task[int]
    told: list[str] = field(default_factory=list)

    # --- what is below the window -------------------------------------------------------------------------

    @property
    def session(self) -> Session:
        """What the window is attached to."""
        session = self.desktop.session
        assert session is not None, "the data folder is not open"
        return session

    @property
    def scheduler(self) -> Scheduler:
        """The scheduler of the session."""
        return self.session.scheduler

    def handle(self, domain: str) -> DomainHandle[Any]:
        """A domain's handle."""
        return self.scheduler.domain(domain)

    @property
    def counts(self) -> dict[str, DomainCounts]:
        """The counts of each domain."""
        return {handle.name: handle.counts for handle in self.scheduler.domains()}

    @property
    def log(self) -> str:
        """What the log file says."""
        return self.paths.log.read_text("utf-8")

    @property
    def mirror(self) -> Path:
        """Where sync mirrors to by default."""
        return self.paths.root / "mirror"

    # --- waiting ------------------------------------------------------------------------------------------

    async def until(
        self, condition: Callable[[], object], what: str, longest_s: float = LONGEST_WAIT_S
    ) -> None:
        """Returns when `condition` holds; fails, naming `what`, when it does not in time or the app has ended."""
        deadline_s = time.monotonic() + longest_s
        while not condition():
            assert not self.running.done(), f"the app has ended while this was waited for: {what}"
            assert time.monotonic() < deadline_s, f"waited {longest_s:.0f} s for {what}; {self._state()}"
            await asyncio.sleep(_LOOK_EVERY_S)

    async def open(self) -> None:
        """Returns when the database is open and the pages are attached."""
        await self.until(lambda: self.desktop.session is not None, "the data folder to be open")

    async def idle(self) -> None:
        """Returns when all that was asked for is done and the window knows it."""
        commands = self.session.commands
        await commands.wait_idle()
        await self.until(lambda: self.scheduler.counts.active == 0, "all tasks to be done")

    async def sees(self, kind: type[W], name: str) -> W:
        """The widget of this name, once a person sees it."""
        await self.until(lambda: self.seen(kind, name), f"{name} to be seen")
        return self.find(kind, name)

    async def pause_for_paint(self) -> None:
        """Returns when the window has been laid out and painted as it is now."""
        painted = asyncio.get_running_loop().create_future()
        paint = NextPaint(self.window)
        paint.came.connect(lambda came: None if painted.done() else painted.set_result(came))
        self.window.update()
        await painted
        # Words may have changed between that picture and this line: they have their room before anybody looks.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)

    # --- looking ------------------------------------------------------------------------------------------

    def find(self, kind: type[W], name: str, within: QObject | None = None) -> W:
        """The widget of this name that a person sees."""
        found = self.seen(kind, name, within)
        assert found, f"nobody sees a {name}"
        assert len(found) == 1, f"there are {len(found)} called {name}"
        return found[0]

    def seen(self, kind: type[W], name: str, within: QObject | None = None) -> list[W]:
        """The widgets of this name that a person sees."""
        return [one for one in (within or self.window).findChildren(kind, name) if one.isVisible()]

    def words(self, within: QWidget) -> str:
        """All that a person can read within a widget, from the first made to the last."""
        texts: list[str] = []
        for one in within.findChildren(QWidget):
            if one.isVisible() and isinstance(one, QLabel):
                texts.append(one.text())
            elif one.isVisible() and isinstance(one, QTextEdit):
                texts.append(one.toPlainText())
        return "\n".join(text for text in texts if text)

    def card_count(self, domain: str, count: str) -> str:
        """A number on a domain's card: running, waiting, paused or failed."""
        card = self.find(QWidget, f"domain-card-{domain}")
        return self.find(QLabel, f"count-{count}", within=card).text()

    @property
    def toast(self) -> str:
        """The short message at the lower edge; empty when there is none."""
        return "\n".join(toaster.text for toaster in self.seen(Toaster, "toast"))

    def banners(self, name: str = "problem-banner") -> list[str]:
        """The words of the banners that stand above the page: problem-banner, recovery-banner."""
        return [self.words(banner) for banner in self.seen(QWidget, name)]

    async def listed_failures(self, count: int) -> dict[str, str]:
        """Goes to the page Failures and reads it, once it lists `count`: file and message."""
        self.open_page("failures")
        await self.open_cause(0)
        view = await self.sees(QTreeView, "failures-list")
        model = view.model()

        def are_listed() -> bool:
            # The older ones are asked for when somebody scrolls there.
            view.scrollToBottom()
            return model.rowCount() == count

        await self.until(are_listed, f"{count} failures to be listed")

        def cell(row: int, column: FailureColumn) -> str:
            return model.index(row, column).data(Qt.ItemDataRole.DisplayRole)

        return {cell(row, FailureColumn.FILE): cell(row, FailureColumn.MESSAGE) for row in range(count)}

    async def open_cause(self, row: int) -> None:
        """Opens a card on the page Failures with the mouse; the first is that of all failures."""
        if self.seen(QPushButton, "failures-back"):
            self.click("failures-back")
        causes = await self.sees(QListView, "failure-causes")
        await self.until(lambda: causes.model().rowCount() > row, "causes to be listed")
        causes.scrollTo(causes.model().index(row, 0))
        place = causes.visualRect(causes.model().index(row, 0)).center()
        QTest.mouseClick(causes.viewport(), Qt.MouseButton.LeftButton, pos=place)

    # --- acting -------------------------------------------------------------------------------------------

    def click(self, name: str) -> None:
        """Presses the mouse on a button or switch."""
        button = self.find(QAbstractButton, name)
        assert button.isEnabled(), f"{name} cannot be pressed"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def switch(self, name: str) -> bool:
        """Is a switch that a person sees on?"""
        return self.find(QAbstractButton, name).isChecked()

    def open_page(self, name: str) -> None:
        """Chooses a page in the list at the left, with the mouse."""
        nav = self.find(NavList, "nav")
        title = nav.title_of(name)
        model = nav.model()
        row = next(row for row in range(model.rowCount()) if model.index(row, 0).data() == title)
        nav.scrollTo(model.index(row, 0))
        QTest.mouseClick(
            nav.viewport(), Qt.MouseButton.LeftButton, pos=nav.visualRect(model.index(row, 0)).center()
        )
        assert self.find(QWidget, f"page-{name}")

    def drop(self, paths: Sequence[Path]) -> None:
        """Drags files over the window and lets them go."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromEncoded(path.absolute().as_uri().encode("ascii")) for path in paths])
        place = self.window.rect().center()
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        action = Qt.DropAction.CopyAction
        entered = QDragEnterEvent(QPoint(place), action, mime, buttons, keys)
        QApplication.sendEvent(self.window, entered)
        assert entered.isAccepted(), "the window does not want the files"
        let_go = QDropEvent(QPointF(place), action, mime, buttons, keys)
        QApplication.sendEvent(self.window, let_go)
        assert let_go.isAccepted()

    def _state(self) -> str:
        if self.desktop.session is None:
            return "nothing is open"
        active = ", ".join(f"{one.task_type} {one.label}" for one in self.scheduler.active_tasks())
        return f"{self.counts}; at work: {active or 'nothing'}"


@asynccontextmanager
async def started_app(
    root: Path, take: Sequence[Path] = (), overrides: Sequence[str] = (), language: str = "en"
) -> AsyncIterator[RealApp]:
    """Starts the app on the data folder `root` as bootstrap does, and quits it at the end."""
    spoken = Language(language)
    spoken.install()
    options = RunOptions(
        paths=DataPaths(root),
        headless=False,
        take=tuple(take),
        until_idle=False,
        overrides=tuple(Override.parse(text) for text in overrides),
        started_s=time.monotonic(),
    )
    settings = SettingsStore(options.paths.settings)
    window = MainWindow(settings)
    window.show()
    painted = asyncio.get_running_loop().create_future()
    NextPaint(window).came.connect(painted.set_result)
    assert await painted
    desktop = Desktop(window, WindowWatch(window), settings, options, language=spoken)
    notifier = desktop.findChild(Notifier)
    assert notifier is not None
    app = RealApp(options.paths, window, desktop, asyncio.get_running_loop().create_task(desktop.run()))
    notifier.shown_inside.connect(app.told.append)
    try:
        yield app
    finally:
        window.quit_requested.emit()
        await asyncio.wait_for(app.running, LONGEST_WAIT_S)
        window.deleteLater()
        spoken.remove()


def run_journey(app: QApplication, journey: Coroutine[Any, Any, None], longest_s: float = 120.0) -> None:
    """Runs a journey on the loop that the app uses; fails when it takes too long or leaves asyncio tasks behind."""

    async def guarded() -> None:
        async with asyncio.timeout(longest_s):
            await journey
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, f"tasks left behind: {left}"

    quits, _ = app.quitOnLastWindowClosed(), app.setQuitOnLastWindowClosed(False)
    try:
        with WindowLoop(app) as loop:
            executor = ThreadPoolExecutor(max_workers=4, thread_name_prefix="journey")
            loop.set_default_executor(executor)
            loop.run_until_complete(guarded())
    finally:
        app.setQuitOnLastWindowClosed(quits)
        # Outside of an event loop nobody else frees the window.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
