"""Asks the scheduler again when something has changed: one question at a time, never more often than agreed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from PySide6.QtCore import QObject, QTimer


class Refresher(QObject):
    """`request()` as often as you like; `ask` is awaited at most every `least_ms`, and once more after the last.

    An exception of `ask` goes to `on_error`. Idle, there is no timer. It belongs to one session: after `close` nothing
    is asked any more, and what a question that is still out brings is not waited for.
    """

    def __init__(
        self,
        ask: Callable[[], Awaitable[None]],
        least_ms: int,
        on_error: Callable[[Exception], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._ask = ask
        self._least_s = least_ms / 1000
        self._on_error = on_error
        self._asked_s = float("-inf")
        self._out: asyncio.Task[None] | None = None
        self._again = False
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._start)

    @property
    def is_idle(self) -> bool:
        """Is nothing asked, and nothing to be asked?"""
        return self._out is None and not self._timer.isActive()

    @property
    def is_closed(self) -> bool:
        """Is what it brings no longer wanted?"""
        return self._closed

    def request(self) -> None:
        """Something has changed: the answer is wanted soon."""
        if self._closed or self._timer.isActive():
            return
        if self._out is not None:
            self._again = True
            return
        wait_s = self._asked_s + self._least_s - time.monotonic()
        self._timer.start(max(0, round(wait_s * 1000)) if wait_s > float("-inf") else 0)

    @property
    def least_ms(self) -> int:
        """It is asked no more often than this."""
        return round(self._least_s * 1000)

    def set_least(self, least_ms: int) -> None:
        """No more often than this from now on."""
        self._least_s = least_ms / 1000

    def hurry(self) -> None:
        """A person waits for the answer: it is asked for at once, or as soon as the one that is out has come."""
        self._asked_s = float("-inf")
        if self._timer.isActive():
            self._timer.start(0)
        self.request()

    def close(self) -> None:
        """Asks no more. Idempotent."""
        self._closed = True
        self._again = False
        self._timer.stop()

    def _start(self) -> None:
        self._asked_s = time.monotonic()
        self._out = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        try:
            await self._ask()
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            if not self._closed:
                self._on_error(error)
        finally:
            self._out = None
            again, self._again = self._again, False
            if again:
                self.request()
