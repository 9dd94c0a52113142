"""Where the inspector is: beside the pages or over them; it opens and closes by key and button, and stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel, QLineEdit, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from app.pages.inspector_room import InspectorRoom
from app.pages.main_window import MainWindow
from app.settings import SettingsStore
from app.widgets.prose import Prose
from tests.app.pages.sessions import Open, dispose, opened
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Wait


@pytest.fixture
def state(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


def room(qtbot: QtBot, state: QSettings, width: int) -> tuple[InspectorRoom, QWidget, QFrame]:
    """A room of that width, the page in it, and the panel."""
    content, panel = QLineEdit(), QFrame()
    panel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made = InspectorRoom(content, state)
    qtbot.addWidget(made)
    made.set_panel(panel)
    made.resize(width, 500)
    made.show()
    return made, content, panel


def test_where_there_is_room_it_stands_beside_the_page(qtbot: QtBot, state: QSettings) -> None:
    made, content, panel = room(qtbot, state, 1080)
    assert not panel.isVisible()
    assert content.width() == 1080
    made.toggle()
    qtbot.waitUntil(lambda: panel.isVisible() and content.width() < 720)
    assert content.mapTo(made, content.rect().topRight()).x() < panel.mapTo(made, panel.rect().topLeft()).x()
    made.toggle()
    qtbot.waitUntil(lambda: not panel.isVisible() and content.width() == 1080)


def test_in_a_narrow_window_it_lies_over_the_page(qtbot: QtBot, state: QSettings) -> None:
    made, content, panel = room(qtbot, state, 540)
    made.toggle()
    qtbot.waitUntil(panel.isVisible)
    assert content.width() == 540, "the page is not squeezed"
    right = panel.mapTo(made, panel.rect().topRight()).x()
    assert right == 539
    assert panel.width() == 540, "what it left of the page could not be read"
    made.resize(1080, 500)
    qtbot.waitUntil(lambda: content.width() < 720)
    made.resize(540, 500)
    qtbot.waitUntil(lambda: content.width() == 540)
    assert panel.isVisible()


def test_in_a_window_between_it_leaves_the_left_of_the_page_and_a_gap(qtbot: QtBot, state: QSettings) -> None:
    made, content, panel = room(qtbot, state, 800)
    made.toggle()
    qtbot.waitUntil(panel.isVisible)
    assert content.width() == 800
    assert panel.mapTo(made, panel.rect().topRight()).x() == 799
    left = panel.mapTo(made, panel.rect().topLeft()).x()
    assert 300 < left < 500
    beside = made.childAt(left - 2, 100)
    assert beside is not None
    assert beside is not content, "nothing of the page shines through beside it"


def test_width_and_whether_it_is_open_are_remembered(qtbot: QtBot, state: QSettings) -> None:
    made, _, panel = room(qtbot, state, 1200)
    made.toggle()
    qtbot.waitUntil(panel.isVisible)
    splitter = made._splitter
    splitter.moveSplitter(700, 1)
    width = panel.width()
    assert 480 <= width <= 500
    again, _, other = room(qtbot, state, 1200)
    assert again.is_open
    qtbot.waitUntil(lambda: other.width() == width)
    again.set_open(False)
    third, _, closed = room(qtbot, state, 1200)
    assert not third.is_open
    assert not closed.isVisible()


@pytest.mark.parametrize("bad", ["", "wide", "-4", "7"])
def test_a_width_that_cannot_be_is_the_usual_one(qtbot: QtBot, state: QSettings, bad: str) -> None:
    state.setValue("inspector-width", bad)
    state.setValue("inspector-open", "true")
    _, _, panel = room(qtbot, state, 1200)
    qtbot.waitUntil(lambda: panel.width() >= 296)


@pytest.mark.parametrize("width", [540, 1080])
def test_escape_closes_it_from_within_and_from_the_page(qtbot: QtBot, state: QSettings, width: int) -> None:
    made, content, panel = room(qtbot, state, width)
    made.activateWindow()
    for widget in (panel, content):
        made.set_open(True)
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_Escape)
        assert not made.is_open
        assert not panel.isVisible()


def test_a_page_that_has_no_room_for_it_hides_it_for_a_while(qtbot: QtBot, state: QSettings) -> None:
    made, _, panel = room(qtbot, state, 1080)
    made.set_open(True)
    made.set_allowed(False)
    assert not panel.isVisible()
    made.toggle()
    assert made.is_open, "the key does nothing there"
    made.set_allowed(True)
    assert panel.isVisible()


# In the window


@pytest.fixture
def window(qtbot: QtBot, qapp: Any, tmp_path: Path) -> Iterator[MainWindow]:
    settings = SettingsStore(tmp_path / "settings.toml")
    settings.update(general={"welcome_done": True})
    made = MainWindow(settings)
    made.resize(1280, 800)
    made.show()
    yield made
    dispose(made)


def title(window: MainWindow) -> str:
    """The task in the inspector."""
    found = window.findChild(Prose, "inspector-title")
    return found.toPlainText() if isinstance(found, Prose) and found.isVisible() else ""


def select(on: Open, name: str, row: int = 0) -> None:
    """A row of a list, as a click does."""
    view = on.child(QTreeView, name)
    view.setCurrentIndex(view.model().index(row, 0))


def test_key_button_and_escape_open_and_close_it(window: MainWindow, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with opened(window, SettingsStore(tmp_path / "settings.toml")) as on:
            assert window.findChild(QWidget, "inspector") is None, "not made before it is wanted"
            window.show_page("queue")
            action = next(one for one in window.actions() if one.shortcut().toString() == "Ctrl+I")
            action.trigger()
            panel = on.child(QFrame, "inspector")
            assert panel.isVisible()
            button = on.child(QAbstractButton, "inspector-toggle")
            assert button.isChecked()
            assert button.accessibleName() == "Inspector"
            button.click()
            assert not panel.isVisible()
            button.click()
            assert panel.isVisible()
            on.child(QAbstractButton, "inspector-close").click()
            assert not panel.isVisible()
            assert not button.isChecked()

    run_on_qt(qapp, play())


def test_it_shows_what_the_page_in_front_has_selected(window: MainWindow, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with opened(window, SettingsStore(tmp_path / "settings.toml")) as on:
            await on.tiny.submit(Wait(number=1), label="one")
            await on.tiny.submit(Wait(number=2), label="two")
            await on.tiny.submit(Fail(), label="broken")
            await on.until(lambda: on.scheduler.failure_count == 1)
            window.show_page("queue")
            await on.until(lambda: on.child(QTreeView, "queue-list").model().rowCount() == 2)
            select(on, "queue-list", 1)
            on.child(QAbstractButton, "inspector-toggle").click()
            await on.until(lambda: title(window) == "two")
            select(on, "queue-list", 0)
            await on.until(lambda: title(window) == "one")
            window.show_page("failures")
            await on.until(lambda: title(window) == "broken")
            window.show_page("queue")
            await on.until(lambda: title(window) == "one")
            # The first of two ends: the list selects the other, the inspector stays.
            on.gate.set()
            state = on.child(QLabel, "inspector-state")
            await on.until(lambda: (title(window), state.text()) == ("one", "Completed"))

    run_on_qt(qapp, play())


def test_a_row_that_goes_leaves_its_task_in_the_inspector(
    window: MainWindow, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with opened(window, SettingsStore(tmp_path / "settings.toml")) as on:
            first = (await on.tiny.submit(Wait(number=1), label="one")).id or 0
            await on.tiny.submit(Wait(number=2), label="two")
            window.show_page("queue")
            await on.until(lambda: on.child(QTreeView, "queue-list").model().rowCount() == 2)
            on.child(QAbstractButton, "inspector-toggle").click()
            select(on, "queue-list", 0)
            await on.until(lambda: title(window) == "one")
            await on.tiny.cancel(first)
            await on.until(lambda: on.child(QTreeView, "queue-list").model().rowCount() == 1)
            state = on.child(QLabel, "inspector-state")
            await on.until(lambda: (title(window), state.text()) == ("one", "Cancelled"))

    run_on_qt(qapp, play())


def test_enter_in_a_list_opens_it(window: MainWindow, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with opened(window, SettingsStore(tmp_path / "settings.toml")) as on:
            await on.tiny.submit(Wait(number=1), label="one")
            window.show_page("queue")
            await on.until(lambda: on.child(QTreeView, "queue-list").model().rowCount() == 1)
            select(on, "queue-list")
            QTest.keyClick(on.child(QTreeView, "queue-list"), Qt.Key.Key_Return)
            await on.until(lambda: title(window) == "one")

    run_on_qt(qapp, play())


def test_a_new_session_begins_with_nothing_selected(window: MainWindow, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        settings = SettingsStore(tmp_path / "settings.toml")
        for number in (1, 2):
            async with opened(window, settings) as on:
                window.show_page("queue")
                await on.tiny.submit(Wait(number=number), label=f"number {number}")
                await on.until(lambda: on.child(QTreeView, "queue-list").model().rowCount() == 1)
                assert title(window) == ""
                select(on, "queue-list")
                if number == 1:
                    on.child(QAbstractButton, "inspector-toggle").click()
                await on.until(lambda number=number: title(window) == f"number {number}")

    run_on_qt(qapp, play())
