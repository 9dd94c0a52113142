"""The line of the Overview that says what holds work back, with the two ways to lift it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.theme import GRID, bold_font
from app.widgets.announce import announce
from app.widgets.icons import IconLabel
from app.widgets.wrap_label import WrapLabel


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
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + 4, GRID, GRID + 4, GRID)
        row.setSpacing(GRID)
        row.addWidget(IconLabel("limits", "warning", 20), 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title = WrapLabel("", bold_font())
        self._title.setObjectName("holding-title")
        self._text = WrapLabel()
        self._text.setObjectName("holding-text")
        words.addWidget(self._title)
        words.addWidget(self._text)
        row.addLayout(words, 1)
        self._anyway = QPushButton()
        self._anyway.setObjectName("work-anyway")
        self._anyway.clicked.connect(lambda: self.anyway_requested.emit(not self._is_anyway))
        row.addWidget(self._anyway)
        change = QPushButton(self.tr("Change…"))
        change.setObjectName("holding-settings")
        change.setAccessibleName(self.tr("Change when work waits: open the settings of pressure"))
        change.clicked.connect(lambda: self.settings_requested.emit())
        row.addWidget(change)
        self.hide()

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
