"""The line of the Overview that says what holds work back, with the two ways to lift it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.theme import GRID, bold_font
from app.widgets.announce import announce
from app.widgets.icons import IconLabel
from app.widgets.wrap_label import WrapLabel

_BESIDE_FROM = 640
"""Narrower, and the buttons stand below the words."""


class HoldingNotice(QFrame):
    """Hidden while nothing is held back. `anyway_requested(bool)`: work anyway, or no longer; `settings_requested()`."""

    anyway_requested = Signal(bool)
    settings_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("holding-notice")
        self.setProperty("role", "banner-warning")
        self._is_anyway = False
        self._said = ""
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(GRID + 4, GRID, GRID + 4, GRID)
        self._grid.setSpacing(GRID)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(IconLabel("limits", "warning", 20), 0, 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title = WrapLabel("", bold_font())
        self._title.setObjectName("holding-title")
        self._text = WrapLabel()
        self._text.setObjectName("holding-text")
        words.addWidget(self._title)
        words.addWidget(self._text)
        self._grid.addLayout(words, 0, 1)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        self._buttons_at = (0, 2)
        self._grid.addWidget(self._buttons, *self._buttons_at)
        self._anyway = QPushButton()
        self._anyway.setObjectName("work-anyway")
        self._anyway.clicked.connect(lambda: self.anyway_requested.emit(not self._is_anyway))
        row.addWidget(self._anyway)
        change = QPushButton(self.tr("Change…"))
        change.setObjectName("holding-settings")
        change.setAccessibleName(self.tr("Change when work waits: open the settings of pressure"))
        change.clicked.connect(lambda: self.settings_requested.emit())
        row.addWidget(change)
        row.addStretch(1)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook; where it is narrow, the buttons go below."""
        super().resizeEvent(event)
        place = (0, 2) if self.width() >= _BESIDE_FROM else (1, 1)
        if place != self._buttons_at:
            self._buttons_at = place
            self._grid.removeWidget(self._buttons)
            self._grid.addWidget(self._buttons, *place)

    def minimumSizeHint(self) -> QSize:
        """It never widens the page: its words wrap, and its buttons go below."""
        return QSize(0, super().minimumSizeHint().height())

    def show_held(self, title: str, text: str) -> None:
        """Something is held back."""
        self._show(title, text, anyway=False)

    def show_anyway(self, title: str) -> None:
        """Nothing is held back, because a person has said so."""
        self._show(title, "", anyway=True)

    def _show(self, title: str, text: str, *, anyway: bool) -> None:
        self._is_anyway = anyway
        self._title.show_text(title)
        self._text.show_text(text)
        words = self.tr("Stop that") if anyway else self.tr("Work anyway for 1 hour")
        if self._anyway.text() != words:
            self._anyway.setText(words)
            self._anyway.setAccessibleName(words)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.show()
        if title != self._said:
            self._said = title
            announce(self, title)
