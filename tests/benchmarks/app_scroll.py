"""A plugin that scrolls and searches a list of the real app as a person does, and measures each picture.

It runs inside the app. `python -m app run --take FILE` begins it: FILE is JSON, a `Scroll`. What it measured is written
beside FILE.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QListView, QWidget

from app.widgets.nav_list import NavList
from scheduler_core import Domain, DomainKey, DomainPlugin, DropReceipt, PluginServices, Scheduler
from tests.benchmarks.album import Album, album_domain
from tests.benchmarks.load import Scroll, Scrolled, result_file
from tests.benchmarks.loop_probe import LoopProbe

_PAUSE_S = 0.1
"""Where nothing moved the list was at the end of what is loaded; then a person waits for more."""
_LONGEST_WAIT_S = 1.0
_LONGEST_SEARCH_S = 60.0
_ASKED = QEvent.Type(QEvent.registerEventType())
T = TypeVar("T", bound=QObject)
_NO_KEYS = Qt.KeyboardModifier.NoModifier


class Frames(QObject):
    """How long it takes until a list shows what was done, each time until all is painted and Qt has nothing else to do."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._answered = asyncio.Event()
        self._is_waiting = self._has_moved = False
        self._done: tuple[float, float] | None = None
        self.clock_s: list[float] = []
        self.computed_s: list[float] = []
        view.window().installEventFilter(self)
        view.verticalScrollBar().valueChanged.connect(self._on_moved)
        view.selectionModel().currentChanged.connect(self._on_moved)

    async def show(self, act: Callable[[], None], *, always: bool = False) -> None:
        """Does `act` and waits for the picture; for none where nothing moved, unless there is one `always`."""
        self._answered.clear()
        self._done = None
        self._is_waiting, self._has_moved = True, always
        begun_s, begun_cpu_s = time.perf_counter(), time.thread_time()
        act()
        # It comes when Qt has dealt with what was done.
        QApplication.postEvent(self, QEvent(_ASKED))
        with contextlib.suppress(TimeoutError):
            # What moved out of sight is not painted.
            await asyncio.wait_for(self._answered.wait(), _LONGEST_WAIT_S)
        self._is_waiting = False
        if self._done is None:
            await asyncio.sleep(_PAUSE_S)
        else:
            self.clock_s.append(self._done[0] - begun_s)
            self.computed_s.append(self._done[1] - begun_cpu_s)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's hook; never swallows an event."""
        # This one paints all that has changed.
        if event.type() == QEvent.Type.UpdateRequest and self._is_waiting and self._has_moved:
            self._is_waiting = False
            QTimer.singleShot(0, self, self._on_painted)
        return False

    def event(self, event: QEvent) -> bool:
        """Qt's hook; has anything moved until now?"""
        if event.type() == _ASKED and not self._has_moved:
            self._is_waiting = False
            self._answered.set()
        return super().event(event)

    def _on_moved(self) -> None:
        self._has_moved = True

    def _on_painted(self) -> None:
        self._done = (time.perf_counter(), time.thread_time())
        self._answered.set()


class Hand:
    """Turns the wheel, presses keys and moves the scroll bar of one list."""

    def __init__(self, view: QAbstractItemView) -> None:
        self._view = view

    def turn_wheel(self, steps: int) -> None:
        """Down, or up with a negative number; a step is what one notch of a wheel does."""
        place = QPointF(self._view.viewport().rect().center())
        event = QWheelEvent(
            place, self._view.viewport().mapToGlobal(place), QPoint(), QPoint(0, -120 * steps),
            Qt.MouseButton.NoButton, _NO_KEYS, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.postEvent(self._view.viewport(), event)

    def press(self, key: Qt.Key, text: str = "", target: QWidget | None = None) -> None:
        """One key, in the list or elsewhere."""
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.postEvent(target or self._view, QKeyEvent(kind, key, _NO_KEYS, text))

    def drag_bar(self, share: float) -> None:
        """To this place between the upper end of the list, 0.0, and the lower, 1.0."""
        bar = self._view.verticalScrollBar()
        bar.setSliderPosition(round(share * bar.maximum()))


async def scroll_and_search(scroll: Scroll) -> Scrolled:
    """Waits until the window has come to rest on the page, then does what is asked for."""
    probe = LoopProbe()
    probe.start()
    await probe.wait_quiet()
    window = next(one for one in QApplication.topLevelWidgets() if one.findChild(NavList) is not None)
    _child(window, NavList, "nav").show_page(scroll.page)
    view = _child(window, QAbstractItemView, f"{scroll.page}-list")
    await probe.wait_quiet()
    if not view.isVisible():
        # On a small screen the list is behind the card of its cause, which Enter opens.
        Hand(_child(window, QListView, "failure-causes")).press(Qt.Key.Key_Return)
        await probe.wait_quiet()
    frames, typed = Frames(view), Frames(view)
    rows = await _scroll(view, frames, scroll.screens)
    found = 0
    if scroll.text:
        page = _child(window, QWidget, f"page-{scroll.page}")
        found = await _search(page, view, typed, scroll.text)
    late = probe.stop()
    return Scrolled(
        frames_s=frames.clock_s,
        computed_s=frames.computed_s,
        typed_s=typed.clock_s,
        typed_computed_s=typed.computed_s,
        longest_ours_s=max(late.ours_s, default=0.0),
        rows=rows,
        held=view.model().rowCount(),
        found=found,
    )


async def _scroll(view: QAbstractItemView, frames: Frames, screens: int) -> int:
    """Down by the wheel, the keys and the bar, and up again by each; how far down it came, in rows."""
    hand = Hand(view)
    key = Qt.Key
    for _ in range(screens * 4):
        await frames.show(lambda: hand.turn_wheel(1))
    for _ in range(screens):
        await frames.show(lambda: hand.press(key.Key_PageDown))
    for _ in range(screens):
        await frames.show(lambda: hand.press(key.Key_End))
    for place in range(screens):
        await frames.show(lambda place=place: hand.drag_bar(1 - (place % 10) / 10))
        await frames.show(lambda: hand.drag_bar(1.0))
    rows = view.model().rowCount()
    for _ in range(screens):
        await frames.show(lambda: hand.press(key.Key_PageUp))
    for _ in range(screens * 4):
        await frames.show(lambda: hand.turn_wheel(-1))
    await frames.show(lambda: hand.press(key.Key_Home))
    return rows


async def _search(page: QWidget, view: QAbstractItemView, frames: Frames, text: str) -> int:
    """Types `text` letter by letter, and takes it back; how many rows the whole of it found."""
    hand, field = Hand(view), _child(page, QLineEdit, "search")
    field.setFocus()
    for letter in text:
        await frames.show(lambda letter=letter: hand.press(Qt.Key.Key_unknown, letter, field), always=True)
        await asyncio.sleep(_PAUSE_S)
    # All older jobs are looked through for it.
    async with asyncio.timeout(_LONGEST_SEARCH_S):
        while not (found := view.model().rowCount()):
            await asyncio.sleep(_PAUSE_S)
    for _ in text:
        await frames.show(lambda: hand.press(Qt.Key.Key_Backspace, "\b", field), always=True)
    return found


def _child(window: QWidget, kind: type[T], name: str) -> T:
    (found,) = (one for one in window.findChildren(kind, name))
    return found


class ScrollDrop:
    """Takes the order."""

    title = "Scroll"

    def accepts(self, paths: Sequence[Path]) -> bool:
        return len(paths) == 1 and paths[0].suffix == ".order"

    async def submit(self, paths: Sequence[Path], scheduler: Scheduler) -> DropReceipt:
        (order,) = paths
        scrolled = await scroll_and_search(Scroll(**json.loads(order.read_text())))
        result = result_file(order)
        unfinished = result.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(asdict(scrolled)))
        unfinished.rename(result)
        return DropReceipt(job_tag="job_id", job_value="bench", task_ids=(), title="Measured")


class ScrollSettings(BaseModel):
    """None."""


class ScrollPlugin(DomainPlugin[ScrollSettings]):
    """The domain of photos as a plugin of the app."""

    key: ClassVar[type[DomainKey]] = Album
    settings_model: ClassVar[type[BaseModel]] = ScrollSettings

    def build(self, settings: ScrollSettings, services: PluginServices) -> Domain[Any]:
        return album_domain()

    def drop_handlers(self) -> Sequence[Any]:
        return (ScrollDrop(),)
