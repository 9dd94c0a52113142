"""Running tasks as a person sees them: they tick while they run and somebody looks, and can be cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.models.task_row import TaskColumn
from app.pages.running import RunningPage
from app.widgets.empty_state import EmptyState
from scheduler_core import Progress
from tests.app.pages.page_session import child, stage, ticking
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Wait


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[RunningPage]:
    made = RunningPage()
    made.resize(1080, 640)
    made.show()
    yield made
    made.detach()
    made.close()


def labels(page: RunningPage) -> list[str]:
    model = page.view.model()
    return [model.index(row, TaskColumn.TASK).data() for row in range(model.rowCount())]


def select(page: RunningPage, *rows: int) -> None:
    page.view.clearSelection()
    selection = page.view.selectionModel()
    for row in rows:
        selection.select(
            page.view.model().index(row, 0), selection.SelectionFlag.Select | selection.SelectionFlag.Rows
        )


@pytest.mark.parametrize("width", [538, 552, 700, 900, 1100])
def test_all_columns_are_within_the_list(page: RunningPage, width: int) -> None:
    # 538 is what the least window leaves beside a scroll bar.
    page.view.setFixedWidth(width)
    page.view.fit()
    assert page.view.header().length() <= page.view.viewport().width()


def test_tasks_come_and_go_and_nothing_ticks_when_nothing_runs(
    page: RunningPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            assert page.findChildren(EmptyState)[0].isVisible()
            assert not page.is_ticking
            await on.tiny.submit(Wait(), label="slow one")
            await until(lambda: labels(page) == ["slow one"])
            assert page.is_ticking
            page.hide()
            # A change that was under way is still shown, once.
            await until(lambda: ticking(page) == [])
            page.show()
            assert page.is_ticking
            on.gate.set()
            await until(lambda: labels(page) == [] and ticking(page) == [])
            assert page.findChildren(EmptyState)[0].isVisible()
            assert any(label.text() == "Nothing is running" for label in page.findChildren(QLabel))
            page.detach()

    run_on_qt(qapp, play())


def test_a_hidden_page_makes_up_for_what_it_missed(page: RunningPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.hide()
            page.attach(on.session)
            await on.tiny.submit(Wait(number=1), label="one")
            await until(lambda: len(on.scheduler.active_tasks()) == 1)
            page.show()
            assert labels(page) == ["one"]
            page.detach()
            assert labels(page) == []
            page.attach(on.session)
            assert labels(page) == ["one"]
            page.detach()

    run_on_qt(qapp, play())


def test_a_report_that_is_faster_than_its_row_is_not_lost(
    page: RunningPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await on.tiny.submit(Wait(number=1), label="one")
            await until(lambda: labels(page) == ["one"])
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
            await until(lambda: labels(page) == ["one", "two"])
            assert page.view.model().index(1, TaskColumn.PROGRESS).data() == "50 %"
            page.detach()

    run_on_qt(qapp, play())


def test_delete_and_the_buttons_cancel(page: RunningPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            for number in range(4):
                await on.tiny.submit(Wait(number=number), label=f"task {number}")
            await until(lambda: len(labels(page)) == 4)
            button = child(page, QPushButton, "running-cancel-selected")
            assert not button.isEnabled()
            select(page, 0, 2)
            QTest.keyClick(page.view, Qt.Key.Key_Delete)
            await until(lambda: labels(page) == ["task 1", "task 3"])
            select(page, 0)
            button.click()
            await until(lambda: labels(page) == ["task 3"])
            row = page.view.visualRect(page.view.model().index(0, 0)).center()
            QTest.mouseMove(page.view.viewport(), row + QPoint(1, 0))
            QTest.mouseMove(page.view.viewport(), row)
            cancel = child(page, QPushButton, "running-cancel")
            await until(cancel.isVisible)
            assert cancel.accessibleName() == "Cancel task 3"
            QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
            await until(lambda: labels(page) == [])
            assert on.failed == []
            page.detach()

    run_on_qt(qapp, play())


def test_a_domain_can_be_chosen(page: RunningPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await on.tiny.submit(Wait(), label="slow one")
            await until(lambda: labels(page) == ["slow one"])
            domains = child(page, QComboBox, "running-domain")
            assert [domains.itemText(place) for place in range(domains.count())] == [
                "All domains",
                "Tiny things",
            ]
            domains.setCurrentIndex(1)
            assert labels(page) == ["slow one"]
            domains.addItem("Another", "another")
            domains.setCurrentIndex(2)
            assert labels(page) == []
            assert any(label.text() == "Nothing runs in Another" for label in page.findChildren(QLabel))
            page.detach()

    run_on_qt(qapp, play())


def test_a_header_sorts_and_the_third_click_undoes_it(page: RunningPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            for number in (2, 3, 1):
                await on.tiny.submit(Wait(number=number), label=f"task {number}")
            await until(lambda: len(labels(page)) == 3)
            as_started = labels(page)
            header = page.view.header()
            spot = QPoint(header.sectionViewportPosition(TaskColumn.TASK) + 20, header.height() // 2)
            click = lambda: QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=spot)  # noqa: E731
            click()
            assert labels(page) == ["task 1", "task 2", "task 3"]
            click()
            assert labels(page) == ["task 3", "task 2", "task 1"]
            click()
            assert labels(page) == as_started
            page.detach()

    run_on_qt(qapp, play())
