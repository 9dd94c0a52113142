"""The reference of the window's rows: a program that opens an empty PySide6 window, and does nothing else.

It prints the time of day (`time.time()`) at which its window was painted, and the seconds it had computed until then. With
`stay` it then waits to be ended, else it ends at once.
"""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow


class EmptyWindow(QMainWindow):
    """As large as Tidemill's."""

    def __init__(self) -> None:
        super().__init__()
        self.resize(1280, 800)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's hook; says so when the pixels are there."""
        super().paintEvent(event)
        QTimer.singleShot(0, self._tell)

    def _tell(self) -> None:
        print(time.time(), time.process_time(), flush=True)
        if "stay" not in sys.argv:
            QApplication.quit()


if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    window = EmptyWindow()
    window.show()
    app.exec()
