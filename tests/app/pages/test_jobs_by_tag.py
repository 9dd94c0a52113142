"""Jobs grouped by any tag: the page follows the one that is chosen, in all it shows and does, and remembers it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.models.job_figures import figures
from app.models.job_row import JobColumn
from app.models.jobs_model import SUMMARY_ROLE
from app.pages.jobs import JobsPage
from app.pages.kept_jobs import kept_tag
from app.pages.palette_jobs import JobFinder
from app.widgets.tag_button import TagButton
from tests.app.pages.page_session import Stage, child, stage
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Nothing, Wait


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[JobsPage]:
    made = new_page()
    yield made
    made.detach()
    made.close()


def new_page() -> JobsPage:
    made = JobsPage()
    made.resize(1080, 640)
    made.show()
    return made


def names(page: JobsPage) -> list[str]:
    model = page.view.model()
    return [model.index(row, JobColumn.NAME).data() for row in range(model.rowCount())]


def counts(page: JobsPage, row: int = 0) -> Any:
    return figures(page.view.model().index(row, 0).data(SUMMARY_ROLE).counts)


def chooser(page: JobsPage) -> TagButton:
    return child(page, TagButton, "jobs-group")


def offered(page: JobsPage) -> list[str]:
    return [action.text() for action in chooser(page).menu().actions()]


async def submit(on: Stage, tags: dict[str, str], *tasks: Nothing | Wait | Fail) -> None:
    await on.tiny.submit_batch(list(tasks), tags=tags)


def test_the_tags_in_use_can_be_chosen_and_the_rows_are_then_their_values(
    page: JobsPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await submit(on, {"job_id": "trip", "owner": "Ann"}, Nothing(number=1), Nothing(number=2))
            await submit(on, {"job_id": "work", "owner": "Bob"}, Nothing(number=3))
            await submit(on, {"Album": "lake · 2026-11-24 10:12:33"}, Nothing(number=4))
            await on.scheduler.wait_idle()
            page.attach(on.session)
            await until(lambda: names(page) == ["work", "trip"])
            assert offered(page) == ["Job", "Album", "owner"]
            chooser(page).choose("owner")
            await until(lambda: page.is_settled and names(page) == ["Bob", "Ann"])
            assert counts(page, 1).done == 2
            header = page.view.model().headerData(JobColumn.NAME, Qt.Orientation.Horizontal)
            assert header == "owner"
            assert chooser(page).text() == "&Group by: owner"
            assert "owner" in chooser(page).accessibleName()
            chooser(page).choose("Album")
            await until(lambda: names(page) == ["lake · 2026-11-24 10:12:33"])
            chooser(page).choose("job_id")
            await until(lambda: names(page) == ["work", "trip"])
            page.detach()

    run_on_qt(qapp, play())


def test_what_happens_to_tasks_with_the_tag_is_followed_and_a_new_tag_is_offered(
    page: JobsPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await submit(on, {"owner": "Ann"}, Wait(number=1), Nothing(number=1))
            page.attach(on.session)
            await until(lambda: offered(page) == ["Job", "owner"])
            chooser(page).choose("owner")
            await until(lambda: names(page) == ["Ann"] and counts(page).done == 1)
            await submit(on, {"owner": "Bob", "year": "2026"}, Nothing(number=5))
            await until(lambda: names(page) == ["Bob", "Ann"] and counts(page).done == 1)
            await until(lambda: offered(page) == ["Job", "owner", "year"])
            on.gate.set()
            await until(lambda: counts(page, 1).done == 2)
            top = page.view.model().index(1, 0)
            assert "wait: 1 of 1 done" in page.view.model().index(0, 0, top).data()
            page.detach()

    run_on_qt(qapp, play())


def test_cancel_and_retry_are_those_of_the_tag_and_cancel_is_undone(
    page: JobsPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            undos: list[int] = []
            on.session.commands.undoable.connect(lambda _text, undo: undos.append(undo))
            page.attach(on.session)
            page.group_by("owner")
            await submit(on, {"job_id": "trip", "owner": "Bob"}, Fail(number=9), Wait(number=9))
            await submit(on, {"job_id": "trip", "owner": "Ann"}, Wait(number=1), Fail(number=1))
            retry, cancel = child(page, QPushButton, "job-retry"), child(page, QPushButton, "job-cancel")
            await until(lambda: names(page) == ["Ann", "Bob"] and counts(page).failed == 1)
            await until(lambda: counts(page, 1).failed == 1)
            page.view.setCurrentIndex(page.view.model().index(0, 0))
            await until(lambda: retry.accessibleName() == "Retry what failed of Ann")
            before = {one.id for one in await on.scheduler.failures(10)}
            retry.click()
            await until(lambda: bool(on.told))
            # It has failed twice now.
            await until(lambda: counts(page).failed == 2 and counts(page).active == 1)
            assert counts(page, 1).failed == 1
            after = {one.id for one in await on.scheduler.failures(10)}
            assert len(before & after) == 1, "that of Bob stays as it was"
            await until(cancel.isVisible)
            cancel.click()
            await until(lambda: counts(page).active == 0 and bool(undos))
            assert counts(page, 1).active == 1, "that of Bob goes on"
            on.session.commands.undo(undos[-1])
            await until(lambda: counts(page).active == 1)
            page.detach()

    run_on_qt(qapp, play())


def test_the_choice_is_there_again_at_the_next_start_also_without_a_task_that_has_the_tag(
    page: JobsPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await submit(on, {"job_id": "trip", "owner": "Ann"}, Nothing(number=1))
            page.attach(on.session)
            page.group_by("owner")
            await until(lambda: names(page) == ["Ann"])
            page.detach()
        async with stage(tmp_path) as on:
            again = new_page()
            again.attach(on.session)
            await until(lambda: again.is_settled)
            assert again.tag == "owner"
            texts = {label.text() for label in again.findChildren(QLabel) if label.isVisible()}
            assert "No task has the tag owner" in texts
            assert chooser(again).isVisible()
            assert chooser(again).isEnabled()
            chooser(again).choose("job_id")
            await until(lambda: again.is_settled)
            texts = {label.text() for label in again.findChildren(QLabel) if label.isVisible()}
            assert "No jobs yet" in texts
            again.detach()
            again.close()
            again.deleteLater()

    run_on_qt(qapp, play())


def test_the_palette_finds_the_values_of_the_tag(page: JobsPage, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await submit(on, {"job_id": "trip", "owner": "Ann"}, Nothing(number=1))
            page.attach(on.session)
            page.group_by("owner")
            assert page._state is not None  # pyright: ignore[reportPrivateUsage]
            found: list[tuple[str, str]] = []
            finder = JobFinder(on.session, kept_tag(page._state), lambda _name: None)  # pyright: ignore[reportPrivateUsage]
            finder.found.connect(lambda _typed, some: found.extend((one.title, one.detail) for one in some))
            finder.look_for("an")
            await until(lambda: bool(found))
            assert found == [("Ann", "owner")]
            page.detach()

    run_on_qt(qapp, play())


def test_it_is_reached_by_keyboard_and_by_a_mnemonic(page: JobsPage) -> None:
    assert chooser(page).focusPolicy() & Qt.FocusPolicy.TabFocus
    assert QKeySequence.mnemonic(chooser(page).text()).toString() == "Alt+G"
    assert chooser(page).menu() is not None


def test_a_value_that_is_empty_and_a_key_with_an_ampersand_can_be_read(
    page: JobsPage, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as on:
            await submit(on, {"r&d": ""}, Nothing(number=1))
            page.attach(on.session)
            page.group_by("r&d")
            await until(lambda: names(page) == ["(empty)"])
            assert chooser(page).text() == "&Group by: r&&d"
            assert offered(page) == ["Job", "r&&d"]
            page.detach()

    run_on_qt(qapp, play())


@pytest.mark.parametrize("key", ["owner", "k" * 64])
def test_the_controls_fit_into_the_least_window(page: JobsPage, key: str) -> None:
    chooser(page).set_tag(key)
    page.resize(538, 400)
    assert page.width() == 538, "nothing in the page needs more"
    search = child(page, QLineEdit, "search")
    assert search.geometry().right() <= page.rect().right()
    assert not search.geometry().intersects(chooser(page).geometry())
