"""A line above a list that says how it differs from what one might think, with the one thing to do about it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.theme import GRID, body_font, color
from app.widgets.row_painting import paint_text


class NoteBar(QFrame):
    """Hidden until it is told a text. What does not fit is cut with an ellipsis, and stands in the tool tip."""

    def __init__(self, name: str, button: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "banner-accent")
        self._line = _Line()
        self.button = QPushButton(button)
        self.button.setObjectName(f"{name}-button")
        self.button.setAccessibleName(button)
        self.button.setProperty("role", "link")
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + 4, GRID // 2, GRID + 4, GRID // 2)
        row.setSpacing(2 * GRID)
        row.addWidget(self._line, 1)
        row.addWidget(self.button)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return self._line.text

    def tell(self, text: str) -> None:
        """Shows a text, or with an empty one nothing at all."""
        self._line.tell(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))


class _Line(QWidget):
    """One line of text that asks for no width."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def tell(self, text: str) -> None:
        self.text = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(color("text"))
        paint_text(painter, self.rect(), self.text, font=body_font())
