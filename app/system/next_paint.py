"""When what a window shows from now on can be seen: what is not needed for the picture waits for that."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

# A window that the window manager keeps hidden (another desktop, minimised) is not painted; work goes on anyway.
LONGEST_WAIT_MS = 1_500
_PAINTS = (QEvent.Type.Paint, QEvent.Type.UpdateRequest)


class NextPaint(QObject):
    """`came(bool)` comes once: True when `window` has been painted, False when nobody sees it.

    That is at once for a window that is hidden, else after 1.5 s.
    """

    came = Signal(bool)

    def __init__(self, window: QWidget, parent: QObject | None = None) -> None:
        super().__init__(parent or window)
        self._window = window
        self._is_over = False
        self._longest = QTimer(self)
        self._longest.setSingleShot(True)
        self._longest.timeout.connect(self._give_up)
        self._longest.start(LONGEST_WAIT_MS if window.isVisible() else 0)
        window.installEventFilter(self)

    def cancel(self) -> None:
        """Nobody waits any more. Idempotent."""
        if self._is_over:
            return
        self._is_over = True
        self._longest.stop()
        self._window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's hook; never swallows an event."""
        if event.type() in _PAINTS and self._longest.isActive():
            # After this event, when the pixels are really there.
            self._longest.stop()
            QTimer.singleShot(0, self, self._tell)
        return False

    def _tell(self) -> None:
        if not self._is_over:
            self.cancel()
            self.came.emit(True)

    def _give_up(self) -> None:
        self.cancel()
        self.came.emit(False)
