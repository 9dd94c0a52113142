"""What reaches the app from outside, on a real scheduler: the file edited by hand, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.plugin_host.host import LoadedPlugin
from app.problem import Problem
from app.surroundings import Surroundings
from app.work_settings import WorkSettings
from scheduler_core import HealthReport
from tests.app.pages.page_session import Stage, stage
from tests.app.pages.sessions import tiny_plugin, until
from tests.app.pages.test_settings_window import TinyPlugin, TinySettings
from tests.app.qt_loop import run_on_qt

Script = Callable[[Stage, Surroundings], Coroutine[Any, Any, None]]
Play = Callable[[Script], None]


@pytest.fixture
def play(qtbot: QtBot, qapp: Any, tmp_path: Path) -> Play:
    """Runs a script with the surroundings attached, as the desktop does it."""

    def run(script: Script) -> None:
        async def session() -> None:
            plugins = (replace(tiny_plugin(), plugin=TinyPlugin(), health=HealthReport(ok=True)),)
            async with stage(tmp_path, plugins) as on:
                # Here the surroundings tell of it.
                on.slow.failed.disconnect()
                window = QObject()
                around = Surroundings(on.session.settings, window)
                work = WorkSettings(on.scheduler, on.session.settings.value, on.slow.apply)
                around.attach(on.session, work, on.slow)
                try:
                    await script(on, around)
                finally:
                    around.close()

        run_on_qt(qapp, session())

    return run


def test_a_bad_value_of_a_plugin_is_told_until_the_file_is_good_again(play: Play) -> None:
    async def script(on: Stage, _around: Surroundings) -> None:
        mended: list[Problem] = []
        changed: list[LoadedPlugin] = []
        on.session.commands.mended.connect(mended.append)
        on.session.commands.plugin_changed.connect(changed.append)
        path = on.session.settings.path
        path.write_text('[domains.tiny]\nedge = "huge"\n')
        await until(lambda: len(on.failed) == 1)
        assert on.failed[0].thing == "Setting edge of Tiny things"
        path.write_text("[domains.tiny]\nedge = 100\n")
        await until(lambda: mended == on.failed)
        await until(lambda: bool(changed) and changed[-1].settings == TinySettings(edge=100))

    play(script)


def test_a_bad_value_of_the_app_is_told_until_the_file_is_good_again(play: Play) -> None:
    async def script(on: Stage, _around: Surroundings) -> None:
        mended: list[Problem] = []
        on.session.commands.mended.connect(mended.append)
        path = on.session.settings.path
        path.write_text("[limits]\nmax_concurrency = 900\n")
        await until(lambda: len(on.failed) == 1)
        path.write_text("[limits]\nmax_concurrency = 9\n")
        await until(lambda: mended == on.failed)
        assert on.scheduler.max_concurrency == 9

    play(script)


def test_a_session_that_is_gone_hears_nothing(play: Play) -> None:
    async def script(on: Stage, around: Surroundings) -> None:
        around.detach()
        on.slow.failed.emit(Problem("a", "b", "c"))
        assert on.failed == []

    play(script)
