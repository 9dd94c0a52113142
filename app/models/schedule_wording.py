"""A schedule in words: how often, or at what times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QLocale, QTime

if TYPE_CHECKING:
    from scheduler_core import RecurringSchedule

_UNITS: Final = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_SUNDAY: Final = 7


def schedule_text(schedule: RecurringSchedule) -> str:
    """ "every 5 minutes", "every day at 08:30 (UTC)"; a cron expression that says more than that as it is."""
    if schedule.every is not None:
        return _period_text(schedule.every)
    expression = schedule.expression or ""
    return _cron_text(expression, schedule.tz) or _tr("at {0} ({1})").format(expression, schedule.tz)


def _period_text(every_s: float) -> str:
    one = {
        "day": _tr("every day"),
        "hour": _tr("every hour"),
        "minute": _tr("every minute"),
        "second": _tr("every second"),
    }
    many = {
        "day": _tr("every {0} days"),
        "hour": _tr("every {0} hours"),
        "minute": _tr("every {0} minutes"),
        "second": _tr("every {0} seconds"),
    }
    for length, unit in _UNITS:
        number = every_s / length
        if number >= 1 and number == round(number):
            return one[unit] if number == 1 else many[unit].format(QLocale().toString(round(number)))
    return many["second"].format(QLocale().toString(every_s, "g", 3))


def _cron_text(expression: str, zone: str) -> str:
    """The usual kinds of expressions; empty for the others."""
    minute, hour, day, month, weekday = expression.split()
    if month != "*":
        return ""
    if (hour, day, weekday) == ("*", "*", "*"):
        return _within_the_hour(minute)
    if not (minute.isdecimal() and hour.isdecimal()):
        return ""
    time = QTime(int(hour), int(minute)).toString("HH:mm")
    if (day, weekday) == ("*", "*"):
        return _tr("every day at {0} ({1})").format(time, zone)
    if (day, weekday) == ("*", "1-5"):
        return _tr("Monday to Friday at {0} ({1})").format(time, zone)
    if day == "*" and weekday.isdecimal():
        name = QLocale().dayName(int(weekday) or _SUNDAY, QLocale.FormatType.LongFormat)
        return _tr("every {0} at {1} ({2})").format(name, time, zone)
    if weekday == "*" and day.isdecimal():
        return _tr("on day {0} of every month at {1} ({2})").format(int(day), time, zone)
    return ""


def _within_the_hour(minute: str) -> str:
    if minute == "*":
        return _period_text(60)
    if minute.startswith("*/") and minute[2:].isdecimal() and 60 % int(minute[2:]) == 0:
        return _period_text(60 * int(minute[2:]))
    if minute.isdecimal():
        return _tr("every hour at {0} minutes past").format(int(minute))
    return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("schedules", text)
