"""Lets other threads ask what only the event loop's thread may look at."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable
from typing import TypeVar

from scheduler_core.errors import SchedulerError

T = TypeVar("T")

PATIENCE_S = 5.0
"""Real seconds after which a loop that does not turn is given up: half of Prometheus' usual patience with a scrape."""


class LoopThread:
    """The thread that `bind` was called on. What it works on is looked at nowhere else, and needs no locks."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = 0

    def bind(self) -> None:
        """This thread, and the loop that runs on it, from now on."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()

    def ask(self, thing: str, question: Callable[[], T]) -> T:
        """`question()` as that thread answers it; asked at once on that thread itself, or while no loop runs there.

        Raises `SchedulerError`, which names `thing`, when the loop does not turn for 5 s.
        """
        loop = self._loop
        if loop is None or self._thread == threading.get_ident() or not loop.is_running():
            return question()
        answer: concurrent.futures.Future[T] = concurrent.futures.Future()

        def work() -> None:
            if not answer.set_running_or_notify_cancel():
                return
            try:
                answer.set_result(question())
            except Exception as error:  # noqa: BLE001 - it belongs to who asked
                answer.set_exception(error)

        try:
            loop.call_soon_threadsafe(work)
        except RuntimeError:  # it was closed just now
            return question()
        try:
            return answer.result(PATIENCE_S)
        except concurrent.futures.TimeoutError:
            if not answer.cancel():
                return answer.result()
            raise SchedulerError(
                thing,
                f"its event loop has not turned for {PATIENCE_S:g} s",
                "Find what holds the loop up; the next call asks again.",
            ) from None
