"""What a plugin offers in its menu. One that offers what cannot be becomes a Problem, and works without a menu."""

from __future__ import annotations

import traceback
from typing import Any

from app.problem import Problem, describe_exception
from scheduler_core import DomainPlugin, PluginAction, SchedulerError, checked_actions


def offered_actions(plugin: DomainPlugin[Any], title: str) -> tuple[tuple[PluginAction, ...], Problem | None]:
    """The actions of a plugin that was built, and what is wrong with them; never raises. May block, as the plugin may."""
    try:
        return checked_actions(plugin), None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything
        # Its remedy is for the author; a person cannot give an action another name.
        known = isinstance(error, SchedulerError)
        return (), Problem(
            thing=f"Actions of {title}",
            reason=f"{error.thing}: {error.reason}" if known else describe_exception(error),
            remedy="Update the plugin, or tell its author; all else of it works",
            details="".join(traceback.format_exception(error)),
            severity="warning",
        )
