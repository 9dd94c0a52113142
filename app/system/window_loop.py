"""The window's event loop: asyncio on Qt's, where what is ready runs in one go."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Any

import qasync
from PySide6.QtCore import QCoreApplication, QObject, QTimerEvent

LONGEST_TURN_S = 0.002
"""Then Qt has a turn, and with it the person: what is left comes after."""


class WindowLoop(qasync.QEventLoop):
    """qasync's loop, but for `call_soon`.

    qasync makes, fires and removes a timer of Qt for each callback, of which every task has several: a quarter of what the
    window computed. Here one timer stands for all that are ready. They run in their order, each once, and what they
    call soon comes in a later turn, as in asyncio; a nested event loop of Qt goes on with the rest.
    """

    def __init__(self, app: QCoreApplication) -> None:
        self._soon: deque[asyncio.Handle] = deque()
        self._turn = _Turn(self._run_soon)
        super().__init__(app)

    def call_soon(
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Calls it in a later turn. It is not called once the loop is closed."""
        handle = asyncio.Handle(callback, args, self, context)
        self._soon.append(handle)
        self._turn.call()
        return handle

    def close(self) -> None:
        """Frees all resources; nothing that was to be called soon is called any more. Idempotent."""
        if not self.is_running():
            self._turn.forget()
            self._soon.clear()
        super().close()

    def _run_soon(self) -> None:
        soon = self._soon
        end_s = time.monotonic() + LONGEST_TURN_S
        for left in range(len(soon), 0, -1):
            if not soon:
                return  # a nested loop has run the rest
            handle = soon.popleft()
            if left > 1:
                # Should this callback wait in a nested loop, that one goes on with the others.
                self._turn.call()
            if not handle.cancelled():
                handle._run()  # noqa: SLF001 - what every event loop does with a handle
            if time.monotonic() >= end_s:
                break
        if soon:
            self._turn.call()
        else:
            self._turn.forget()


class _Turn(QObject):
    """Calls back once, when Qt has nothing more urgent to do."""

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self._then = then
        self._timer = 0

    def call(self) -> None:
        """In a later turn of Qt's loop. Idempotent until then."""
        if not self._timer:
            self._timer = self.startTimer(0)

    def forget(self) -> None:
        """Not at all. Idempotent."""
        if self._timer:
            self.killTimer(self._timer)
            self._timer = 0

    def timerEvent(self, event: QTimerEvent) -> None:
        """Qt's hook. The timer goes first: Qt fires none again in a loop that is nested in its event."""
        self.forget()
        self._then()
