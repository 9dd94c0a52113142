"""A banner that tells of a bad value goes when the value is good again."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from app.pages.main_window import MainWindow
from app.problem import Problem
from app.settings import SettingsStore
from app.widgets.banner import BannerStack
from tests.app.pages.sessions import opened
from tests.app.qt_loop import run_on_qt


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
