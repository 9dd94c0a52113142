"""The queue as a person sees it: what runs on top, what waits below, all of it to choose, change, copy and export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.models.queue_model import QueueColumn
from app.models.window_model import MOST_ROWS
from app.pages.queue import QueuePage
from app.widgets.empty_state import EmptyState
from scheduler_core import Progress
from tests.app.pages.page_session import by_hand, stage, ticking
from tests.app.pages.queue_page import fill, labels, states, texts
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Wait


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[QueuePage]:
    made = QueuePage()
    made.resize(1080, 640)
    made.show()
    yield made
    made.detach()
    made.close()


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
            await until(lambda: "Nothing runs and nothing waits" in texts(page))
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


def test_a_storm_of_tasks_that_nobody_can_read_is_shown_less_often(
    page: QueuePage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await on.tiny.pause()
            page.attach(on.session)
            assert page.feed is not None
            pace = page.feed.refresher
            made = await on.tiny.submit_batch([Wait(number=n) for n in range(5)])
            first = [one.id for one in made if one.id is not None]
            await until(lambda: len(labels(page)) == 5)
            calm_ms = pace.least_ms
            for task_id in first[:2]:
                await on.tiny.cancel(task_id)
            await until(lambda: len(labels(page)) == 3)
            assert pace.least_ms == calm_ms
            page.hide()
            for task_id in first[2:]:
                await on.tiny.cancel(task_id)
            await on.tiny.submit_batch([Wait(number=n) for n in range(5, 10)])
            page.show()
            await until(lambda: len(labels(page)) == 5)
            assert pace.least_ms == 2 * calm_ms
            await on.tiny.resume()
            await until(lambda: states(page) == ["running"] * 4 + ["pending"])
            assert pace.least_ms == calm_ms
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
