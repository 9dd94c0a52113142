"""Cards beside each other, as many as fit, all of one width."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.theme import GRID


class FlowGrid(QWidget):
    """Fills rows with its cards; the number of columns follows the width. One whose `wide` property is true has a row."""

    def __init__(self, least_width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least_width = least_width
        self._cards: list[QWidget] = []
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GRID + 4)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        self.setSizePolicy(policy)

    @property
    def columns(self) -> int:
        """How many cards stand beside each other now."""
        return self._columns

    def set_cards(self, cards: list[QWidget]) -> None:
        """Shows these cards in this order; those from before are deleted."""
        for card in self._cards:
            self._grid.removeWidget(card)
            if card not in cards:
                card.hide()
                card.deleteLater()
        self._cards = list(cards)
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = 0
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook; arranges again when another number of columns fits."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        room = self.width() + self._grid.spacing()
        narrow = sum(not card.property("wide") for card in self._cards)
        columns = max(1, min(narrow or 1, room // (self._least_width + self._grid.spacing())))
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, int(column < columns))
        self._columns = columns
        row = column = 0
        for card in self._cards:
            is_wide = bool(card.property("wide"))
            if column and (is_wide or column == columns):
                row, column = row + 1, 0
            self._grid.addWidget(card, row, column, 1, columns if is_wide else 1)
            row, column = (row + 1, 0) if is_wide else (row, column + 1)
