"""The bytes that one attempt moves: how many, and how fast they come."""

from __future__ import annotations

import threading
from collections.abc import Callable

from scheduler_core.engine.byte_rate import ByteRate

_AT_ONCE_S = 0.001
"""What comes this soon after bytes that were counted is taken to have come with them: the rate errs by 0.02 percent."""
_AT_MOST = 1_024
"""So many reports of a step wait for its end."""


class ByteStream:
    """Adds up bytes that any thread reports, hundreds of thousands of times a second; `monotonic` is a clock's.

    Reports join a list, which needs no lock (`append`, `pop`, and `del` of what was read, are each one step). Each is
    counted at its own time, but for those in quick succession, which count with the one before; those of a step of
    an executor on the event loop are counted when it ends, since nobody can look in between. `start` is when bytes may
    have begun to come. `on_count` is called, from any thread, when bytes were counted that nobody had asked for.
    """

    __slots__ = ("_done", "_lock", "_monotonic", "_on_count", "_rate", "_until", "enough", "joined")

    def __init__(
        self, monotonic: Callable[[], float], start: float, on_count: Callable[[], None] = lambda: None
    ) -> None:
        self.joined: list[int] = []
        """Reports that are not yet counted."""
        self.enough = 1
        """When so many have joined, somebody has to `look`."""
        self._monotonic = monotonic
        self._on_count = on_count
        self._rate = ByteRate(start)
        self._done = 0
        self._until = float("-inf")
        self._lock = threading.Lock()

    def begin(self) -> None:
        """It begins now, if no byte has come yet."""
        with self._lock:
            now = self._monotonic()
            self._count(now, now_came=self.enough > 1)
            self._rate.begin(now)

    def add(self, n: int) -> None:
        """`n` more bytes have come. `TaskContext.add_bytes` does the same without this call."""
        self.joined.append(n)  # before the looks at `enough` and `_until`, which others set
        if len(self.joined) >= self.enough:
            self.look()

    def look(self) -> None:
        """Count what has joined, unless it came in quick succession."""
        now = self._monotonic()
        if now < self._until:
            return
        with self._lock:
            last = self.joined.pop() if self.joined else 0
            self._count(now, now_came=self.enough > 1)
            self._rate.add(last, now)
            self._done += last
            self._until = now + _AT_ONCE_S
        self._on_count()

    def look_next(self) -> None:
        """Whatever comes next is counted: those who count on its being told have been told of all before."""
        self._until = float("-inf")

    def resume(self) -> None:
        """A step on the event loop begins."""
        with self._lock:
            self._count(self._monotonic(), now_came=False)
            self.enough = _AT_MOST

    def suspend(self) -> None:
        """It is over: what comes before the next is reported by others."""
        with self._lock:
            self.enough = 1  # first: who still saw it high has joined before this, and is counted here
            came = self._count(self._monotonic(), now_came=True)
        if came:
            self._on_count()

    @property
    def done(self) -> int:
        """How many have come."""
        return self.read()[0]

    def read(self) -> tuple[int, float]:
        """How many have come, and how many come a second."""
        with self._lock:
            now = self._monotonic()
            self._count(now, now_came=self.enough > 1)
            return self._done, self._rate.value(now)

    def _count(self, now: float, *, now_came: bool) -> bool:
        """All that has joined, as of now or as of the last count. Was there any?"""
        joined = self.joined
        if not joined:
            return False
        there = len(joined)
        n = sum(joined[:there])
        del joined[:there]
        self._done += n
        if now_came:
            self._rate.add(n, now)
        else:
            self._rate.join(n)
        return True
