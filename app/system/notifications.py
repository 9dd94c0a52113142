"""Messages to the person: through the tray where there is one, else inside the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from app.settings import SettingsStore


class Notifier(QObject):
    """`tell` may be called from any thread; the message appears on the GUI thread.

    `shown_inside(str)` carries the text to the window when there is no tray to show it.
    """

    shown_inside = Signal(str)
    _told = Signal(str, str)

    def __init__(self, settings: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._tray: QSystemTrayIcon | None = None
        self._told.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def use_tray(self, tray: QSystemTrayIcon | None) -> None:
        """Shows messages through `tray` from now on; None: inside the window."""
        self._tray = tray

    def tell(self, title: str, text: str) -> None:
        """One message, unless notifications are switched off."""
        self._told.emit(title, text)

    def _show(self, title: str, text: str) -> None:
        if not self._settings.value.general.notifications:
            return
        if self._tray is not None and self._tray.isVisible() and self._tray.supportsMessages():
            self._tray.showMessage(title, text)
        else:
            self.shown_inside.emit(f"{title}: {text}" if text else title)
