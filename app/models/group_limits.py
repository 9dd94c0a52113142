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


def apply_group_limits(scheduler: Scheduler, groups: Mapping[str, GroupLimits]) -> None:
    """Puts what a person set in force; what is not set stays as it is."""
    for name, limits in groups.items():
        if limits.max_concurrency is not None:
            scheduler.set_group_limit(name, limits.max_concurrency)
        if limits.weight is not None:
            scheduler.set_group_weight(name, limits.weight)
        if limits.minimum_slots is not None:
            scheduler.set_group_minimum_slots(name, limits.minimum_slots)
        if limits.rate is not None:
            scheduler.set_group_rate_limit(name, parse_rate(limits.rate).limit)
