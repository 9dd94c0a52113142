"""What the pages of the settings window share: a title, cards below each other, and room to scroll."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.problem import describe_exception
from app.theme import GRID, heading_font
from app.widgets.card import Card

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.bridge.session import Session


class SettingsPage(QScrollArea):
    """`needs_restart()`: something was changed that applies at the next start."""

    needs_restart = Signal()

    def __init__(self, name: str, title: str, sentence: str, session: Session) -> None:
        super().__init__()
        self.setObjectName(f"settings-page-{name}")
        self.setAccessibleName(title)
        self.session = session
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self.column.setSpacing(GRID + 4)
        heading = QLabel(title)
        heading.setFont(heading_font(20))
        self.column.addWidget(heading)
        if sentence:
            words = QLabel(sentence)
            words.setProperty("role", "muted")
            words.setWordWrap(True)
            self.column.addWidget(words)
        self.setWidget(inner)

    def attach(self) -> None:
        """Follows the session. Idempotent."""

    def detach(self) -> None:
        """Lets the session go. Idempotent."""

    def add_card(self, content: QWidget) -> Card:
        """`content` on a card of its own."""
        card = Card()
        card.body.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        card.body.addWidget(content)
        self.column.addWidget(card)
        return card

    def store(self, changes: Mapping[str, Any]) -> str:
        """Stores changes of the settings; returns why that could not be done, or nothing."""
        try:
            self.session.settings.update(**changes)
        except (OSError, ValueError) as error:
            reason = describe_exception(error)
            return self.tr("It could not be stored: {0}. Nothing has changed.").format(reason.rstrip("."))
        return ""
