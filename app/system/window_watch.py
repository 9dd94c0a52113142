"""Two things the shell decides about a window: that it is painted before work begins, and when it is to be closed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QEventLoop, QObject, Signal
from PySide6.QtWidgets import QWidget

from app.system.next_paint import NextPaint


class WindowWatch(QObject):
    """Watches one window. `close_requested` comes instead of closing: the close event is ignored.

    `was_close_requested` is for those who come too late to hear the signal.
    """

    close_requested = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.was_close_requested = False
        window.installEventFilter(self)

    def wait_for_paint(self) -> bool:
        """Lets Qt work until the window has been painted; False if nobody sees it.

        What a person does meanwhile waits, too, for those who will answer it.
        """
        loop = QEventLoop()
        answers: list[bool] = []
        paint = NextPaint(self._window)
        paint.came.connect(answers.append)
        paint.came.connect(loop.quit)
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        return answers == [True]

    def release(self) -> None:
        """Stops watching; the window closes like any other again. Idempotent."""
        self._window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's hook; True for a close event, which goes no further."""
        if watched is self._window and event.type() == QEvent.Type.Close:
            event.ignore()
            self.was_close_requested = True
            self.close_requested.emit()
            return True
        return super().eventFilter(watched, event)
