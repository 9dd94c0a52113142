"""The log of the selected task: closed at first, live while it is open, found again after a restart, and free otherwise."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.logs import start_logging
from app.pages.inspector import Inspector
from app.task_logs import MOST_LINES, TaskLogs
from tests.app.pages.inspector_world import World, world
from tests.app.pages.page_session import ticking
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt


@pytest.fixture
def inspector(qtbot: QtBot) -> Iterator[Inspector]:
    made = Inspector()
    made.panel.resize(376, 700)
    made.panel.show()
    yield made
    made.detach()
    made.panel.close()
    made.panel.deleteLater()


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[TaskLogs]:
    path = tmp_path / "logs" / "tidemill.log"
    stop = start_logging(path)
    made = TaskLogs(path)
    made.start()
    yield made
    made.stop()
    stop()


def listen(on: World, logs: TaskLogs) -> None:
    """Attaches the inspector again, now with the logs."""
    on.inspector.attach(replace(on.session, logs=logs))


def lines(on: World) -> list[str]:
    """The words of each line that is shown, without their time."""
    box = on.child(QPlainTextEdit, "inspector-log")
    return [line[10:] for line in box.toPlainText().splitlines()] if box.isVisible() else []


def opener(on: World) -> QPushButton:
    return on.child(QPushButton, "inspector-log-open")


def say(task_id: int, text: str, level: int = logging.INFO) -> None:
    logging.getLogger("mill").log(level, text, extra={"task_id": task_id})


def test_it_is_closed_until_it_is_opened_and_then_live(
    inspector: Inspector, logs: TaskLogs, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            listen(on, logs)
            task = await on.submit("hold x", extra={"says": ["the stone turns", "it goes on"]})
            await on.inspect(task)
            await on.sees(lambda: on.state() == "Running")
            assert opener(on).isVisible()
            assert not on.child(QPlainTextEdit, "inspector-log").isVisible()
            QTest.keyClick(opener(on), Qt.Key.Key_Space)
            await on.sees(lambda: lines(on) == ["the stone turns", "it goes on"])
            say(task, "slower", logging.WARNING)
            await on.sees(lambda: lines(on)[2:] == ["WARNING slower"])
            say(task + 1, "of another")
            opener(on).click()
            say(task, "nobody looks")
            await until(lambda: inspector.is_idle)
            assert lines(on) == []
            opener(on).click()
            await on.sees(lambda: lines(on)[2:] == ["WARNING slower", "nobody looks"])
            on.released.set()

    run_on_qt(qapp, play())


def test_another_task_shows_its_own_and_one_that_said_nothing_says_so(
    inspector: Inspector, logs: TaskLogs, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            listen(on, logs)
            first = await on.submit("one", extra={"says": ["of one"]})
            second = await on.submit("two")
            await until(lambda: on.scheduler.counts.completed == 2)
            opener(on).click()
            await on.inspect(first)
            await on.sees(lambda: lines(on) == ["of one"])
            await on.inspect(second)
            assert lines(on) == [], "nothing of the last one for a moment"
            said = "This task has logged nothing."
            await on.sees(lambda: any(one.text() == said and one.isVisible() for one in labels(on)))

    run_on_qt(qapp, play())


def labels(on: World) -> list[QLabel]:
    return on.inspector.panel.findChildren(QLabel)


def test_what_was_logged_before_a_restart_is_shown_with_what_came_after(
    inspector: Inspector, logs: TaskLogs, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            task = await on.submit("fail", extra={"says": ["before"]})
            await until(lambda: on.scheduler.counts.failed == 1)
            logs.stop()
            again = TaskLogs(tmp_path / "logs" / "tidemill.log")
            again.start()
            try:
                listen(on, again)
                opener(on).click()
                await on.inspect(task)
                await on.sees(lambda: lines(on) == ["before"])
                say(task, "after")
                await on.sees(lambda: lines(on) == ["before", "after"])
                on.child(QPushButton, "inspector-log-copy").click()
                copied = QGuiApplication.clipboard().text().splitlines()
                assert [line.split(" ", 2)[2] for line in copied] == [
                    "INFO    mill: before",
                    "INFO    mill: after",
                ]
            finally:
                again.stop()

    run_on_qt(qapp, play())


def test_a_storm_of_lines_is_shown_at_most_four_times_a_second_and_then_nothing_ticks(
    inspector: Inspector, logs: TaskLogs, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            listen(on, logs)
            task = await on.submit("hold x")
            await on.inspect(task)
            opener(on).click()
            await until(lambda: inspector.is_idle)
            box = on.child(QPlainTextEdit, "inspector-log")
            changes: list[int] = []
            box.textChanged.connect(lambda: changes.append(1))
            for n in range(1_000):
                say(task, f"line {n}")
            await on.sees(lambda: lines(on)[-1:] == ["line 999"])
            assert len(lines(on)) == MOST_LINES
            assert len(changes) <= 2
            await until(lambda: ticking(inspector.panel) == [] and inspector.is_idle)
            on.released.set()

    run_on_qt(qapp, play())


def test_who_reads_the_end_stays_there_and_who_reads_elsewhere_is_left_alone(
    inspector: Inspector, logs: TaskLogs, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            listen(on, logs)
            task = await on.submit("hold x", extra={"says": [f"line {n}" for n in range(60)]})
            await on.inspect(task)
            opener(on).click()
            bar = on.child(QPlainTextEdit, "inspector-log").verticalScrollBar()
            await on.sees(lambda: len(lines(on)) == 60 and 0 < bar.maximum() == bar.value())
            say(task, "one more")
            await on.sees(lambda: len(lines(on)) == 61)
            assert bar.value() == bar.maximum()
            bar.setValue(3)
            say(task, "another")
            await on.sees(lambda: len(lines(on)) == 62)
            assert bar.value() == 3
            on.released.set()

    run_on_qt(qapp, play())


def test_nobody_is_told_while_the_inspector_is_hidden(
    inspector: Inspector, logs: TaskLogs, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            listen(on, logs)
            task = await on.submit("hold x")
            await on.inspect(task)
            opener(on).click()
            await until(lambda: inspector.is_idle)
            inspector.panel.hide()
            say(task, "unseen")
            assert ticking(inspector) == []
            await until(lambda: inspector.is_idle)
            inspector.panel.show()
            await on.sees(lambda: lines(on) == ["unseen"])
            on.released.set()

    run_on_qt(qapp, play())


def test_without_logs_there_is_no_section(inspector: Inspector, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            await on.inspect(await on.submit("hold x"))
            assert not opener(on).isVisible()
            on.released.set()

    run_on_qt(qapp, play())
