"""Token buckets: so many starts a second on the average, so many at once at most.

The bucket of J. Turner, "New directions in communications", IEEE Communications Magazine 24(10), 1986, as a meter: it holds
at most `burst` tokens and gains `rate` of them each second; a start takes one.
"""

from __future__ import annotations

from scheduler_core.model.limits import RateLimit

_ALMOST = 1e-9
"""What rounding may take from a token."""


class TokenBucket:
    """One limit and what is left of it. Times are monotonic seconds. A new bucket is full."""

    def __init__(self, limit: RateLimit, now: float) -> None:
        self.limit = limit
        self._tokens = float(limit.burst)
        self._at = now

    def tokens(self, now: float) -> float:
        """How many are in it at `now`."""
        passed, limit, tokens = now - self._at, self.limit, self._tokens
        if passed > 0.0:
            tokens += passed * limit.rate
        return tokens if tokens < limit.burst else float(limit.burst)

    @property
    def holds_one(self) -> bool:
        """Was there one left when it was last taken from? Then there is one, whatever the time."""
        return self._tokens >= 1.0

    def is_open(self, now: float) -> bool:
        """Is there one to take?"""
        return self.tokens(now) >= 1.0 - _ALMOST

    def take(self, now: float) -> None:
        """Take one."""
        self._tokens = self.tokens(now) - 1.0
        self._at = now

    def give_back(self, now: float) -> None:
        """Return one that was taken for nothing."""
        self._tokens = min(float(self.limit.burst), self.tokens(now) + 1.0)
        self._at = now

    def slept(self, seconds: float) -> None:
        """So many seconds passed that the monotonic clock does not know of."""
        self._at -= seconds

    def wait(self, now: float) -> float:
        """Seconds until there is one to take."""
        return max(0.0, 1.0 - self.tokens(now)) / self.limit.rate

    def change(self, limit: RateLimit, now: float) -> None:
        """Another limit from now on; what has been gained stays, as far as it has room."""
        self._tokens = min(float(limit.burst), self.tokens(now))
        self._at = now
        self.limit = limit
