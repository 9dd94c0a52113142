"""Failures as a person sees them: why, where, how often; tried again, cleared, copied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.models.failures_model import MOST_ROWS, FailureColumn
from app.pages.failures import FailuresPage
from app.widgets.empty_state import EmptyState
from app.widgets.list_skeleton import ListSkeleton
from app.widgets.prose import Prose
from tests.app.pages.page_session import Stage, child, stage, ticking
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[FailuresPage]:
    made = FailuresPage()
    made.resize(1080, 640)
    made.show()
    yield made
    made.detach()
    made.close()


def files(page: FailuresPage) -> list[str]:
    model = page.view.model()
    return [model.index(row, FailureColumn.FILE).data() for row in range(model.rowCount())]


def message(page: FailuresPage) -> str:
    return child(page.details, Prose, "failure-message").toPlainText()


async def fail(on: Stage, *numbers: int) -> None:
    """One after the other, so that they end in this order."""
    for number in numbers:
        await on.tiny.submit(Fail(number=number), label=f"file {number}", tags={"job_id": "trip"})
        await on.scheduler.wait_idle()


def test_nothing_went_wrong(page: FailuresPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        assert page.findChildren(ListSkeleton)[0].isVisible()
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await until(lambda: page.findChildren(EmptyState)[0].isVisible())
            assert any(label.text() == "Nothing went wrong" for label in page.findChildren(QLabel))
            page.detach()
            assert page.findChildren(ListSkeleton)[0].isVisible()

    run_on_qt(qapp, play())


def test_a_failure_is_shown_with_all_that_is_known(page: FailuresPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await fail(on, 1, 2)
            await until(lambda: files(page) == ["file 2", "file 1"] and page.is_settled)
            assert message(page) in {"number 1 is bad", "number 2 is bad"}
            page.view.setCurrentIndex(page.view.model().index(1, 0))
            assert message(page) == "number 1 is bad"
            trace = child(page.details, QPlainTextEdit, "failure-traceback").toPlainText()
            assert "PermanentError: number 1 is bad" in trace
            assert '"number": 1' in child(page.details, QPlainTextEdit, "failure-payload").toPlainText()
            shown = [text.toPlainText() for text in page.details.findChildren(Prose)]
            assert {"Tiny things (tiny::fail)", "Job", "trip", "file 1"} <= set(shown)
            await until(lambda: ticking(page) == [])
            page.detach()

    run_on_qt(qapp, play())


def test_the_selected_are_tried_again_and_fail_again_on_top(
    page: FailuresPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await fail(on, 1, 2, 3)
            await until(lambda: len(files(page)) == 3 and page.is_settled)
            page.view.setCurrentIndex(page.view.model().index(1, 0))
            child(page, QPushButton, "failures-retry").click()
            assert files(page) == ["file 3", "file 1"]
            await until(lambda: files(page) == ["file 2", "file 3", "file 1"])
            assert on.failed == []
            page.detach()

    run_on_qt(qapp, play())


def test_a_retry_that_is_undone_lists_its_failures_again(
    page: FailuresPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await fail(on, 1, 2, 3)
            await until(lambda: len(files(page)) == 3 and page.is_settled)
            before = files(page)
            on.scheduler.set_max_concurrency(0)
            page.view.selectAll()
            child(page, QPushButton, "failures-retry").click()
            await until(lambda: on.told == ["Trying again: 3 tasks"])
            await until(lambda: files(page) == [] and on.scheduler.counts.pending == 3)
            on.session.commands.undo(on.scheduler.undos[0].id)
            await until(lambda: files(page) == before)
            assert on.told[-1] == "Taken back: 3 tasks"
            assert on.scheduler.counts.active == 0
            page.detach()

    run_on_qt(qapp, play())


def test_the_selected_are_cleared_and_the_next_one_is_selected(
    page: FailuresPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await fail(on, 1, 2, 3)
            await until(lambda: len(files(page)) == 3 and page.is_settled)
            page.view.setCurrentIndex(page.view.model().index(1, 0))
            child(page, QPushButton, "failures-clear").click()
            assert files(page) == ["file 3", "file 1"]
            assert message(page) == "number 1 is bad"
            await on.settled()
            assert on.scheduler.failure_count == 2
            page.view.selectAll()
            QTest.keyClick(page.view, Qt.Key.Key_Delete)
            await on.settled()
            await until(lambda: on.scheduler.failure_count == 0)
            await until(page.findChildren(EmptyState)[0].isVisible)
            assert not child(page, QPushButton, "failures-clear").isEnabled()
            page.detach()

    run_on_qt(qapp, play())


def test_older_ones_come_when_scrolled(page: FailuresPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await on.tiny.submit_batch([Fail(number=number) for number in range(120)])
            await on.scheduler.wait_idle()
            page.attach(on.session)
            await until(lambda: len(files(page)) == 50 and page.is_settled)
            bar = page.view.verticalScrollBar()

            def scrolled_to(loaded: int) -> bool:
                # The bar learns of new rows one turn of the loop after they are there.
                bar.setValue(bar.maximum())
                return len(files(page)) == loaded

            for loaded in (100, 120):
                await until(lambda loaded=loaded: scrolled_to(loaded))
            page.detach()

    run_on_qt(qapp, play())


def test_the_selected_are_copied_as_text(page: FailuresPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await fail(on, 1, 2)
            await until(lambda: len(files(page)) == 2)
            page.view.selectAll()
            QTest.keyClick(page.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            text = QGuiApplication.clipboard().text()
            for part in ("file 1: number 1 is bad", "file 2: number 2 is bad", "Traceback", "job_id = trip"):
                assert part in text
            assert child(page, QPushButton, "failures-retry").text() == "&Retry 2 selected"
            page.detach()

    run_on_qt(qapp, play())


def test_what_a_hidden_page_missed_is_there_when_it_is_shown(
    page: FailuresPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.hide()
            page.attach(on.session)
            await fail(on, 1)
            await on.settled()
            assert files(page) == []
            page.show()
            await until(lambda: files(page) == ["file 1"])
            page.detach()

    run_on_qt(qapp, play())


def test_what_the_scheduler_refuses_comes_back(
    page: FailuresPage, qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await fail(on, 1)
            await until(lambda: files(page) == ["file 1"] and page.is_settled)

            async def refuse(_ids: Any) -> None:
                raise OSError("the disk is full")

            monkeypatch.setattr(on.scheduler, "clear_for_now", refuse)
            child(page, QPushButton, "failures-clear").click()
            assert files(page) == []
            await until(lambda: files(page) == ["file 1"])
            assert "the disk is full" in str(on.failed[0])
            page.detach()

    run_on_qt(qapp, play())


def test_of_many_failures_few_are_held_wherever_one_scrolls(
    page: FailuresPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await on.tiny.submit_batch([Fail(number=number) for number in range(900)])
            await on.scheduler.wait_idle()
            ended = [one.id for one in await on.scheduler.failures(1000)]
            page.attach(on.session)
            await until(lambda: page.view.model().rowCount() == 50)
            bar, model = page.view.verticalScrollBar(), page._model

            def at(place: int, one: int) -> bool:
                bar.setValue(place)
                assert model.rowCount() <= MOST_ROWS
                return one in {record.id for record in model.records}

            await until(lambda: at(bar.maximum(), ended[-1]))
            assert model.is_slid
            first = ended.index(model.records[0].id)
            assert [one.id for one in model.records] == ended[first:]
            page.view.setCurrentIndex(model.index(model.rowCount() - 1, 0))
            child(page, QPushButton, "failures-clear").click()
            assert ended.pop() not in {record.id for record in model.records}
            await fail(on, 1000)
            newest = (await on.scheduler.failures(1))[0].id
            await until(lambda: at(0, newest))
            assert [one.id for one in model.records] == [newest, *ended][: model.rowCount()]
            page.detach()

    run_on_qt(qapp, play())


def test_when_all_that_is_held_far_down_is_mended_the_others_come(
    page: FailuresPage, qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.models.failures_model.MOST_ROWS", 60)
    monkeypatch.setattr("app.models.failures_model.CHUNK", 40)

    async def play() -> None:
        async with stage(tmp_path) as on:
            await on.tiny.submit_batch([Fail(number=number) for number in range(100)])
            await on.scheduler.wait_idle()
            page.attach(on.session)
            await until(lambda: page.view.model().rowCount() == 50)
            bar = page.view.verticalScrollBar()

            def is_down() -> bool:
                bar.setValue(bar.maximum())
                return page._model.is_slid

            await until(is_down)
            page.view.selectAll()
            held = page.view.model().rowCount()
            child(page, QPushButton, "failures-clear").click()
            await until(lambda: on.scheduler.failure_count == 100 - held)
            await until(lambda: page.is_settled and page.view.model().rowCount() == 100 - held)
            page.detach()

    run_on_qt(qapp, play())


def test_every_control_has_a_name(page: FailuresPage) -> None:
    buttons = [button for button in page.findChildren(QPushButton) if button.text()]
    assert len(buttons) >= 7
    assert all(one.accessibleName() for one in [*buttons, page.view, page.causes_view, page.details])
