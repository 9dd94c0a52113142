"""Another language and other plugins, chosen in the settings while work goes on: all of it holds at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from app.pages.settings_window import SettingsWindow
from app.widgets.nav_list import NavList
from tests.helpers.pipeline import contents_of
from tests.helpers.real_files import MixedFolder, make_mixed_folder
from tests.journeys.conftest import Journey
from tests.journeys.real_app import RealApp, started_app
from tests.journeys.test_switching import assert_all_is_done

# Said by the offscreen platform, which has no windows above each other.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")


@pytest.fixture
def mixed(tmp_path: Path) -> MixedFolder:
    return make_mixed_folder(tmp_path / "holiday", count=60)


def settings_of(app: RealApp) -> SettingsWindow:
    """The settings window, which is open."""
    (found,) = app.seen(SettingsWindow, "settings-window")
    return found


async def open_settings(app: RealApp, page: str) -> SettingsWindow:
    """Opens the settings at a page."""
    app.window.show_settings(page)
    return await app.sees(SettingsWindow, "settings-window")


def choose(app: RealApp, words: str) -> None:
    """Goes to the list of languages and types the first letter of one."""
    box = app.find(QComboBox, "setting-language")
    assert box.findText(words) >= 0, f"{words} is not offered"
    box.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(box, words[0])


def pages(app: RealApp) -> list[str]:
    """What the list at the left offers."""
    model = app.find(NavList, "nav").model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_the_window_speaks_another_language_at_once_and_the_work_goes_on(
    go: Journey, data_dir: Path, mixed: MixedFolder
) -> None:
    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            session, scheduler = app.session, app.scheduler
            place = app.window.geometry()
            settings = await open_settings(app, "general")
            app.drop([mixed.root])
            await app.until(lambda: app.handle("ingest").counts.running, "the first file to be taken in")
            choose(app, "Deutsch")
            await app.until(lambda: "Übersicht" in pages(app), "the window to speak German")
            assert settings_of(app) is settings, "it stays where it stands"
            assert settings.windowTitle() == "Einstellungen · Tidemill"
            language = app.find(QComboBox, "setting-language")
            assert language.currentText() == "Deutsch"
            assert settings.focusWidget() is language
            assert "Verarbeitung" in app.words(app.find(QWidget, "domain-card-process"))
            assert app.window.geometry() == place
            assert app.scheduler is scheduler
            assert app.session is not session
            assert len(app.window.findChildren(QAction, "action-settings")) == 1
            app.open_page("jobs")
            assert app.find(QLabel, "page-title").text() == "Aufträge"
            settings.show_page("general")
            choose(app, "English")
            await app.until(lambda: "Overview" in pages(app), "the window to speak English again")
            assert app.find(QLabel, "page-title").text() == "Jobs", "the page is the same"
            await app.idle()
            assert "interrupted" not in app.log
            assert_all_is_done(app, mixed)

    go(journey())


def test_a_plugin_that_is_switched_off_goes_at_once_and_comes_back_with_its_work(
    go: Journey, data_dir: Path, mixed: MixedFolder
) -> None:
    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            settings = await open_settings(app, "plugins")
            app.click("settings-load-sync")
            await app.until(lambda: app.scheduler.try_domain("sync") is None, "sync to be let go")
            await app.until(lambda: "Sync" not in pages(app), "its page to go")
            assert not app.seen(QWidget, "domain-card-sync")
            card = app.find(QWidget, "settings-plugin-sync")
            assert "Switched off: its tasks wait until it is back." in app.words(card)
            assert settings_of(app) is settings
            assert not app.switch("settings-load-sync")
            assert settings.focusWidget() is not None
            assert settings.focusWidget().objectName() == "settings-load-sync"

            app.drop([mixed.root])
            await app.until(
                lambda: app.counts["process"].completed >= len(mixed.thumbnails), "all thumbnails to be there"
            )
            assert not app.mirror.exists()
            app.click("settings-load-sync")
            await app.until(lambda: app.scheduler.try_domain("sync") is not None, "sync to be back")
            await app.until(lambda: "Sync" in pages(app), "its page to be back")
            assert app.find(QWidget, "domain-card-sync")
            # What came meanwhile had nobody to mirror it: the next job does.
            (mixed.root / "late.txt").write_text("late")
            app.drop([mixed.root])
            await app.until(lambda: app.mirror.exists(), "the mirror to be begun")
            await app.idle()
            assert contents_of(app.mirror) == contents_of(app.paths.library)

    go(journey())


def test_the_last_plugin_stays(go: Journey, data_dir: Path) -> None:
    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            await open_settings(app, "plugins")
            for name in ("ingest", "process", "sync"):
                app.click(f"settings-load-{name}")
                await app.until(lambda name=name: app.scheduler.try_domain(name) is None, f"{name} to go")
                await app.until(
                    lambda name=name: not app.switch(f"settings-load-{name}"), "the page to be made anew"
                )
            app.click("settings-load-notify")
            await app.until(lambda: app.switch("settings-load-notify"), "the switch to go back")
            assert "Switch another one on first" in app.words(app.find(QWidget, "settings-plugin-notify"))
            assert [handle.name for handle in app.scheduler.domains()] == ["notify"]

    go(journey())
