"""The palette, by keyboard alone: it finds actions, pages, domains, settings and jobs, does what is chosen, and goes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.models.palette_model import PaletteRole
from app.pages.main_window import MainWindow
from app.pages.settings_window import SettingsWindow
from app.settings import SettingsStore
from tests.app.pages.sessions import Open, dispose, opened, title
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Wait

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|propagateSizeHints)")


class Typist:
    """Somebody who has a keyboard, and eyes."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def open(self) -> None:
        # Not by its key: the offscreen platform has no window manager that keeps a window active.
        found = self.window.findChild(QAction, "action-palette")
        assert found is not None
        assert found.shortcut().toString() == "Ctrl+K"
        found.trigger()
        assert self.is_open

    @property
    def is_open(self) -> bool:
        return any(one.isVisible() for one in self.window.findChildren(QWidget, "palette"))

    @property
    def box(self) -> QLineEdit:
        found = self.window.findChild(QLineEdit, "palette-search")
        assert found is not None
        return found

    @property
    def list(self) -> QListView:
        found = self.window.findChild(QListView, "palette-list")
        assert found is not None
        return found

    @property
    def rows(self) -> list[str]:
        model = self.list.model()
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    @property
    def current(self) -> str:
        return self.list.currentIndex().data() or ""

    def type(self, text: str) -> None:
        assert self.window.focusWidget() is self.box
        QTest.keyClicks(self.box, text)

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.box, key)

    def choose(self, text: str) -> None:
        self.open()
        self.type(text)
        self.press(Qt.Key.Key_Return)
        assert not self.is_open


@pytest.fixture
def settings(tmp_path: Path) -> SettingsStore:
    store = SettingsStore(tmp_path / "settings.toml")
    store.update(general={"welcome_done": True, "theme": "light"})
    return store


@pytest.fixture
def window(qtbot: QtBot, settings: SettingsStore) -> Iterator[MainWindow]:
    window = MainWindow(settings)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    dispose(window)


Play = Callable[[Callable[[Open, Typist], Coroutine[Any, Any, None]]], None]


@pytest.fixture
def play(qapp: QApplication, window: MainWindow, settings: SettingsStore) -> Play:
    def run(script: Callable[[Open, Typist], Coroutine[Any, Any, None]]) -> None:
        async def session() -> None:
            async with opened(window, settings) as at:
                await script(at, Typist(window))

        run_on_qt(qapp, session())

    return run


def test_a_page_is_found_and_the_focus_comes_back(play: Play) -> None:
    async def script(at: Open, typist: Typist) -> None:
        nav = at.child(QWidget, "nav")
        nav.setFocus()
        typist.open()
        assert typist.current == "Show Overview"
        typist.press(Qt.Key.Key_Escape)
        assert not typist.is_open
        assert at.window.focusWidget() is nav
        typist.choose("fail")
        assert title(at.window) == "Failures"

    play(script)


def test_what_had_the_focus_may_be_gone_when_the_palette_closes(play: Play) -> None:
    async def script(at: Open, typist: Typist) -> None:
        button = QPushButton(at.window)
        button.show()
        button.setFocus()
        typist.open()
        button.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        typist.press(Qt.Key.Key_Escape)
        assert not typist.is_open
        typist.choose("fail")
        assert title(at.window) == "Failures"

    play(script)


def test_a_domain_is_paused_and_switched_on_again(play: Play) -> None:
    async def script(at: Open, typist: Typist) -> None:
        typist.choose("pause tiny hour")
        await at.until(lambda: at.tiny.is_paused)
        await at.session.commands.wait_idle()
        assert at.scheduler.pauses()[0].until is not None
        typist.open()
        typist.type("tiny things on")
        assert typist.current == "Switch Tiny things on"
        typist.press(Qt.Key.Key_Return)
        await at.until(lambda: not at.tiny.is_paused)

    play(script)


def test_what_was_used_lately_comes_first_also_after_a_restart(
    play: Play, window: MainWindow, settings: SettingsStore, qapp: QApplication
) -> None:
    async def script(at: Open, typist: Typist) -> None:
        typist.choose("show queue")
        typist.choose("show jobs")
        typist.open()
        assert typist.rows[:2] == ["Show Jobs", "Show Queue"]
        typist.press(Qt.Key.Key_Escape)

    play(script)
    window.hide()
    again = MainWindow(settings)
    again.show()
    again.activateWindow()
    typist = Typist(again)
    typist.open()
    assert typist.rows[:2] == ["Show Jobs", "Show Queue"]
    dispose(again)


def test_a_setting_opens_its_page(play: Play) -> None:
    async def script(at: Open, typist: Typist) -> None:
        typist.choose("tasks at once")
        settings = at.window.findChild(SettingsWindow)
        assert settings is not None
        shown = [one.objectName() for one in settings.findChildren(QWidget) if one.isVisible()]
        assert "settings-limits" in shown or "settings-page-limits" in shown
        settings.close()

    play(script)


def test_jobs_are_found_through_the_store_and_only_for_what_is_typed_now(play: Play) -> None:
    async def script(at: Open, typist: Typist) -> None:
        for number, name in enumerate(["holiday in Rome", "invoices", "holiday in Oslo"]):
            await at.tiny.submit(Wait(number=number), tags={"job_id": name})
        typist.open()
        typist.type("holid")
        await at.until(lambda: {"holiday in Oslo", "holiday in Rome"} <= set(typist.rows))
        assert "invoices" not in typist.rows
        typist.type("ayr")
        await at.until(lambda: "holiday in Rome" in typist.rows)
        assert "holiday in Oslo" not in typist.rows
        while typist.current != "holiday in Rome":
            typist.press(Qt.Key.Key_Down)
        typist.press(Qt.Key.Key_Return)
        assert title(at.window) == "Jobs"
        search = at.child(QWidget, "page-jobs").findChild(QLineEdit, "search")
        assert isinstance(search, QLineEdit)
        assert search.text() == "holiday in Rome"
        search.clear()
        at.gate.set()
        await at.scheduler.wait_idle()

    play(script)


def test_the_keys_move_in_the_list_and_nothing_that_fits_is_said(play: Play) -> None:
    async def script(at: Open, typist: Typist) -> None:
        typist.open()
        first = typist.current
        typist.press(Qt.Key.Key_Up)
        assert typist.current == typist.rows[-1]
        typist.press(Qt.Key.Key_Down)
        assert typist.current == first
        typist.press(Qt.Key.Key_PageDown)
        assert typist.current == typist.rows[8]
        typist.type("qqqqqq")
        assert typist.rows == []
        palette = at.child(QWidget, "palette")
        words = [one.text() for one in palette.findChildren(QLabel) if one.isVisible()]
        assert any("Nothing fits" in text for text in words)
        typist.press(Qt.Key.Key_Return)
        assert typist.is_open
        at.child(QWidget, "nav").setFocus()
        assert not typist.is_open, "it blocks nothing: the focus is elsewhere"

    play(script)


def test_every_row_is_read_out_with_what_it_is_and_its_keys(play: Play) -> None:
    async def script(_at: Open, typist: Typist) -> None:
        typist.open()
        index = typist.list.currentIndex()
        assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Show Overview, Go to, Ctrl+1"
        assert index.data(PaletteRole.KEYS) == "Ctrl+1"
        for widget in (typist.box, typist.list):
            interface = QAccessible.queryAccessibleInterface(widget)
            assert interface.text(QAccessible.Text.Name)
        typist.press(Qt.Key.Key_Escape)

    play(script)


def test_every_action_has_keys_of_its_own_and_is_in_help_and_palette(play: Play) -> None:
    async def script(at: Open, typist: Typist) -> None:
        actions = [one for one in at.window.findChildren(QAction) if one.objectName().startswith("action-")]
        keys = [one.shortcut().toString() for one in actions]
        assert all(keys)
        assert len(set(keys)) == len(keys)
        typist.open()
        listed = set(typist.rows)
        typist.press(Qt.Key.Key_Escape)
        assert {one.text() for one in actions} - listed == {"Go to or do anything"}
        at.window.show_help()
        help_window = at.child(QWidget, "help-window")
        words = {label.text() for label in help_window.findChildren(QLabel)}
        assert {one.text() for one in actions} <= words
        assert set(keys) <= words
        help_window.close()

    play(script)
