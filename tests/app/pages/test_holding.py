"""The Overview says what holds work back, and lets it go on."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.pages.holding_feed import HoldingFeed
from app.widgets.holding_notice import HoldingNotice
from app.widgets.holding_wording import holding_text, holding_title
from app.widgets.status_bar import StatusBar
from scheduler_core import HeldBack, PressureReading
from tests.app.pages.page_session import Stage, child, stage
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Nothing

Script = Callable[[Stage, HoldingNotice, list[float]], Coroutine[Any, Any, None]]
Play = Callable[[Script], None]


@pytest.fixture
def play(qtbot: QtBot, qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Runs a script with the notice on a real scheduler whose disk is as busy as the test says."""
    monkeypatch.setattr("app.pages.holding_feed._LINGER_MS", 50)

    def run(script: Script) -> None:
        async def session() -> None:
            disk = [0.0]
            async with stage(tmp_path, pressure_sources=[("disk", lambda: disk[0])]) as on:
                notice = HoldingNotice()
                qtbot.addWidget(notice)
                feed = HoldingFeed(on.session, notice, notice)
                try:
                    await script(on, notice, disk)
                finally:
                    feed.close()
                    feed.close()
                    on.session.commands.anyway.stop()

        run_on_qt(qapp, session())

    return run


def title(notice: HoldingNotice) -> str:
    return child(notice, QLabel, "holding-title").text()


def test_it_names_the_source_what_it_holds_and_leaves_when_all_goes_on(play: Play) -> None:
    async def script(on: Stage, notice: HoldingNotice, disk: list[float]) -> None:
        assert notice.isHidden()
        disk[0] = 0.9
        await on.tiny.submit_batch([Nothing(number=number) for number in range(3)])
        await until(lambda: not notice.isHidden())
        assert title(notice) == "Slowing down: disk busy"
        text = child(notice, QLabel, "holding-text").text()
        assert text == "3 tasks of Tiny things wait: the pressure is 90 %, and they start at 75 %."
        assert notice.accessibleName() == "Slowing down: disk busy"
        disk[0] = 0.1
        await until(lambda: on.tiny.counts.completed == 3)
        await until(notice.isHidden)

    play(script)


def test_one_click_lets_work_go_on_for_an_hour_and_one_takes_that_back(play: Play) -> None:
    async def script(on: Stage, notice: HoldingNotice, disk: list[float]) -> None:
        disk[0] = 0.9
        await on.tiny.submit(Nothing(number=1))
        await until(lambda: not notice.isHidden())
        button = child(notice, QPushButton, "work-anyway")
        button.click()
        await until(lambda: on.tiny.counts.completed == 1)
        assert title(notice).startswith("Working anyway until ")
        assert button.accessibleName() == "Stop that"
        button.click()
        await on.tiny.submit(Nothing(number=2))
        await until(lambda: title(notice) == "Slowing down: disk busy")
        assert on.tiny.counts.completed == 1

    play(script)


def test_it_opens_the_settings_of_pressure(play: Play) -> None:
    async def script(on: Stage, notice: HoldingNotice, disk: list[float]) -> None:
        wanted: list[str] = []
        on.session.commands.settings_wanted.connect(wanted.append)
        child(notice, QPushButton, "holding-settings").click()
        assert wanted == ["pressure"]

    play(script)


def test_a_machine_that_is_busy_by_turns_does_not_move_the_page_by_turns(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.pages.holding_feed._LINGER_MS", 60_000)

    async def script(on: Stage, notice: HoldingNotice, disk: list[float]) -> None:
        disk[0] = 0.9
        await on.tiny.submit(Nothing(number=1))
        await until(lambda: not notice.isHidden())
        disk[0] = 0.1
        await until(lambda: on.scheduler.held_back is None)
        assert not notice.isHidden()
        (linger,) = [timer for timer in notice.findChildren(QTimer) if timer.isActive()]
        linger.timeout.emit()
        assert notice.isHidden()

    play(script)


@pytest.mark.parametrize(
    ("source", "name", "sentence"),
    [
        (
            "memory",
            "Slowing down: memory nearly full",
            "900 tasks of Tiny things, other wait: the pressure is",
        ),
        (
            "battery",
            "Waiting: on battery",
            "900 tasks of Tiny things, other wait until the computer is plugged in.",
        ),
        ("metered network", "Waiting: metered network", "wait for a network that is not metered."),
        ("quiet hours", "Waiting: quiet hours", "900 tasks of Tiny things, other wait until 17:00."),
        ("printer", "Slowing down: printer busy", "and they start at 75 %."),
    ],
)
def test_each_source_has_its_words(qapp: Any, source: str, name: str, sentence: str) -> None:
    held = HeldBack(source=source, pressure=1.0, limit=0.75, count=900, domains=("tiny", "other"))
    assert holding_title(source) == name
    assert sentence in holding_text(held, {"tiny": "Tiny things"}, "17:00")


def test_the_status_bar_says_it_too_and_then_the_load_again(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    label = child(bar, QLabel, "status-pressure")
    bar.set_pressure(PressureReading(pressure=0.6, breakdown={"disk": 0.6, "cpu": 1.0}))
    assert label.text() == "Busy: disk 60 %"
    bar.set_held_back(HeldBack(source="disk", pressure=0.6, limit=0.5, count=1, domains=("tiny",)))
    assert label.text() == "Slowing down: disk busy"
    bar.set_held_back(None)
    assert label.text() == "Busy: disk 60 %"
    bar.set_pressure(PressureReading(pressure=1.0, breakdown={"battery": 1.0}))
    assert label.text() == "Battery"


def test_quiet_hours_say_until_when(play: Play) -> None:
    async def script(on: Stage, notice: HoldingNotice, disk: list[float]) -> None:
        on.session.settings.update(pressure={"quiet_until": time(6, 30)})
        held = HeldBack(source="quiet hours", pressure=1.0, limit=0.75, count=1, domains=("tiny",))
        on.scheduler._engine.throttling._set(held)
        assert "6:30" in child(notice, QLabel, "holding-text").text()

    play(script)
