"""Where a person finds what a gate goes by: the page that has the control, and the control's object name. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.work_names import BATTERY, METERED, QUIET
from scheduler_core import GateResult, Priority, RecurringState

WINDOW = ""
"""The page of a control that is always there, in the window's frame."""

_CONDITIONS = {
    BATTERY: ("pressure", "setting-battery"),
    METERED: ("pressure", "setting-metered"),
    QUIET: ("pressure", "setting-quiet"),
    "network": ("limits", "setting-bandwidth"),
}

_PLACES = {
    "scheduler_paused": (WINDOW, "pause-all"),
    "domain_paused": ("domain-{task.domain}", "panel-switch-{task.domain}"),
    "group_paused": ("domain-{task.domain}", "group-switch-{task.group}"),
    "global_cap": ("limits", "setting-max_concurrency"),
    "domain_cap": ("limits", "limits-concurrency-{task.domain}"),
    "group_cap": ("domain-{task.domain}", "group-limit-{task.group}"),
    "rate_limit": ("limits", "limits-rate-{task.task_type}"),
    "group_rate_limit": ("domain-{task.domain}", "group-rate-{task.group}"),
}


class SettingPlace(NamedTuple):
    """`page` is one of the settings window ("limits"), of a domain ("domain-<name>"), or `WINDOW`."""

    page: str
    control: str


class Held(NamedTuple):
    """The task that a gate holds, as far as its settings depend on it. `is_known`: is its domain there?"""

    id: int
    domain: str
    task_type: str
    group: str
    is_known: bool = True


def has_setting(gate: GateResult) -> bool:
    """Is there anything to set? Not for what waits for its time or for other tasks, nor for what the machine moves."""
    return gate.name in _PLACES or gate.name in {"throttle", "schedule_paused"}


def setting_of(
    gate: GateResult, task: Held, source: str | None, schedules: Sequence[RecurringState]
) -> SettingPlace | None:
    """The place; None where there is nothing to set.

    `source` is what presses most now, of whatever keeps tasks waiting for the machine; `schedules` are the domain's.
    """
    if gate.name == "throttle":
        return _of_throttle(gate, source)
    if gate.name == "schedule_paused":
        mine = next((state.id for state in schedules if state.task_id == task.id), None)
        return None if mine is None else SettingPlace(f"domain-{task.domain}", f"schedule-switch-{mine}")
    if gate.name == "domain_paused" and not task.is_known:
        return SettingPlace("plugins", f"settings-load-{task.domain}")
    place = _PLACES.get(gate.name)
    return None if place is None else SettingPlace(*(part.format(task=task) for part in place))


def _of_throttle(gate: GateResult, source: str | None) -> SettingPlace:
    """The condition that holds work back, else the mark above which such tasks wait."""
    condition = _CONDITIONS.get(source or "")
    if condition is not None:
        return SettingPlace(*condition)
    is_background = int(gate.values.get("priority", Priority.NORMAL)) >= Priority.BACKGROUND
    return SettingPlace("pressure", "setting-background" if is_background else "setting-ordinary")
