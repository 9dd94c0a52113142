"""The columns of Queue and History are as a person left them: wide, moved and hidden, also at the next start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.models.history_model import HistoryColumn
from app.models.queue_model import QueueColumn
from app.pages.history import HistoryPage
from app.pages.queue import QueuePage
from app.pages.task_table import TaskTable
from tests.app.pages.page_session import by_hand, stage
from tests.app.pages.queue_page import fill
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt

# The menu is a window of its own.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing|propagateSizeHints)")

Make = Callable[[], TaskTable]
Kind = type[QueuePage] | type[HistoryPage]
PAGES: list[Kind] = [QueuePage, HistoryPage]


@pytest.fixture
def make(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[Make]:
    """Pages of one kind that go with the test."""
    made: list[TaskTable] = []

    def new(kind: Kind = QueuePage) -> TaskTable:
        page = kind()
        page.resize(1280, 640)
        page.show()
        made.append(page)
        return page

    yield new
    for page in made:
        page.detach()
        page.close()
        page.deleteLater()


def entry(page: TaskTable, name: str) -> QAction:
    """An entry of the menu of columns, as it is when the menu opens."""
    page.columns.menu.aboutToShow.emit()
    return next(one for one in page.columns.menu.actions() if one.objectName() == name)


def width(page: TaskTable, column: int) -> int:
    header = page.view.header()
    return 0 if header.isSectionHidden(column) else header.sectionSize(column)


def order(page: TaskTable) -> list[int]:
    header = page.view.header()
    return [header.logicalIndex(place) for place in range(header.count())]


async def pull(page: TaskTable, column: int, by: int) -> None:
    """Drags the right edge of a column."""
    header = page.view.header()
    edge = QPoint(
        header.sectionViewportPosition(column) + header.sectionSize(column) - 1, header.height() // 2
    )
    await by_hand(lambda: drag(page, edge, edge + QPoint(by, 0)))


def drag(page: TaskTable, begin: QPoint, end: QPoint) -> None:
    viewport, left = page.view.header().viewport(), Qt.MouseButton.LeftButton
    QTest.mouseMove(viewport, begin)
    QTest.mousePress(viewport, left, pos=begin)
    for n in range(1, 11):
        QTest.mouseMove(viewport, begin + (end - begin) * n / 10)
    QTest.mouseRelease(viewport, left, pos=end)


def test_a_column_that_was_pulled_wider_stays_so_and_the_others_give_way(
    make: Make, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page = make()
            page.attach(on.session)
            await fill(on, 6)
            await until(lambda: page.is_settled and page.view.isVisible())
            before = width(page, QueueColumn.DOMAIN)
            await pull(page, QueueColumn.DOMAIN, 60)
            await until(lambda: page.columns.choice.widths.get("domain") == before + 60)
            assert width(page, QueueColumn.DOMAIN) == before + 60
            assert page.view.header().length() == page.view.viewport().width()
            page.resize(1000, 640)
            assert width(page, QueueColumn.DOMAIN) == before + 60, "also in another window"
            assert page.view.header().length() == page.view.viewport().width()
            page.resize(1280, 640)
            page.detach()
            again = make()
            again.attach(on.session)
            await until(lambda: again.is_settled and again.view.isVisible())
            assert width(again, QueueColumn.DOMAIN) == before + 60
            on.gate.set()

    run_on_qt(qapp, play())


def test_a_double_click_on_its_edge_lets_a_column_follow_the_room_again(
    make: Make, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page = make()
            page.attach(on.session)
            await fill(on, 6)
            await until(lambda: page.is_settled and page.view.isVisible())
            before = width(page, QueueColumn.TASK)
            await pull(page, QueueColumn.TASK, -60)
            await until(lambda: width(page, QueueColumn.TASK) == before - 60)
            page.view.header().sectionHandleDoubleClicked.emit(QueueColumn.TASK)
            assert width(page, QueueColumn.TASK) == before
            assert page.columns.choice.is_default
            on.gate.set()

    run_on_qt(qapp, play())


def test_columns_are_moved_and_the_buttons_stay_at_the_end(make: Make, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page = make()
            page.attach(on.session)
            await fill(on, 6)
            await until(lambda: page.is_settled and page.view.isVisible())
            header = page.view.header()

            def middle(column: int) -> QPoint:
                left = header.sectionViewportPosition(column)
                return QPoint(left + header.sectionSize(column) // 2, header.height() // 2)

            begin, end = middle(QueueColumn.PRIORITY), middle(QueueColumn.DOMAIN) - QPoint(40, 0)
            await by_hand(lambda: drag(page, begin, end))
            await until(lambda: not page.columns.choice.is_default)
            assert order(page)[:3] == [QueueColumn.TASK, QueueColumn.PRIORITY, QueueColumn.DOMAIN]
            await by_hand(lambda: drag(page, middle(QueueColumn.ACTIONS), middle(QueueColumn.TASK)))
            await until(lambda: order(page)[-1] == QueueColumn.ACTIONS)
            page.detach()
            again = make()
            again.attach(on.session)
            assert order(again)[:3] == [QueueColumn.TASK, QueueColumn.PRIORITY, QueueColumn.DOMAIN]
            assert order(again)[-1] == QueueColumn.ACTIONS
            on.gate.set()

    run_on_qt(qapp, play())


@pytest.mark.parametrize("kind", PAGES)
def test_the_menu_hides_and_shows_columns_and_resets_all(
    make: Callable[[Kind], TaskTable], qapp: Any, tmp_path: Path, kind: Kind
) -> None:
    state: int = QueueColumn.STATE if kind is QueuePage else HistoryColumn.STATE

    async def play() -> None:
        async with stage(tmp_path) as on:
            page = make(kind)
            page.attach(on.session)
            assert width(page, state)
            entry(page, "column-state").trigger()
            assert width(page, state) == 0
            assert page.view.header().length() == page.view.viewport().width()
            page.detach()
            again = make(kind)
            again.attach(on.session)
            assert width(again, state) == 0
            assert not entry(again, "column-state").isChecked()
            entry(again, "columns-reset").trigger()
            assert width(again, state)
            assert not entry(again, "columns-reset").isEnabled()
            again.detach()
            third = make(kind)
            third.attach(on.session)
            assert width(third, state)

    run_on_qt(qapp, play())


@pytest.mark.parametrize("kind", PAGES)
def test_what_is_always_shown_is_not_in_the_menu_and_the_menu_of_the_list_has_it(
    make: Callable[[Kind], TaskTable], kind: Kind
) -> None:
    page = make(kind)
    names = [one.objectName() for one in page.columns.menu.actions()]
    assert "column-task" not in names
    assert "column-actions" not in names
    assert page.view.actions()[-1] is page.columns.menu.menuAction()


def test_a_column_without_room_is_said_to_have_none(make: Make) -> None:
    page = make()
    page.view.setFixedWidth(552)
    page.view.fit()
    assert entry(page, "column-data").text() == "Data (no room for it now)"
    assert entry(page, "column-state").text() == "State"
    page.columns.show_choice(page.columns.choice.with_width("state", 900))
    assert page.view.header().length() <= page.view.viewport().width(), (
        "a width gives way where there is no room"
    )


def test_the_menu_opens_where_the_header_is_pressed(make: Make) -> None:
    page = make()
    page.view.header().customContextMenuRequested.emit(QPoint(20, 8))
    assert page.columns.menu.isVisible()
    page.columns.menu.close()
