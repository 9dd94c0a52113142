"""What all models of lists answer alike: their headers, and how their cells are aligned."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex

ROOT: Final = QModelIndex()
"""The parent of all rows at the top."""


def alignment(column: int, right: Collection[int]) -> Qt.AlignmentFlag:
    """Figures, the columns in `right`, stand at the right; words at the left."""
    side = Qt.AlignmentFlag.AlignRight if column in right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def header(
    section: int,
    orientation: Qt.Orientation,
    role: int,
    titles: Callable[[], Mapping[int, str]],
    right: Collection[int],
) -> Any:
    """The answer of `headerData`: a column's title, aligned as its cells are. Views ask for many roles at each picture."""
    if orientation != Qt.Orientation.Horizontal:
        return None
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return alignment(section, right)
    return titles().get(section, "") if role == Qt.ItemDataRole.DisplayRole else None


def runs_of(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending rows as (first, last) of each unbroken run."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
