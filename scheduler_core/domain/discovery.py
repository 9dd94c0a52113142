"""Finds plugins by their entry points. One that cannot be imported becomes an error, and the others are found."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, cast

from scheduler_core.domain.plugin import ENTRY_POINT_GROUP, DomainPlugin


@dataclass(frozen=True)
class DiscoveredPlugin:
    """A plugin that was imported. `name` is its entry point's."""

    name: str
    entry_point: EntryPoint
    plugin: DomainPlugin[Any]


@dataclass(frozen=True)
class PluginError:
    """A plugin that could not be imported, and why."""

    name: str
    entry_point: EntryPoint
    reason: str
    traceback: str


@dataclass(frozen=True)
class DiscoveryResult:
    """What was found, by name."""

    plugins: tuple[DiscoveredPlugin, ...]
    errors: tuple[PluginError, ...]


def discover_plugins(group: str = ENTRY_POINT_GROUP) -> DiscoveryResult:
    """Import every plugin of an entry point group. Never raises for what a plugin does."""
    found: list[DiscoveredPlugin] = []
    errors: list[PluginError] = []
    for entry_point in sorted(entry_points(group=group), key=lambda one: one.name):
        try:
            found.append(DiscoveredPlugin(entry_point.name, entry_point, load_plugin(entry_point)))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a module may raise anything, even this, at import
            reason = f"{type(error).__name__}: {error}"
            errors.append(PluginError(entry_point.name, entry_point, reason, traceback.format_exc()))
    return DiscoveryResult(tuple(found), tuple(errors))


def load_plugin(entry_point: EntryPoint) -> DomainPlugin[Any]:
    """The plugin at an entry point: a `DomainPlugin`, or a class of it. Raises `TypeError` for anything else."""
    target = entry_point.load()
    plugin = target() if isinstance(target, type) else target
    if not isinstance(plugin, DomainPlugin):
        raise TypeError(f"{entry_point.value} is no DomainPlugin")
    return cast("DomainPlugin[Any]", plugin)
