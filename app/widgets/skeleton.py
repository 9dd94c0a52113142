"""Grey shapes where something will stand as soon as the database is open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import GRID, color
from app.widgets.card import Card

_CARD = ((0.45, 14), (0.85, 12), (0.7, 12), (1.0, 6), (0.6, 10))
_GRAPH = ((0.12, 12),)


class SkeletonCard(Card):
    """A card whose contents are still to come. Screen readers pass over it."""

    def __init__(self, height: int, *, graph: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body.addWidget(_Shapes(height, _GRAPH if graph else _CARD))
        self.body.addStretch(1)


class _Shapes(QWidget):
    def __init__(self, height: int, lines: Sequence[tuple[float, int]]) -> None:
        super().__init__()
        self._lines = tuple(lines)
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("track"))
        top = 2.0
        for share, height in self._lines:
            if top + height > self.height():
                break
            painter.drawRoundedRect(QRectF(0, top, self.width() * share, height), height / 2, height / 2)
            top += height + 2 * GRID
