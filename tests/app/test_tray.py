"""The tray's menu follows the scheduler and moves it; a tray need not be there for that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from app.bridge.commands import Commands
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
