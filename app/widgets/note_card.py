"""A card that only says one thing, in the middle: what an empty list is empty of, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.widgets.card import Card
from app.widgets.icons import IconLabel

_LEAST_WORDS = 120


class NoteCard(Card):
    """`say` changes the sentence."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QLabel()
        self._words.setProperty("role", "muted")
        self._words.setWordWrap(True)
        # Of itself Qt wants a long sentence wide, and would widen the page.
        self._words.setMinimumWidth(_LEAST_WORDS)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.body.addStretch(1)
        self.body.addWidget(IconLabel(icon, "muted", 28), 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(self._words)
        self.body.addStretch(1)

    @property
    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def say(self, text: str) -> None:
        """Says something else."""
        if text != self._words.text():
            self._words.setText(text)
            self.setAccessibleName(text)
