"""When a pause without an end is brought to mind. Qt-free; times are aware datetimes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler_core import Pause


class PauseReminders:
    """Which pauses are due to be told, and when the next one is. What was put off is due again after the same time.

    `after` is how long a pause lasts before it is told; None: never. A pause of everything is told, and those below it
    are not: whoever resumes it sees what is still off.
    """

    def __init__(self, after: timedelta | None) -> None:
        self.after = after
        self._pauses: tuple[Pause, ...] = ()
        self._put_off: dict[tuple[str, str], tuple[datetime, datetime]] = {}
        self._kept: set[tuple[str, str, float]] = set()

    def show(self, pauses: Iterable[Pause]) -> None:
        """These are in force now."""
        self._pauses = tuple(pauses)
        there = {_place(pause) for pause in self._pauses}
        self._put_off = {place: when for place, when in self._put_off.items() if place in there}

    def put_off(self, pause: Pause, now: datetime) -> None:
        """The person has read it, and will be told again later."""
        self._put_off[_place(pause)] = (pause.since, now)

    def keep(self, pauses: Iterable[tuple[str, str, float]]) -> None:
        """Pauses that are meant to stay (scope, name, epoch seconds of their beginning): never told."""
        self._kept = set(pauses)

    def due(self, now: datetime) -> list[Pause]:
        """The pauses to be told at `now`."""
        return [pause for pause, at in self._deadlines() if at <= now]

    def next_deadline(self, now: datetime) -> datetime | None:
        """When the next one becomes due; None: none will."""
        return min((at for _, at in self._deadlines() if at > now), default=None)

    def _deadlines(self) -> list[tuple[Pause, datetime]]:
        after = self.after
        if after is None:
            return []
        endless = [pause for pause in self._pauses if pause.until is None and not self._is_kept(pause)]
        everything = [pause for pause in endless if pause.scope == "scheduler"]
        if any(pause.scope == "scheduler" for pause in self._pauses):
            endless = everything
        return [(pause, self._from(pause) + after) for pause in endless]

    def _from(self, pause: Pause) -> datetime:
        since, put_off = self._put_off.get(_place(pause), (pause.since, pause.since))
        return put_off if since == pause.since else pause.since

    def _is_kept(self, pause: Pause) -> bool:
        return (pause.scope, pause.name, pause.since.timestamp()) in self._kept


def _place(pause: Pause) -> tuple[str, str]:
    return pause.scope, pause.name
