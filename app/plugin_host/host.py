"""Loads the plugins: manifest first, then import, settings, build and health; one that fails becomes a Problem."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.problem import Problem
from scheduler_core import DomainPlugin, HealthReport


@dataclass(frozen=True)
class LoadedPlugin:
    """One plugin as the window shows it, whether it could be loaded or not.

    `color` is a theme token ("series-1", ...). `plugin` is None when it is disabled or failed; then `problem` says
    why (None when a person disabled it).
    """

    name: str
    title: str
    description: str
    color: str
    order: int
    plugin: DomainPlugin | None
    health: HealthReport | None
    problem: Problem | None
    version: str = ""
    touches: tuple[str, ...] = field(default=())
    enabled: bool = True
