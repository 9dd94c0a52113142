"""Builds the domain of a plugin anew from other settings, in a thread; what fails leaves it as it was."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from app.plugin_host.actions import offered_actions
from app.plugin_host.host import LoadedPlugin, MakeServices, checked_settings, health_of
from app.plugin_host.overrides import Override
from app.problem import problem_from
from app.secrets import Secrets
from scheduler_core import Domain

log = logging.getLogger(__name__)


class Rebuilt(NamedTuple):
    """The plugin as it is now, and its new domain; None: the old one goes on."""

    plugin: LoadedPlugin
    domain: Domain | None


Rebuild = Callable[[LoadedPlugin, Mapping[str, Any]], Rebuilt]
"""Called with a plugin and what is stored of its settings now; in a thread. Never raises for what a plugin does."""


class Rebuilder:
    """Makes domains as `load_plugins` does, for the plugins that were loaded."""

    def __init__(
        self, make_services: MakeServices, overrides: Sequence[Override] = (), secrets: Secrets | None = None
    ) -> None:
        self._secrets = secrets or Secrets()
        self._make_services = make_services
        self._overrides = tuple(overrides)

    def __call__(self, loaded: LoadedPlugin, stored: Mapping[str, Any]) -> Rebuilt:
        """A bad value is told in the plugin's `problem`, and so is a domain that cannot be built."""
        plugin = loaded.plugin
        if plugin is None or not plugin.rebuilds:
            return Rebuilt(loaded, None)
        mine = [one for one in self._overrides if one.domain == loaded.name]
        try:
            settings, problem = checked_settings(plugin, loaded, stored, mine, self._secrets)
            if settings == loaded.settings:
                return Rebuilt(replace(loaded, problem=problem), None)
            domain = plugin.build(settings, self._make_services(loaded.name))
            if domain.name != loaded.name:
                raise ValueError(f"its manifest says {loaded.name}, its domain says {domain.name}")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything
            problem = problem_from(
                error,
                thing=f"New settings of {loaded.title}",
                remedy="Correct them; until then it works with those it had",
            )
            log.error("%s\n%s", problem, problem.details)
            return Rebuilt(replace(loaded, problem=problem), None)
        health = health_of(plugin, settings)
        actions, no_menu = offered_actions(plugin, loaded.title)
        now = replace(loaded, health=health, problem=problem or no_menu, settings=settings, actions=actions)
        return Rebuilt(now, domain)
