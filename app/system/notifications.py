"""Messages to the person: through the tray where there is one, else inside the window; many at once become one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from app.language import said
from app.settings import SettingsStore

_QUIET_MS = 3_000
_NAMED = 3


class Notifier(QObject):
    """`tell` may be called from any thread; the message appears on the GUI thread.

    The first is shown at once; what comes in the `quiet_ms` after a message is shown together when they are over. Switched
    off in the settings, nothing is shown. `shown_inside(str)` carries the text to the window when there is no tray.
    """

    shown_inside = Signal(str)
    _told = Signal(str, str)

    def __init__(
        self, settings: SettingsStore, parent: QObject | None = None, quiet_ms: int = _QUIET_MS
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._tray: QSystemTrayIcon | None = None
        self._waiting: list[tuple[str, str]] = []
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(quiet_ms)
        self._quiet.timeout.connect(self._show_waiting)
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)

    def use_tray(self, tray: QSystemTrayIcon | None) -> None:
        """Shows messages through `tray` from now on; None: inside the window."""
        self._tray = tray

    def tell(self, title: str, text: str) -> None:
        """One message, unless notifications are switched off."""
        self._told.emit(title, text)

    def _on_told(self, title: str, text: str) -> None:
        title, text = said(title), said(text)
        if not self._settings.value.general.notifications:
            return
        if self._quiet.isActive():
            self._waiting.append((title, text))
        else:
            self._show(title, text)

    def _show_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting or not self._settings.value.general.notifications:
            return
        if len(waiting) == 1:
            self._show(*waiting[0])
            return
        names = ", ".join(title for title, _ in waiting[:_NAMED])
        if len(waiting) > _NAMED:
            names = self.tr("{0} and {1} more").format(names, len(waiting) - _NAMED)
        self._show(self.tr("{0} messages").format(len(waiting)), names)

    def _show(self, title: str, text: str) -> None:
        self._quiet.start()
        if self._tray is not None and self._tray.isVisible() and self._tray.supportsMessages():
            self._tray.showMessage(title, text)
        else:
            self.shown_inside.emit(f"{title}: {text}" if text else title)
