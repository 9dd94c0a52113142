"""A banner that tells of a bad value goes when the value is good again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.pages.main_window import MainWindow
from app.problem import Problem
from app.settings import SettingsStore
from app.widgets.banner import BannerStack
from tests.app.pages.sessions import dispose, opened
from tests.app.qt_loop import run_on_qt


@pytest.fixture
def settings(tmp_path: Path) -> SettingsStore:
    store = SettingsStore(tmp_path / "data" / "settings.toml")
    store.update(general={"welcome_done": True, "theme": "light"})
    return store


@pytest.fixture
def window(qtbot: QtBot, settings: SettingsStore) -> Iterator[MainWindow]:
    made = MainWindow(settings)
    made.show()
    yield made
    dispose(made)


def test_a_problem_that_is_no_longer_so_is_taken_away_and_the_others_stay(
    window: MainWindow, settings: SettingsStore, qapp: QApplication
) -> None:
    async def script() -> None:
        bad = Problem(
            "Setting limits.max_concurrency in a file", "too large", "Correct it", severity="warning"
        )
        other = Problem("Setting general.theme in a file", "no theme", "Correct it", severity="warning")
        async with opened(window, settings, problems=[bad, other]) as at:
            banners = window.findChild(BannerStack)
            assert isinstance(banners, BannerStack)
            at.session.commands.mended.emit(bad)
            assert banners.problems == (other,)
            at.session.commands.mended.emit(bad)
            at.session.commands.mended.emit(other)
            assert banners.problems == ()
            assert not banners.isVisible()

    run_on_qt(qapp, script())
