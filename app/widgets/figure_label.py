"""A label for what changes many times a second."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel


class FigureLabel(QLabel):
    """What stands around it is laid out anew only when it needs another room.

    QLabel has that done at each change of its text, from its card up to the main window: 30 times a second while tasks
    run.
    """

    def setText(self, text: str) -> None:
        """What it says now."""
        if text == self.text():
            return
        if self.isHidden():
            super().setText(text)
            return
        before = QLabel.sizeHint(self)
        # What is hidden asks for no other room; what is on the screen is drawn all the same.
        self.setAttribute(Qt.WidgetAttribute.WA_WState_Hidden, True)
        try:
            super().setText(text)
        finally:
            self.setAttribute(Qt.WidgetAttribute.WA_WState_Hidden, False)
        if self.needs_other_room(before, QLabel.sizeHint(self)):
            self.updateGeometry()

    def needs_other_room(self, before: QSize, now: QSize) -> bool:
        """Has its place to change, now that its words need this room and not that of before?"""
        return before != now
