"""A spin box that changes by the wheel only with the focus, says 0 in words, and tells what a person chose."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSpinBox, QWidget


class QuietSpin(QSpinBox):
    """`chosen(int)` carries what the person settled on; `show_number` never emits it. `zero` is what 0 is called."""

    chosen = Signal(int)

    def __init__(
        self, name: str, least: int, most: int, zero: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setRange(least, most)
        self.setSpecialValueText(zero)
        # While a person types "12", 1 is not what they want.
        self.setKeyboardTracking(False)
        self.valueChanged.connect(self.chosen)

    def show_number(self, number: int) -> None:
        """Shows what holds now; a number beyond its range widens it."""
        with QSignalBlocker(self):
            self.setMaximum(max(self.maximum(), number))
            self.setValue(number)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt's hook; scrolling the page must change nothing that merely lies under the mouse."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
