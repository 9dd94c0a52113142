"""When a task comes again."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from scheduler_core.model.base import Duration, Frozen
from scheduler_core.model.retry import Seconds


class RecurringSchedule(Frozen):
    """A task that runs every so many seconds, or at the times of a cron expression.

    `max_occurrences` None is for ever. `initial_delay` (seconds) is waited before the first occurrence.
    """

    every: Seconds | None = None
    expression: str | None = None
    tz: str = "UTC"
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
    def cron(cls, expression: str, tz: str = "UTC", max_occurrences: int | None = None) -> RecurringSchedule:
        """The times of a cron expression of five fields, in a time zone of the IANA database."""
        return cls(None, max_occurrences, expression=expression, tz=tz)
