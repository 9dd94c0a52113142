"""Parts of a page in two columns where there is room for them, else below each other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

_GAP = 16


class TwoColumns(QWidget):
    """The left parts, then the right ones: so they follow each other in one column, and so the focus goes."""

    def __init__(
        self,
        left: Sequence[QWidget],
        right: Sequence[QWidget],
        beside_from: int,
        parent: QWidget | None = None,
    ) -> None:
        """`beside_from` is the width from which there are two columns."""
        super().__init__(parent)
        self._beside_from = beside_from
        self._sides = [_column(left), _column(right)]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)
        self._is_beside: bool | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._arrange(is_beside=False)

    @property
    def is_beside(self) -> bool:
        """Do the columns stand beside each other now?"""
        return bool(self._is_beside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook; the columns follow the width."""
        super().resizeEvent(event)
        self._arrange(is_beside=self.width() >= self._beside_from)

    def _arrange(self, *, is_beside: bool) -> None:
        if is_beside == self._is_beside:
            return
        self._is_beside = is_beside
        left, right = self._sides
        top = Qt.AlignmentFlag.AlignTop
        for side in self._sides:
            self._grid.removeWidget(side)
        self._grid.addWidget(left, 0, 0, top)
        self._grid.addWidget(right, 0 if is_beside else 1, 1 if is_beside else 0, top)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if is_beside else 0)


def _column(parts: Sequence[QWidget]) -> QWidget:
    side = QWidget()
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(_GAP)
    for part in parts:
        column.addWidget(part)
    # Both columns are of one width, whatever is in them.
    side.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return side
