"""Failures by cause: one is tried, and then the others; what is said of it stands where it was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.models.causes_model import COUNT_ROLE
from app.models.failures_model import FailureColumn
from app.pages.failures import FailuresPage
from app.widgets.empty_state import EmptyState
from app.widgets.prose import Prose
from app.widgets.trial_strip import TrialStrip
from scheduler_core import TaskHistoryRecord
from tests.app.pages.page_session import Stage, child, stage, ticking
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Mood, Moody, Wait


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[FailuresPage]:
    made = FailuresPage()
    made.resize(1080, 640)
    made.show()
    yield made
    made.detach()
    made.close()


def cards(page: FailuresPage) -> list[tuple[str, str]]:
    """What each card says, and its number."""
    model = page.causes
    return [(model.index(row).data(), model.index(row).data(COUNT_ROLE)) for row in range(model.rowCount())]


def title(page: FailuresPage) -> str:
    return child(page, Prose, "cause-title").toPlainText()


def said(page: FailuresPage) -> tuple[str, str]:
    """What became of a trial, and the look in which it is said."""
    strip = child(page, TrialStrip, "failures-outcome")
    return strip.text, strip.kind


def button(page: FailuresPage, name: str) -> QPushButton:
    return child(page, QPushButton, f"failures-{name}")


def listed(page: FailuresPage) -> list[str]:
    model = page.view.model()
    return [model.index(row, FailureColumn.FILE).data() for row in range(model.rowCount())]


async def fail(on: Stage, mood: Mood, error: str, *numbers: int) -> None:
    """Moody tasks that fail with this, one after the other."""
    mood.error = error
    for number in numbers:
        await on.tiny.submit(Moody(number=number), label=f"file {number}")
        await on.scheduler.wait_idle()


async def settle(page: FailuresPage, on: Stage) -> None:
    """All is done and shown."""
    await on.settled()
    await until(lambda: page.is_settled)


def test_failures_are_grouped_and_the_first_cause_is_opened(
    page: FailuresPage, qapp: Any, tmp_path: Path
) -> None:
    mood = Mood()

    async def play() -> None:
        async with stage(tmp_path, mood=mood) as on:
            page.attach(on.session)
            await fail(on, mood, "OSError: disk {0} is full", 1, 2, 3)
            await fail(on, mood, "no answer", 4)
            await settle(page, on)
            assert set(cards(page)[1:]) == {("Disk … is full", "3"), ("no answer".capitalize(), "1")}
            assert cards(page)[0] == ("All failures", "4")
            assert child(page, QLabel, "failures-summary").text() == "4 tasks of 2 causes"
            row = page.causes.row_of(next(one.id for one in page.causes.causes if one.n == 3))
            assert row is not None
            page.causes_view.setCurrentIndex(page.causes.index(row))
            await until(lambda: listed(page) == ["file 3", "file 2", "file 1"])
            assert title(page) == "Disk … is full"
            assert "Tiny things (moody)" in child(page, Prose, "cause-caption").toPlainText()
            assert button(page, "retry-all").text().replace("&", "") == "Retry all 3"
            page.causes_view.setCurrentIndex(page.causes.index(0))
            await until(lambda: listed(page) == ["file 4", "file 3", "file 2", "file 1"])
            assert not button(page, "try-one").isVisible()
            page.detach()

    run_on_qt(qapp, play())


def test_one_is_tried_and_what_becomes_of_it_is_said_there(
    page: FailuresPage, qapp: Any, tmp_path: Path
) -> None:
    mood = Mood()

    async def play() -> None:
        async with stage(tmp_path, mood=mood) as on:
            page.attach(on.session)
            await fail(on, mood, "disk {0} is full", 1, 2, 3)
            await settle(page, on)
            await until(lambda: len(listed(page)) == 3)
            assert said(page)[1] == "hint"
            button(page, "try-one").click()
            assert said(page)[1] == "busy"
            assert not button(page, "retry-all").isEnabled()
            await until(lambda: said(page) == ("file 3 failed again, for the same cause.", "bad"))
            await settle(page, on)
            assert cards(page)[1:] == [("Disk … is full", "3")]
            mood.error = None
            button(page, "try-one").click()
            await until(lambda: said(page) == ("file 2 worked. Retry the other 2.", "good"))
            await settle(page, on)
            retry = button(page, "retry-all")
            assert (retry.text().replace("&", ""), retry.property("role")) == ("Retry the other 2", "main")
            retry.click()
            await until(page.findChildren(EmptyState)[0].isVisible)
            assert on.scheduler.failure_count == 0
            assert on.scheduler.counts.completed == 3
            assert on.failed == []
            await until(lambda: ticking(page) == [])
            page.detach()

    run_on_qt(qapp, play())


def test_a_failure_for_another_cause_is_told_and_looked_at(
    page: FailuresPage, qapp: Any, tmp_path: Path
) -> None:
    mood = Mood()

    async def play() -> None:
        async with stage(tmp_path, mood=mood) as on:
            page.attach(on.session)
            await fail(on, mood, "disk {0} is full", 1)
            await settle(page, on)
            await until(lambda: len(listed(page)) == 1)
            mood.error = "no answer from server {0}"
            button(page, "try-one").click()
            # Its card stays while it is tried, though nothing is left of its cause.
            assert len(cards(page)) == 2
            text = "file 1 failed again, for another cause: No answer from server 1"
            await until(lambda: cards(page)[1:] == [("No answer from server 1", "1")])
            await until(lambda: said(page) == (text, "bad"))
            assert title(page) == "No answer from server 1"
            page.detach()

    run_on_qt(qapp, play())


def test_the_only_one_that_works_leaves_an_empty_page_and_is_told(
    page: FailuresPage, qapp: Any, tmp_path: Path
) -> None:
    mood = Mood()

    async def play() -> None:
        async with stage(tmp_path, mood=mood) as on:
            page.attach(on.session)
            await fail(on, mood, "disk {0} is full", 1)
            await settle(page, on)
            await until(lambda: len(listed(page)) == 1)
            assert button(page, "try-one").text() == "&Try it again"
            assert not button(page, "retry-all").isVisible()
            mood.error = None
            button(page, "try-one").click()
            await until(page.findChildren(EmptyState)[0].isVisible)
            assert on.told == ["file 1 worked. Nothing else failed for this cause."]
            page.detach()

    run_on_qt(qapp, play())


def test_a_trial_in_a_paused_domain_says_so_and_goes_on_with_it(
    page: FailuresPage, qapp: Any, tmp_path: Path
) -> None:
    mood = Mood()

    async def play() -> None:
        async with stage(tmp_path, mood=mood) as on:
            page.attach(on.session)
            await fail(on, mood, "disk {0} is full", 1, 2)
            await settle(page, on)
            await until(lambda: len(listed(page)) == 2)
            await on.tiny.pause()
            mood.error = None
            button(page, "try-one").click()
            await until(lambda: said(page)[1] == "held")
            assert "Tiny things" in said(page)[0]
            await on.tiny.resume()
            await until(lambda: said(page) == ("file 2 worked. Retry the other one.", "good"))
            page.detach()

    run_on_qt(qapp, play())


@pytest.mark.parametrize("name", ["retry-all", "clear-all"])
def test_all_of_a_cause_or_all_there_are_are_tried_again_or_cleared(
    page: FailuresPage, qapp: Any, tmp_path: Path, name: str
) -> None:
    mood = Mood()

    async def play() -> None:
        async with stage(tmp_path, mood=mood) as on:
            await on.tiny.submit_batch([Fail(number=number) for number in range(60)])
            await fail(on, mood, "no answer", 1)
            page.attach(on.session)
            await settle(page, on)
            (bad,) = [one for one in page.causes.causes if one.n == 60]
            row = page.causes.row_of(bad.id)
            assert row is not None
            page.causes_view.setCurrentIndex(page.causes.index(row))
            await until(lambda: page.is_settled and len(listed(page)) == 50)
            mood.error = None
            before = {record.id for record in await on.scheduler.failures(100)}
            button(page, name).click()
            await settle(page, on)
            after = {record.id for record in await on.scheduler.failures(100)}
            assert len(after & before) == 1
            assert len(after) == (61 if name == "retry-all" else 1)
            await until(lambda: cards(page)[0] == ("All failures", str(len(after))))
            page.causes_view.setCurrentIndex(page.causes.index(0))
            button(page, name).click()
            await settle(page, on)
            left = 60 if name == "retry-all" else 0
            assert on.scheduler.failure_count == left
            assert on.failed == []
            page.detach()

    run_on_qt(qapp, play())


def test_new_failures_join_their_card_and_new_causes_move_nothing_below(
    page: FailuresPage, qapp: Any, tmp_path: Path
) -> None:
    mood = Mood()

    async def play() -> None:
        async with stage(tmp_path, mood=mood) as on:
            for word in "abcdefghijkl":
                await fail(on, mood, f"{word}-server refused", 100 + ord(word))
            page.attach(on.session)
            await settle(page, on)
            order = [one.text for one in page.causes.causes]
            await fail(on, mood, f"{order[-1]}", 1)
            await until(lambda: page.causes.causes[-1].n == 2)
            assert [one.text for one in page.causes.causes] == order
            view = page.causes_view
            view.setCurrentIndex(page.causes.index(6))
            view.verticalScrollBar().setValue(300)
            place = view.visualRect(page.causes.index(6)).top()
            await fail(on, mood, "something new", 2)
            await until(lambda: page.causes.causes[0].text == "something new")
            await until(lambda: view.visualRect(page.causes.index(7)).top() == place)
            assert view.currentIndex().row() == 7
            page.detach()

    run_on_qt(qapp, play())


def test_in_a_small_window_one_goes_in_and_back_by_keyboard(
    page: FailuresPage, qapp: Any, tmp_path: Path
) -> None:
    mood = Mood()

    async def play() -> None:
        page.resize(552, 400)
        async with stage(tmp_path, mood=mood) as on:
            page.attach(on.session)
            await fail(on, mood, "disk {0} is full", 1, 2)
            await settle(page, on)
            assert page.causes_view.isVisible()
            assert not page.view.isVisible()
            QTest.keyClick(page.causes_view, Qt.Key.Key_Return)
            assert page.view.isVisible()
            assert not page.causes_view.isVisible()
            await until(lambda: len(listed(page)) == 2)
            QTest.keyClick(page.view, Qt.Key.Key_Escape)
            assert page.causes_view.isVisible()
            QTest.keyClick(page.causes_view, Qt.Key.Key_Right)
            button(page, "back").click()
            assert page.causes_view.isVisible()
            page.resize(1000, 600)
            assert page.causes_view.isVisible()
            assert page.view.isVisible()
            QTest.keyClick(page.causes_view, Qt.Key.Key_Delete)
            await until(page.findChildren(EmptyState)[0].isVisible)
            page.detach()

    run_on_qt(qapp, play())


def test_the_failure_that_is_looked_at_is_told(page: FailuresPage, qapp: Any, tmp_path: Path) -> None:
    mood = Mood()
    told: list[TaskHistoryRecord | None] = []
    page.selected.connect(told.append)

    async def play() -> None:
        async with stage(tmp_path, mood=mood) as on:
            page.attach(on.session)
            await fail(on, mood, "disk {0} is full", 1, 2)
            await until(lambda: page.is_settled and len(listed(page)) == 2)
            page.view.setCurrentIndex(page.view.model().index(1, 0))
            assert told[-1] is not None
            assert told[-1].label == "file 1"
            page.view.selectAll()
            assert told[-1] is None
            page.detach()

    run_on_qt(qapp, play())


def test_what_cannot_be_tried_any_more_is_said_and_a_cause_that_has_gone_is_not_all_there_are(
    page: FailuresPage, qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mood = Mood()

    async def play() -> None:
        async with stage(tmp_path, mood=mood) as on:
            page.attach(on.session)
            await fail(on, mood, "disk {0} is full", 1, 2)
            await settle(page, on)
            await until(lambda: len(listed(page)) == 2)

            async def refuse(_ids: Any) -> None:
                raise OSError("the disk is full")

            with monkeypatch.context() as patch:
                patch.setattr(on.scheduler, "retry_failures", refuse)
                button(page, "try-one").click()
                await until(lambda: "was not tried" in said(page)[0])
            assert "the disk is full" in str(on.failed[0])
            await until(lambda: len(listed(page)) == 2)
            page.opened._cause_id = 10**6
            page.head.clear_requested.emit()
            page.head.retry_requested.emit()
            await settle(page, on)
            assert on.scheduler.failure_count == 2
            page.detach()

    run_on_qt(qapp, play())


def test_keys_try_one_and_nobody_hears_of_starts_afterwards(
    page: FailuresPage, qapp: Any, tmp_path: Path
) -> None:
    mood = Mood()

    async def play() -> None:
        async with stage(tmp_path, mood=mood) as on:
            page.attach(on.session)
            await fail(on, mood, "disk {0} is full", 1, 2)
            await settle(page, on)
            await until(lambda: len(listed(page)) == 2)
            gate = [Wait(number=number) for number in range(4)]
            await on.tiny.submit_batch(gate)
            mood.error = None
            page.activateWindow()
            QTest.keyClick(page.view, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
            # Or Qt would go on to believe that Ctrl is held.
            QTest.keyClick(page.view, Qt.Key.Key_Home)
            await until(lambda: "waits for its turn" in said(page)[0])
            on.gate.set()
            await until(lambda: said(page)[1] == "good")
            assert not on.session.events._wanting_starts
            page.detach()

    run_on_qt(qapp, play())


def test_whoever_is_quicker_than_the_list_tries_the_newest(
    page: FailuresPage, qapp: Any, tmp_path: Path
) -> None:
    mood = Mood()

    async def play() -> None:
        async with stage(tmp_path, mood=mood) as on:
            await fail(on, mood, "disk {0} is full", 1, 2)
            page.attach(on.session)
            await until(lambda: button(page, "try-one").isVisible() and button(page, "try-one").isEnabled())
            page._model.clear()
            mood.error = None
            button(page, "try-one").click()
            await until(lambda: said(page) == ("file 2 worked. Retry the other one.", "good"))
            page.detach()

    run_on_qt(qapp, play())
