"""What a person asks of a pause, and how one is told: until when, since when, why. Every text can be translated."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from app.models.wording import day_text

if TYPE_CHECKING:
    from scheduler_core import Pause

MORNING = time(8)
"""When "tomorrow" begins, local time."""
_SOON = timedelta(hours=12)
_WEEK_DAYS = 6


class PauseChoice(StrEnum):
    """How long a person wants a pause to last."""

    HOUR = "hour"
    TOMORROW = "tomorrow"
    RESUME = "resume"


def choice_text(choice: PauseChoice) -> str:
    """The choice in a menu that says what is paused."""
    return {
        PauseChoice.HOUR: _tr("Pause for 1 hour"),
        PauseChoice.TOMORROW: _tr("Pause until tomorrow ({0})").format(f"{MORNING.hour}:{MORNING.minute:02}"),
        PauseChoice.RESUME: _tr("Pause until I resume"),
    }[choice]


def end_of(choice: PauseChoice, now: datetime) -> datetime | None:
    """When such a pause ends; None: when somebody resumes. `now` is aware, and so is the answer."""
    if choice is PauseChoice.HOUR:
        return now + timedelta(hours=1)
    if choice is PauseChoice.TOMORROW:
        # Made of the local date, so that it is 8:00 also where the clocks are set meanwhile.
        day = now.astimezone().date() + timedelta(days=1)
        return datetime.combine(day, MORNING).astimezone()
    return None


def find_pause(pauses: Iterable[Pause], scope: str, name: str = "") -> Pause | None:
    """The pause of the whole scheduler ("scheduler"), of a domain or of a group, if there is one."""
    return next((pause for pause in pauses if pause.scope == scope and pause.name == name), None)


def until_text(until: datetime, now: datetime) -> str:
    """An end as it stays true while it comes nearer: "15:40", "Fri 08:00" or "24 Dec 08:00"; never "tomorrow"."""
    local, today = until.astimezone(), now.astimezone()
    clock = f"{local:%H:%M}"
    if local.date() == today.date() or timedelta(0) <= until - now < _SOON:
        return clock
    return f"{_day_text(local, today)} {clock}"


def since_text(since: datetime, now: datetime) -> str:
    """A beginning: "10:31" today, "Tuesday" within a week, else "24 Nov"."""
    local, today = since.astimezone(), now.astimezone()
    if local.date() == today.date():
        return f"{local:%H:%M}"
    if 0 < (today.date() - local.date()).days <= _WEEK_DAYS:
        return QLocale().dayName(local.isoweekday())
    return day_text(local)


def paused_text(pause: Pause, now: datetime) -> str:
    """ "Paused until 15:40", or "Paused"."""
    if pause.until is None:
        return _tr("Paused")
    return _tr("Paused until {0}").format(until_text(pause.until, now))


def all_paused_text(pause: Pause, now: datetime) -> str:
    """What a banner says of a pause of everything, in one sentence."""
    if pause.until is None:
        return _tr("Everything is paused until you resume.")
    return _tr("Everything is paused until {0}.").format(until_text(pause.until, now))


def reminder_text(pause: Pause, title: str, now: datetime) -> str:
    """A pause that may have been forgotten; `title` is how its domain or its group is called."""
    since = since_text(pause.since, now)
    if pause.scope == "scheduler":
        return _tr("Everything has been paused since {0}. Resume?").format(since)
    return _tr("{0} has been off since {1}. Resume?").format(title, since)


def _day_text(local: datetime, today: datetime) -> str:
    if 0 < (local.date() - today.date()).days <= _WEEK_DAYS:
        return QLocale().dayName(local.isoweekday(), QLocale.FormatType.ShortFormat)
    return day_text(local, with_year=local.year != today.year)


def _tr(text: str) -> str:
    return QCoreApplication.translate("pauses", text)
