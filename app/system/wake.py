"""Notices that the machine woke or that its clock was set, on each system by what that system tells."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractEventDispatcher,
    QAbstractNativeEventFilter,
    QByteArray,
    QEvent,
    QObject,
    Signal,
)

from scheduler_core import SystemClock

_POWER_MESSAGE = 0x0218
_TIME_MESSAGE = 0x001E
_RESUMED = (0x0007, 0x0012)
"""Windows: the machine has resumed, with and without the person."""


class WakeWatch(QObject):
    """`woke()`: look at every deadline again. It may come for nothing, and more than once.

    Linux tells of each jump of the clock, Windows broadcasts that it resumed. macOS tells Qt nothing of it: there, and on
    Windows besides, it comes when the person turns to `window` again.
    """

    woke = Signal()

    def __init__(self, window: QObject, parent: QObject | None = None, platform: str = sys.platform) -> None:
        super().__init__(parent)
        self._window = window
        self._platform = platform
        self._undo: list[Callable[[], object]] = []

    def start(self) -> None:
        """Watches from now on; on the event loop's thread, while it runs. Idempotent."""
        if self._undo:
            return
        if self._platform.startswith("linux"):
            self._undo.append(SystemClock().watch_jumps(self.woke.emit))
            return
        self._window.installEventFilter(self)
        self._undo.append(lambda: self._window.removeEventFilter(self))
        dispatcher = QAbstractEventDispatcher.instance()
        if self._platform == "win32" and dispatcher is not None:
            broadcast = _Broadcast(self.woke.emit)
            dispatcher.installNativeEventFilter(broadcast)
            self._undo.append(lambda: dispatcher.removeNativeEventFilter(broadcast))

    def stop(self) -> None:
        """Watches no more. Idempotent."""
        undo, self._undo = self._undo, []
        for step in undo:
            step()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's hook: looks, and leaves every event to the window."""
        if event.type() == QEvent.Type.WindowActivate:
            self.woke.emit()
        return False


class _Message(ctypes.Structure):
    """The head of Windows' MSG."""

    _fields_ = (
        ("hwnd", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("wParam", ctypes.c_size_t),
        ("lParam", ctypes.c_ssize_t),
    )


class _Broadcast(QAbstractNativeEventFilter):
    def __init__(self, tell: Callable[[], object]) -> None:
        super().__init__()
        self._tell = tell

    def nativeEventFilter(
        self, eventType: QByteArray | bytes | bytearray | memoryview[int], message: Any
    ) -> tuple[bool, int]:
        """Qt's hook: looks, and leaves every message to the others."""
        if QByteArray(eventType).startsWith(b"windows_"):
            sent = _Message.from_address(int(message))
            is_resume = sent.message == _POWER_MESSAGE and sent.wParam in _RESUMED
            if is_resume or sent.message == _TIME_MESSAGE:
                self._tell()
        return False, 0
