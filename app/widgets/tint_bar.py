"""A slim progress bar in the colour of one token."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from app.theme import color, follow_theme

_HEIGHT = 6
_STEPS = 1000


class TintBar(QProgressBar):
    """`set_fraction(None)` empties it. A progress bar like any other to screen readers."""

    def __init__(self, token: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token = token
        self.setAccessibleName(name)
        self.setRange(0, _STEPS)
        self.setValue(0)
        self.setTextVisible(False)
        self.setFixedHeight(_HEIGHT)
        follow_theme(self, self.update)

    def set_fraction(self, fraction: float | None) -> None:
        """Shows 0.0 to 1.0."""
        value = round((fraction or 0.0) * _STEPS)
        if value != self.value():
            # Qt's progress bar paints itself at once whenever it moves; here it is painted with what is around it.
            self.setUpdatesEnabled(False)
            self.setValue(value)
            self.setUpdatesEnabled(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded track, and the part that is done."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box = QRectF(self.rect())
        radius = box.height() / 2
        painter.setBrush(color("track"))
        painter.drawRoundedRect(box, radius, radius)
        if self.value() > 0:
            painter.setBrush(color(self._token))
            box.setWidth(max(box.height(), box.width() * self.value() / _STEPS))
            painter.drawRoundedRect(box, radius, radius)
