"""Figures as a person reads them: exact numbers, durations, bytes and moments. Every text can be translated."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QLocale

_MINUTE_S = 60
_HOUR_S = 3600
_DAY_S = 86_400
_UNITS = ("kB", "MB", "GB", "TB", "PB")


def number_text(number: int) -> str:
    """1284 as "1,284", to the last figure, however long."""
    return QLocale().toString(number)


def decimal_text(number: float, decimals: int | None = None) -> str:
    """18.44 as "18.4" with one decimal; without `decimals` as short as six figures allow: 2.5 as "2.5", 3.0 as "3"."""
    return QLocale().toString(number, *(("g", 6) if decimals is None else ("f", decimals)))


def percent_text(fraction: float) -> str:
    """A fraction of 0.0 to 1.0 as "42 %"; 100 % only when it is all."""
    return f"{min(99, math.floor(fraction * 100)) if fraction < 1 else 100} %"


def duration_text(duration_s: float) -> str:
    """Seconds as "8 s", "4 min", "1 h 10 min" or "2 d 3 h": two units at most, rounded down."""
    whole = max(0, int(duration_s))
    if whole < _MINUTE_S:
        return _tr("{0} s").format(whole)
    if whole < _HOUR_S:
        return _tr("{0} min").format(whole // _MINUTE_S)
    if whole < _DAY_S:
        return _tr("{0} h {1} min").format(whole // _HOUR_S, whole % _HOUR_S // _MINUTE_S)
    return _tr("{0} d {1} h").format(whole // _DAY_S, whole % _DAY_S // _HOUR_S)


def stopwatch_text(duration_s: float) -> str:
    """Seconds as "0:08", "12:30" or "1:02:30", for a figure that ticks."""
    whole = max(0, int(duration_s))
    minutes, seconds = divmod(whole, _MINUTE_S)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def bytes_text(count: float) -> str:
    """Bytes as "512 B", "18.4 MB" or "2.0 GB", in steps of a thousand."""
    if count < 1000:
        return f"{int(count)} B"
    value = float(count)
    for unit in _UNITS:
        value /= 1000
        if value < 999.95 or unit == _UNITS[-1]:
            return f"{decimal_text(value, 1)} {unit}"
    raise AssertionError("unreachable: the last unit takes everything")


def moment_text(moment: datetime, now: datetime) -> str:
    """When something was: "10:31" today, "yesterday 10:31", "24 Nov 10:31", or with the year when it is another."""
    local, today = moment.astimezone(), now.astimezone()
    time = f"{local:%H:%M}"
    if local.date() == today.date():
        return time
    if local.date() == today.date() - timedelta(days=1):
        return _tr("yesterday {0}").format(time)
    return f"{day_text(local, with_year=local.year != today.year)} {time}"


def day_text(local: datetime, *, with_year: bool = False) -> str:
    """The day of a local time: "24 Nov" or "24 Nov 2025"."""
    pattern = _tr("d MMM yyyy") if with_year else _tr("d MMM")
    return QLocale().toString(QDate(local.year, local.month, local.day), pattern)


def eta_text(eta: datetime, now: datetime) -> str:
    """When something will be ready: "in 40 s" when soon, else "about 11:20"."""
    left_s = (eta - now).total_seconds()
    if left_s < 1:
        return _tr("any moment")
    if left_s < _MINUTE_S:
        return _tr("in {0} s").format(math.ceil(left_s))
    if left_s < 10 * _MINUTE_S:
        return _tr("in {0} min").format(round(left_s / _MINUTE_S))
    return _tr("about {0}").format(moment_text(eta, now))


def _tr(text: str) -> str:
    return QCoreApplication.translate("wording", text)
