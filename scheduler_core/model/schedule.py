"""When a task comes again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Self, cast
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from scheduler_core.model.base import Duration, Frozen
from scheduler_core.model.retry import Seconds

_CRON_HELP = "pass five fields, minute hour day month weekday, such as '*/5 * * * *'"


def _zone_name(zone: Any) -> object:
    return zone.key if isinstance(zone, ZoneInfo) else cast("object", zone)


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"tz: {name!r} is no time zone; pass a name of the IANA database, such as 'Europe/Berlin'"
        ) from None
    return name


def _check_expression(expression: str | None) -> str | None:
    if expression is None:
        return None
    try:
        if len(expression.split()) != 5:  # with six, the first would be seconds
            raise CronSimError(f"{len(expression.split())} fields")
        next(CronSim(expression, datetime(2000, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration, AssertionError, TypeError) as error:  # it stumbles over odd mixtures
        reason = str(error) or "it never comes"
        raise ValueError(
            f"expression: {expression!r} is no cron expression ({reason}); {_CRON_HELP}"
        ) from error
    return expression


def _check_period(every: float | None) -> float | None:
    if every == 0.0:
        raise ValueError("every: 0 is no period; pass more than 0 seconds, or a timedelta")
    return every


class RecurringSchedule(Frozen):
    """A task that comes every so many seconds, or at the times of a cron expression.

    `every`, in seconds or as a timedelta, is the distance of its times, whatever an occurrence takes. A time that passes
    while the occurrence before it has not ended is skipped. `max_occurrences` None is for ever. `initial_delay` (seconds,
    or a timedelta) is waited before the first occurrence; 0: it is due at once. Raises `ValueError`.
    """

    every: Annotated[Seconds, AfterValidator(_check_period)] | None = None
    expression: Annotated[str | None, AfterValidator(_check_expression)] = None
    tz: Annotated[str, BeforeValidator(_zone_name), AfterValidator(_check_zone)] = "UTC"
    max_occurrences: Annotated[int, Field(ge=1)] | None = None
    initial_delay: Seconds = 0.0

    def __init__(
        self,
        every: Duration | None = None,
        max_occurrences: int | None = None,
        initial_delay: Duration = 0.0,
        **more: Any,
    ) -> None:
        fields = {"every": every, "max_occurrences": max_occurrences, "initial_delay": initial_delay}
        super().__init__(**fields, **more)

    @classmethod
    def cron(
        cls,
        expression: str,
        tz: str | ZoneInfo = "UTC",
        max_occurrences: int | None = None,
        initial_delay: Duration = 0.0,
    ) -> RecurringSchedule:
        """The times of a cron expression of five fields, read in a time zone of the IANA database.

        As Debian's cron has it: when the clocks go forward, a fixed time that does not exist comes as soon as they have;
        when they go back, a fixed time that exists twice comes the first time only. An expression whose minute or hour
        begins with `*` goes by what the clock shows. The first occurrence is the first such time after `initial_delay`.
        """
        return cls(None, max_occurrences, initial_delay, expression=expression, tz=tz)

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Self:
        if (self.every is None) == (self.expression is None):
            given = "neither is given" if self.every is None else "both are given"
            raise ValueError(
                f"every, expression: {given}; pass a period, or call RecurringSchedule.cron('*/5 * * * *')"
            )
        return self
