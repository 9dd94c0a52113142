"""What a model tells its views, written down."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractItemModel, QModelIndex


@dataclass
class Told:
    """What was told since the last `clear`, rows of the top storey only."""

    changed: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(first row, last row, first column, last column)"""
    inserted: list[tuple[int, int]] = field(default_factory=list)
    removed: list[tuple[int, int]] = field(default_factory=list)
    moved: list[tuple[int, int]] = field(default_factory=list)
    resets: int = 0

    def clear(self) -> None:
        """Forgets what was told so far."""
        for told in (self.changed, self.inserted, self.removed, self.moved):
            told.clear()


def watch(model: QAbstractItemModel) -> Told:
    """Writes down from now on."""
    told = Told()

    def on_changed(first: QModelIndex, last: QModelIndex) -> None:
        if not first.parent().isValid():
            told.changed.append((first.row(), last.row(), first.column(), last.column()))

    def on_reset() -> None:
        told.resets += 1

    model.dataChanged.connect(on_changed)
    model.rowsInserted.connect(lambda _parent, first, last: told.inserted.append((first, last)))
    model.rowsRemoved.connect(lambda _parent, first, last: told.removed.append((first, last)))
    model.rowsMoved.connect(lambda _p, first, _last, _to, row: told.moved.append((first, row)))
    model.modelReset.connect(on_reset)
    return told
