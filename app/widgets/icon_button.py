"""A small button with an icon and no words; its name is said to screen readers and shown under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from app.theme import follow_theme
from app.widgets.icons import icon

_ICON = 16
_SIDE = 32


class IconButton(QPushButton):
    """As large as a finger needs; flat until the mouse or the focus is on it."""

    def __init__(self, name: str, icon_name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self.setObjectName(name)
        self.setProperty("role", "flat")
        self.setFixedSize(_SIDE, _SIDE)
        self.setStyleSheet("QPushButton, QPushButton:focus { padding: 0; min-height: 0; }")
        self.setIconSize(QSize(_ICON, _ICON))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_words(words)
        self._ink()
        follow_theme(self, self._ink)

    def show_words(self, words: str) -> None:
        """What it does."""
        self.setAccessibleName(words)
        self.setToolTip(words)

    def _ink(self) -> None:
        self.setIcon(icon(self._icon_name, "text", _ICON))
