"""A title of any length that opens and closes what lies below it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from app.theme import BUTTON_RADIUS, bold_font, color
from app.widgets.row_painting import paint_chevron
from app.widgets.wrap_label import WrapLabel

_CHEVRON = 24


class TitleFold(QAbstractButton):
    """Checked while open; Enter, space or a click open and close it."""

    def __init__(self, title: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAccessibleName(accessible_name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._label = WrapLabel(title, bold_font())
        # The mouse means the button, wherever it is.
        self._label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(_CHEVRON, 3, 4, 3)
        row.addWidget(self._label)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hitButton(self, pos: QPoint) -> bool:
        """All of it is the button."""
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        """One line, and the chevron before it."""
        return self._label.sizeHint() + QSize(_CHEVRON + 4, 6)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's hook; Enter presses it like space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the chevron and the focus ring; the label draws the title."""
        painter = QPainter(self)
        middle = self._label.y() + self._label.fontMetrics().height() / 2 + 1
        paint_chevron(painter, QPointF(_CHEVRON / 2 - 3, middle), is_open=self.isChecked())
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), BUTTON_RADIUS, BUTTON_RADIUS)
