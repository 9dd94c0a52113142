"""Loads the plugins: manifest first, then import, settings, build and health; one that fails becomes a Problem."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel, ValidationError

from app import __version__
from app.paths import DataPaths
from app.plugin_host.actions import offered_actions
from app.plugin_host.manifest import FoundPlugin, find_plugins
from app.plugin_host.overrides import Override, OverrideError, apply_overrides
from app.problem import Problem, problem_from
from app.secrets import Secrets, secret_fields
from app.sentences import Sentences
from app.settings_model import AppSettings
from scheduler_core import (
    Domain,
    DomainPlugin,
    HealthReport,
    PluginAction,
    PluginServices,
    load_plugin,
)

log = logging.getLogger(__name__)

_LAST_GOOD = "Correct it in settings.toml; until then the last good value is used"
_DEFAULT = "Correct it in settings.toml; until then the default is used"

MakeServices = Callable[[str], PluginServices]


@dataclass(frozen=True)
class LoadedPlugin:
    """One plugin as the window shows it, whether it could be loaded or not.

    `color` is a theme token ("series-1", ...). `plugin` is None when it is disabled or failed; then `problem` says
    why (None when a person disabled it). `title` and `description` are in the language of the window, and `sentences`
    puts into it what the plugin says.
    """

    name: str
    title: str
    description: str
    color: str
    order: int
    plugin: DomainPlugin[Any] | None
    health: HealthReport | None
    problem: Problem | None
    version: str = ""
    touches: tuple[str, ...] = ()
    enabled: bool = True
    sentences: Sentences = field(default_factory=lambda: Sentences({}), compare=False)
    settings: BaseModel | None = None
    """What its domain was built with last; None if it was not."""
    actions: tuple[PluginAction, ...] = field(default=(), compare=False)
    """What a person may have it do."""

    @property
    def goes_on(self) -> bool:
        """Does what runs go on when other settings come to hold? Else it is interrupted for them, and starts again."""
        return self.plugin is not None and self.plugin.rebuilds


@dataclass(frozen=True)
class HostResult:
    """What came of all plugins: `plugins` by order and name, the domains that were built, and what went wrong."""

    plugins: tuple[LoadedPlugin, ...]
    domains: tuple[Domain, ...]
    problems: tuple[Problem, ...]


def load_plugins(
    paths: DataPaths,
    settings: AppSettings,
    make_services: MakeServices,
    overrides: Sequence[Override] = (),
    secrets: Secrets | None = None,
    language: str = "en",
) -> HostResult:
    """Loads every installed plugin that is not disabled; never raises for what a plugin does.

    `make_services` is called with the domain's name; `language` is that of titles and descriptions. Raises OverrideError
    for an override that no plugin can use, and OSError when a plugin's folder cannot be made.
    """
    plugins: list[LoadedPlugin] = []
    domains: list[Domain] = []
    problems: list[Problem] = []
    secrets = secrets or Secrets()
    found = find_plugins(__version__)
    _check_domains(found, overrides)
    for one in found:
        if one.name in settings.plugins.disabled:
            plugins.append(replace(shown_plugin(one, language), enabled=False))
            continue
        paths.plugin(one.name).mkdir(parents=True, exist_ok=True)
        mine = [override for override in overrides if override.domain == one.name]
        shown = shown_plugin(one, language)
        stored = settings.domains.get(one.name, {})
        loaded, domain, problem = load_one(one, shown, stored, mine, make_services, secrets)
        plugins.append(loaded)
        if domain is not None:
            domains.append(domain)
        if problem is not None:
            problems.append(problem)
            log.error("%s\n%s", problem, problem.details)
    return HostResult(tuple(plugins), tuple(domains), tuple(problems))


def load_one(
    found: FoundPlugin,
    shown: LoadedPlugin,
    stored: Mapping[str, Any],
    overrides: Sequence[Override],
    make_services: MakeServices,
    secrets: Secrets,
    known: DomainPlugin[Any] | None = None,
) -> tuple[LoadedPlugin, Domain | None, Problem | None]:
    """One plugin, its domain, and what is wrong with either; of a plugin that is `known`, the very same object builds."""
    if found.error is not None:
        problem = problem_from(found.error, thing=shown.title, remedy="Install it again")
        return replace(shown, problem=problem), None, problem
    try:
        plugin = known or load_plugin(found.entry_point)
        settings, problem = checked_settings(plugin, shown, stored, overrides, secrets)
        domain = plugin.build(settings, make_services(found.name))
        if domain.name != found.name:
            raise ValueError(f"its manifest says {found.name}, its domain says {domain.name}")
    except OverrideError:
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything, even this at import
        problem = problem_from(
            error,
            thing=f"Plugin {shown.title}",
            remedy="Update or remove the plugin; everything else runs without it",
        )
        return replace(shown, problem=problem), None, problem
    health = health_of(plugin, settings)
    actions, no_menu = offered_actions(plugin, shown.title)
    problem = problem or no_menu
    loaded = replace(shown, plugin=plugin, health=health, problem=problem, settings=settings, actions=actions)
    return loaded, domain, problem


def checked_settings(
    plugin: DomainPlugin[Any],
    shown: LoadedPlugin,
    stored: Mapping[str, Any],
    overrides: Sequence[Override],
    secrets: Secrets,
) -> tuple[BaseModel, Problem | None]:
    """The plugin's settings; a stored value that its model refuses is reported, and the last good one, in `shown`, used.

    A secret that the keyring does not give is like a bad value. May block: it belongs into a thread.
    Raises `OverrideError`, and what the model raises where no value is to blame.
    """
    good = {} if shown.settings is None else shown.settings.model_dump()
    values, missing = secrets.filled(plugin.settings_model, stored)
    problem: Problem | None = None
    for key, reason in missing.items():
        if key in good:
            values[key] = good[key]
        problem = Problem(
            thing=f"Setting {key} of {shown.title}",
            reason=f"it is a secret in the system's keyring, and {reason}",
            remedy="Unlock the keyring and start again, or set it anew in Settings, Domains",
            severity="warning",
        )
    while True:
        try:
            plugin.settings_model.model_validate(values)
            break
        except ValidationError as error:
            first = error.errors()[0]
            key = str(first["loc"][0]) if first["loc"] else ""
            if key not in values:
                raise
            found = "a secret" if key in secret_fields(plugin.settings_model) else f"found {first['input']!r}"
            if key in good and values[key] != good[key]:
                values[key] = good[key]
            else:
                del values[key]
            problem = Problem(
                thing=f"Setting {key} of {shown.title}",
                reason=f"{first['msg']} ({found})",
                remedy=_LAST_GOOD if key in good else _DEFAULT,
                severity="warning",
            )
    return plugin.settings_model.model_validate(
        apply_overrides(plugin.settings_model, values, overrides)
    ), problem


def health_of(plugin: DomainPlugin[Any], settings: BaseModel) -> HealthReport:
    """What the plugin says of itself; a check that raises is no health."""
    try:
        return plugin.health(settings)
    except Exception as error:
        log.exception("The health check of a plugin failed")
        return HealthReport(ok=False, message=f"Its health check failed: {error}")


def shown_plugin(found: FoundPlugin, language: str) -> LoadedPlugin:
    """What its manifest says of it, in this language."""
    manifest = found.manifest
    sentences = found.sentences(language)
    if manifest is None:
        return LoadedPlugin(found.name, found.name, "", "series-8", 1000, None, None, None)
    return LoadedPlugin(
        name=manifest.name,
        title=sentences.find(manifest.title) or manifest.title,
        description=sentences.find(manifest.description) or manifest.description,
        color=manifest.color,
        order=manifest.order,
        plugin=None,
        health=None,
        problem=None,
        version=manifest.version,
        touches=manifest.touches,
        sentences=sentences,
    )


def _check_domains(found: Sequence[FoundPlugin], overrides: Sequence[Override]) -> None:
    names = {one.name for one in found}
    for override in overrides:
        if override.domain not in names:
            known = ", ".join(sorted(names)) or "none"
            raise OverrideError(str(override), f"there is no domain {override.domain}", f"There are: {known}")
