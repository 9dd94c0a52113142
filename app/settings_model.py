"""Everything a person can set, as pydantic models: forms are made of them, and what is typed is checked by them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Theme = Literal["system", "light", "dark"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class GeneralSettings(_Section):
    """How the window looks and behaves."""

    theme: Theme = Field(default="system", title="Appearance", description="Light, dark, or as the system is")
    welcome_done: bool = Field(
        default=False, title="Welcome was shown", description="Off shows the welcome page again"
    )
    close_to_tray: bool = Field(
        default=True,
        title="Keep working in the tray",
        description="Closing the window leaves the work running, if there is a tray",
    )
    notifications: bool = Field(
        default=True, title="Notifications", description="Messages about finished jobs and failures"
    )
    pause_reminder_h: int = Field(
        default=24,
        ge=0,
        le=720,
        title="Remind of a pause after",
        description="Hours after which a pause without an end is brought to mind; 0 never",
    )
    tray_hint_shown: bool = Field(
        default=False,
        title="Tray hint was shown",
        description="The message about working on in the tray was shown once",
    )


class LimitSettings(_Section):
    """How much runs at once."""

    max_concurrency: int = Field(
        default=8, ge=1, le=64, title="Tasks at once", description="Over all domains together"
    )
    domains: dict[str, int] = Field(
        default_factory=dict,
        title="Tasks at once by domain",
        description="Overrides what the plugin declares",
    )


class PluginSettings(_Section):
    """Which plugins are used."""

    disabled: tuple[str, ...] = Field(
        default=(), title="Disabled plugins", description="Names of plugins that are never imported"
    )


class AppSettings(_Section):
    """Everything a person can set. `domains` holds, by domain, the values of the plugin's own settings model."""

    general: GeneralSettings = Field(default_factory=GeneralSettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    plugins: PluginSettings = Field(default_factory=PluginSettings)
    domains: dict[str, dict[str, Any]] = Field(default_factory=dict)
