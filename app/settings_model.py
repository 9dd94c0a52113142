"""Everything a person can set, as pydantic models: forms are made of them, and what is typed is checked by them."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Theme = Literal["system", "light", "dark"]
Language = Literal["system", "en", "de"]
LogLevel = Literal["debug", "info", "warning", "error"]
Synchronous = Literal["normal", "full"]
Per = Literal["second", "minute", "hour"]


def _time_of_day(value: object) -> object:
    """Neither a number, which would be seconds after midnight somewhere else, nor a time of another zone."""
    try:
        found = time.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if not isinstance(found, time) or found.tzinfo is not None:
        raise ValueError("it is no time of day, such as 09:00")
    return found


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class GeneralSettings(_Section):
    """How the window looks and behaves."""

    theme: Theme = Field(
        default="system",
        title="Appearance",
        description="Light, dark, or as the system is",
        json_schema_extra={"words": {"system": "System", "light": "Light", "dark": "Dark"}},
    )
    language: Language = Field(
        default="system",
        title="Language",
        description="Of all texts; English where the system's is not there",
        json_schema_extra={
            "words": {"system": "As the system is", "en": "English", "de": "Deutsch"},
        },
    )
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


class GroupLimits(_Section):
    """What a person set for one group of tasks; what is not set is as programs and plugins have it."""

    max_concurrency: int | None = Field(default=None, ge=1, le=1000, title="At most")
    weight: int | None = Field(default=None, ge=1, le=1000, title="Weight")
    minimum_slots: int | None = Field(default=None, ge=1, le=1000, title="Kept free")
    rate: str | None = Field(
        default=None,
        pattern=r"^[1-9]\d{0,5}/(second|minute|hour)$",
        title="Starts",
        description="As 10/second, 10/minute or 10/hour",
    )


class RateSetting(_Section):
    """At most so many starts of one type of task."""

    count: int = Field(ge=1, le=1_000_000, title="Starts")
    per: Per = Field(default="minute", title="In each")


class LimitSettings(_Section):
    """How much runs at once, how often, and how much of the network it may use."""

    max_concurrency: int = Field(
        default=8, ge=1, le=64, title="Tasks at once", description="Over all domains together"
    )
    domains: dict[str, Annotated[int, Field(ge=0, le=1_000_000)]] = Field(
        default_factory=dict,
        title="Tasks at once by domain",
        description="Overrides what the plugin declares; 0: as many as there are slots",
    )
    group: int | None = Field(
        default=None,
        ge=1,
        le=64,
        title="Tasks at once in a group",
        description="Of groups that have no limit of their own, over all domains",
        json_schema_extra={"none": "no limit"},
    )
    bandwidth: float | None = Field(
        default=None,
        gt=0.0,
        le=100_000.0,
        title="Bandwidth",
        description="Both ways together: a network that moves nearly as much counts as busy",
        json_schema_extra={"none": "no limit", "suffix": " MB/s"},
    )
    rates: dict[str, RateSetting] = Field(
        default_factory=dict,
        title="Starts by type of task",
        description="How often tasks of a type may start",
    )
    groups: dict[str, GroupLimits] = Field(
        default_factory=dict,
        title="Limits of groups",
        description="By the group's name; they hold over all domains",
    )


class PressureSettings(_Section):
    """When work waits: while the machine is busy, and under the conditions that a person sets."""

    slow_down: bool = Field(
        default=True,
        title="Slow down while the machine is busy",
        description="Off: tasks start however busy it is",
    )
    ordinary: int = Field(
        default=75,
        ge=10,
        le=95,
        title="Ordinary tasks wait above",
        description="Urgent tasks never wait for a busy machine",
        json_schema_extra={"suffix": " %"},
    )
    background: int = Field(
        default=50,
        ge=5,
        le=95,
        title="Background tasks wait above",
        description="The mark of ordinary tasks holds for them too",
        json_schema_extra={"suffix": " %"},
    )
    disk: bool = Field(
        default=True,
        title="Watch the disk",
        description="How much of the time the busiest disk has work, ours and that of other programs",
    )
    memory: bool = Field(
        default=True,
        title="Watch the memory",
        description="How far its use has gone from 70 % to all of it",
    )
    programs: bool = Field(
        default=False,
        title="Watch other programs",
        description="How much of the processor they use; what Tidemill itself uses never counts",
    )
    battery: bool = Field(
        default=False,
        title="Wait while on battery",
        description="What runs goes on; urgent tasks start",
    )
    metered: bool = Field(
        default=False,
        title="Wait on a metered network",
        description="What runs goes on; urgent tasks start",
    )
    quiet: bool = Field(
        default=False,
        title="Wait in quiet hours",
        description="Each day between the two times below",
    )
    quiet_from: Annotated[time, BeforeValidator(_time_of_day)] = Field(default=time(9, 0), title="Quiet from")
    quiet_until: Annotated[time, BeforeValidator(_time_of_day)] = Field(
        default=time(17, 0),
        title="Quiet until",
        description="Earlier than the other: of the next day",
    )


class PluginSettings(_Section):
    """Which plugins are used."""

    disabled: tuple[str, ...] = Field(
        default=(), title="Disabled plugins", description="Names of plugins that are never imported"
    )


class AdvancedSettings(_Section):
    """What few people need."""

    log_level: LogLevel = Field(
        default="info",
        title="What the log tells",
        description="Debug tells most, error least",
        json_schema_extra={
            "words": {
                "debug": "Everything",
                "info": "What happens",
                "warning": "What is odd",
                "error": "What failed",
            }
        },
    )
    keep_days: int | None = Field(
        default=None,
        ge=1,
        le=36_500,
        title="Keep the history",
        description="What ended longer ago is removed; failures that want attention too",
        json_schema_extra={"none": "for ever", "suffix": " days"},
    )
    keep_records: int | None = Field(
        default=None,
        ge=100,
        le=100_000_000,
        title="Most tasks in the history",
        description="The oldest are removed",
        json_schema_extra={"none": "no limit"},
    )
    aging: bool = Field(
        default=False,
        title="Who waits long grows more urgent",
        description="By a step a minute after five minutes, at most to urgent",
    )
    synchronous: Synchronous = Field(
        default="normal",
        title="Write to the disk",
        description="At each change is slower, and survives a power cut to the last task",
        json_schema_extra={"words": {"normal": "Now and then", "full": "At each change"}},
    )


class AppSettings(_Section):
    """Everything a person can set. `domains` holds, by domain, the values of the plugin's own settings model."""

    general: GeneralSettings = Field(default_factory=GeneralSettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    pressure: PressureSettings = Field(default_factory=PressureSettings)
    plugins: PluginSettings = Field(default_factory=PluginSettings)
    advanced: AdvancedSettings = Field(default_factory=AdvancedSettings)
    domains: dict[str, dict[str, Any]] = Field(default_factory=dict)
