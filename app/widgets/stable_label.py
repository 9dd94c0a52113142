"""A label that only ever grows, so that what stands beside it does not jump as numbers change."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from app.widgets.figure_label import FigureLabel


class StableLabel(FigureLabel):
    """Keeps the width of the widest text it has had."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        self._widest = 0
        super().__init__(text, parent)

    def forget(self) -> None:
        """What it says from now on is something else, with a width of its own."""
        self._widest = 0
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """At least as wide as ever."""
        hint = super().sizeHint()
        self._widest = max(self._widest, hint.width())
        return QSize(self._widest, hint.height())

    def minimumSizeHint(self) -> QSize:
        """The same: it is never cut."""
        return self.sizeHint()

    def needs_other_room(self, before: QSize, now: QSize) -> bool:
        """Only when it grows."""
        return now.width() > self._widest or now.height() != before.height()
