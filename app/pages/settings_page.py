"""What the pages of the settings window share: a title, cards below each other, and room to scroll."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.models.problem_words import exception_words
from app.theme import GRID, heading_font
from app.widgets.card import Card
from app.widgets.fold import Fold
from app.widgets.setting_row import SettingRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.bridge.session import Session


class SettingsPage(QScrollArea):
    """`title` is what the page is called. All that is changed on it applies at once."""

    def __init__(self, name: str, title: str, sentence: str, session: Session) -> None:
        super().__init__()
        self.setObjectName(f"settings-page-{name}")
        self.setAccessibleName(title)
        self.title = title
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

    @property
    def rows(self) -> list[SettingRow]:
        """Everything that can be set here, from top to bottom."""
        return self.findChildren(SettingRow)

    def place_of(self, row: SettingRow) -> str:
        """Where a person finds a row: the page, or what is to be unfolded on it."""
        folds = self._folds_above(row)
        return folds[0].button.text() if folds else self.title

    def reveal(self, row: SettingRow) -> None:
        """Scrolls to a row, unfolds what hides it, and gives its control the focus."""
        for fold in self._folds_above(row):
            fold.button.setChecked(True)
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self.ensureWidgetVisible(row)
        row.control.setFocus(Qt.FocusReason.ShortcutFocusReason)
        row.light_up()

    def _folds_above(self, row: SettingRow) -> list[Fold]:
        above, folds = row.parentWidget(), list[Fold]()
        while above is not None and above is not self:
            if isinstance(above, Fold):
                folds.append(above)
            above = above.parentWidget()
        return folds

    def add_heading(self, text: str) -> None:
        """A line above the next card."""
        label = QLabel(text)
        label.setFont(heading_font(14))
        label.setContentsMargins(0, GRID, 0, 0)
        self.column.addWidget(label)

    def store(self, changes: Mapping[str, Any]) -> str:
        """Stores changes of the settings; returns why that could not be done, or nothing."""
        try:
            self.session.settings.update(**changes)
        except (OSError, ValueError) as error:
            reason = exception_words(error)
            return self.tr("It could not be stored: {0}. Nothing has changed.").format(reason.rstrip("."))
        return ""
