"""The first start: what the welcome offers, and what ends it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.pages.main_window import MainWindow
from app.settings import SettingsStore
from app.widgets.banner import BannerStack
from tests.app.pages.sessions import dispose, opened, title
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Wait


@pytest.fixture
def newcomer(tmp_path: Path) -> SettingsStore:
    return SettingsStore(tmp_path / "new" / "settings.toml")


@pytest.fixture
def welcoming(qtbot: QtBot, newcomer: SettingsStore) -> Iterator[MainWindow]:
    window = MainWindow(newcomer)
    window.show()
    yield window
    dispose(window)


def test_the_first_start_welcomes_once(welcoming: MainWindow, newcomer: SettingsStore) -> None:
    assert title(welcoming) == ""
    page = welcoming.findChild(QWidget, "page-welcome")
    assert isinstance(page, QWidget)
    assert page.isVisible()
    headings = [label.text() for label in welcoming.findChildren(QLabel) if "Welcome" in label.text()]
    assert headings == ["Welcome to Tidemill"]
    samples, skip = (welcoming.findChild(QPushButton, f"welcome-{name}") for name in ("samples", "skip"))
    assert isinstance(samples, QPushButton)
    assert isinstance(skip, QPushButton)
    assert not samples.isEnabled()
    skip.click()
    assert newcomer.value.general.welcome_done
    assert title(welcoming) == "Overview"
    assert not page.isVisible()


def test_a_chosen_folder_ends_the_welcome(
    welcoming: MainWindow, newcomer: SettingsStore, tmp_path: Path, qtbot: QtBot
) -> None:
    button = welcoming.findChild(QPushButton, "welcome-folder")
    assert isinstance(button, QPushButton)
    button.click()
    dialog = welcoming.findChild(QFileDialog, "choose-files")
    assert isinstance(dialog, QFileDialog)
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    with qtbot.waitSignal(welcoming.files_dropped) as dropped:
        dialog.urlsSelected.emit([QUrl.fromLocalFile(str(tmp_path))])
    assert dropped.args == [[tmp_path]]
    assert newcomer.value.general.welcome_done
    assert title(welcoming) == "Overview"
    dialog.close()


def test_the_samples_can_be_tried_when_the_scheduler_is_open(
    welcoming: MainWindow, newcomer: SettingsStore, qapp: QApplication
) -> None:
    async def script() -> None:
        async with opened(welcoming, newcomer) as at:
            samples = at.child(QPushButton, "welcome-samples")
            assert samples.isEnabled()
            samples.click()
            assert newcomer.value.general.welcome_done
            assert title(welcoming) == "Overview"
            # The tiny domain takes no files: the person is told so.
            banners = welcoming.findChild(BannerStack)
            assert isinstance(banners, BannerStack)
            await at.until(lambda: bool(banners.problems))

    run_on_qt(qapp, script())


def test_work_that_comes_by_itself_ends_the_welcome(
    welcoming: MainWindow, newcomer: SettingsStore, qapp: QApplication
) -> None:
    async def script() -> None:
        async with opened(welcoming, newcomer) as at:
            await at.tiny.submit(Wait())
            await at.until(lambda: title(welcoming) == "Overview")

    run_on_qt(qapp, script())


def test_a_settings_file_that_cannot_be_written_is_told(
    welcoming: MainWindow, newcomer: SettingsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(30, "Read-only file system", str(newcomer.path))

    monkeypatch.setattr(newcomer, "update", refuse)
    skip = welcoming.findChild(QPushButton, "welcome-skip")
    assert isinstance(skip, QPushButton)
    skip.click()
    banners = welcoming.findChild(BannerStack)
    assert isinstance(banners, BannerStack)
    assert "Read-only file system" in banners.problems[0].reason
    overview = welcoming.findChild(QWidget, "page-overview")
    assert isinstance(overview, QWidget)
    assert overview.isVisible()
