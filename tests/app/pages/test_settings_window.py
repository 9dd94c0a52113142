"""Settings as a person changes them: at once where that can be, else truthfully later, and refused in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel, Field
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.pages.settings_window import SettingsWindow
from app.plugin_host.host import LoadedPlugin
from app.problem import Problem
from app.widgets.cap_box import CapBox
from app.widgets.fold import Fold
from app.widgets.switch import Switch
from scheduler_core import Domain, DomainPlugin, HealthReport, PluginServices
from tests.app.pages.page_session import Stage, child, stage
from tests.app.pages.sessions import tiny_plugin
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Tiny, tiny_domain


class TinySettings(BaseModel):
    """What the tiny domain lets a person set."""

    edge: int = Field(512, ge=64, le=2048, title="Size of thumbnails")
    target: Path | None = Field(default=None, title="Mirror to")


class StubbornSettings(BaseModel):
    """What another domain lets a person set, at its start only."""

    level: int = Field(3, title="Level")


class StubbornPlugin(DomainPlugin[StubbornSettings]):
    """Cannot be built anew while its tasks run."""

    key = Tiny
    settings_model: ClassVar[type[BaseModel]] = StubbornSettings
    rebuilds = False

    def build(self, settings: StubbornSettings, services: PluginServices) -> Domain[Any]:
        raise AssertionError("it is built once only")


class TinyPlugin(DomainPlugin[TinySettings]):
    """The tiny domain as a plugin."""

    key = Tiny
    settings_model: ClassVar[type[BaseModel]] = TinySettings

    def build(self, settings: TinySettings, services: PluginServices) -> Domain[Any]:
        return tiny_domain()


PLUGINS = (
    replace(
        tiny_plugin(),
        plugin=TinyPlugin(),
        health=HealthReport(ok=False, message="The disk is not there"),
        version="1.2.3",
        touches=("files", "network"),
    ),
    LoadedPlugin(
        "weather", "Weather", "", "series-5", 50, None, None,
        Problem("Plugin Weather", "No module named 'requests'", "Update it", details="Traceback: line 1"),
    ),
)  # fmt: skip

Play = Callable[[Stage, SettingsWindow], Any]


@pytest.fixture
def play(qtbot: QtBot, qapp: Any, tmp_path: Path) -> Callable[[Play], None]:
    """Runs a script with the window open on a real scheduler."""

    def run(script: Play) -> None:
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


def texts(root: QWidget) -> list[str]:
    return [label.text() for label in root.findChildren(QLabel) if not label.isHidden()]


def test_a_switch_moves_its_domain_and_follows_it(play: Callable[[Play], None]) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        switch = child(window, Switch, "settings-switch-tiny")
        assert switch.isChecked()
        switch.click()
        await on.session.commands.wait_idle()
        assert on.tiny.is_paused
        assert not switch.isChecked()
        await on.tiny.resume()
        assert switch.isChecked()

    play(script)


def test_closed_it_follows_nothing_and_shown_again_it_has_caught_up(play: Callable[[Play], None]) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        window.close()
        window.close()
        assert window.findChild(Switch, "settings-switch-tiny") is None
        await on.tiny.pause()
        on.tiny.set_max_concurrency(5)
        window.show()
        assert not child(window, Switch, "settings-switch-tiny").isChecked()
        assert child(window, CapBox, "settings-concurrency-tiny").cap == 5
        window.detach()
        window.detach()
        window.attach()
        child(window, Switch, "settings-switch-tiny").click()
        await on.session.commands.wait_idle()
        assert not on.tiny.is_paused

    play(script)


def test_limits_apply_at_once_in_both_directions(play: Callable[[Play], None]) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        cap = child(window, CapBox, "settings-concurrency-tiny")
        assert cap.cap == 8
        cap.setValue(3)
        limit = child(child(window, QWidget, "settings-page-limits"), QSpinBox, "setting-max_concurrency")
        assert limit.value() == 4
        limit.setValue(6)
        await on.session.commands.wait_idle()
        assert (on.tiny.max_concurrency, on.scheduler.max_concurrency) == (3, 6)
        assert on.session.settings.value.limits.domains == {"tiny": 3}
        on.tiny.set_max_concurrency(2)
        on.scheduler.set_max_concurrency(9)
        assert (cap.cap, limit.value()) == (2, 9)

    play(script)


def test_a_limit_that_is_refused_is_told_in_its_row(
    play: Callable[[Play], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        def refuse(**_sections: Any) -> None:
            raise OSError("the disk is full")

        monkeypatch.setattr(on.session.settings, "update", refuse)
        page = child(window, QWidget, "settings-page-limits")
        limit = child(page, QSpinBox, "setting-max_concurrency")
        limit.setValue(6)
        await on.session.commands.wait_idle()
        assert limit.value() == on.scheduler.max_concurrency
        child(window, CapBox, "settings-concurrency-tiny").setValue(3)
        await on.session.commands.wait_idle()
        assert any("the disk is full" in text for text in texts(page))
        assert any(
            "the disk is full" in text for text in texts(child(window, QWidget, "settings-page-domains"))
        )

    play(script)


def test_general_settings_are_stored_and_followed(play: Callable[[Play], None]) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        page = child(window, QWidget, "settings-page-general")
        theme, tray = child(page, QComboBox, "setting-theme"), child(page, Switch, "setting-close_to_tray")
        assert [theme.itemText(place) for place in range(theme.count())] == ["System", "Light", "Dark"]
        theme.setFocus()
        QTest.keyClick(theme, Qt.Key.Key_Down)
        QTest.keyClick(theme, Qt.Key.Key_Down)
        tray.click()
        general = on.session.settings.value.general
        assert (general.theme, general.close_to_tray) == ("dark", False)
        on.session.settings.update(general={"theme": "light", "close_to_tray": True})
        assert (theme.currentText(), tray.isChecked()) == ("Light", True)

    play(script)


def test_what_cannot_be_stored_is_told_and_taken_back(
    play: Callable[[Play], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        def refuse(**_sections: Any) -> None:
            raise OSError("read-only")

        monkeypatch.setattr(on.session.settings, "update", refuse)
        page = child(window, QWidget, "settings-page-notifications")
        notify = child(page, Switch, "setting-notifications")
        notify.click()
        assert notify.isChecked()
        assert "It could not be stored: read-only. Nothing has changed." in texts(page)

    play(script)


def test_a_plugins_own_settings_are_checked_by_its_model_and_apply_at_once(
    play: Callable[[Play], None],
) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        window.show_page("domains")
        child(window, Fold, "settings-fold-tiny").set_open(True)
        page = child(window, QWidget, "settings-page-domains")
        assert "Holds for what starts from now on; what runs goes on as it began." in texts(page)
        edge = child(page, QSpinBox, "setting-edge")
        assert (edge.value(), edge.minimum(), edge.maximum()) == (512, 64, 2048)
        edge.setValue(256)
        assert on.session.settings.value.domains == {"tiny": {"edge": 256}}
        line = child(child(page, QWidget, "setting-target"), QLineEdit, "")
        QTest.keyClicks(line, "/mnt/disk")
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert on.session.settings.value.domains["tiny"]["target"] == "/mnt/disk"
        line.clear()
        line.setModified(True)
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert on.session.settings.value.domains == {"tiny": {"edge": 256}}
        await on.slow.wait()
        now = on.session.commands.plugin_now(on.session.plugins[0])
        assert now.settings == TinySettings(edge=256)
        assert "The disk is not there" not in texts(page), "it was asked again, and is well"

    play(script)


def test_a_plugin_that_cannot_be_built_anew_says_what_becomes_of_what_runs(
    qtbot: QtBot, qapp: Any, tmp_path: Path
) -> None:
    async def session() -> None:
        plugins = (replace(tiny_plugin(), plugin=StubbornPlugin()),)
        async with stage(tmp_path, plugins) as on:
            window = SettingsWindow(on.session)
            window.show()
            window.show_page("domains")
            page = child(window, QWidget, "settings-page-domains")
            child(window, Fold, "settings-fold-tiny").set_open(True)
            assert "Holds at once: what runs is interrupted for it, and starts again." in texts(page)
            window.close()
            window.deleteLater()

    run_on_qt(qapp, session())


def test_shown_anew_it_keeps_its_page_its_place_and_the_focus(play: Callable[[Play], None]) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        window.show_page("advanced")
        before = len(window.findChildren(QWidget))
        page = child(window, QScrollArea, "settings-page-advanced")
        window.resize(window.minimumSize())
        QApplication.processEvents()
        page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
        place = page.verticalScrollBar().value()
        assert place > 0
        child(window, QComboBox, "setting-log_level").setFocus()
        for _ in range(3):
            window.renew(on.session)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert len(window.findChildren(QWidget)) == before, "nothing of the old ones is left"
        page = child(window, QScrollArea, "settings-page-advanced")
        assert page.isVisible()
        assert page.verticalScrollBar().value() == place
        assert window.focusWidget() is child(window, QComboBox, "setting-log_level")
        window.close()
        window.renew(on.session)
        assert not window.isVisible(), "who has closed it does not see it again"

    play(script)


def test_its_size_and_page_are_there_again_at_the_next_start(qtbot: QtBot, qapp: Any, tmp_path: Path) -> None:
    async def session() -> None:
        async with stage(tmp_path, PLUGINS) as on:
            window = SettingsWindow(on.session)
            window.show()
            window.show_page("pressure")
            window.resize(720, 500)
            window.close()
            window.deleteLater()
        async with stage(tmp_path, PLUGINS) as on:
            again = SettingsWindow(on.session)
            again.show()
            assert again.size() == QSize(720, 500)
            assert child(again, QWidget, "settings-page-pressure").isVisible()
            again.close()
            again.deleteLater()

    run_on_qt(qapp, session())


def test_a_bad_value_in_the_file_is_told_in_its_row_and_the_one_in_force_shown(
    play: Callable[[Play], None],
) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        window.show_page("domains")
        page = child(window, QWidget, "settings-page-domains")
        edge = child(page, QSpinBox, "setting-edge")
        edge.setValue(256)
        await on.slow.wait()
        path = on.session.settings.path
        path.write_text(path.read_text().replace("256", '"huge"'))
        on.session.settings.reload()
        await on.slow.wait()
        assert edge.value() == 256
        assert any("The stored value 'huge' is not used" in text for text in texts(page))
        assert any("Setting edge of Tiny things" in text for text in texts(page))
        edge.setValue(300)
        await on.slow.wait()
        assert not any("huge" in text for text in texts(page))
        assert on.session.commands.plugin_now(on.session.plugins[0]).settings == TinySettings(edge=300)

    play(script)


def test_what_ails_a_plugin_is_told_where_its_domain_and_its_entry_stand(
    play: Callable[[Play], None],
) -> None:
    async def script(_on: Stage, window: SettingsWindow) -> None:
        domains = texts(child(window, QWidget, "settings-page-domains"))
        assert "The disk is not there" in domains
        assert any("No module named 'requests'" in text for text in domains)
        tiny = texts(child(window, QWidget, "settings-plugin-tiny"))
        assert {"Tiny things", "1.2.3", "Does tiny things. Touches files, the network."} <= set(tiny)
        weather = child(window, QWidget, "settings-plugin-weather")
        child(weather, Fold, "").set_open(True)
        assert child(weather, QPlainTextEdit, "").toPlainText() == "Traceback: line 1"
        assert any("Update it" in text for text in texts(weather))

    play(script)


def test_a_plugin_can_be_switched_off_unless_it_is_the_only_one(play: Callable[[Play], None]) -> None:
    async def script(on: Stage, window: SettingsWindow) -> None:
        window.show_page("plugins")
        switch = child(window, Switch, "settings-load-weather")
        switch.click()
        assert on.session.settings.value.plugins.disabled == ("weather",)
        later = child(window, QLabel, "settings-later-weather")
        assert later.text() == "Switching off…"
        switch.click()
        assert on.session.settings.value.plugins.disabled == ()
        assert later.text() == "Switching on…"
        tiny = child(window, Switch, "settings-load-tiny")
        tiny.click()
        assert on.session.settings.value.plugins.disabled == ()
        assert tiny.isChecked()
        told = texts(child(window, QWidget, "settings-plugin-tiny"))
        assert "It is the only one that is loaded. Switch another one on first." in told

    play(script)


def test_every_control_has_a_name_and_the_window_blocks_nothing(play: Callable[[Play], None]) -> None:
    async def script(_on: Stage, window: SettingsWindow) -> None:
        assert not window.isModal()
        for kind in (QAbstractButton, QAbstractSpinBox, QComboBox, QPlainTextEdit):
            for control in window.findChildren(kind):
                # A scroll bar's and a spin box's own parts belong to Qt.
                if not control.objectName().startswith("qt_"):
                    assert control.accessibleName(), f"{kind.__name__} {control.objectName()}"

    play(script)
