"""A failure that is asked for by itself, from the tray: its cause is opened, its row selected, the inspector beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.pages.failures import FailuresPage
from app.pages.main_window import MainWindow
from app.settings import SettingsStore
from scheduler_core import TaskHistoryRecord
from tests.app.pages.page_session import Stage, stage
from tests.app.pages.sessions import dispose, opened, title, until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Mood, Moody


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[FailuresPage]:
    made = FailuresPage()
    made.resize(1080, 640)
    made.show()
    yield made
    made.detach()
    made.close()


def selected(page: FailuresPage) -> str | None:
    record = page.failures.record_at(page.view.currentIndex())
    return None if record is None else record.label


async def fail(on: Stage, mood: Mood, count: int = 20) -> list[TaskHistoryRecord]:
    """So many of one cause, then one of another; the newest first."""
    mood.error = "the lake is frozen"
    await on.tiny.submit_batch([Moody(number=n) for n in range(count)])
    await on.scheduler.wait_idle()
    await on.tiny.submit(Fail(number=1))
    await on.scheduler.wait_idle()
    await on.scheduler.failures_sorted()
    return await on.scheduler.failures(100)


def test_its_cause_is_opened_and_it_is_selected(
    page: FailuresPage, qapp: QApplication, tmp_path: Path
) -> None:
    async def play() -> None:
        mood = Mood()
        async with stage(tmp_path, mood=mood) as on:
            failures = await fail(on, mood)
            page.attach(on.session)
            # Before anything is there, and of another cause than that which is opened by itself.
            page.show_failure(failures[7])
            await until(lambda: page.is_settled and selected(page) == failures[7].label)
            cause = page.causes.cause_at(page.causes_view.currentIndex())
            assert cause is not None
            assert cause.id == failures[7].cause
            page.show_failure(failures[0])
            await until(lambda: page.is_settled)
            assert page.failures.record_at(page.view.currentIndex()) == failures[0]
            page.show_failure(failures[3])
            await until(lambda: selected(page) == failures[3].label)
            page.view.setCurrentIndex(page.failures.index(0, 0))
            await until(lambda: page.is_settled)
            assert selected(page) == failures[1].label, "and nobody is held there"
            page.detach()

    run_on_qt(qapp, play())


def test_in_a_small_window_it_is_in_front(page: FailuresPage, qapp: QApplication, tmp_path: Path) -> None:
    async def play() -> None:
        mood = Mood()
        async with stage(tmp_path, mood=mood) as on:
            failures = await fail(on, mood)
            page.resize(560, 480)
            page.attach(on.session)
            await until(lambda: page.is_settled and page.causes_view.isVisible())
            page.show_failure(failures[5])
            await until(lambda: page.view.isVisible() and selected(page) == failures[5].label)
            assert not page.causes_view.isVisible()
            page.detach()

    run_on_qt(qapp, play())


def test_one_that_was_dealt_with_meanwhile_is_not_looked_for(
    page: FailuresPage, qapp: QApplication, tmp_path: Path
) -> None:
    async def play() -> None:
        mood = Mood()
        async with stage(tmp_path, mood=mood) as on:
            failures = await fail(on, mood)
            page.attach(on.session)
            on.session.commands.clear_failures([failures[4].id])
            await on.session.commands.wait_idle()
            page.show_failure(failures[4])
            await until(lambda: page.is_settled and page.failures.rowCount() == 19)
            assert selected(page) == failures[1].label
            mood.error = "the lake is frozen"
            await on.tiny.submit(Moody(number=4))
            await on.settled()
            await until(lambda: page.is_settled)
            page.detach()

    run_on_qt(qapp, play())


def test_the_window_shows_it_with_the_inspector(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    settings = SettingsStore(tmp_path / "settings.toml")
    settings.update(general={"welcome_done": True})
    window = MainWindow(settings)
    window.show()

    async def play() -> None:
        async with opened(window, settings) as at:
            await at.tiny.submit_batch([Fail(number=n) for n in range(3)])
            await at.scheduler.wait_idle()
            failures = await at.scheduler.failures(3)
            window.show_failure(failures[2])
            assert title(window) == "Failures"
            page = at.child(FailuresPage, "page-failures")
            await at.until(lambda: selected(page) == failures[2].label)
            inspector = window._inspector
            await at.until(lambda: inspector.inspector is not None)
            assert inspector.room.is_open
            await at.until(
                lambda: inspector.inspector is not None and inspector.inspector.task_id == failures[2].id
            )

    try:
        run_on_qt(qapp, play())
    finally:
        dispose(window)
