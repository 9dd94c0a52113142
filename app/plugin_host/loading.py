"""Loads one plugin while the app works, and lets it go again; and says what plugins are called in another language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from app import __version__
from app.paths import DataPaths
from app.plugin_host.host import LoadedPlugin, MakeServices, load_one, shown_plugin
from app.plugin_host.manifest import find_plugins
from app.plugin_host.overrides import Override
from app.problem import Problem
from app.secrets import Secrets
from scheduler_core import Domain, DomainPlugin


class Loaded(NamedTuple):
    """A plugin that was to be loaded, and its domain; None: it could not be, and its `problem` says why."""

    plugin: LoadedPlugin
    domain: Domain | None


class PluginLoader:
    """Does for one plugin what `load_plugins` does for all at the start. Its calls belong into a thread."""

    def __init__(
        self,
        paths: DataPaths,
        make_services: MakeServices,
        overrides: Sequence[Override] = (),
        secrets: Secrets | None = None,
        language: str = "en",
    ) -> None:
        self._paths = paths
        self._make_services = make_services
        self._overrides = tuple(overrides)
        self._secrets = secrets or Secrets()
        self._language = language
        self._known: dict[str, DomainPlugin[Any]] = {}

    def load(self, loaded: LoadedPlugin, stored: Mapping[str, Any]) -> Loaded:
        """Builds the domain of a plugin that is not loaded; never raises for what a plugin does.

        `stored` are its settings. One that was loaded before and may build again does so, as with new settings: what its
        old and its new domain share is kept in it. Raises OSError when its folder cannot be made.
        """
        name = loaded.name
        found = next((one for one in find_plugins(__version__) if one.name == name), None)
        if found is None:
            problem = Problem(
                thing=f"Plugin {loaded.title}",
                reason="it is not installed any more",
                remedy="Install it again",
                severity="error",
            )
            return Loaded(replace(loaded, problem=problem, enabled=True), None)
        self._paths.plugin(name).mkdir(parents=True, exist_ok=True)
        mine = [one for one in self._overrides if one.domain == name]
        shown = replace(shown_plugin(found, self._language), enabled=True)
        plugin, domain, _ = load_one(
            found, shown, stored, mine, self._make_services, self._secrets, self._known.get(name)
        )
        return Loaded(plugin, domain)

    def let_go(self, loaded: LoadedPlugin) -> LoadedPlugin:
        """The plugin, switched off."""
        if loaded.plugin is not None and loaded.plugin.rebuilds:
            self._known[loaded.name] = loaded.plugin
        return replace(
            loaded, plugin=None, health=None, problem=None, settings=None, actions=(), enabled=False
        )

    def speak(self, plugins: Sequence[LoadedPlugin], language: str) -> tuple[LoadedPlugin, ...]:
        """The same plugins, called and described in this language from now on."""
        self._language = language
        found = {one.name: shown_plugin(one, language) for one in find_plugins(__version__)}
        return tuple(
            replace(
                plugin,
                title=found[plugin.name].title,
                description=found[plugin.name].description,
                sentences=found[plugin.name].sentences,
            )
            if plugin.name in found
            else plugin
            for plugin in plugins
        )
