"""What is chosen of the queue, by filters and by hand, and what is done with it: cancel, move in line, copy, export."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.models.queue_model import QueueColumn
from app.models.wording import number_text
from app.pages.queue import QueuePage
from app.widgets.menu_button import MenuButton
from app.widgets.note_bar import NoteBar
from scheduler_core import TaskRecord
from tests.app.pages.page_session import by_hand, child, stage
from tests.app.pages.queue_page import fill, labels, select, states, texts
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Nothing, Wait


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[QueuePage]:
    made = QueuePage()
    made.resize(1080, 640)
    made.show()
    yield made
    made.detach()
    made.close()


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
            await until(lambda: "2 selected" in texts(page))
            QTest.keyClick(page.view, Qt.Key.Key_Delete)
            await until(lambda: labels(page) == ["task 1", "task 3"])
            select(page, 0)
            await until(button.isEnabled)
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
            assert on.told == ["Priority High: 1 task"]
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
            await until(lambda: "All that is listed is selected" in texts(page))
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


def test_finding_all_that_is_listed_is_said_when_it_takes_a_moment(
    page: QueuePage, qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await fill(on, 6)
            page.attach(on.session)
            await until(lambda: len(labels(page)) == 6)
            said: list[str] = []
            on.session.commands.noted.connect(said.append)
            on.session.commands.settled.connect(lambda: said.append("over"))
            found, pages = asyncio.Event(), page.pages

            async def slow_pages() -> AsyncIterator[Sequence[Any]]:
                await found.wait()
                async for one in pages():
                    yield one

            monkeypatch.setattr(page, "pages", slow_pages)
            page.choose_all()
            page.cancel_chosen()
            await until(lambda: said == ["Finding all that is listed…"])
            found.set()
            await until(lambda: on.told == ["Cancelled: 6 tasks"])
            assert "over" in said
            page.detach()

    run_on_qt(qapp, play())


def test_a_retry_that_is_undone_leaves_the_queue(page: QueuePage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            failed = [await on.tiny.submit(Fail(number=n), label=f"bad {n}") for n in range(3)]
            await on.scheduler.wait_idle()
            on.scheduler.set_max_concurrency(0)
            page.attach(on.session)
            undo = await on.scheduler.retry_for_now([one.id or 0 for one in failed])
            assert undo is not None
            await until(lambda: len(labels(page)) == 3)
            await on.scheduler.undo(undo.id)
            await until(lambda: labels(page) == [])
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
            await until(lambda: "No task matches" in texts(page))
            assert note.text == "Filtered: “STRASSE”  ·  Waiting  ·  job_id=two"
            child(page, QPushButton, "queue-filtered-button").click()
            await until(lambda: len(labels(page)) == 6)
            assert not note.isVisible()
            child(page, MenuButton, "queue-domain").choose("tiny")
            child(page, MenuButton, "queue-type").choose("tiny::nothing")
            await until(lambda: labels(page) == ["Straße 1"])
            assert note.text == "Filtered: Tiny things  ·  nothing"
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


def test_a_row_is_told_when_it_is_selected_and_when_it_is_opened(
    page: QueuePage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            selected: list[TaskRecord | None] = []
            opened: list[TaskRecord] = []
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
            second = page.model.record_at(page.model.index(5, 0))
            assert record is not None
            assert second is not None
            assert [one.id for one in opened] == [record.id, second.id]
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
            await until(child(page, QPushButton, "queue-export").isEnabled)
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
