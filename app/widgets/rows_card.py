"""A card of a few rows, each a widget of its own under a key; or one quiet sentence where there is none."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.theme import GRID
from app.widgets.card import Card
from app.widgets.setting_row import Hairline
from app.widgets.wrap_label import WrapLabel

K = TypeVar("K", bound=Hashable)
W = TypeVar("W", bound=QWidget)


class RowsCard(Card, Generic[K, W]):
    """Rows come and go by their keys; one that stays is the same widget, with its focus and what is open in it."""

    def __init__(self, make: Callable[[K], W], empty: str, parent: QWidget | None = None) -> None:
        """`make` makes the row of a key; `empty` says why there is none, and how one comes."""
        super().__init__(parent)
        self._make = make
        self._rows: dict[K, W] = {}
        self._rooms: dict[K, _Room] = {}
        self.body.setContentsMargins(GRID + 4, 4, GRID + 4, 4)
        self.body.setSpacing(0)
        self._empty = WrapLabel(empty, role="muted")
        self._empty.setContentsMargins(0, GRID, 0, GRID)
        self._empty_room = QWidget()
        around = QVBoxLayout(self._empty_room)
        around.setContentsMargins(0, GRID, 0, GRID)
        around.addWidget(self._empty)
        self.body.addWidget(self._empty_room)

    @property
    def rows(self) -> dict[K, W]:
        """The rows by key, in their order."""
        return dict(self._rows)

    def say_empty(self, text: str) -> None:
        """Says something else where there is no row."""
        if text != self._empty.text():
            self._empty.show_text(text)

    def show_keys(self, keys: Sequence[K]) -> None:
        """These rows and no others, in this order."""
        if list(self._rows) == list(keys):
            return
        for key in [key for key in self._rows if key not in set(keys)]:
            del self._rows[key]
            room = self._rooms.pop(key)
            self.body.removeWidget(room)
            room.hide()
            room.deleteLater()
        kept, self._rows = self._rows, {}
        for place, key in enumerate(keys):
            row = self._rows[key] = kept.get(key) or self._make(key)
            room = self._rooms.get(key)
            if room is None:
                room = self._rooms[key] = _Room(row)
            if self.body.indexOf(room) != place:
                self.body.removeWidget(room)
                self.body.insertWidget(place, room)
            room.line.setVisible(place > 0)
        self._empty_room.setVisible(not keys)


class _Room(QWidget):
    """A row, and the line above it."""

    def __init__(self, row: QWidget) -> None:
        super().__init__()
        self.line = Hairline()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.line)
        column.addWidget(row)
