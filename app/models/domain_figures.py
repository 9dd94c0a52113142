"""How one domain gets on: its speed, how far it is with what it has, and when it will be through. Qt-free."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler_core import DomainCounts

_WINDOW_S = 10.0
_SLOWEST_PER_S = 1e-6


class DomainFigures:
    """Is told the counts whenever they change, and of the progress of what runs.

    A batch begins when the domain gets work while it has none, and ends when the last of it is done. `now` is any
    clock that never goes back, in seconds.
    """

    def __init__(self, counts: DomainCounts, now: Callable[[], float]) -> None:
        self._now = now
        self._counts = counts
        self._ended_at_begin = _ended(counts)
        self._samples: deque[tuple[float, int]] = deque([(now(), _ended(counts))])
        self._fractions: dict[int, float] = {}

    @property
    def counts(self) -> DomainCounts:
        """The counts in force."""
        return self._counts

    def set_counts(self, counts: DomainCounts) -> None:
        """The counts have changed."""
        if self._counts.active == 0 and counts.active > 0:
            self._ended_at_begin = _ended(self._counts)
            self._samples = deque([(self._now(), _ended(self._counts))])
        if counts.running == 0:
            self._fractions.clear()
        self._counts = counts
        self._samples.append((self._now(), _ended(counts)))
        self._forget_old()

    def set_progress(self, task_id: int, fraction: float | None) -> None:
        """A running task is so far; None: it has ended, or nothing is known of it."""
        if fraction is None:
            self._fractions.pop(task_id, None)
        else:
            self._fractions[task_id] = fraction

    @property
    def throughput(self) -> float:
        """Tasks ended a second, over the last ten seconds of the batch; 0.0 when there is none."""
        if self._counts.active == 0:
            return 0.0
        self._forget_old()
        begin_s, begin = self._samples[0]
        lasted_s = min(max(self._now() - begin_s, 1.0), _WINDOW_S)
        return (_ended(self._counts) - begin) / lasted_s

    @property
    def fraction(self) -> float | None:
        """How much of the batch is done, 0.0 to 1.0; None while there is nothing to do."""
        active = self._counts.active
        if active == 0:
            return None
        done = max(0, _ended(self._counts) - self._ended_at_begin)
        return min(1.0, (done + sum(self._fractions.values())) / (done + active))

    @property
    def left_s(self) -> float | None:
        """Seconds until the batch is done at this speed; None when nothing moves or nothing is left."""
        speed = self.throughput
        if speed < _SLOWEST_PER_S:
            return None
        left = self._counts.active - sum(self._fractions.values())
        return max(0.0, left) / speed

    def _forget_old(self) -> None:
        oldest_s = self._now() - _WINDOW_S
        # The last one before the window stays: its count held at the window's begin.
        while len(self._samples) > 1 and self._samples[1][0] <= oldest_s:
            self._samples.popleft()


def _ended(counts: DomainCounts) -> int:
    return counts.completed + counts.failed + counts.cancelled
