"""One question at a time, not too often, never one too few, and none when nothing happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication

from app.pages.refresher import Refresher
from tests.app.pages.page_session import ticking
from tests.app.pages.sessions import until
from tests.app.qt_loop import run_on_qt

LEAST_MS = 60


class Asked:
    """Counts questions; each waits for `answer` when that is not set."""

    def __init__(self) -> None:
        self.at_s: list[float] = []
        self.out = 0
        self.most_out = 0
        self.errors: list[Exception] = []
        self.answer = asyncio.Event()
        self.raises: Exception | None = None

    async def ask(self) -> None:
        self.at_s.append(time.monotonic())
        self.out += 1
        self.most_out = max(self.most_out, self.out)
        await self.answer.wait()
        self.out -= 1
        if self.raises is not None:
            raise self.raises


Script = Callable[[Refresher, Asked], Coroutine[Any, Any, None]]


@pytest.fixture
def play(qapp: QCoreApplication) -> Callable[[Script], None]:
    """Runs a script with a refresher on Qt's loop."""

    def run(script: Script) -> None:
        async def session() -> None:
            asked = Asked()
            refresher = Refresher(asked.ask, LEAST_MS, asked.errors.append)
            await script(refresher, asked)
            refresher.close()
            asked.answer.set()
            await until(lambda: refresher.is_idle)

        run_on_qt(qapp, session())

    return run


def test_the_first_request_is_asked_at_once_and_idle_nothing_ticks(play: Callable[[Script], None]) -> None:
    async def script(refresher: Refresher, asked: Asked) -> None:
        assert refresher.is_idle
        asked.answer.set()
        refresher.request()
        refresher.request()
        await until(lambda: refresher.is_idle)
        assert len(asked.at_s) == 1
        assert ticking(refresher) == []

    play(script)


def test_what_happens_meanwhile_is_asked_once_more_and_not_too_soon(play: Callable[[Script], None]) -> None:
    async def script(refresher: Refresher, asked: Asked) -> None:
        refresher.request()
        await until(lambda: asked.out == 1)
        for _ in range(20):
            refresher.request()
        assert asked.out == 1
        asked.answer.set()
        await until(lambda: refresher.is_idle)
        assert len(asked.at_s) == 2
        assert asked.most_out == 1
        # Qt's coarse timers keep to their time within 5 %, and a timer of whole milliseconds may be one early.
        assert asked.at_s[1] - asked.at_s[0] >= (LEAST_MS * 0.95 - 2) / 1000

    play(script)


def test_an_error_is_handed_on_and_the_next_request_is_asked_again(play: Callable[[Script], None]) -> None:
    async def script(refresher: Refresher, asked: Asked) -> None:
        asked.answer.set()
        asked.raises = OSError("gone")
        refresher.request()
        await until(lambda: refresher.is_idle)
        assert [str(error) for error in asked.errors] == ["gone"]
        asked.raises = None
        refresher.request()
        await until(lambda: refresher.is_idle)
        assert (len(asked.at_s), len(asked.errors)) == (2, 1)

    play(script)


def test_closed_it_asks_no_more_and_tells_no_more(play: Callable[[Script], None]) -> None:
    async def script(refresher: Refresher, asked: Asked) -> None:
        asked.raises = OSError("gone")
        refresher.request()
        await until(lambda: asked.out == 1)
        refresher.request()
        refresher.close()
        refresher.close()
        assert refresher.is_closed
        asked.answer.set()
        await until(lambda: refresher.is_idle)
        refresher.request()
        assert refresher.is_idle
        assert (len(asked.at_s), asked.errors) == (1, [])

    play(script)
