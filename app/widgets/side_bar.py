"""The left edge of the window: the app's name, its pages, and the way to the settings."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.theme import GRID, follow_theme, heading_font
from app.widgets.icons import app_icon, icon
from app.widgets.nav_list import NavList

_WIDTH = 176
_PICTURE = 24
_ICON = 18


class SideBar(QFrame):
    """`nav` is the list of pages; `settings_requested()` comes from the button below it."""

    settings_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "side")
        self.setFixedWidth(_WIDTH)
        self.nav = NavList()
        self._settings = QPushButton(" " + self.tr("Settings"))
        self._settings.setObjectName("open-settings")
        self._settings.setAccessibleName(self.tr("Settings"))
        self._settings.setProperty("role", "flat")
        self._settings.setIconSize(QSize(_ICON, _ICON))
        self._settings.clicked.connect(lambda: self.settings_requested.emit())
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(_PICTURE, _PICTURE))
        name = QLabel("Tidemill")
        name.setFont(heading_font(14))
        head = QHBoxLayout()
        head.setContentsMargins(GRID, 4, 0, GRID)
        head.setSpacing(GRID)
        head.addWidget(picture)
        head.addWidget(name, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, 2 * GRID, GRID + 1, GRID)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self.nav)
        column.addStretch(1)
        column.addWidget(self._settings)
        self.set_open(False)
        self._ink()
        follow_theme(self, self._ink)

    def set_open(self, is_open: bool) -> None:
        """Is there a session whose settings can be shown?"""
        self._settings.setEnabled(is_open)

    def _ink(self) -> None:
        self._settings.setIcon(icon("settings", "text", _ICON))
