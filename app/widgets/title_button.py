"""A title that opens something: text of any length that wraps, with the manners of a button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from app.theme import BUTTON_RADIUS, color, heading_font
from app.widgets.row_painting import paint_chevron
from app.widgets.wrap_label import WrapLabel

_CHEVRON = 16


class TitleButton(QAbstractButton):
    """Enter, space or a click press it; a chevron behind the title shows that it leads somewhere."""

    def __init__(self, title: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(accessible_name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._label = WrapLabel(title, heading_font(14))
        # The mouse means the button, wherever it is.
        self._label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, _CHEVRON, 2)
        row.addWidget(self._label)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_help(self, text: str) -> None:
        """What is shown while the mouse rests on it."""
        self.setToolTip(text)

    def hitButton(self, pos: QPoint) -> bool:
        """All of it is the button."""
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        """One line and the chevron."""
        return self._label.sizeHint() + QSize(_CHEVRON, 4)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaints for the hover."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Repaints for the end of the hover."""
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's hook; Enter presses it like space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the chevron, the ground under the mouse, and the focus ring; the label draws the title."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.underMouse() or self.isDown():
            painter.setBrush(color("pressed" if self.isDown() else "hover"))
            painter.drawRoundedRect(self.rect(), BUTTON_RADIUS, BUTTON_RADIUS)
        words = min(self._label.fontMetrics().horizontalAdvance(self._label.text()), self.width() - _CHEVRON)
        first_line = self._label.y() + self._label.fontMetrics().height() / 2
        paint_chevron(painter, QPointF(words + _CHEVRON / 2 + 1, first_line + 1), is_open=False)
        if self.hasFocus():
            painter.setPen(QPen(color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), BUTTON_RADIUS, BUTTON_RADIUS)
