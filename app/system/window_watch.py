"""Two moments of a window that the shell decides about: when it was first painted, and when it is to be closed."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

# A window that the window manager keeps hidden (another desktop, minimised) is not painted; work starts anyway.
LONGEST_WAIT_MS = 1_500


class WindowWatch(QObject):
    """Watches one window. `close_requested` comes instead of closing: the close event is ignored.

    `was_close_requested` is for those who come too late to hear the signal.
    """

    close_requested = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._painted = asyncio.Event()
        self.was_close_requested = False
        window.installEventFilter(self)

    async def first_paint(self) -> bool:
        """Returns once the window has been painted (True), or after 1.5 s without a paint (False)."""
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(self._painted.set)
        timer.start(LONGEST_WAIT_MS)
        await self._painted.wait()
        in_time = timer.isActive()
        timer.stop()
        return in_time

    def release(self) -> None:
        """Stops watching; the window closes like any other again. Idempotent."""
        self._window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's hook; True for a close event, which goes no further."""
        if watched is self._window:
            if event.type() == QEvent.Type.Paint and not self._painted.is_set():
                # After this event, when the pixels are really there.
                QTimer.singleShot(0, self._painted.set)
            elif event.type() == QEvent.Type.Close:
                event.ignore()
                self.was_close_requested = True
                self.close_requested.emit()
                return True
        return super().eventFilter(watched, event)
