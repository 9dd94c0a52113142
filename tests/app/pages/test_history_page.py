"""The history as a person sees it: newest first, filtered, and what failed tried again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.models.history_model import HistoryColumn
from app.models.window_model import MOST_ROWS
from app.models.wording import number_text
from app.pages.history import HistoryPage
from app.pages.history_feed import HistoryFeed
from app.widgets.menu_button import MenuButton
from app.widgets.note_bar import NoteBar
from scheduler_core import TaskHistoryRecord
from tests.app.pages.page_session import Stage, by_hand, child, stage, ticking
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Nothing


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[HistoryPage]:
    made = HistoryPage()
    made.resize(1080, 640)
    made.show()
    yield made
    made.detach()
    made.close()


def records(page: HistoryPage) -> list[TaskHistoryRecord]:
    return [page.model.record_at(page.model.index(row, 0)) for row in range(page.model.rowCount())]


def labels(page: HistoryPage) -> list[str]:
    return [record.label for record in records(page)]


def texts(page: HistoryPage) -> set[str]:
    return {label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page)}


async def ends(on: Stage, count: int) -> None:
    """So many tasks that end well, one after the other where it matters."""
    await on.tiny.submit_batch([Nothing(number=n) for n in range(count)])
    await on.scheduler.wait_idle()


@pytest.mark.parametrize("width", [538, 552, 700, 900, 1100])
def test_all_columns_are_within_the_list(page: HistoryPage, width: int) -> None:
    page.view.setFixedWidth(width)
    page.view.fit()
    assert page.view.header().length() <= page.view.viewport().width()


def test_the_controls_fit_into_the_least_window(page: HistoryPage) -> None:
    assert page.minimumSizeHint().width() <= 552


def test_what_ends_comes_on_top_and_nothing_ticks(page: HistoryPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await until(lambda: page.is_settled)
            await until(lambda: "Nothing has ended yet" in texts(page))
            await on.tiny.submit(Nothing(number=1), label="one")
            await until(lambda: labels(page) == ["one"])
            await on.tiny.submit(Fail(number=2), label="two")
            await until(lambda: labels(page) == ["two", "one"])
            assert page.model.index(0, HistoryColumn.STATE).data() == "Failed"
            await until(lambda: ticking(page) == [])
            page.hide()
            await on.tiny.submit(Nothing(number=3), label="three")
            await on.scheduler.wait_idle()
            page.show()
            await until(lambda: labels(page) == ["three", "two", "one"])
            page.detach()

    run_on_qt(qapp, play())


def test_what_failed_is_tried_again_by_its_row_and_by_the_button(
    page: HistoryPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await on.tiny.submit(Nothing(number=1), label="good")
            await on.tiny.submit(Fail(number=1), label="bad 1")
            await on.scheduler.wait_idle()
            await on.tiny.submit(Fail(number=2), label="bad 2")
            await on.scheduler.wait_idle()
            page.attach(on.session)
            await until(lambda: len(labels(page)) == 3)
            button = child(page, QPushButton, "history-retry-selected")
            page.view.setCurrentIndex(page.model.index(labels(page).index("good"), 0))
            assert not button.isEnabled()
            page.view.setCurrentIndex(page.model.index(labels(page).index("bad 1"), 0))
            await until(button.isEnabled)
            button.click()
            await until(lambda: labels(page).count("bad 1") == 2)
            row = page.view.visualRect(page.model.index(labels(page).index("bad 2"), 0)).center()
            await by_hand(lambda: QTest.mouseMove(page.view.viewport(), row + QPoint(1, 0)))
            await by_hand(lambda: QTest.mouseMove(page.view.viewport(), row))
            retry = child(page, QPushButton, "history-retry")
            await until(lambda: retry.isVisible() and retry.accessibleName() == "Retry bad 2")
            await by_hand(lambda: QTest.mouseClick(retry, Qt.MouseButton.LeftButton))
            await until(lambda: labels(page).count("bad 2") == 2)
            assert on.failed == []
            page.detach()

    run_on_qt(qapp, play())


def test_retrying_all_tries_each_task_once_and_leaves_what_ended_well(
    page: HistoryPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await ends(on, 100)
            for _ in range(2):
                await on.tiny.submit_batch([Fail(number=n) for n in range(3)])
                await on.scheduler.wait_idle()
            page.attach(on.session)
            await until(lambda: len(labels(page)) > 10)
            page.choose_all()
            page.retry_chosen()
            await until(lambda: on.told == ["Trying again: 3 tasks"])
            await on.settled()
            assert on.scheduler.counts.failed == 9
            child(page, MenuButton, "history-state").choose("completed")
            await until(lambda: page.is_settled and {one.status for one in records(page)} == {"completed"})
            page.choose_all()
            page.retry_chosen()
            await until(lambda: on.told[-1] == "Nothing to retry: 100 tasks ended well")
            page.detach()

    run_on_qt(qapp, play())


def test_filters_by_state_type_tag_text_and_time(page: HistoryPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await on.tiny.submit(Nothing(number=1), label="one", tags={"job_id": "a"})
            await on.scheduler.wait_idle()
            await on.tiny.submit(Fail(number=2), label="two")
            await on.scheduler.wait_idle()
            page.attach(on.session)
            await until(lambda: labels(page) == ["two", "one"])
            note = child(page, NoteBar, "history-filtered")
            states = child(page, MenuButton, "history-state")
            states.choose("completed")
            await until(lambda: labels(page) == ["one"])
            states.choose("completed")
            await until(lambda: labels(page) == ["two", "one"])
            child(page, MenuButton, "history-type").choose("tiny::fail")
            await until(lambda: labels(page) == ["two"])
            child(page, MenuButton, "history-type").choose(None)
            child(page, QLineEdit, "history-tag").setText("job_id=a")
            await until(lambda: labels(page) == ["one"])
            child(page, QLineEdit, "history-tag").clear()
            child(page, QLineEdit, "search").setText("is BAD")
            await until(lambda: labels(page) == ["two"])
            page.clear_filters()
            await until(lambda: labels(page) == ["two", "one"])
            child(page, MenuButton, "history-time").choose(3600)
            assert note.text == "Filtered: In the last hour"
            await until(lambda: page.is_settled)
            assert labels(page) == ["two", "one"]
            page.model.now = lambda: records(page)[0].completed_at.replace(year=2099)
            assert isinstance(page.feed, HistoryFeed)
            page.feed.note_change()
            await until(lambda: labels(page) == [])
            await until(lambda: "No task matches" in texts(page))
            page.detach()

    run_on_qt(qapp, play())


def test_a_long_history_holds_a_few_hundred_rows_and_comes_back(
    page: HistoryPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await ends(on, 1_000)
            page.attach(on.session)
            await until(lambda: len(labels(page)) > 10)
            seen: dict[int, None] = {}

            def look() -> bool:
                seen.update(dict.fromkeys(record.seq for record in records(page)))
                page.view.scrollToBottom()
                return len(seen) == 1_000

            await until(look)
            assert list(seen) == sorted(seen, reverse=True)
            assert page.model.rowCount() <= MOST_ROWS
            assert page.model.is_slid

            def back() -> bool:
                page.view.scrollToTop()
                return not page.model.is_slid

            await until(back)
            await until(lambda: page.is_settled)
            assert records(page)[0].seq == max(seen)
            page.detach()

    run_on_qt(qapp, play())


def test_copy_and_export_say_what_is_listed(page: HistoryPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await ends(on, 1_200)
            page.attach(on.session)
            await until(lambda: len(labels(page)) > 10)
            page.view.setCurrentIndex(page.model.index(0, 0))
            await until(child(page, QPushButton, "history-copy").isEnabled)
            child(page, QPushButton, "history-copy").click()
            lines = QGuiApplication.clipboard().text().split("\n")
            assert lines[1].startswith(f"{records(page)[0].id}\ttiny\ttiny::nothing\t")
            assert on.told == ["Copied: 1 tasks"]
            page.export_to(tmp_path / "history.json")
            await until(lambda: len(on.told) == 2)
            assert on.told[1] == f"Written: {number_text(1_200)} tasks into history.json"
            page.detach()

    run_on_qt(qapp, play())
    found = [
        TaskHistoryRecord.model_validate(one) for one in json.loads((tmp_path / "history.json").read_text())
    ]
    assert sorted(record.payload["number"] for record in found) == list(range(1_200))
    assert [record.seq for record in found] == sorted((record.seq for record in found), reverse=True)
