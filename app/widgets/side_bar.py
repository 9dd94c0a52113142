"""The left edge of the window: the app's name, its pages, and the way to the settings."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.theme import GRID, follow_theme, heading_font
from app.widgets.icons import app_icon, icon
from app.widgets.nav_list import NavList

_WIDTH = 184
_PICTURE = 24
_ICON = 18


class SideBar(QFrame):
    """`nav` is the list of pages; `library_requested()` and `settings_requested()` come from the buttons below it."""

    library_requested = Signal()
    settings_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "side")
        self.setFixedWidth(_WIDTH)
        self.nav = NavList()
        self._library = _button("open-library", self.tr("Library"))
        self._library.setToolTip(self.tr("Open the folder with what was taken in"))
        self._library.clicked.connect(lambda: self.library_requested.emit())
        self._settings = _button("open-settings", self.tr("Settings"))
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
        below = QVBoxLayout()
        below.setSpacing(2)
        below.addWidget(self._library)
        below.addWidget(self._settings)
        column.addLayout(below)
        self.set_open(False)
        self._ink()
        follow_theme(self, self._ink)

    def set_open(self, is_open: bool) -> None:
        """Is there a session with a library and settings to show?"""
        self._library.setEnabled(is_open)
        self._settings.setEnabled(is_open)

    def _ink(self) -> None:
        self._library.setIcon(icon("folder", "text", _ICON))
        self._settings.setIcon(icon("settings", "text", _ICON))


def _button(name: str, text: str) -> QPushButton:
    button = QPushButton(f" {text}")
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setProperty("role", "flat")
    button.setIconSize(QSize(_ICON, _ICON))
    return button
