"""One setting: what it is and does at the left, the control at the right, and below it what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from app.theme import BUTTON_RADIUS, GRID, color, follow_theme, small_font
from app.widgets.icons import icon

_WIDE_SHARE = 2
"""A control that may grow gets twice the width of its words."""
_RESET_SIZE = 28
ROOM_OF_RESET = _RESET_SIZE + 2 * GRID
"""What a row keeps free at its right end."""
_LEAST_WORDS = 120
_LIT_MS = 1600


class SettingRow(QWidget):
    """The title is the control's label for mouse, mnemonics and screen readers.

    `reset_requested()`: the default is wanted back; its button is there while `set_differs` says that the value differs.
    """

    reset_requested = Signal()

    def __init__(self, title: str, description: str, control: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.description = title, description
        self.control = control
        self._is_lit = False
        self._reset = self._reset_button(title)
        label = QLabel(title)
        label.setBuddy(control)
        label.setWordWrap(True)
        help_text = QLabel(description, self)
        help_text.setFont(small_font())
        help_text.setProperty("role", "muted")
        help_text.setWordWrap(True)
        help_text.setVisible(bool(description))
        for words in (label, help_text):
            # Of itself Qt wants a long sentence wide, and would widen the page.
            words.setMinimumWidth(_LEAST_WORDS)
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
        grid.addWidget(self._reset, 0, 2, 2, 1, middle)
        grid.addWidget(self._error, 2, 0, 1, 3)
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

    def set_differs(self, differs: bool, default: str) -> None:
        """Is the value another than the default, which reads `default`?"""
        self._reset.setVisible(differs)
        self._reset.setToolTip(self.tr("Reset to default: {0}").format(default) if default else "")

    def light_up(self) -> None:
        """Shows itself for a moment: somebody was looking for it."""
        self._is_lit = True
        self.update()
        QTimer.singleShot(_LIT_MS, self, self._on_lit)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's hook: the ground, while it is lit."""
        if self._is_lit:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("accent-ground"))
            painter.drawRoundedRect(self.rect(), BUTTON_RADIUS, BUTTON_RADIUS)

    def _on_lit(self) -> None:
        self._is_lit = False
        self.update()

    def _reset_button(self, title: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("setting-reset")
        button.setProperty("role", "flat")
        button.setFixedSize(_RESET_SIZE, _RESET_SIZE)
        button.setStyleSheet("QToolButton { padding: 0; min-height: 24px; }")
        button.setIconSize(QSize(16, 16))
        button.setAccessibleName(self.tr("Reset to default: {0}").format(title))
        policy = button.sizePolicy()
        # The control stays where it is when the button comes and goes.
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        button.clicked.connect(lambda: self.reset_requested.emit())
        button.hide()

        def ink() -> None:
            button.setIcon(icon("retry", "muted", 16))

        ink()
        follow_theme(button, ink)
        return button


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
