"""Jobs as a person sees them: they come, change, open, are cancelled and retried, and cost nothing when idle."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.models.job_figures import figures
from app.models.job_row import JobColumn
from app.models.jobs_model import MOST_ROWS, SUMMARY_ROLE
from app.pages.jobs import JobsPage
from app.widgets.empty_state import EmptyState
from app.widgets.list_skeleton import ListSkeleton
from tests.app.pages.page_session import Stage, child, stage, ticking
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Nothing, Wait


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[JobsPage]:
    made = JobsPage()
    made.resize(1080, 640)
    made.show()
    yield made
    made.detach()
    made.close()


def cell(page: JobsPage, row: int, column: JobColumn) -> str:
    return page.view.model().index(row, column).data()


def names(page: JobsPage) -> list[str]:
    return [cell(page, row, JobColumn.NAME) for row in range(page.view.model().rowCount())]


def counts(page: JobsPage, row: int = 0) -> Any:
    return figures(page.view.model().index(row, 0).data(SUMMARY_ROLE).counts)


def is_shown(page: JobsPage, kind: type[EmptyState | ListSkeleton]) -> bool:
    return any(part.isVisible() for part in page.findChildren(kind))


async def submit(on: Stage, job: str, *tasks: Nothing | Wait | Fail) -> None:
    await on.tiny.submit_batch(list(tasks), tags={"job_id": job})


@pytest.mark.parametrize("width", [538, 552, 700, 900, 1100])
def test_all_columns_are_within_the_list(page: JobsPage, width: int) -> None:
    # 538 is what the least window leaves beside a scroll bar.
    page.view.setFixedWidth(width)
    page.view.fit()
    assert page.view.header().length() <= page.view.viewport().width()


def test_before_and_after_a_session_it_is_grey_and_without_jobs_it_says_how_to_make_one(
    page: JobsPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        assert is_shown(page, ListSkeleton)
        async with stage(tmp_path) as on:
            for _ in range(2):
                page.attach(on.session)
                await until(lambda: page.is_settled and is_shown(page, EmptyState))
                page.detach()
                page.detach()
                assert is_shown(page, ListSkeleton)

    run_on_qt(qapp, play())


def test_a_job_comes_with_its_counts_and_ends(page: JobsPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await submit(on, "trip", Wait(number=1), Nothing(number=1), Nothing(number=2))
            await until(lambda: names(page) == ["trip"] and counts(page).done == 2)
            assert counts(page).running == 1
            assert page.view.currentIndex().isValid()
            on.gate.set()
            await until(lambda: cell(page, 0, JobColumn.READY) == "done")
            assert cell(page, 0, JobColumn.DONE) == "3"
            page.detach()

    run_on_qt(qapp, play())


def test_jobs_that_were_there_before_are_shown_and_the_newest_is_open_while_it_works(
    page: JobsPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await submit(on, "old", Nothing(number=1))
            await on.scheduler.wait_idle()
            await submit(on, "new", Wait())
            page.attach(on.session)
            await until(lambda: names(page) == ["new", "old"])
            top = page.view.model().index(0, 0)
            assert page.view.isExpanded(top)
            assert "Tiny things, wait: 0 of 1 done" in page.view.model().index(0, 0, top).data()
            QTest.keyClick(page.view, Qt.Key.Key_Return)
            assert not page.view.isExpanded(top)
            old = page.view.model().index(1, 0)
            QTest.mouseClick(
                page.view.viewport(), Qt.MouseButton.LeftButton, pos=page.view.visualRect(old).center()
            )
            assert page.view.isExpanded(old)
            page.detach()

    run_on_qt(qapp, play())


def test_the_buttons_cancel_a_job_and_retry_what_failed_of_it(
    page: JobsPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await submit(on, "other", Fail(number=9))
            await submit(on, "trip", Wait(), Fail(number=1), Fail(number=2))
            retry, cancel = child(page, QPushButton, "job-retry"), child(page, QPushButton, "job-cancel")
            await until(lambda: names(page) == ["trip", "other"] and counts(page).failed == 2)
            page.view.setCurrentIndex(page.view.model().index(0, 0))
            await until(lambda: retry.isVisible() and cancel.isVisible())
            assert cancel.accessibleName() == "Cancel what is left of trip"
            cancel.click()
            await until(lambda: counts(page).active == 0)
            await until(lambda: not cancel.isVisible())
            before = {one.id for one in await on.scheduler.failures(10)}
            retry.click()
            await until(lambda: len(on.told) == 2)
            assert "1" in on.told[0], "of what it has cancelled"
            assert "2" in on.told[1], "of what it tries again"
            await on.settled()
            after = {one.id for one in await on.scheduler.failures(10)}
            assert len(before & after) == 1
            await until(lambda: counts(page).failed == 2)
            page.detach()

    run_on_qt(qapp, play())


def test_a_pause_is_seen_in_the_jobs_it_holds_back(page: JobsPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            page.attach(on.session)
            await submit(on, "trip", *(Wait(number=number) for number in range(6)))
            await until(lambda: names(page) == ["trip"] and counts(page).running == 4)
            await on.tiny.pause()
            await until(lambda: counts(page).paused == 6)
            assert cell(page, 0, JobColumn.READY) == "6 paused"
            assert cell(page, 0, JobColumn.WAITING) == "0"
            await on.tiny.resume()
            await until(lambda: counts(page).running == 4)
            page.detach()

    run_on_qt(qapp, play())


def test_a_storm_asks_at_most_four_times_a_second_and_idle_nothing_ticks(
    page: JobsPage, qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            asked: list[float] = []
            out: list[int] = [0, 0]
            jobs, job = on.scheduler.jobs, on.scheduler.job

            async def counted(ask: Any, *args: Any) -> Any:
                asked.append(time.monotonic())
                out[0] += 1
                out[1] = max(out)
                try:
                    return await ask(*args)
                finally:
                    out[0] -= 1

            monkeypatch.setattr(on.scheduler, "jobs", lambda *args: counted(jobs, *args))
            monkeypatch.setattr(on.scheduler, "job", lambda *args: counted(job, *args))
            page.attach(on.session)
            started_s = time.monotonic()
            for first in range(0, 600, 100):
                await submit(on, "trip", *(Nothing(number=first + n) for n in range(100)))
                await on.scheduler.wait_idle()
            await until(lambda: names(page) == ["trip"] and counts(page).done == 600 and page.is_settled)
            assert len(asked) <= 4 * (time.monotonic() - started_s) + 2
            assert out[1] == 1
            # The tick that counts down to the end of a job finds nothing that runs, and ends.
            await until(lambda: ticking(page) == [])
            page.hide()
            asked.clear()
            await submit(on, "trip", Nothing(number=1000))
            await on.settled()
            assert asked == []
            page.show()
            await until(lambda: counts(page).done == 601)
            page.detach()

    run_on_qt(qapp, play())


def test_older_jobs_come_when_scrolled(page: JobsPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            for number in range(120):
                await submit(on, f"job {number}", Nothing(number=number))
            await on.scheduler.wait_idle()
            page.attach(on.session)
            await until(lambda: page.is_settled and len(names(page)) == 50)
            bar = page.view.verticalScrollBar()

            def scrolled_to(loaded: int) -> bool:
                # The bar learns of new rows one turn of the loop after they are there.
                bar.setValue(bar.maximum())
                return len(names(page)) == loaded

            for loaded in (100, 120):
                await until(lambda loaded=loaded: scrolled_to(loaded))
            assert names(page) == [f"job {number}" for number in range(119, -1, -1)]
            page.detach()

    run_on_qt(qapp, play())


def test_of_many_jobs_few_are_held_and_a_search_looks_through_all(
    page: JobsPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            for number in range(330):
                await submit(on, f"job {number}", Nothing(number=number))
            await on.scheduler.wait_idle()
            page.attach(on.session)
            await until(lambda: len(names(page)) == 50)
            bar = page.view.verticalScrollBar()

            def at(place: int, name: str) -> bool:
                bar.setValue(place)
                assert len(names(page)) <= MOST_ROWS
                return name in names(page)

            await until(lambda: at(bar.maximum(), "job 0"))
            assert "job 329" not in names(page)
            await submit(on, "new", Nothing(number=1000))
            await until(lambda: at(0, "job 329"))
            await until(lambda: names(page)[:3] == ["new", "job 329", "job 328"])
            search = child(page, QLineEdit, "search")
            search.setText("job 1")
            await until(lambda: at(bar.maximum(), "job 1"))
            wanted = [f"job {number}" for number in range(329, -1, -1) if str(number).startswith("1")]
            assert names(page) == wanted[-len(names(page)) :]
            await until(lambda: at(0, wanted[0]))
            assert names(page) == wanted[: len(names(page))]
            search.setText("job 17")
            await until(lambda: page.is_settled)
            assert names(page) == [name for name in wanted if name.startswith("job 17")]
            page.detach()

    run_on_qt(qapp, play())


def test_chips_and_search_say_why_nothing_is_left(page: JobsPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await submit(on, "lake", Nothing(number=1))
            await submit(on, "harbour", Fail(number=1))
            await on.scheduler.wait_idle()
            page.attach(on.session)
            await until(lambda: len(names(page)) == 2)
            child(page, QPushButton, "jobs-failed").click()
            assert names(page) == ["harbour"]
            child(page, QPushButton, "jobs-active").click()
            assert names(page) == []
            assert is_shown(page, EmptyState)
            await until(lambda: any(one.text() == "No such jobs" for one in page.findChildren(QLabel)))
            child(page, QPushButton, "jobs-all").click()
            child(page, QLineEdit, "search").setText("LAK")
            await until(lambda: names(page) == ["lake"])
            child(page, QLineEdit, "search").setText("")
            await until(lambda: names(page) == ["harbour", "lake"])
            page.detach()

    run_on_qt(qapp, play())


def test_which_jobs_are_shown_is_kept_until_the_next_start(page: JobsPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await submit(on, "lake", Fail(number=1))
            await on.scheduler.wait_idle()
            page.attach(on.session)
            await until(lambda: names(page) == ["lake"])
            child(page, QPushButton, "jobs-failed").click()
            child(page, QLineEdit, "search").setText("har")
            page.detach()
        async with stage(tmp_path) as on:
            for name in ("harbour", "lake"):
                await submit(on, name, Fail(number=len(name)))
            await submit(on, "harvest", Nothing(number=1))
            await on.scheduler.wait_idle()
            again = JobsPage()
            again.resize(1080, 640)
            again.show()
            again.attach(on.session)
            assert child(again, QPushButton, "jobs-failed").isChecked()
            assert child(again, QLineEdit, "search").text() == "har"
            await until(lambda: names(again) == ["harbour"])
            again.detach()
            again.close()
            again.deleteLater()

    run_on_qt(qapp, play())


def test_what_cannot_be_asked_is_told(
    page: JobsPage, qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:

            async def broken(*_args: Any) -> Any:
                raise OSError("the disk is gone")

            monkeypatch.setattr(on.scheduler, "jobs", broken)
            page.attach(on.session)
            await until(lambda: len(on.failed) == 1)
            assert "the disk is gone" in str(on.failed[0])
            page.detach()

    run_on_qt(qapp, play())


def test_every_control_has_a_name(page: JobsPage) -> None:
    buttons = [button for button in page.findChildren(QPushButton) if button.text()]
    controls = [*buttons, *page.findChildren(QLineEdit), page.view]
    assert all(control.accessibleName() for control in controls)
