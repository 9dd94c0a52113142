"""The bytes that one attempt moves: how many, and how fast they come."""

from __future__ import annotations

import threading
from collections.abc import Callable

from scheduler_core.engine.byte_rate import ByteRate

_AT_ONCE_S = 0.001
"""What comes this soon after bytes that were counted is taken to have come with them: the rate errs by 0.02 percent."""


class ByteStream:
    """Adds up bytes that any thread reports, hundreds of thousands of times a second; `monotonic` is a clock's.

    Most reports only join a list, which needs no lock (`append`, and `del` of what was read, are each one step). They are
    counted, at the time of the last count, when the next one is due or somebody asks. `start` is when bytes may have begun
    to come.
    """

    __slots__ = ("_done", "_joined", "_lock", "_monotonic", "_rate", "_until")

    def __init__(self, monotonic: Callable[[], float], start: float) -> None:
        self._monotonic = monotonic
        self._rate = ByteRate(start)
        self._done = 0
        self._joined: list[int] = []
        self._until = float("-inf")
        self._lock = threading.Lock()

    def begin(self) -> None:
        """It begins now, if no byte has come yet."""
        with self._lock:
            self._count()
            self._rate.begin(self._monotonic())

    def add(self, n: int) -> None:
        """`n` more bytes have come."""
        now = self._monotonic()
        if now < self._until:
            self._joined.append(n)
            return
        with self._lock:
            self._count()
            self._rate.add(n, now)
            self._done += n
            self._until = now + _AT_ONCE_S

    @property
    def done(self) -> int:
        """How many have come."""
        with self._lock:
            self._count()
            return self._done

    def read(self) -> tuple[int, float]:
        """How many have come, and how many come a second."""
        with self._lock:
            self._count()
            return self._done, self._rate.value(self._monotonic())

    def _count(self) -> None:
        joined = self._joined
        if joined:
            there = len(joined)
            n = sum(joined[:there])
            del joined[:there]
            self._rate.join(n)
            self._done += n
