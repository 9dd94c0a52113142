"""Switching parts of the work off and on while it runs: each switch moves all others, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QSystemTrayIcon

from app.pages.settings_window import SettingsWindow
from app.system.tray import Tray
from tests.helpers.pipeline import contents_of
from tests.helpers.real_files import MixedFolder, make_mixed_folder
from tests.journeys.conftest import Journey
from tests.journeys.real_app import RealApp, started_app

# Said by the offscreen platform, which has no windows above each other.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")


@pytest.fixture
def mixed(tmp_path: Path) -> MixedFolder:
    return make_mixed_folder(tmp_path / "holiday", count=60)


async def start_working(app: RealApp, mixed: MixedFolder) -> None:
    """Drops the folder and waits until its files are being taken in."""
    await app.open()
    app.drop([mixed.root])
    await app.until(lambda: app.handle("ingest").counts.running, "the first file to be taken in")


def assert_all_is_done(app: RealApp, mixed: MixedFolder) -> None:
    stored = contents_of(app.paths.library)
    assert {Path(name).stem for name in stored if name.startswith("content/")} == mixed.stored
    assert {Path(name).stem for name in stored if name.startswith("thumbnails/")} == mixed.thumbnails
    assert contents_of(app.mirror) == stored
    assert app.scheduler.failure_count == len(mixed.failures)
    assert [text.split(":")[0] for text in app.told] == ["holiday"]


def test_sync_is_switched_off_on_its_card_and_on_in_the_settings(
    go: Journey, data_dir: Path, mixed: MixedFolder
) -> None:
    async def journey() -> None:
        async with started_app(data_dir) as app:
            await start_working(app, mixed)
            app.window.show_settings()
            settings = app.window.findChild(SettingsWindow)
            assert settings is not None
            settings.show_page("domains")
            assert app.switch("settings-switch-sync")

            app.click("domain-switch-sync")
            await app.until(lambda: not app.switch("domain-switch-sync"), "sync to be off")
            await app.until(
                lambda: not app.switch("settings-switch-sync"), "the switch in the settings to follow"
            )
            assert app.handle("sync").is_paused
            # Everything else goes on to its end; what is left waits for sync.
            left = {"ingest": 0, "process": 0, "sync": 1, "notify": 1}
            await app.until(
                lambda: {n: c.active for n, c in app.counts.items()} == left, "the rest to be done"
            )
            assert app.handle("sync").counts.paused == 1
            assert app.handle("notify").counts.blocked == 1
            await app.until(lambda: app.card_count("sync", "paused") == "1", "the card to say so")
            assert not app.mirror.exists()
            assert app.told == []

            app.click("settings-switch-sync")
            await app.until(lambda: app.switch("settings-switch-sync"), "sync to be on")
            await app.until(lambda: app.switch("domain-switch-sync"), "the switch on the card to follow")
            assert not app.handle("sync").is_paused
            await app.idle()
            await app.until(lambda: app.told, "the message")
            assert_all_is_done(app, mixed)

    go(journey())


def test_what_is_off_stays_off_over_a_restart(go: Journey, data_dir: Path, mixed: MixedFolder) -> None:
    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            app.click("domain-switch-process")
            await app.until(lambda: not app.switch("domain-switch-process"), "process to be off")
            await start_working(app, mixed)
        async with started_app(data_dir) as app:
            await app.open()
            assert not app.switch("domain-switch-process")
            thumbnails = len(mixed.thumbnails) + 1  # the broken one
            await app.until(lambda: app.handle("process").counts.paused == thumbnails, "all to be taken in")
            assert not (app.paths.library / "thumbnails").exists()
            assert not app.banners("recovery-banner"), "it was ended as it should be"
            app.click("domain-switch-process")
            await app.idle()
            await app.until(lambda: app.told, "the message")
            assert_all_is_done(app, mixed)

    go(journey())


def test_all_is_paused_in_the_tray_and_resumed_in_the_window(
    go: Journey, data_dir: Path, mixed: MixedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    # There is no tray where tests run; its menu works without one.
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)

    async def journey() -> None:
        async with started_app(data_dir) as app:
            await start_working(app, mixed)
            tray = app.desktop.findChild(Tray)
            assert tray is not None
            pause = tray.menu.findChild(QAction, "tray-pause-all")
            resume = tray.menu.findChild(QAction, "tray-resume-all")
            assert pause is not None
            assert resume is not None

            pause.trigger()
            await app.until(lambda: app.scheduler.is_paused, "all to be paused")
            await app.until(lambda: app.scheduler.counts.running == 0, "what ran to be stopped")
            button = app.find(QPushButton, "pause-all")
            await app.until(lambda: button.text() == "Resume all", "the window to follow")
            await app.until(
                lambda: (pause.isVisible(), resume.isVisible()) == (False, True), "the menu to follow"
            )
            done = app.scheduler.counts.completed

            app.click("pause-all")
            await app.until(lambda: button.text() == "Pause all", "all to go on")
            await app.until(
                lambda: (pause.isVisible(), resume.isVisible()) == (True, False), "the menu to follow"
            )
            await app.idle()
            assert app.scheduler.counts.completed > done
            app.click("pause-all")
            await app.until(resume.isVisible, "all to be paused again")
            resume.trigger()
            await app.until(pause.isVisible, "all to go on again")
            stored = contents_of(app.paths.library)
            assert {Path(name).stem for name in stored if name.startswith("content/")} == mixed.stored
            assert contents_of(app.mirror) == stored

    go(journey())
