"""Buttons that stand in a row of a list: words where there is room, else icons alone."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.theme import GRID, follow_theme
from app.widgets.icons import icon

_ICON = QSize(16, 16)


class RowButtons(QWidget):
    """Right-aligned; a button that does not apply to the row is hidden, the others keep their places."""

    def __init__(self, words_from: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words_from = words_from
        self._buttons: dict[QPushButton, tuple[str, str]] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, GRID + 4, 0)
        self._row.setSpacing(GRID)
        self._row.addStretch(1)
        follow_theme(self, self._ink)

    def add_button(self, name: str, icon_name: str, text: str, accessible_name: str) -> QPushButton:
        """One more button at the right."""
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(accessible_name)
        button.setToolTip(accessible_name)
        button.setProperty("role", "row")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setIconSize(_ICON)
        self._buttons[button] = (icon_name, text)
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        self._row.addWidget(button)
        self._ink()
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook; words go when they no longer fit."""
        super().resizeEvent(event)
        self._show_words(self.width() >= self._words_from)
        # Words of another language may be longer.
        if self._row.minimumSize().width() > self.width():
            self._show_words(False)

    def _show_words(self, on: bool) -> None:
        for button, (_, text) in self._buttons.items():
            button.setText(text if on else "")

    def _ink(self) -> None:
        for button, (name, _) in self._buttons.items():
            button.setIcon(icon(name, "text", _ICON.width()))
