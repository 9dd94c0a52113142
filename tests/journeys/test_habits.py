"""Habits of a person who lives with the window: a pause that is forgotten, a desktop without a tray, a second start."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QWidget

from scheduler_core import RecurringSchedule, SystemClock
from tests.journeys.conftest import Journey
from tests.journeys.real_app import RealApp, started_app
from tidemill_sync.tasks import Mirror

# Said by the offscreen platform, which has no windows above each other.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|propagateSizeHints|grabbing)")

DAY_S = 86_400


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(f"note {number}")
    return folder


def choose_pause(app: RealApp, name: str) -> None:
    """In the menu beside "Pause all"."""
    menu = app.window.findChild(QMenu, "pause-all-menu")
    assert menu is not None
    action = menu.findChild(QAction, name)
    assert action is not None
    assert action.isVisible()
    action.trigger()


def change_pauses(root: Path, statement: str, *values: object) -> None:
    """Moves the time of pauses in a closed database, as if it had passed."""
    (database,) = root.glob("*.db")
    with closing(sqlite3.connect(database)) as connection, connection:
        assert connection.execute(f"UPDATE pauses SET {statement}", values).rowcount


def status(app: RealApp) -> str:
    return app.find(QLabel, "status-counts").text()


def test_pausing_for_an_hour_and_forgetting_it(go: Journey, data_dir: Path, notes: Path) -> None:
    """The end is told everywhere, survives a restart, and what waited goes on by itself, though nobody was there."""

    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            choose_pause(app, "pause-hour")
            await app.until(lambda: app.banners("pause-banner"), "the banner")
            (words,) = app.banners("pause-banner")
            app.drop([notes])
            await app.until(lambda: app.scheduler.counts.paused, "the folder to wait")
            assert words.startswith("Everything is paused until ")
            until = words.removeprefix("Everything is paused until ").rstrip(".")
            assert f"All paused until {until}" in status(app)
        async with started_app(data_dir) as app:
            await app.open()
            await app.until(lambda: app.banners("pause-banner"), "the banner")
            assert app.banners("pause-banner") == [words]
            assert app.scheduler.counts.completed == 0
        change_pauses(data_dir, "until = ?", time.time() - 1)
        async with started_app(data_dir) as app:
            await app.open()
            await app.until(
                lambda: app.scheduler.counts.completed and not app.scheduler.counts.active, "it to be done"
            )
            assert not app.scheduler.is_paused
            assert app.banners("pause-banner") == []
            assert "paused" not in status(app)

    go(journey())


def test_a_pause_without_an_end_is_brought_to_mind(go: Journey, data_dir: Path, notes: Path) -> None:
    async def journey() -> None:
        async with started_app(data_dir, [notes]) as app:
            await app.open()
            app.click("pause-all")
            await app.until(lambda: app.banners("pause-banner"), "the banner")
            assert app.banners("pause-banner") == ["Everything is paused until you resume."]
        change_pauses(data_dir, "created_at = created_at - ?", 2 * DAY_S)
        async with started_app(data_dir) as app:
            await app.open()
            await app.until(lambda: app.banners("pause-banner"), "the banner")
            (words,) = app.banners("pause-banner")
            assert words.startswith("Everything has been paused since ")
            assert words.endswith("day. Resume?")
            app.click("pause-resume")
            await app.until(lambda: not app.banners("pause-banner"), "the banner to go")
            await app.idle()
            assert app.scheduler.counts.completed

    go(journey())


def test_a_laptop_that_slept_through_all_that_was_due(
    go: Journey, data_dir: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wall clock has moved on and the timers have not, as in a suspend. What came due is done, each of it once."""
    slept_s = [0.0]
    monkeypatch.setattr(SystemClock, "time", staticmethod(lambda: time.time() + slept_s[0]))
    every = RecurringSchedule(every=600, initial_delay=600)

    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            sync = app.handle("sync")
            await sync.submit(Mirror(job="in an hour"), run_after=3600)
            await sync.submit(Mirror(job="every ten minutes"), recurring=every)
            choose_pause(app, "pause-hour")
            await app.until(lambda: app.banners("pause-banner"), "the banner")
            app.drop([notes])
            await app.until(lambda: app.scheduler.counts.paused, "the folder to wait")

            slept_s[0] = 2 * 3600.0
            app.scheduler.clock_changed()
            await app.until(lambda: not app.banners("pause-banner"), "the pause to be over")
            done = {"in an hour", "every ten minutes"}
            await app.until(lambda: len(app.told) == 1, "the notes to be done")
            await app.until(
                lambda: app.counts["sync"].completed == 3 and app.counts["sync"].running == 0,
                "what was due to be done",
            )
            mirrors = [one for one in await app.scheduler.history() if one.task_type.endswith("mirror")]
            jobs = [one.payload["job"] for one in mirrors]
            # Twelve times came and went: one is made up for, and the next one is in its turn.
            assert sorted(done & set(jobs)) == sorted(done)
            assert len(jobs) == 3
            (schedule,) = app.scheduler.schedules("sync")
            assert schedule.next_at is not None
            left_s = schedule.next_at.timestamp() - SystemClock.time()
            assert 0 < left_s <= 600
            await app.until(lambda: "paused" not in status(app), "the status bar to say so")

    go(journey())


def test_where_there_is_no_tray_closing_asks_and_the_app_never_vanishes(
    go: Journey, data_dir: Path, notes: Path
) -> None:
    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            assert not app.window.close(), "the window was closed without a question"
            question = await app.sees(QWidget, "close-question")
            assert app.words(question).startswith("Quit Tidemill?\n")
            assert app.window.isVisible()
            app.drop([notes])
            await app.idle()
            await app.until(lambda: app.scheduler.counts.completed, "work to go on behind the question")
            app.click("close-keep")
            assert app.seen(QWidget, "close-question") == []
            app.window.close()
            app.click("close-quit")
            assert await asyncio.wait_for(app.running, 30) == 0

    go(journey())


def test_a_second_start_hands_over_what_it_was_given(go: Journey, data_dir: Path, notes: Path) -> None:
    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            app.window.showMinimized()
            second = [sys.executable, "-m", "app", "run", "--data-dir", str(data_dir), "--take", str(notes)]
            done = await asyncio.to_thread(
                subprocess.run, second, capture_output=True, text=True, timeout=60, check=False
            )
            assert (done.returncode, done.stderr) == (0, "")
            assert "its window was raised" in done.stdout
            await app.until(lambda: app.toast == "Taking in notes", "the toast")
            assert not app.window.isMinimized()
            assert app.find(QPushButton, "toast-action").text() == "Undo"
            await app.idle()
            await app.until(lambda: app.scheduler.counts.completed, "the notes to be taken in")

    go(journey())


def test_what_was_dropped_by_mistake_is_taken_back(go: Journey, data_dir: Path, notes: Path) -> None:
    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            choose_pause(app, "pause-hour")
            await app.until(lambda: app.scheduler.is_paused, "the pause")
            app.drop([notes])
            await app.until(lambda: app.toast == "Taking in notes", "the toast")
            app.click("toast-action")
            await app.until(lambda: app.scheduler.counts.active == 0, "nothing to be left of it")
            await app.until(lambda: app.toast == "Not taking in notes", "the answer")

    go(journey())
