"""Where the window keeps how a person left it: geometry, page, filters, columns. It lies beside the settings."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings

from app.settings import SettingsStore


def window_state(settings: SettingsStore, parent: QObject) -> QSettings:
    """The file; several at once see each other's changes."""
    return QSettings(str(settings.path.with_name("window.ini")), QSettings.Format.IniFormat, parent)
