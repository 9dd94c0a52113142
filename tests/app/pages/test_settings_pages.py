"""The settings window's pages: all are there, found by search, put back to their defaults, and live both ways."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QTimeEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.pages.settings_general import GeneralPage
from app.pages.settings_window import SettingsWindow
from app.widgets.cap_box import CapBox
from app.widgets.fold import Fold
from app.widgets.rate_box import RateBox
from app.widgets.setting_row import SettingRow
from app.widgets.switch import Switch
from scheduler_core import Priority
from tests.app.pages.page_session import Stage, child, stage
from tests.app.pages.test_settings_window import PLUGINS
from tests.app.qt_loop import run_on_qt

PAGES = ("general", "domains", "limits", "pressure", "plugins", "notifications", "advanced")
Script = Callable[[Stage, SettingsWindow], Any]
Play = Callable[[Script], None]


@pytest.fixture
def play(qtbot: QtBot, qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Runs a script with the window open on a real scheduler; the system's autostart lies in the test's folder."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def run(script: Script) -> None:
        async def session() -> None:
            async with stage(tmp_path, PLUGINS) as on:
                window = SettingsWindow(on.session)
                window.show()
                try:
                    await script(on, window)
                finally:
                    window.close()
                    window.deleteLater()

        run_on_qt(qapp, session())

    return run


def page(window: SettingsWindow, name: str) -> QWidget:
    return child(window, QWidget, f"settings-page-{name}")


def row_of(control: QWidget) -> SettingRow:
    above = control.parentWidget()
    while not isinstance(above, SettingRow):
        assert above is not None
        above = above.parentWidget()
    return above


def reset_button(control: QWidget) -> QToolButton:
    return child(row_of(control), QToolButton, "setting-reset")


def test_every_page_is_there_and_reached_by_the_keyboard(play: Play) -> None:
    async def script(_on: Stage, window: SettingsWindow) -> None:
        nav = child(window, QListWidget, "settings-nav")
        nav.setFocus()
        seen: list[str] = []
        for name in PAGES:
            assert page(window, name).isVisibleTo(window), name
            seen.append(name)
            QTest.keyClick(nav, Qt.Key.Key_Down)
        assert seen == list(PAGES)

    play(script)


def test_what_was_shown_once_is_no_setting(play: Play) -> None:
    async def script(_on: Stage, window: SettingsWindow) -> None:
        for name in ("welcome_done", "tray_hint_shown"):
            assert window.findChild(QWidget, f"setting-{name}") is None

    play(script)


def test_pressure_is_live_both_ways(play: Play) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        marks = child(page(window, "pressure"), QSpinBox, "setting-ordinary")
        assert marks.text() == "75 %"
        marks.setValue(60)
        assert on.scheduler.throttle.limit(Priority.NORMAL) == 0.6
        assert on.scheduler.throttle.limit(Priority.BACKGROUND) == 0.5
        on.session.settings.update(pressure={"ordinary": 40, "quiet_from": time(21, 15)})
        assert marks.value() == 40
        assert child(window, QTimeEdit, "setting-quiet_from").time().toString("HH:mm") == "21:15"
        child(window, Switch, "setting-slow_down").click()
        assert not on.session.settings.value.pressure.slow_down
        assert "disk" in on.scheduler.throttle.ignores
        child(window, QTimeEdit, "setting-quiet_until").setTime(
            child(window, QTimeEdit, "setting-quiet_until").time().addSecs(-3600)
        )
        assert on.session.settings.value.pressure.quiet_until == time(16, 0)
        assert "quiet_until = 16:00:00" in on.session.settings.path.read_text()

    play(script)


def test_a_row_that_differs_from_its_default_can_be_put_back(play: Play) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        window.show_page("pressure")
        mark = child(window, QSpinBox, "setting-ordinary")
        button = reset_button(mark)
        assert button.isHidden()
        mark.setValue(60)
        assert not button.isHidden()
        assert button.toolTip() == "Reset to default: 75 %"
        assert button.accessibleName() == "Reset to default: Ordinary tasks wait above"
        button.click()
        assert (mark.value(), button.isHidden()) == (75, True)
        assert "ordinary" not in on.session.settings.path.read_text()

    play(script)


def test_limits_of_every_kind_are_set_and_put_back(play: Play) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        settings = on.session.settings
        bandwidth = child(window, QDoubleSpinBox, "setting-bandwidth")
        assert bandwidth.text() == "no limit"
        bandwidth.setValue(2.5)
        group = child(window, QSpinBox, "setting-group")
        group.setValue(2)
        assert (settings.value.limits.bandwidth, settings.value.limits.group) == (2.5, 2)
        group.setValue(group.minimum())
        assert settings.value.limits.group is None
        cap = child(window, CapBox, "limits-concurrency-tiny")
        cap.setValue(3)
        await on.session.commands.wait_idle()
        assert on.tiny.max_concurrency == 3
        assert child(window, CapBox, "settings-concurrency-tiny").cap == 3
        reset_button(cap).click()
        assert (on.tiny.max_concurrency, cap.cap) == (8, 8)
        cap.setValue(cap.maximum())
        await on.session.commands.wait_idle()
        assert on.tiny.max_concurrency is None
        rate = child(window, RateBox, "limits-rate-tiny::wait")
        child(rate, QSpinBox, "").setValue(30)
        assert settings.value.limits.rates["tiny::wait"].per == "minute"
        (state,) = (await on.scheduler.snapshot()).rate_limits
        assert (state.limit.rate, state.limit.burst) == (0.5, 30)
        settings.update(limits={"rates": {"tiny::wait": {"count": 5, "per": "hour"}}})
        assert rate.rate is not None
        assert (rate.rate.count, child(rate, QComboBox, "").currentText()) == (5, "an hour")
        reset_button(rate).click()
        assert rate.rate is None
        assert (await on.scheduler.snapshot()).rate_limits == ()

    play(script)


def test_the_search_goes_to_the_row_and_unfolds_what_hides_it(play: Play) -> None:
    async def script(_on: Stage, window: SettingsWindow) -> None:
        line = child(window, QLineEdit, "search")
        nav = child(window, QListWidget, "settings-nav")
        QTest.keyClicks(line, "size thumb")
        results = child(window, QListWidget, "search-results")
        assert [results.item(place).text() for place in range(results.count())] == [
            "Size of thumbnails\nSettings of Tiny things"
        ]
        assert nav.isHidden()
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert page(window, "domains").isVisibleTo(window)
        edge = child(window, QSpinBox, "setting-edge")
        assert child(window, Fold, "settings-fold-tiny").button.isChecked()
        assert window.focusWidget() is edge
        assert not nav.isHidden()
        assert line.text() == ""

    play(script)


def test_the_search_is_done_by_keyboard_and_says_when_there_is_nothing(play: Play) -> None:
    async def script(_on: Stage, window: SettingsWindow) -> None:
        line = child(window, QLineEdit, "search")
        results = child(window, QListWidget, "search-results")
        QTest.keyClicks(line, "battery")
        assert results.count() >= 1
        QTest.keyClick(line, Qt.Key.Key_Down)
        QTest.keyClick(results, Qt.Key.Key_Return)
        assert window.focusWidget() is child(window, Switch, "setting-battery")
        QTest.keyClicks(line, "xyzzy")
        assert results.isHidden()
        QTest.keyClick(line, Qt.Key.Key_Escape)
        assert line.text() == ""
        assert window.isVisible()

    play(script)


def test_all_of_advanced_applies_at_once(play: Play) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        window.show_page("advanced")
        aging = child(window, Switch, "setting-aging")
        child(window, QSpinBox, "setting-keep_days").setValue(30)
        aging.click()
        await on.slow.wait()
        assert on.scheduler.aging is not None
        assert on.session.settings.value.advanced.aging
        aging.click()
        await on.slow.wait()
        assert on.scheduler.aging is None
        words = child(window, QComboBox, "setting-synchronous")
        assert [words.itemText(place) for place in range(words.count())] == ["Now and then", "At each change"]

    play(script)


def test_the_data_folder_is_opened_and_else_named(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        opened: list[str] = []

        def open_url(url: Any) -> bool:
            opened.append(url.toLocalFile())
            return len(opened) > 1

        monkeypatch.setattr("app.pages.settings_advanced.QDesktopServices.openUrl", open_url)
        button = child(window, QPushButton, "open-data-folder")
        button.click()
        folder = str(on.session.settings.path.parent)
        assert opened == [folder]
        assert folder in row_of(button).error
        button.click()
        assert row_of(button).error == ""

    play(script)


class Broken:
    """A system whose entry cannot be written."""

    def is_on(self) -> bool:
        return False

    def set_on(self, on: bool) -> None:
        raise PermissionError(13, "Permission denied", "/etc/xdg")


def test_the_autostart_switch_makes_and_removes_the_entry(play: Play, tmp_path: Path) -> None:
    async def script(_on: Stage, window: SettingsWindow) -> None:
        switch = child(window, Switch, "setting-autostart")
        assert not switch.isChecked()
        switch.click()
        entry = tmp_path / "config" / "autostart" / "tidemill.desktop"
        assert entry.exists()
        entry.unlink()
        window.close()
        window.show()
        assert not switch.isChecked()

    play(script)


def test_an_entry_that_cannot_be_written_is_told_and_the_switch_goes_back(play: Play) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        general = GeneralPage(on.session, Broken())
        general.attach()
        switch = child(general, Switch, "setting-autostart")
        switch.click()
        assert not switch.isChecked()
        assert "Permission denied" in row_of(switch).error
        general.detach()
        general.deleteLater()

    play(script)
