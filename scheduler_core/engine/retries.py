"""What the store refused is tried again a second later, as long as the scheduler is open."""

from __future__ import annotations

from collections.abc import Callable

from scheduler_core.clock import Clock, TimerHandle

_RETRY_S = 1.0


class Retries:
    """One for all parts that read or claim: what they ask for in vain is theirs to ask for again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._timers: set[TimerHandle] = set()
        self._is_closed = False

    def later(self, again: Callable[[], None]) -> None:
        """Call it in a second; after `close` never."""
        if self._is_closed:
            return

        def on_time() -> None:
            self._timers.discard(timer)
            again()

        timer = self._clock.call_later(_RETRY_S, on_time)
        self._timers.add(timer)

    def close(self) -> None:
        """Call nobody any more, and keep no timer. Idempotent."""
        self._is_closed = True
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
