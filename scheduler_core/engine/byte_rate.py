"""The rate at which bytes come, smoothed over time."""

from __future__ import annotations

import math

TIME_CONSTANT_S = 5.0
"""Bytes of the last five seconds weigh 63 % of the whole, those of the last fifteen 95 %."""


class ByteRate:
    """An exponentially weighted moving average over reports that come when they like.

    Each report of n bytes at time t weighs `n * exp(-(now - t) / T)`; the rate is the sum of these divided by what a steady
    stream of one byte a second since `start` would add up to, `T * (1 - exp(-(now - start) / T))`. So the rate is
    the mean at first, follows changes within T seconds, and falls towards 0 when no bytes come. It is the one-pole low-pass
    filter that load averages of Unix are, with the correction of its start that is known from Adam (Kingma and
    Ba, 2015, section 3); the sum is brought forward with each report, so a report costs one `exp` and no memory.

    Times are seconds of one monotonic clock. Not locked: the caller does.
    """

    __slots__ = ("_at", "_start", "_sum")

    def __init__(self, start: float) -> None:
        self._start = self._at = start
        self._sum = 0.0

    def begin(self, now: float) -> None:
        """The stream begins now, if no byte has come yet."""
        if not self._sum:
            self._start = self._at = now

    def add(self, n: int, now: float) -> None:
        """`n` more bytes have come."""
        self._sum = self._sum * math.exp((self._at - now) / TIME_CONSTANT_S) + n
        self._at = now

    def join(self, n: int) -> None:
        """`n` more bytes have come together with the last ones."""
        self._sum += n

    def value(self, now: float) -> float:
        """Bytes a second; 0.0 while no time has passed."""
        elapsed = now - self._start
        if elapsed <= 0.0:
            return 0.0
        steady = -TIME_CONSTANT_S * math.expm1(-elapsed / TIME_CONSTANT_S)
        return self._sum * math.exp((self._at - now) / TIME_CONSTANT_S) / steady
