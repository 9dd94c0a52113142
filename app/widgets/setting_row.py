"""One setting: what it is and does at the left, the control at the right, and below it what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.theme import GRID, color, follow_theme, small_font

_WIDE_SHARE = 2
"""A control that may grow gets twice the width of its words."""


class SettingRow(QWidget):
    """The title is the control's label for mouse, mnemonics and screen readers."""

    def __init__(self, title: str, description: str, control: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        label = QLabel(title)
        label.setBuddy(control)
        label.setWordWrap(True)
        help_text = QLabel(description, self)
        help_text.setFont(small_font())
        help_text.setProperty("role", "muted")
        help_text.setWordWrap(True)
        help_text.setVisible(bool(description))
        self._error = QLabel()
        self._error.setProperty("role", "failure")
        self._error.setTextFormat(Qt.TextFormat.PlainText)
        self._error.setFont(small_font())
        self._error.setWordWrap(True)
        self._error.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, GRID, 0, GRID)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 0 if _is_small(control) else _WIDE_SHARE)
        grid.addWidget(label, 0, 0, 1 if description else 2, 1)
        if description:
            grid.addWidget(help_text, 1, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        side = Qt.AlignmentFlag.AlignRight | middle if _is_small(control) else middle
        grid.addWidget(control, 0, 1, 2, 1, side)
        grid.addWidget(self._error, 2, 0, 1, 2)
        if not control.accessibleName():
            control.setAccessibleName(title)
        control.setAccessibleDescription(description)

    @property
    def error(self) -> str:
        """What is wrong; empty when all is well."""
        return self._error.text()

    def set_error(self, text: str) -> None:
        """Says what is wrong with the value; empty takes it back."""
        self._error.setText(text)
        self._error.setVisible(bool(text))


class Hairline(QWidget):
    """The line between two rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)
        follow_theme(self, self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the line."""
        QPainter(self).fillRect(self.rect(), color("line"))


def _is_small(control: QWidget) -> bool:
    """Does the control keep its own width?"""
    return not control.property("wide")
