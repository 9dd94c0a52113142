"""Limits of groups, from settings to the scheduler; rates as a person says them: so many in some time. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from scheduler_core import RateLimit

if TYPE_CHECKING:
    from app.settings_model import GroupLimits
    from scheduler_core import Scheduler

PERIODS: Final = {"second": 1, "minute": 60, "hour": 3600}
"""How long each is, in seconds."""
HIGHEST_RATE: Final = 999_999


class Rate(NamedTuple):
    """So many starts in each `period`, a name in `PERIODS`."""

    number: int
    period: str

    @property
    def text(self) -> str:
        """As the settings file has it: "10/minute"."""
        return f"{self.number}/{self.period}"

    @property
    def limit(self) -> RateLimit:
        """As the scheduler has it: as many at once as in the whole period."""
        return RateLimit(rate=self.number / PERIODS[self.period], burst=self.number)


def parse_rate(text: str) -> Rate:
    """What "10/minute" says. Raises ValueError for anything else."""
    number, _, period = text.partition("/")
    if not number.isdecimal() or not 1 <= int(number) <= HIGHEST_RATE or period not in PERIODS:
        raise ValueError(f"{text!r} is no rate; write for example 10/minute")
    return Rate(int(number), period)


def rate_of(limit: RateLimit) -> Rate:
    """A limit of the scheduler in the shortest period that makes it a whole number, else as near as an hour allows."""
    for period, seconds in PERIODS.items():
        number = limit.rate * seconds
        if round(number) >= 1 and abs(number - round(number)) < 1e-6 * number:
            return Rate(min(HIGHEST_RATE, round(number)), period)
    return Rate(max(1, min(HIGHEST_RATE, round(limit.rate * PERIODS["hour"]))), "hour")


def apply_group_limits(
    scheduler: Scheduler, groups: Mapping[str, GroupLimits], before: Mapping[str, GroupLimits] | None = None
) -> None:
    """Puts in force what a person set, and takes back what was set `before` and is not any more."""
    was = before or {}
    for name in dict.fromkeys((*groups, *was)):
        new, old = groups.get(name), was.get(name)
        if _differs(new, old, "max_concurrency"):
            scheduler.set_group_limit(name, new.max_concurrency if new else None)
        if _differs(new, old, "weight"):
            scheduler.set_group_weight(name, new.weight if new else None)
        if _differs(new, old, "minimum_slots"):
            scheduler.set_group_minimum_slots(name, new.minimum_slots if new else None)
        if _differs(new, old, "rate"):
            rate = new.rate if new else None
            scheduler.set_group_rate_limit(name, None if rate is None else parse_rate(rate).limit)


def _differs(new: GroupLimits | None, old: GroupLimits | None, field: str) -> bool:
    return getattr(new, field, None) != getattr(old, field, None)
