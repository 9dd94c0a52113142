"""Does something soon, once for many calls, and never more often than agreed."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Soon(QObject):
    """`request()` as often as you like; `work` is called at most every `least_ms`, and once more after the last.

    `hurry()` is for what a person or program has just changed: `work` comes in the next turn of the event loop. Idle,
    there is no timer.
    """

    def __init__(self, work: Callable[[], None], least_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._least_ms = least_ms
        self._worked_s = float("-inf")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._run)

    @property
    def is_idle(self) -> bool:
        """Is nothing to be done?"""
        return not self._timer.isActive()

    def request(self) -> None:
        """Something has changed."""
        if not self._timer.isActive():
            since_ms = (time.monotonic() - self._worked_s) * 1000
            self._timer.start(max(0, self._least_ms - int(min(since_ms, self._least_ms))))

    def hurry(self) -> None:
        """Somebody waits for it."""
        self._timer.start(0)

    def stop(self) -> None:
        """What was requested is not done."""
        self._timer.stop()

    def _run(self) -> None:
        self._worked_s = time.monotonic()
        self._work()
