"""The queue as a person sees it: what runs on top, what waits below, all of it to choose, change, copy and export."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.models.queue_model import QueueColumn
from app.models.window_model import MOST_ROWS
from app.models.wording import number_text
from app.pages.queue import QueuePage
from app.widgets.empty_state import EmptyState
from app.widgets.menu_button import MenuButton
from app.widgets.note_bar import NoteBar
from scheduler_core import Progress, TaskRecord
from tests.app.pages.page_session import Stage, by_hand, child, stage, ticking
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Nothing, Wait


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[QueuePage]:
    made = QueuePage()
    made.resize(1080, 640)
    made.show()
    yield made
    made.detach()
    made.close()


def labels(page: QueuePage) -> list[str]:
    return [page.model.index(row, QueueColumn.TASK).data() for row in range(page.model.rowCount())]


def states(page: QueuePage) -> list[str]:
    return [page.model.record_at(page.model.index(row, 0)).status for row in range(page.model.rowCount())]


def select(page: QueuePage, *rows: int) -> None:
    page.view.clearSelection()
    selection = page.view.selectionModel()
    for row in rows:
        selection.select(
            page.model.index(row, 0), selection.SelectionFlag.Select | selection.SelectionFlag.Rows
        )


async def fill(on: Stage, count: int) -> None:
    """Four that run (as many as may), and others that wait, in order."""
    await on.tiny.submit_batch([Wait(number=n) for n in range(count)])
    await until(lambda: len(on.scheduler.active_tasks()) == min(4, count))


def texts(page: QueuePage) -> set[str]:
    return {label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page)}


@pytest.mark.parametrize("width", [538, 552, 700, 900, 1100])
def test_all_columns_are_within_the_list(page: QueuePage, width: int) -> None:
    # 538 is what the least window leaves beside a scroll bar.
    page.view.setFixedWidth(width)
    page.view.fit()
    assert page.view.header().length() <= page.view.viewport().width()


def test_the_controls_fit_into_the_least_window(page: QueuePage) -> None:
    assert page.minimumSizeHint().width() <= 552


def test_what_runs_stands_above_what_waits_and_nothing_ticks_when_nothing_runs(
    page: QueuePage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await until(lambda: page.is_settled)
            assert page.findChildren(EmptyState)[0].isVisible()
            assert "Nothing runs and nothing waits" in texts(page)
            assert not page.is_ticking
            await fill(on, 6)
            await until(lambda: states(page) == ["running"] * 4 + ["pending"] * 2)
            assert page.is_ticking
            page.hide()
            # A change that was under way is still shown, once.
            await until(lambda: ticking(page) == [])
            page.show()
            assert page.is_ticking
            on.gate.set()
            await until(lambda: labels(page) == [] and ticking(page) == [])
            assert page.findChildren(EmptyState)[0].isVisible()
            page.detach()

    run_on_qt(qapp, play())


def test_a_pause_shows_at_what_waits(page: QueuePage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await fill(on, 6)
            await until(lambda: len(labels(page)) == 6)
            await on.tiny.pause()
            await until(lambda: states(page) == ["paused"] * 6)
            assert page.model.index(0, QueueColumn.STATE).data() == "Paused"
            await on.tiny.resume()
            await until(lambda: states(page) == ["running"] * 4 + ["pending"] * 2)
            page.detach()

    run_on_qt(qapp, play())


def test_a_hidden_page_makes_up_for_what_it_missed(page: QueuePage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.hide()
            page.attach(on.session)
            await fill(on, 5)
            page.show()
            await until(lambda: len(labels(page)) == 5)
            page.detach()
            assert labels(page) == []
            page.attach(on.session)
            await until(lambda: len(labels(page)) == 5)
            page.detach()

    run_on_qt(qapp, play())


def test_a_report_that_is_faster_than_its_row_is_not_lost(page: QueuePage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await fill(on, 1)
            await until(lambda: len(labels(page)) == 1)
            await on.tiny.submit(Wait(number=2), label="two")
            await until(lambda: len(on.scheduler.active_tasks()) == 2)
            record = next(one for one in on.scheduler.active_tasks() if one.label == "two")
            report = Progress(
                at=datetime.now(UTC),
                task_id=record.id,
                task_type=record.task_type,
                domain=record.domain,
                label=record.label,
                base_priority=128,
                effective_priority=128,
                fraction=0.5,
            )
            on.session.events.tasks_changed.emit([report])
            await until(lambda: page.model.head == 2)
            assert page.model.index(1, QueueColumn.STATE).data() == "50 %"
            page.detach()

    run_on_qt(qapp, play())


def test_delete_and_the_buttons_cancel(page: QueuePage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            for number in range(4):
                await on.tiny.submit(Wait(number=number), label=f"task {number}")
            await until(lambda: len(labels(page)) == 4)
            button = child(page, QPushButton, "queue-cancel-selected")
            assert not button.isEnabled()
            select(page, 0, 2)
            assert "2 selected" in texts(page)
            QTest.keyClick(page.view, Qt.Key.Key_Delete)
            await until(lambda: labels(page) == ["task 1", "task 3"])
            select(page, 0)
            button.click()
            await until(lambda: labels(page) == ["task 3"])
            row = page.view.visualRect(page.model.index(0, 0)).center()
            await by_hand(lambda: QTest.mouseMove(page.view.viewport(), row + QPoint(1, 0)))
            await by_hand(lambda: QTest.mouseMove(page.view.viewport(), row))
            cancel = child(page, QPushButton, "queue-cancel")
            await until(cancel.isVisible)
            assert cancel.accessibleName() == "Cancel task 3"
            await by_hand(lambda: QTest.mouseClick(cancel, Qt.MouseButton.LeftButton))
            await until(lambda: labels(page) == [])
            assert on.failed == []
            page.detach()

    run_on_qt(qapp, play())


def test_a_priority_moves_what_is_chosen_in_line(page: QueuePage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await fill(on, 8)
            page.attach(on.session)
            await until(lambda: len(labels(page)) == 8)
            last = page.model.record_at(page.model.index(7, 0)).id
            select(page, 7)
            child(page, MenuButton, "queue-priority").choose(64)
            await until(lambda: page.model.record_at(page.model.index(4, 0)).id == last)
            assert page.model.index(4, QueueColumn.PRIORITY).data() == "High"
            assert [record.id for record in page.chosen()] == [last]
            assert on.told == ["Priority High: 1 tasks"]
            page.detach()

    run_on_qt(qapp, play())


def test_select_all_means_also_what_is_not_loaded(page: QueuePage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await fill(on, 700)
            page.attach(on.session)
            await until(lambda: len(labels(page)) > 4)
            page.view.setFocus()
            QTest.keyClick(page.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            assert "All that is listed is selected" in texts(page)
            assert page.model.rowCount() < 700
            QTest.keyClick(page.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            await until(lambda: on.told == ["Copied: 700 tasks"])
            assert QGuiApplication.clipboard().text().count("\n") == 700
            QTest.keyClick(page.view, Qt.Key.Key_Delete)
            await until(lambda: labels(page) == [] and page.is_settled)
            assert on.scheduler.counts.active == 0
            assert "Cancelled: 700 tasks" in on.told
            assert not page.is_all_chosen
            page.detach()

    run_on_qt(qapp, play())


def test_choosing_a_row_ends_that_all_are_chosen(page: QueuePage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await fill(on, 6)
            page.attach(on.session)
            await until(lambda: len(labels(page)) == 6)
            page.choose_all()
            assert page.is_all_chosen
            place = page.view.visualRect(page.model.index(2, 0)).center()
            await by_hand(
                lambda: QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
            )
            assert not page.is_all_chosen
            assert len(page.chosen()) == 1
            page.detach()

    run_on_qt(qapp, play())


def test_a_long_queue_holds_a_few_hundred_rows_and_comes_back(
    page: QueuePage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await fill(on, 1_000)
            page.attach(on.session)
            await until(lambda: len(labels(page)) > 4)
            seen: set[int] = set()

            def look() -> bool:
                seen.update(record.id for record in page.model.window)
                page.view.scrollToBottom()
                return len(seen) == 996

            await until(look)
            assert page.model.rowCount() <= MOST_ROWS + 4
            assert page.model.is_slid

            def back() -> bool:
                page.view.scrollToTop()
                return not page.model.is_slid

            await until(back)
            await until(lambda: page.is_settled)
            assert [record.id for record in page.model.window[:3]] == [5, 6, 7]
            page.detach()

    run_on_qt(qapp, play())


def test_filters_choose_and_are_said_and_cleared(page: QueuePage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await fill(on, 5)
            await on.tiny.submit(Nothing(number=1), label="Straße 1", tags={"job_id": "one"})
            page.attach(on.session)
            await until(lambda: len(labels(page)) == 6)
            note = child(page, NoteBar, "queue-filtered")
            assert not note.isVisible()
            child(page, MenuButton, "queue-state").choose("pending")
            await until(lambda: states(page) == ["pending"] * 2)
            assert note.text == "Filtered: Waiting"
            child(page, QLineEdit, "search").setText("STRASSE")
            await until(lambda: labels(page) == ["Straße 1"])
            child(page, QLineEdit, "queue-tag").setText("job_id=two")
            await until(lambda: labels(page) == [] and page.is_settled)
            assert "No task matches" in texts(page)
            assert note.text == "Filtered: “STRASSE”  ·  Waiting  ·  job_id=two"
            child(page, QPushButton, "queue-filtered-button").click()
            await until(lambda: len(labels(page)) == 6)
            assert not note.isVisible()
            child(page, MenuButton, "queue-domain").choose("tiny")
            child(page, MenuButton, "queue-type").choose("tiny::nothing")
            await until(lambda: labels(page) == ["Straße 1"])
            assert note.text == "Filtered: Tiny things  ·  tiny · nothing"
            page.detach()

    run_on_qt(qapp, play())


def test_filters_survive_a_restart(page: QueuePage, qapp: Any, tmp_path: Path, qtbot: QtBot) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await fill(on, 6)
            page.attach(on.session)
            await until(lambda: len(labels(page)) == 6)
            child(page, MenuButton, "queue-state").choose("pending")
            child(page, MenuButton, "queue-order").choose("newest")
            await until(lambda: len(labels(page)) == 2)
            page.detach()
            other = QueuePage()
            qtbot.addWidget(other)
            other.show()
            other.attach(on.session)
            await until(lambda: states(other) == ["pending"] * 2)
            assert other.wish.order == "newest"
            assert child(other, NoteBar, "queue-filtered").text == "Filtered: Waiting"
            other.detach()

    run_on_qt(qapp, play())


def test_the_head_of_the_time_column_turns_the_order(page: QueuePage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await fill(on, 4)
            await on.tiny.submit(Wait(number=10), label="second", priority=128)
            await on.tiny.submit(Wait(number=11), label="first", priority=64)
            await on.tiny.submit(Wait(number=12), label="third", priority=255)
            page.attach(on.session)
            await until(lambda: labels(page)[4:] == ["first", "second", "third"])
            header = page.view.header()
            spot = QPoint(header.sectionViewportPosition(QueueColumn.TIME) + 20, header.height() // 2)
            for expected in (
                ["third", "first", "second"],
                ["second", "first", "third"],
                ["first", "second", "third"],
            ):
                await by_hand(
                    lambda: QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=spot)
                )
                await until(lambda expected=expected: labels(page)[4:] == expected)
                assert header.isSortIndicatorShown() == (page.wish.order != "dispatch")
            page.detach()

    run_on_qt(qapp, play())


def test_a_row_is_told_when_it_is_selected_and_when_it_is_opened(
    page: QueuePage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            selected: list[TaskRecord | None] = []
            opened: list[TaskRecord | None] = []
            page.selected.connect(selected.append)
            page.opened.connect(opened.append)
            await fill(on, 6)
            page.attach(on.session)
            await until(lambda: len(labels(page)) == 6)
            page.view.setCurrentIndex(page.model.index(4, 0))
            record = page.model.record_at(page.model.index(4, 0))
            assert selected == [record]
            QTest.keyClick(page.view, Qt.Key.Key_Return)
            assert opened == [record]
            select(page, 4, 5)
            assert selected[-1] is None
            place = page.view.visualRect(page.model.index(5, 0)).center()
            await by_hand(
                lambda: QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
            )
            await by_hand(
                lambda: QTest.mouseDClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
            )
            assert [one.id for one in opened] == [record.id, page.model.record_at(page.model.index(5, 0)).id]
            page.detach()

    run_on_qt(qapp, play())


def test_twenty_thousand_rows_are_exported_and_read_back(page: QueuePage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await fill(on, 4)
            for begin in range(0, 20_000, 5_000):
                await on.tiny.submit_batch([Nothing(number=n) for n in range(begin, begin + 5_000)])
            page.attach(on.session)
            await until(lambda: len(labels(page)) > 4)
            child(page, MenuButton, "queue-type").choose("tiny::nothing")
            await until(lambda: page.model.head == 0 and page.model.rowCount() > 4)
            page.export_to(tmp_path / "queue.csv")
            note = child(page, NoteBar, "queue-exporting")
            assert note.isVisible()
            assert not child(page, QPushButton, "queue-export").isEnabled()
            await until(lambda: on.told != [])
            assert on.told == [f"Written: {number_text(20_000)} tasks into queue.csv"]
            assert not note.isVisible()
            assert child(page, QPushButton, "queue-export").isEnabled()
            page.detach()

    run_on_qt(qapp, play())
    with (tmp_path / "queue.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["payload"] for row in rows] == [f'{{"number": {n}}}' for n in range(20_000)]
    assert {row["state"] for row in rows} == {"pending"}


def test_an_export_can_be_stopped_and_its_dialog_blocks_nothing(
    page: QueuePage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await fill(on, 3_000)
            page.attach(on.session)
            await until(lambda: len(labels(page)) > 4)
            child(page, QPushButton, "queue-export").click()
            dialog = child(page, QFileDialog, "export-file")
            assert dialog.isVisible()
            assert not dialog.isModal()
            dialog.reject()
            page.export_to(tmp_path / "out.json")
            child(page, QPushButton, "queue-exporting-button").click()
            await until(lambda: page.is_settled)
            assert not (tmp_path / "out.json").exists()
            page.export_to(tmp_path / "no folder" / "out.json")
            await until(lambda: len(on.failed) == 1)
            assert "out.json" in on.failed[0].thing
            page.detach()

    run_on_qt(qapp, play())
