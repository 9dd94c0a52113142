"""Grey rows where a list will stand as soon as the database is open."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.theme import GRID, color, follow_theme
from app.widgets.row_painting import ROW_HEIGHT

_SHARES = (0.26, 0.18, 0.31, 0.22, 0.28)
_ROWS = 5


class ListSkeleton(QFrame):
    """Shapes of rows, drawn and at rest. Screen readers pass over it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        follow_theme(self, self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card, and five rows that fade out."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("track"))
        width = self.width() - 4 * GRID
        for row in range(_ROWS):
            middle = ROW_HEIGHT * (row + 0.5)
            if middle + GRID > self.height():
                break
            painter.setOpacity(1.0 - row / _ROWS)
            name, bar = width * _SHARES[row], width * 0.3
            painter.drawRoundedRect(QRectF(2 * GRID, middle - 6, name, 12), 6, 6)
            painter.drawRoundedRect(QRectF(2 * GRID + width * 0.4, middle - 5, bar, 10), 5, 5)
            painter.drawRoundedRect(
                QRectF(2 * GRID + width * 0.8, middle - 6, width * 0.2 * (0.5 + _SHARES[row]), 12), 6, 6
            )
