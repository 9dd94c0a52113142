"""How one domain gets on: its speed, how far it is with what it has, and when it will be through. Qt-free."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from scheduler_core import DomainCounts

_WINDOW_S = 10.0
_SLOWEST_PER_S = 1e-6


class _Sample(NamedTuple):
    """How many tasks had ended, and how many were done with what runs counted by its progress."""

    at_s: float
    ended: int
    done: float


class DomainFigures:
    """Is told the counts whenever they change, and of the progress of what runs.

    A batch begins when the domain gets work while it has none, and ends when the last of it is done. `now` is any
    clock that never goes back, in seconds.
    """

    def __init__(self, counts: DomainCounts, now: Callable[[], float]) -> None:
        self._now = now
        self._counts = counts
        self._ended_at_begin = _ended(counts)
        self._fractions: dict[int, float] = {}
        self._samples: deque[_Sample] = deque([self._sample()])

    @property
    def counts(self) -> DomainCounts:
        """The counts in force."""
        return self._counts

    def set_counts(self, counts: DomainCounts) -> None:
        """The counts have changed."""
        begins = self._counts.active == 0 and counts.active > 0
        if begins:
            self._ended_at_begin = _ended(self._counts)
            self._samples = deque([self._sample()])
        if counts.running == 0:
            self._fractions.clear()
        self._counts = counts
        self._note()

    def set_progress(self, task_id: int, fraction: float | None) -> None:
        """A running task is so far; None: it has ended, or nothing is known of it."""
        if fraction is None:
            self._fractions.pop(task_id, None)
        else:
            self._fractions[task_id] = fraction
            self._note()

    @property
    def throughput(self) -> float:
        """Tasks ended a second, over the last ten seconds of the batch; 0.0 when there is none."""
        if self._counts.active == 0:
            return 0.0
        self._forget_old()
        return (_ended(self._counts) - self._samples[0].ended) / self._lasted_s()

    @property
    def fraction(self) -> float | None:
        """How much of the batch is done, 0.0 to 1.0; None while there is nothing to do."""
        active = self._counts.active
        if active == 0:
            return None
        ended = max(0, _ended(self._counts) - self._ended_at_begin)
        return min(1.0, (ended + sum(self._fractions.values())) / (ended + active))

    @property
    def left_s(self) -> float | None:
        """Seconds until the batch is done at the speed of the last ten; None when nothing moves or is left."""
        if self._counts.active == 0:
            return None
        self._forget_old()
        speed = (self._sample().done - self._samples[0].done) / self._lasted_s()
        if speed < _SLOWEST_PER_S:
            return None
        return max(0.0, self._counts.active - sum(self._fractions.values())) / speed

    def _sample(self) -> _Sample:
        ended = _ended(self._counts)
        return _Sample(self._now(), ended, ended + sum(self._fractions.values()))

    def _note(self) -> None:
        self._samples.append(self._sample())
        self._forget_old()

    def _lasted_s(self) -> float:
        return min(max(self._now() - self._samples[0].at_s, 1.0), _WINDOW_S)

    def _forget_old(self) -> None:
        oldest_s = self._now() - _WINDOW_S
        # The last one before the window stays: it held at the window's begin.
        while len(self._samples) > 1 and self._samples[1].at_s <= oldest_s:
            self._samples.popleft()


def _ended(counts: DomainCounts) -> int:
    return counts.completed + counts.failed + counts.cancelled
