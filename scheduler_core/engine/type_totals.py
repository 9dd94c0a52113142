"""What the history says of each task type: how its tasks ended, how long they take, what they move. Kept, never counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from scheduler_core.model.lane import LaneKey
from scheduler_core.model.snapshot import HistoryStats
from scheduler_core.model.task import IoBudget, TaskStatus
from scheduler_core.store.changes import IoSums

_NEWEST_WEIGHT = 0.2
"""Weight of the newest duration in the usual one, so that a changed machine shows within a dozen tasks."""

Places = Mapping[tuple[int, str], int]
Seconds = Mapping[tuple[int, str], float]
Io = Mapping[tuple[int, str], IoSums]


class TypeTotals(Mapping[str, float]):
    """Totals by task type. As a mapping: the usual duration of each type that ever completed, in seconds."""

    def __init__(self, key_of: Callable[[int], LaneKey]) -> None:
        self._key_of = key_of
        self._totals: dict[str, dict[str, int]] = {}
        self._seconds: dict[str, float] = {}
        self._io: dict[str, IoSums] = {}
        self._usual: dict[str, float] = {}

    def load(self, totals: Places, seconds: Seconds, io: Io) -> None:
        """What the database says at open."""
        self.apply(totals, seconds, io)
        for kind, counts in self._totals.items():
            done = counts.get(TaskStatus.COMPLETED, 0)
            if done > 0 and self._seconds.get(kind, 0.0) > 0.0:
                self._usual[kind] = self._seconds[kind] / done

    def apply(self, totals: Places, seconds: Seconds, io: Io) -> None:
        """Add up one commit."""
        for place, n in totals.items():
            lane, status = place
            kind = self._key_of(lane).task_type
            counts = self._totals.setdefault(kind, {})
            counts[status] = counts.get(status, 0) + n
            if status == TaskStatus.COMPLETED:
                self._seconds[kind] = self._seconds.get(kind, 0.0) + seconds.get(place, 0.0)

        for (lane, _), sums in io.items():
            kind = self._key_of(lane).task_type
            self._io[kind] = self._io.get(kind, IoSums()).plus(sums)

    def average_io(self, kind: str) -> IoBudget | None:
        """What completed tasks of a type move, of those that said so: the mean in bytes; None if none did."""
        sums = self._io.get(kind)
        if sums is None or sums.n <= 0:
            return None
        n, *moved = sums
        read, written, received, sent = (max(0, round(total / n)) for total in moved)
        return IoBudget(disk_read=read, disk_write=written, net_rx=received, net_tx=sent)

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
            average_io=self.average_io(kind),
        )

    def __getitem__(self, kind: str) -> float:
        return self._usual[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._usual)

    def __len__(self) -> int:
        return len(self._usual)
