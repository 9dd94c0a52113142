"""A framed surface with the theme's radius, on which a page puts what belongs together."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.theme import GRID


class Card(QFrame):
    """A surface with a line around it. `body` is its vertical layout."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(GRID + 4, GRID + 4, GRID + 4, GRID + 4)
        self.body.setSpacing(GRID)
