"""The tray's menu follows the scheduler and moves it; a tray need not be there for that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bridge.commands import Commands
from app.models.pauses import until_text
from app.settings import SettingsStore
from app.system.tray import Tray
from app.system.tray_icon import TrayState, tray_icon
from scheduler_core import Scheduler, TaskStore
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Tiny, Wait, tiny_domain

Script = Callable[[Scheduler, Commands, Tray], Coroutine[Any, Any, None]]


def action(tray: Tray, name: str) -> QAction:
    found = tray.menu.findChild(QAction, name)
    assert isinstance(found, QAction)
    return found


@pytest.fixture
def play(qapp: QApplication, tmp_path: Path) -> Callable[[Script], None]:
    """Runs a script with a tray attached to a real scheduler."""

    def run(script: Script) -> None:
        async def session() -> None:
            async with Scheduler(store=TaskStore.in_memory(), domains=[tiny_domain()]) as scheduler:
                commands = Commands(scheduler, SettingsStore(tmp_path / "settings.toml"), ())
                tray = Tray()
                tray.attach(scheduler, commands, {"tiny": "Tiny things"})
                await script(scheduler, commands, tray)
                await commands.wait_idle()
                tray.close()
                await scheduler.close(0)  # what runs waits for ever

        run_on_qt(qapp, session())

    return run


def test_a_switch_moves_the_domain_and_the_domain_moves_the_switch(play: Callable[[Script], None]) -> None:
    async def script(scheduler: Scheduler, commands: Commands, tray: Tray) -> None:
        switch = action(tray, "tray-switch-tiny")
        assert (switch.text(), switch.isCheckable(), switch.isChecked()) == ("Tiny things", True, True)
        switch.trigger()
        await commands.wait_idle()
        assert scheduler.domain(Tiny).is_paused
        assert not switch.isChecked()
        await scheduler.domain(Tiny).resume()
        assert switch.isChecked()

    play(script)


def test_pause_all_and_resume_all_take_turns(play: Callable[[Script], None]) -> None:
    async def script(scheduler: Scheduler, commands: Commands, tray: Tray) -> None:
        pause, resume = action(tray, "tray-pause-all"), action(tray, "tray-resume-all")
        assert (pause.isVisible(), resume.isVisible()) == (True, False)
        pause.trigger()
        await commands.wait_idle()
        assert scheduler.is_paused
        assert (pause.isVisible(), resume.isVisible(), tray.state) == (False, True, TrayState.PAUSED)
        resume.trigger()
        await commands.wait_idle()
        assert (scheduler.is_paused, pause.isVisible()) == (False, True)

    play(script)


def test_the_icon_tells_the_state(play: Callable[[Script], None]) -> None:
    async def script(scheduler: Scheduler, commands: Commands, tray: Tray) -> None:
        handle = scheduler.domain(Tiny)

        async def until(state: TrayState) -> None:
            changed = asyncio.Event()
            handle.counts_changed.connect(lambda _counts: changed.set())
            while tray.state is not state:
                await changed.wait()
                changed.clear()

        assert tray.state is TrayState.IDLE
        await handle.submit(Wait())
        await until(TrayState.BUSY)
        await handle.submit(Fail())
        await until(TrayState.ATTENTION)

    play(script)


def test_detached_it_offers_only_open_and_quit(play: Callable[[Script], None]) -> None:
    async def script(scheduler: Scheduler, commands: Commands, tray: Tray) -> None:
        tray.detach()
        tray.detach()
        named = [
            one.objectName()
            for one in tray.menu.actions()
            if one.objectName() and one.isEnabled() and one.isVisible()
        ]
        assert named == ["tray-open", "tray-quit"]
        await scheduler.domain(Tiny).pause()

    play(script)


def test_every_state_has_a_picture_of_its_own(qapp: QApplication) -> None:
    palette = qapp.palette()
    images = [tray_icon(state, palette).pixmap(22, 22).toImage() for state in TrayState]
    assert all(a != b for n, a in enumerate(images) for b in images[n + 1 :])


def test_a_pause_with_an_end_is_told_and_chosen_in_the_menu(play: Callable[[Script], None]) -> None:
    async def script(scheduler: Scheduler, commands: Commands, tray: Tray) -> None:
        action(tray, "tray-pause-hour").trigger()
        await commands.wait_idle()
        (pause,) = scheduler.pauses()
        assert pause.until is not None
        assert abs((pause.until - datetime.now(UTC)) - timedelta(hours=1)) < timedelta(minutes=1)
        end = until_text(pause.until, datetime.now(UTC))
        assert tray.icon.toolTip() == f"Tidemill: paused until {end}"
        assert action(tray, "tray-resume-all").text() == f"Resume all (paused until {end})"
        action(tray, "tray-pause-tomorrow").trigger()
        await commands.wait_idle()
        tomorrow = scheduler.pauses()[0].until
        assert tomorrow is not None
        assert tomorrow.astimezone().hour == 8
        assert end not in tray.icon.toolTip()
        await scheduler.pause_all()
        assert tray.icon.toolTip() == "Tidemill: paused"

    play(script)


def test_the_last_failures_are_in_the_menu(play: Callable[[Script], None], qtbot: QtBot) -> None:
    async def script(scheduler: Scheduler, commands: Commands, tray: Tray) -> None:
        tray.show_failures([("b & c" + "x" * 80, "no"), ("a", "why")])
        first = action(tray, "tray-failure-0")
        assert first.text().startswith("Failed: b && cx")
        assert len(first.text()) < 64
        with qtbot.waitSignal(tray.failure_requested) as chosen:
            action(tray, "tray-failure-1").trigger()
        assert chosen.args == [1]
        tray.show_failures([("c", "why")])
        assert [one.text() for one in tray.menu.actions() if one.objectName().startswith("tray-failure")] == [
            "Failed: c"
        ]
        tray.detach()
        assert not [one for one in tray.menu.actions() if one.objectName().startswith("tray-failure")]

    play(script)
