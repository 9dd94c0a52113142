"""When a schedule comes next: pure arithmetic on epoch seconds.

The times of an interval are a grid that begins with the first occurrence: `first + k * every`, computed from the
beginning each time, so that neither late ends nor rounding move it. Those of a cron expression are cronsim's, which
follows Debian's cron where clocks are changed by an hour (by half of one, as on Lord Howe Island, an expression of every
so many hours may miss one that night).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cronsim import CronSim

from scheduler_core.clock import to_datetime
from scheduler_core.model.schedule import RecurringSchedule

END_OF_CALENDAR = 253_402_214_400.0
"""9999-12-31 in epoch seconds: what is later cannot be told as a `datetime`."""
MOST_COUNTED = 1_000
"""Times of a cron expression that are counted at most when they are skipped: each takes a few microseconds."""


class Following(NamedTuple):
    """The time after one that is over (None: there is none any more), and how many passed in between."""

    at: float | None
    skipped: int


def first_time(schedule: RecurringSchedule, now: float) -> float | None:
    """When the first occurrence is due."""
    start = now + schedule.initial_delay
    if schedule.expression is not None:
        return _next_cron(schedule, start)
    return start if start <= END_OF_CALENDAR else None


def next_time(schedule: RecurringSchedule, first: float, after: float) -> float | None:
    """The earliest time of the schedule that is later than `after`. `first` is when its first occurrence was due."""
    if after < first:
        return first
    if schedule.expression is not None:
        return _next_cron(schedule, after)
    assert schedule.every is not None
    at = first + (_step(schedule.every, first, after) + 1) * schedule.every
    if at <= after:  # a period too short for the clock
        at = math.nextafter(after, math.inf)
    return at if at <= END_OF_CALENDAR else None


def following(schedule: RecurringSchedule, first: float, due: float, now: float) -> Following:
    """What comes after the occurrence that was due at `due` and is over at `now`.

    It is later than `now`, and not `due` again where the clock was set back a little. Where it was set back by more than a
    period, it does not wait for a future that was a mistake.
    """
    at = next_time(schedule, first, now)
    if at == due:
        return Following(next_time(schedule, first, due), 0)
    return Following(at, passed(schedule, first, due, now))


def passed(schedule: RecurringSchedule, first: float, after: float, until: float) -> int:
    """How many times of the schedule are later than `after` and not later than `until`.

    Of a cron expression, at most `MOST_COUNTED` are counted.
    """
    if until <= after or until < first:
        return 0
    if schedule.expression is None:
        assert schedule.every is not None
        before = -1 if after < first else _step(schedule.every, first, after)
        return max(0, _step(schedule.every, first, until) - before)
    n = 0
    for at in _cron_times(schedule, max(after, first)):
        if at > until or n >= MOST_COUNTED:
            break
        n += 1
    return min(MOST_COUNTED, n + (after < first))


def _step(every: float, first: float, at: float) -> int:
    """The number of the last time of the grid that is not later than `at`: the quotient may be rounded either way."""
    k = math.floor((at - first) / every)
    if first + k * every > at:
        return k - 1
    return k + 1 if first + (k + 1) * every <= at else k


def _next_cron(schedule: RecurringSchedule, after: float) -> float | None:
    return next(_cron_times(schedule, after), None)


def _cron_times(schedule: RecurringSchedule, after: float) -> Iterator[float]:
    """In order, and each once; ends at the end of the calendar."""
    assert schedule.expression is not None
    last = after
    try:
        for moment in CronSim(schedule.expression, to_datetime(after).astimezone(ZoneInfo(schedule.tz))):
            at = moment.timestamp()
            if at > END_OF_CALENDAR:
                return
            # In the hour that comes twice, cronsim's next may be the one that has been.
            if at > last:
                last = at
                yield at
    except (OverflowError, ValueError):  # beyond the year 9999
        return
