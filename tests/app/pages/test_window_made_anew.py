"""The main window is made anew for another language, and attached anew for other plugins: nothing is told or kept twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from app.language import Language
from app.pages.main_window import MainWindow
from app.pages.page_stack import PageStack
from app.pages.settings_window import SettingsWindow
from app.problem import Problem
from app.settings import SettingsStore
from app.widgets.banner import Banner, BannerStack
from app.widgets.drop_target import DropTarget
from app.widgets.help_window import HelpWindow
from app.widgets.nav_list import NavList
from app.widgets.page_header import PageHeader
from app.widgets.status_bar import StatusBar
from app.widgets.toast import Toaster
from scheduler_core import RecoveryReport
from tests.app.pages.sessions import opened, title, until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Nothing

PAGES = ("overview", "jobs", "queue", "history", "failures")
OBSTACLE = Problem("Data folder /data", "it is of schema 9", "Install a newer Tidemill", details="Traceback")


def test_made_anew_it_speaks_another_language_and_nothing_of_the_old_one_is_left(
    qapp: QApplication, window: MainWindow, settings: SettingsStore
) -> None:
    async def script() -> None:
        async with opened(window, settings, problems=[OBSTACLE]) as on:
            before = asyncio.all_tasks()
            window.show_page("jobs")
            window.toast("said before")
            window.show_help()
            window.show_settings("limits")
            settings_window = window.findChild(SettingsWindow)
            assert settings_window is not None
            place = window.geometry()
            await until(lambda: all(window.findChild(QWidget, f"page-{page}") for page in PAGES))
            counts: list[tuple[int, int]] = []
            german = Language("de")
            german.install()
            try:
                for _ in range(3):
                    window.renew()
                    window.attach(replace(on.session, problems=(), is_first=False))
                    window.show_page("jobs")
                    await until(lambda: all(window.findChild(QWidget, f"page-{page}") for page in PAGES))
                    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
                    counts.append((len(window.children()), len(window.actions())))
            finally:
                german.remove()
            assert len(set(counts)) == 1, f"it grows: {counts}"
            assert title(window) == "Aufträge"
            assert window.geometry() == place
            assert len(window.findChildren(QAction, "action-help")) == 1
            assert window.findChild(HelpWindow) is None
            for kind in (PageStack, NavList, PageHeader, StatusBar, Toaster, DropTarget):
                found = [one for one in window.findChildren(kind) if one.window() is window]
                assert len(found) == 1, found
            assert window.findChild(SettingsWindow) is settings_window
            assert settings_window.windowTitle() == "Einstellungen · Tidemill"
            assert settings_window.isVisible()
            (banners,) = window.findChildren(BannerStack)
            assert banners.problems == (OBSTACLE,), "what nobody has dismissed stays"
            # It works as before.
            await on.scheduler.domain("tiny").submit(Nothing(number=1))
            await on.scheduler.wait_idle()
            assert on.scheduler.counts.completed == 1
            # What was asked for the pages that went.
            await until(lambda: asyncio.all_tasks() <= before)

    run_on_qt(qapp, script())


def test_what_happened_before_is_told_once(
    qapp: QApplication, window: MainWindow, settings: SettingsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script() -> None:
        async with opened(window, settings) as on:
            report = RecoveryReport(requeued=3, pending=3, expired=0)
            monkeypatch.setattr(on.scheduler._engine, "recovery", report)
            window.attach(on.session)
            banner = window.findChild(Banner, "recovery-banner")
            assert banner is not None
            banner.dismiss_button.click()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            window.attach(on.session.with_plugins(on.session.plugins, ()))
            assert window.findChild(Banner, "recovery-banner") is None

    run_on_qt(qapp, script())
