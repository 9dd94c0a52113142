"""What the history says of each task type: how its tasks ended and how long they take. Kept, never counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from scheduler_core.model.lane import LaneKey
from scheduler_core.model.snapshot import HistoryStats
from scheduler_core.model.task import TaskStatus

_NEWEST_WEIGHT = 0.2
"""Weight of the newest duration in the usual one, so that a changed machine shows within a dozen tasks."""

Places = Mapping[tuple[int, str], int]
Seconds = Mapping[tuple[int, str], float]


class TypeTotals(Mapping[str, float]):
    """Totals by task type. As a mapping: the usual duration of each type that ever completed, in seconds."""

    def __init__(self, key_of: Callable[[int], LaneKey]) -> None:
        self._key_of = key_of
        self._totals: dict[str, dict[str, int]] = {}
        self._seconds: dict[str, float] = {}
        self._usual: dict[str, float] = {}

    def load(self, totals: Places, seconds: Seconds) -> None:
        """What the database says at open."""
        self.apply(totals, seconds)
        for kind, counts in self._totals.items():
            done = counts.get(TaskStatus.COMPLETED, 0)
            if done > 0 and self._seconds.get(kind, 0.0) > 0.0:
                self._usual[kind] = self._seconds[kind] / done

    def apply(self, totals: Places, seconds: Seconds) -> None:
        """Add up one commit."""
        for place, n in totals.items():
            lane, status = place
            kind = self._key_of(lane).task_type
            counts = self._totals.setdefault(kind, {})
            counts[status] = counts.get(status, 0) + n
            if status == TaskStatus.COMPLETED:
                self._seconds[kind] = self._seconds.get(kind, 0.0) + seconds.get(place, 0.0)

    def took(self, kind: str, duration: float) -> None:
        """A task of this type ran for so many seconds."""
        usual = self._usual.get(kind, duration)
        self._usual[kind] = usual + _NEWEST_WEIGHT * (duration - usual)

    def stats(self, kind: str) -> HistoryStats:
        """How the tasks of a type ended, those that the history still has."""
        counts = {status: n for status, n in self._totals.get(kind, {}).items() if n}
        done = counts.get(TaskStatus.COMPLETED, 0)
        return HistoryStats(
            task_type=kind,
            total=sum(counts.values()),
            counts=counts,
            average_duration=self._seconds.get(kind, 0.0) / done if done else None,
        )

    def __getitem__(self, kind: str) -> float:
        return self._usual[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._usual)

    def __len__(self) -> int:
        return len(self._usual)
