"""The inspector follows one task from its wait to the history, and shows all that is known of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.pages.inspector import Inspector
from app.widgets.prose import Prose
from scheduler_core import Priority
from tests.app.pages.inspector_world import World, world
from tests.app.pages.page_session import ticking
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt


@pytest.fixture
def inspector(qtbot: QtBot) -> Iterator[Inspector]:
    made = Inspector()
    made.panel.resize(376, 700)
    made.panel.show()
    yield made
    made.detach()
    made.panel.close()
    made.panel.deleteLater()


def words(inspector: Inspector) -> list[str]:
    """Every text that is to be seen."""
    return [one.toPlainText() for one in inspector.panel.findChildren(Prose) if one.isVisible()]


def test_it_says_what_to_do_while_nothing_is_selected(
    inspector: Inspector, qapp: Any, tmp_path: Path
) -> None:
    hints = [one.text() for one in inspector.panel.findChildren(QLabel) if one.isVisible()]
    assert "Select a task to see what it does, and why it waits." in hints

    async def play() -> None:
        async with world(tmp_path, inspector):
            inspector.show_record(None)
            assert inspector.task_id is None

    run_on_qt(qapp, play())


def test_it_follows_a_task_from_its_wait_to_the_history(
    inspector: Inspector, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            await on.scheduler.pause_all()
            task = await on.submit(
                "hold x", tags={"job_id": "Norway", "camera": "X100"}, extra={"place": "Å"}
            )
            await on.inspect(task)
            assert (on.title(), on.state()) == ("hold x", "Paused"), "at once, before anything is asked"
            await on.says("Everything is paused.")
            await on.scheduler.resume_all()
            await on.sees(lambda: on.state() == "Running", "it runs")
            await on.sees(
                lambda: on.child(Prose, "inspector-progress").toPlainText().startswith("25 % · grinding")
            )
            assert [text for text in words(inspector) if text.startswith("1. Running since ")]
            on.released.set()
            await on.sees(lambda: on.state() == "Completed", "its end")
            assert not on.child(Prose, "inspector-progress").isVisible()
            assert not on.child(QPushButton, "inspector-cancel").isVisible()
            shown = words(inspector)
            for text in ("The mill", "mill::grind", "normal (128)", "Job", "Norway", "camera", "X100"):
                assert text in shown
            assert [text for text in shown if text.startswith("1. ") and "completed after" in text]
            assert '"place": "Å"' in on.child(QPlainTextEdit, "inspector-payload").toPlainText()

    run_on_qt(qapp, play())


def test_another_priority_is_shown_when_somebody_gives_it(
    inspector: Inspector, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            await on.mill.pause()
            task = await on.submit("x")
            await on.inspect(task)
            await on.sees(lambda: "normal (128)" in words(inspector))
            await on.scheduler.set_priority([task], Priority.HIGH)
            await on.sees(lambda: "high (64)" in words(inspector), "the new priority")

    run_on_qt(qapp, play())


def test_what_failed_tells_each_attempt_and_can_be_copied_and_retried(
    inspector: Inspector, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            task = await on.submit("again")
            await on.inspect(task)
            for attempt in (1, 2, 3):
                seen = f"{attempt}. "
                await on.sees(
                    lambda seen=seen: any(
                        one.startswith(seen) and "failed after" in one for one in words(inspector)
                    ),
                    f"attempt {attempt}",
                )
                await on.scheduler.start_now([task])
            await on.sees(lambda: on.state() == "Failed, and out of retries", "its end")
            assert on.child(Prose, "inspector-error").toPlainText() == "the stone is stuck"
            trace = on.child(QPlainTextEdit, "inspector-traceback").toPlainText()
            assert "RetryableError: the stone is stuck" in trace
            on.child(QPushButton, "inspector-traceback-copy").click()
            assert QGuiApplication.clipboard().text().rstrip() == trace
            assert on.told == ["Copied"]
            on.child(QPushButton, "inspector-retry").click()
            await on.session.commands.wait_idle()
            assert on.failed == []
            assert [one.label for one in await on.scheduler.failures()] == []

    run_on_qt(qapp, play())


def test_it_cancels_its_task(inspector: Inspector, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            task = await on.submit("hold x")
            await on.inspect(task)
            await until(lambda: on.child(QPushButton, "inspector-cancel").isVisible())
            on.child(QPushButton, "inspector-cancel").click()
            await on.sees(lambda: on.state() == "Cancelled", "its end")

    run_on_qt(qapp, play())


def test_a_selection_that_goes_leaves_the_task_to_be_looked_at(
    inspector: Inspector, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            task = await on.submit("hold x")
            await on.inspect(task)
            inspector.show_record(None)
            on.released.set()
            await on.sees(lambda: (on.title(), on.state()) == ("hold x", "Completed"), "its end")

    run_on_qt(qapp, play())


def test_a_huge_payload_is_cut_and_copied_whole(inspector: Inspector, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            await on.mill.pause()
            await on.inspect(await on.submit("x", extra={"lines": ["y" * 1_000] * 900}))
            await until(lambda: inspector.is_idle)
            box = on.child(QPlainTextEdit, "inspector-payload")
            assert len(box.toPlainText()) < 210_000
            assert "more characters; Copy has all of them" in box.toPlainText()
            on.child(QPushButton, "inspector-payload-copy").click()
            assert len(QGuiApplication.clipboard().text()) > 900_000
            QGuiApplication.clipboard().clear()

    run_on_qt(qapp, play())


def test_no_label_is_too_long_for_it(inspector: Inspector, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            await on.mill.pause()
            long = "a_name_without_a_space_" * 30
            other = await on.submit(f"hold {long}")
            await on.inspect(await on.submit(long, depends_on=[other], tags={"t" * 64: "v" * 256}))
            await on.says("It waits for another task.")
            inspector.panel.resize(296, 700)
            await until(lambda: inspector.is_idle)
            left = [
                one.objectName() or one.toPlainText()
                for one in inspector.panel.findChildren(Prose)
                if one.isVisible()
                and one.mapTo(inspector.panel, one.rect().topRight()).x() > inspector.panel.width()
            ]
            assert left == []
            link = on.child(QPushButton, f"inspector-needs-{other}")
            assert link.mapTo(inspector.panel, link.rect().topRight()).x() <= inspector.panel.width()
            assert "…" in link.text()
            assert link.toolTip() == link.accessibleName()

    run_on_qt(qapp, play())


def test_what_nobody_knows_any_more_is_told_as_such(inspector: Inspector, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            task = await on.submit("x")
            await until(lambda: on.scheduler.counts.completed == 1)
            await on.scheduler.prune_history(keep=0)
            inspector.go_to(task)
            hint = f"Task {task} is not known any more: it was removed from the history."
            await until(
                lambda: (
                    hint in [one.text() for one in inspector.panel.findChildren(QLabel) if one.isVisible()]
                )
            )

    run_on_qt(qapp, play())


def test_unseen_it_asks_nothing_and_seen_again_it_makes_up_for_that(
    inspector: Inspector, qapp: Any, tmp_path: Path
) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            asked = await_asks(on)
            await on.mill.pause()
            await on.inspect(await on.submit("x"))
            await on.says("The mill is paused.")
            await until(lambda: inspector.is_idle)
            inspector.panel.hide()
            before = len(asked)
            await on.mill.resume()
            await until(lambda: on.scheduler.counts.completed == 1)
            await until(lambda: not ticking(on.session.events))
            assert len(asked) == before
            inspector.panel.show()
            await on.sees(lambda: on.state() == "Completed", "its end")

    run_on_qt(qapp, play())


def await_asks(on: World) -> list[int]:
    """The ids of the tasks that are asked for from now on."""
    asked: list[int] = []
    ask = on.scheduler.task

    async def noted(task_id: int) -> Any:
        asked.append(task_id)
        return await ask(task_id)

    on.scheduler.task = noted  # type: ignore[method-assign]
    return asked


def test_it_has_no_timer_while_nothing_happens(inspector: Inspector, qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        async with world(tmp_path, inspector) as on:
            await on.scheduler.pause_all()
            await on.inspect(await on.submit("x"))
            await on.says("Everything is paused.")
            await until(lambda: inspector.is_idle and not ticking(on.session.events))
            running = [one for one in inspector.findChildren(QTimer) if one.isActive()]
            assert running == []
            assert ticking(inspector.panel) == []

    run_on_qt(qapp, play())
