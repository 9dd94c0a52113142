"""The frame around the pages: painted first, bound to the scheduler, and honest about what went wrong."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.pages.main_window import MainWindow
from app.problem import Problem
from app.settings import SettingsStore
from app.widgets.banner import Banner, BannerStack
from app.widgets.help_window import HelpWindow
from app.widgets.toast import Toaster
from tests.app.pages.sessions import BROKEN, dispose, opened, tiny_plugin, title
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Nothing, Wait

PAGES = ("overview", "jobs", "queue", "history", "failures")
OBSTACLE = Problem("Data folder /data", "it is of schema 9", "Install a newer Tidemill", details="Traceback")


@pytest.fixture
def settings(tmp_path: Path) -> SettingsStore:
    store = SettingsStore(tmp_path / "data" / "settings.toml")
    store.update(general={"welcome_done": True, "theme": "light"})
    return store


@pytest.fixture
def make_window(qtbot: QtBot, settings: SettingsStore) -> Iterator[Callable[[], MainWindow]]:
    made: list[MainWindow] = []

    def make() -> MainWindow:
        window = MainWindow(settings)
        made.append(window)
        window.show()
        return window

    yield make
    for window in made:
        dispose(window)


@pytest.fixture
def window(make_window: Callable[[], MainWindow]) -> MainWindow:
    return make_window()


def words(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


def choose(window: MainWindow, page: str) -> None:
    window.show_page(page)


def test_the_first_picture_needs_neither_graphs_nor_the_scheduler() -> None:
    script = (
        "import sys; import app.pages.main_window; "
        "print([name for name in sys.modules if name.split('.')[0] in ('numpy', 'pyqtgraph', 'scheduler_core')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_before_there_is_a_session_the_window_is_not_blank(window: MainWindow) -> None:
    assert title(window) == "Overview"
    assert "Opening…" in words(window)
    image = window.grab().toImage()
    inks = {image.pixel(x, y) for x in range(190, image.width(), 7) for y in range(70, image.height(), 7)}
    assert len(inks) > 2


def test_every_control_has_a_name(window: MainWindow, qtbot: QtBot) -> None:
    for page in PAGES:
        choose(window, page)
    controls = [
        one
        for kind in (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit)
        for one in window.findChildren(kind)
        if not (one.isHidden() or isinstance(one.parent(), QLineEdit | QAbstractSpinBox | QComboBox))
    ]
    nameless = [
        one.objectName() or f"{type(one).__name__} {one.property('text')}"
        for one in controls
        if not one.accessibleName()
    ]
    assert nameless == []


@pytest.mark.parametrize("page", PAGES)
def test_pages_come_by_the_list_and_have_their_names(window: MainWindow, page: str, qtbot: QtBot) -> None:
    nav = window.findChild(QListWidget, "nav")
    assert isinstance(nav, QListWidget)
    nav.setCurrentRow(PAGES.index(page))
    assert title(window) == page.capitalize()
    shown = window.findChild(QWidget, f"page-{page}")
    assert isinstance(shown, QWidget)
    assert shown.isVisible()


def test_pages_come_by_key(window: MainWindow, qtbot: QtBot) -> None:
    actions = {action.shortcut().toString(): action for action in window.findChildren(QAction)}
    actions["Ctrl+5"].trigger()
    assert title(window) == "Failures"
    actions["Ctrl+1"].trigger()
    assert title(window) == "Overview"
    with qtbot.waitSignal(window.quit_requested):
        actions["Ctrl+Q"].trigger()
    assert {"Ctrl+P", "Ctrl+,", "F1", "Ctrl+V", "Ctrl+O"} <= set(actions)


@pytest.mark.qt_log_ignore("This plugin does not support raise")
def test_help_names_the_keys(window: MainWindow) -> None:
    window.show_help()
    help_window = window.findChild(HelpWindow)
    assert isinstance(help_window, HelpWindow)
    assert "Pause all, or resume all" in words(help_window)
    window.show_help()
    assert len(window.findChildren(HelpWindow)) == 1
    help_window.reject()


def test_help_that_was_closed_comes_again(window: MainWindow) -> None:
    for is_deleted in (False, True, True):
        window.show_help()
        (shown,) = [one for one in window.findChildren(HelpWindow) if one.isVisible()]
        shown.reject()
        if is_deleted:
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window.renew()  # also where it is gone
    window.show_help()
    (shown,) = [one for one in window.findChildren(HelpWindow) if one.isVisible()]
    shown.reject()


def test_the_library_is_opened_or_named(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        asked.append(url)
        return len(asked) == 1

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    window.show_library()
    library = tmp_path / "data" / "library"
    assert asked == [QUrl.fromLocalFile(str(library))]
    toaster = window.findChild(Toaster)
    assert isinstance(toaster, Toaster)
    assert toaster.text == ""
    window.show_library()
    assert toaster.text == f"The library is in {library}"


def test_an_obstacle_is_named_and_can_be_tried_again(window: MainWindow, qtbot: QtBot) -> None:
    window.show_problem(OBSTACLE)
    shown = words(window)
    assert any("/data" in text for text in shown)
    assert "It is of schema 9" in shown
    assert "Install a newer Tidemill" in shown
    choose(window, "jobs")
    retry = window.findChild(QPushButton, "problem-retry")
    assert isinstance(retry, QPushButton)
    assert retry.isVisible()
    with qtbot.waitSignal(window.retry_requested):
        retry.click()
    assert not retry.isVisible()
    assert title(window) == "Jobs"
    assert "Opening…" in words(window)
    window.show_problem(OBSTACLE)
    quit_button = window.findChild(QPushButton, "problem-quit")
    assert isinstance(quit_button, QPushButton)
    with qtbot.waitSignal(window.quit_requested):
        quit_button.click()


def test_size_and_page_come_back(make_window: Callable[[], MainWindow]) -> None:
    first = make_window()
    first.resize(770, 560)
    choose(first, "failures")
    first.hide()
    second = make_window()
    assert (second.width(), second.height()) == (770, 560)
    assert title(second) == "Failures"


def test_dark_and_light_are_chosen_in_the_settings(
    window: MainWindow, settings: SettingsStore, qapp: QApplication
) -> None:
    async def script() -> None:
        async with opened(window, settings):
            light = window.grab().toImage()
            settings.update(general={"theme": "dark"})
            dark = window.grab().toImage()
            assert light.pixelColor(600, 20).lightness() > 200
            assert dark.pixelColor(600, 20).lightness() < 60
            settings.update(general={"theme": "light"})

    run_on_qt(qapp, script())


def test_counts_reach_status_and_navigation(
    window: MainWindow, settings: SettingsStore, qapp: QApplication
) -> None:
    async def script() -> None:
        async with opened(window, settings) as at:
            await at.tiny.submit_batch([Wait(number=number) for number in range(6)])
            await at.until(lambda: "4 running · 2 waiting" in words(window))
            await at.tiny.submit(Fail())
            at.gate.set()
            await at.until(lambda: at.child(QPushButton, "status-failed").text() == "1 failed")
            nav = at.child(QListWidget, "nav")
            (failures,) = nav.findItems("Failures", Qt.MatchFlag.MatchExactly)
            assert failures.data(Qt.ItemDataRole.AccessibleTextRole) == "Failures 1"
            at.child(QPushButton, "status-failed").click()
            assert title(window) == "Failures"
            failure = (await at.scheduler.failures(1))[0]
            at.session.commands.clear_failures([failure.id])
            await at.until(lambda: at.child(QPushButton, "status-failed").isHidden())

    run_on_qt(qapp, script())


def test_pause_all_moves_the_scheduler_and_follows_it(
    window: MainWindow, settings: SettingsStore, qapp: QApplication
) -> None:
    async def script() -> None:
        async with opened(window, settings) as at:
            button = at.child(QPushButton, "pause-all")
            assert button.text() == "Pause all"
            button.click()
            await at.until(lambda: button.text() == "Resume all")
            assert at.scheduler.is_paused
            assert "All paused · 0 running · 0 waiting" in words(window)
            await at.scheduler.resume_all()
            await at.until(lambda: button.text() == "Pause all")
            assert not at.scheduler.is_paused

    run_on_qt(qapp, script())


def test_problems_of_the_start_and_of_commands_are_shown(
    window: MainWindow, settings: SettingsStore, qapp: QApplication
) -> None:
    async def script() -> None:
        assert BROKEN.problem is not None
        async with opened(window, settings, [tiny_plugin(), BROKEN], [BROKEN.problem]) as at:
            banners = window.findChild(BannerStack)
            assert isinstance(banners, BannerStack)
            assert banners.problems == (BROKEN.problem,)
            at.session.commands.set_domain_on("no-such-domain", on=True)
            await at.until(lambda: len(banners.problems) == 2)
            assert "no-such-domain" in banners.problems[1].thing

    run_on_qt(qapp, script())


def test_what_was_done_is_toasted(window: MainWindow, settings: SettingsStore, qapp: QApplication) -> None:
    async def script() -> None:
        async with opened(window, settings) as at:
            at.session.commands.told.emit("Taking in Holiday photos")
            toaster = window.findChild(Toaster)
            assert isinstance(toaster, Toaster)
            assert toaster.text == "Taking in Holiday photos"

    run_on_qt(qapp, script())


def test_recovered_tasks_are_told_until_they_are_dismissed(
    window: MainWindow, settings: SettingsStore, qapp: QApplication, tmp_path: Path
) -> None:
    async def script() -> None:
        async with opened(window, settings, store=tmp_path / "t.db") as at:
            await at.tiny.submit_batch([Wait(number=number) for number in range(3)])
            await at.until(lambda: at.scheduler.counts.running == 3)
            copy_database(tmp_path / "t.db", tmp_path / "killed.db")
        async with opened(window, settings, store=tmp_path / "killed.db") as at:
            assert at.scheduler.recovery.requeued == 3
            banner = at.child(Banner, "recovery-banner")
            assert banner.accessibleName().startswith("Recovered 3 tasks")
            banner.dismiss_button.click()
            assert banner.isHidden()

    run_on_qt(qapp, script())


def copy_database(source: Path, target: Path) -> None:
    """The file as a killed process would leave it: with the tasks marked running."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def test_a_second_session_finds_the_window_as_new(
    window: MainWindow, settings: SettingsStore, qapp: QApplication
) -> None:
    async def script() -> None:
        for _ in range(2):
            async with opened(window, settings) as at:
                await at.tiny.submit(Nothing(number=1))
                await at.until(lambda at=at: at.scheduler.counts.completed == 1)
                assert len(window.findChildren(QWidget, "domain-card-tiny")) == 1
            assert "Finishing…" in words(window)
            assert not at.child(QPushButton, "pause-all").isEnabled()
            QApplication.processEvents()

    run_on_qt(qapp, script())


def test_what_can_be_undone_is_undone_by_key(
    window: MainWindow, settings: SettingsStore, qapp: QApplication
) -> None:
    async def script() -> None:
        undo = next(one for one in window.findChildren(QAction) if one.shortcut().toString() == "Ctrl+Z")
        toaster = window.findChild(Toaster)
        assert isinstance(toaster, Toaster)
        async with opened(window, settings) as at:
            await at.tiny.submit_batch([Wait(number=n) for n in range(3)], tags={"job_id": "trip"})
            at.session.commands.cancel_job("job_id", "trip")
            await at.until(lambda: toaster.text == "Cancelled 3 tasks of trip")
            assert toaster.action_text == "Undo"
            await at.until(lambda: at.scheduler.counts.active == 0)
            undo.trigger()
            await at.until(lambda: at.scheduler.counts.active == 3)
            await at.until(lambda: toaster.text.startswith("Undone: "))
            undo.trigger()
            at.session.commands.cancel_job("job_id", "trip")
            await at.until(lambda: toaster.action_text == "Undo")
        assert toaster.action_text == "", "what is closed can be undone when it is open again"

    run_on_qt(qapp, script())


def test_what_was_done_before_a_crash_can_be_undone_after_it(
    window: MainWindow, settings: SettingsStore, qapp: QApplication, tmp_path: Path
) -> None:
    async def script() -> None:
        async with opened(window, settings, store=tmp_path / "t.db") as at:
            await at.tiny.submit_batch([Wait(number=n) for n in range(3)], tags={"job_id": "trip"})
            at.session.commands.cancel_job("job_id", "trip")
            await at.until(lambda: bool(at.scheduler.undos))
            copy_database(tmp_path / "t.db", tmp_path / "killed.db")
        async with opened(window, settings, store=tmp_path / "killed.db") as at:
            toaster = at.child(Toaster, "toast")
            await at.until(lambda: toaster.text == "Cancelled 3 tasks")
            at.child(QPushButton, "toast-action").click()
            await at.until(lambda: at.scheduler.counts.active == 3)

    run_on_qt(qapp, script())
