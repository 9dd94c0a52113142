"""What the forms of a plugin's settings share, on the domain's page and in the settings window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel

from app.secrets import is_mark, secret_fields
from app.theme import small_font

if TYPE_CHECKING:
    from pydantic import BaseModel

    from app.bridge.session import Session
    from app.plugin_host.host import LoadedPlugin


def settings_in_force(plugin: LoadedPlugin | None) -> dict[str, Any]:
    """What its domain works by; nothing where that is not known."""
    return {} if plugin is None or plugin.settings is None else plugin.settings.model_dump()


def shown_settings(plugin: LoadedPlugin | None, stored: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored, as a form shows it: a secret that is in the keyring is the one in force."""
    in_force = settings_in_force(plugin)
    return {
        name: in_force.get(name) if is_mark(value) else value
        for name, value in stored.items()
        if not is_mark(value) or in_force.get(name) is not None
    }


def secrets_text(model: type[BaseModel], stored: Mapping[str, Any]) -> str:
    """Where the secrets of these settings are kept; empty where there are none to keep."""
    fields = secret_fields(model)
    kept = [stored[name] for name in fields if stored.get(name)]
    if not fields:
        return ""
    if not kept:
        return _tr(
            "Secrets are kept in the system's keyring; where there is none, in settings.toml, which only you may read."
        )
    if all(is_mark(value) for value in kept):
        return _tr("Secrets are kept in the system's keyring.")
    return _tr(
        "No keyring of this system answered: secrets are kept in settings.toml, which only you may read."
    )


def store_setting(
    session: Session, plugin: LoadedPlugin, name: str, value: Any, store: Callable[[Any], str]
) -> str:
    """Stores what a person set; a secret through the keyring, which takes a moment. Returns why it could not be, or ""."""
    kit = plugin.plugin
    if kit is not None and name in secret_fields(kit.settings_model):
        session.commands.keep_secret(plugin.name, name, value)
        return ""
    return store(value)


def when_label(*, goes_on: bool) -> QLabel:
    """Says from when on a plugin's settings hold, and what becomes of what runs."""
    label = QLabel(
        _tr("Holds for what starts from now on; what runs goes on as it began.")
        if goes_on
        else _tr("Holds at once: what runs is interrupted for it, and starts again.")
    )
    label.setObjectName("settings-when")
    label.setFont(small_font())
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    return label


def _tr(text: str) -> str:
    return QCoreApplication.translate("plugin-settings", text)
