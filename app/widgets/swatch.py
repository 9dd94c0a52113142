"""A small square with a token's colour and pattern, as legends have it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.theme import color, follow_theme, pattern
from app.widgets.dashes import Dash, dashed

_SIZE = 12


def pattern_ink() -> QColor:
    """The colour of a pattern on any series' colour: plain to see, never loud."""
    ink = color("surface")
    ink.setAlphaF(0.55)
    return ink


class Swatch(QWidget):
    """Filled for an area; with `line` a stroke in those dashes, for a curve."""

    def __init__(self, token: str, parent: QWidget | None = None, line: Dash | None = None) -> None:
        super().__init__(parent)
        self._token = token
        self._line = line
        self.setFixedSize(_SIZE if line is None else 2 * _SIZE, _SIZE)
        follow_theme(self, self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The square or the stroke."""
        painter = QPainter(self)
        ground = color(self._token)
        if self._line is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            line = QRectF(0, self.height() // 2 - 1, self.width(), 2)
            painter.drawRects(dashed([line], self._line))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 2, 2)
        style = pattern(self._token)
        if style != Qt.BrushStyle.SolidPattern:
            painter.setBrush(QBrush(pattern_ink(), style))
            painter.drawRoundedRect(box, 2, 2)
