"""A line that opens and closes what lies below it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.theme import follow_theme
from app.widgets.icons import icon

_ICON = QSize(16, 16)


class Fold(QWidget):
    """Closed at first; `content` is shown while it is open."""

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self.button = QPushButton(title)
        self.button.setProperty("role", "flat")
        self.button.setCheckable(True)
        self.button.setAccessibleName(title)
        self.button.setIconSize(_ICON)
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.setStyleSheet("QPushButton { text-align: left; padding-left: 0; }")
        self.button.toggled.connect(self._on_toggled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(content)
        content.hide()
        self._ink()
        follow_theme(self, self._ink)

    def set_open(self, is_open: bool) -> None:
        """Opens or closes it."""
        self.button.setChecked(is_open)

    def _on_toggled(self, is_open: bool) -> None:
        self._content.setVisible(is_open)
        self._ink()

    def _ink(self) -> None:
        name = "chevron-down" if self.button.isChecked() else "chevron-right"
        self.button.setIcon(icon(name, "muted", _ICON.width()))
