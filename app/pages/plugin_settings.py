"""What the forms of a plugin's settings share, on the domain's page and in the settings window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel

from app.theme import small_font

if TYPE_CHECKING:
    from app.plugin_host.host import LoadedPlugin


def settings_in_force(plugin: LoadedPlugin | None) -> dict[str, Any]:
    """What its domain works by; nothing where that is not known."""
    return {} if plugin is None or plugin.settings is None else plugin.settings.model_dump()


def when_label(*, at_once: bool) -> QLabel:
    """Says from when on a plugin's settings hold."""
    label = QLabel(
        _tr("Holds for what starts from now on; what runs goes on as it began.")
        if at_once
        else _tr("This plugin can change its settings only at the next start of Tidemill.")
    )
    label.setObjectName("settings-when")
    label.setFont(small_font())
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    return label


def _tr(text: str) -> str:
    return QCoreApplication.translate("plugin-settings", text)
