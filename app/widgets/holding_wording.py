"""What holds work back, in words: the machine, or a condition that a person has set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from app.work_names import BATTERY, METERED, PROGRAMS, QUIET

if TYPE_CHECKING:
    from scheduler_core import HeldBack


def holding_title(source: str) -> str:
    """ "Slowing down: disk busy", "Waiting: on battery"."""
    known = {
        "cpu": _tr("Slowing down: processor busy"),
        "disk": _tr("Slowing down: disk busy"),
        "memory": _tr("Slowing down: memory nearly full"),
        "network": _tr("Slowing down: network busy"),
        PROGRAMS: _tr("Slowing down: other programs busy"),
        BATTERY: _tr("Waiting: on battery"),
        METERED: _tr("Waiting: metered network"),
        QUIET: _tr("Waiting: quiet hours"),
    }
    return known.get(source) or _tr("Slowing down: {0} busy").format(source)


def holding_text(held: HeldBack, titles: Mapping[str, str], quiet_until: str) -> str:
    """One sentence: what is held back, and until when. `titles` names the domains, `quiet_until` is a time of day."""
    domains = ", ".join(titles.get(name, name) for name in held.domains)
    count = QLocale().toString(held.count)
    one = held.count == 1
    conditions = {
        BATTERY: _tr("1 task of {0} waits until the computer is plugged in.")
        if one
        else _tr("{1} tasks of {0} wait until the computer is plugged in."),
        METERED: _tr("1 task of {0} waits for a network that is not metered.")
        if one
        else _tr("{1} tasks of {0} wait for a network that is not metered."),
        QUIET: _tr("1 task of {0} waits until {2}.") if one else _tr("{1} tasks of {0} wait until {2}."),
    }
    known = conditions.get(held.source)
    if known is not None:
        return known.format(domains, count, quiet_until)
    text = (
        _tr("1 task of {0} waits: the pressure is {2} %, and it starts at {3} %.")
        if one
        else _tr("{1} tasks of {0} wait: the pressure is {2} %, and they start at {3} %.")
    )
    return text.format(domains, count, round(held.pressure * 100), round(held.limit * 100))


def anyway_title(until: str) -> str:
    """What is said while a person has told the work to go on; `until` is a time of day."""
    return _tr("Working anyway until {0}, however busy the machine is.").format(until)


def _tr(text: str) -> str:
    return QCoreApplication.translate("holding", text)
