"""The number of a step, in a disc."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.theme import color, heading_font

_SIZE = 24


class StepNumber(QWidget):
    """Decoration beside a step's title."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self.setFixedSize(_SIZE, _SIZE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The disc in the accent's ground, the number in the accent."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("accent-ground"))
        painter.drawEllipse(self.rect())
        painter.setFont(heading_font(14))
        painter.setPen(color("accent"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._number))
