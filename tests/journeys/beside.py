"""Runs the real program in the main thread, and beside it, in a thread of its own, a script that looks and acts."""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.__main__ import main
from app.pages.main_window import MainWindow
from app.pages.settings_window import SettingsWindow
from tests.journeys.looking import cut_off

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.settings import SettingsStore
    from scheduler_core import Scheduler

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)

LONGEST_WAIT_S = 60.0
_LOOK_EVERY_S = 0.05
_LAID_OUT_S = 5.0


class Onlooker(QObject):
    """Asks on the GUI's thread from a script's thread. Nothing in the app knows of it."""

    _asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._ended = threading.Event()
        app = QApplication.instance()
        assert app is not None
        self._asked.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self.moveToThread(app.thread())

    def ask(self, question: Callable[[], T]) -> T:
        """What `question` answers on the GUI's thread; what it raises is raised here."""
        answered = threading.Event()
        answer: list[Any] = []

        def run() -> None:
            try:
                answer.extend((question(), None))
            except Exception as error:  # noqa: BLE001 - it belongs to whoever asked
                answer.extend((None, error))
            answered.set()

        self._asked.emit(run)
        if not answered.wait(LONGEST_WAIT_S):
            raise TimeoutError("the window does not answer")
        if answer[1] is not None:
            raise answer[1]
        return cast(T, answer[0])

    def until(self, question: Callable[[], T | None], what: str, longest_s: float = LONGEST_WAIT_S) -> T:
        """The first answer that is true; fails the script, naming `what`, when there is none in time."""
        deadline_s = time.monotonic() + longest_s
        while not (found := self.ask(question)):
            if time.monotonic() > deadline_s:
                raise TimeoutError(f"waited {longest_s:.0f} s for {what}; {self.ask(self.state)}")
            self._ended.wait(_LOOK_EVERY_S)
        return found

    @property
    def window(self) -> MainWindow:
        """The main window; to be asked for on the GUI's thread."""
        return next(one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow))

    @property
    def settings_window(self) -> SettingsWindow:
        """The settings window, which has been opened; to be asked for on the GUI's thread."""
        found = self.window.findChild(SettingsWindow)
        assert found is not None
        return found

    def find(self, kind: type[W], name: str) -> W | None:
        """A widget that a person could see and use now; to be asked for on the GUI's thread."""
        found = (one for window in QApplication.topLevelWidgets() for one in window.findChildren(kind, name))
        return next((one for one in found if one.isVisible() and one.isEnabled()), None)

    def place_of(self, kind: type[QWidget], name: str) -> tuple[int, int]:
        """Where the middle of a widget lies on the screen, once it can be seen and used; in the screen's pixels."""

        def place() -> tuple[int, int] | None:
            widget = self.find(kind, name)
            if widget is None or widget.visibleRegion().isEmpty():
                return None
            ratio = widget.devicePixelRatio()
            middle = widget.mapToGlobal(QPoint(widget.width() // 2, widget.height() // 2))
            return round(middle.x() * ratio), round(middle.y() * ratio)

        return self.until(place, f"{name} to be seen")

    def all_words_fit(self, window: Callable[[], QWidget], what: str) -> None:
        """Returns when no word of a window is cut off; what has just changed is laid out a moment later."""
        found: list[str] = []

        def fit() -> bool:
            found[:] = cut_off(window())
            return not found

        try:
            self.until(fit, "all words to fit", _LAID_OUT_S)
        except TimeoutError as error:
            raise AssertionError(f"{what}: {found}") from error

    @property
    def session(self) -> Session | None:
        """What the window is attached to; to be asked for on the GUI's thread."""
        return self.window._session

    @property
    def settings(self) -> SettingsStore:
        """The app's settings; to be asked for on the GUI's thread."""
        assert self.session is not None
        return self.session.settings

    @property
    def scheduler(self) -> Scheduler:
        """The scheduler that is open; to be asked for on the GUI's thread."""
        assert self.session is not None
        return self.session.scheduler

    def drop(self, *paths: Path) -> None:
        """Gives the window files, as a drop on it does."""
        self.ask(lambda: self.window.files_dropped.emit(list(paths)))

    def is_open(self) -> bool:
        """Is there a scheduler? To be asked on the GUI's thread."""
        return self.session is not None

    def is_idle(self) -> bool:
        """Is everything done that was submitted, and was there anything? To be asked on the GUI's thread."""
        counts = self.session.scheduler.counts if self.session else None
        return counts is not None and counts.completed > 0 and counts.active == 0

    def running(self, *domains: str) -> bool:
        """Does a task of each of these domains run? To be asked on the GUI's thread."""
        session = self.session
        return session is not None and all(session.scheduler.domain(one).counts.running for one in domains)

    def state(self) -> str:
        """How things are, for the message of a script that fails; to be asked for on the GUI's thread."""
        if self.session is None:
            return "nothing is open"
        return "; ".join(f"{one.name}: {one.counts!r}" for one in self.session.scheduler.domains())

    def pause(self, seconds: float) -> None:
        """Lets the app work for a while."""
        self._ended.wait(seconds)

    def _answer(self, run: Callable[[], None]) -> None:
        run()


def run_with(arguments: list[str], script: Callable[[Onlooker], None]) -> int:
    """Runs `tidemill ARGUMENTS` with `script` beside it, ends it like a person who quits; returns the exit code.

    A script that fails prints its traceback and makes the code 70.
    """
    failed: list[BaseException] = []

    def play() -> None:
        try:
            onlooker = _wait_for_app()
            onlooker.until(
                lambda: any(isinstance(one, MainWindow) for one in QApplication.topLevelWidgets()), "a window"
            )
        except TimeoutError:
            traceback.print_exc()
            os._exit(70)
        try:
            script(onlooker)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the program is ended and the code tells
            traceback.print_exc()
            failed.append(error)
        onlooker.ask(lambda: onlooker.window.quit_requested.emit())

    sys.argv = ["tidemill", *arguments]
    beside = threading.Thread(target=play, name="beside", daemon=True)
    beside.start()
    code = main()
    beside.join(LONGEST_WAIT_S)
    return 70 if failed else code


def _wait_for_app() -> Onlooker:
    for _ in range(int(LONGEST_WAIT_S / _LOOK_EVERY_S)):
        if QApplication.instance() is not None:
            return Onlooker()
        threading.Event().wait(_LOOK_EVERY_S)
    raise TimeoutError("there is no application")
