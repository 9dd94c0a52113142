"""What happens when wall time jumped: every keeper of a deadline looks at the clock again, at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scheduler_core.clock import Clock, watch_jumps


class ClockJumps:
    """Timers count the time in which the machine is awake, deadlines are instants of the wall clock: a jump parts the two.

    `look_again` are called after each jump, `slept(seconds)` before them when wall time went ahead of the timers.
    """

    def __init__(
        self, clock: Clock, slept: Callable[[float], None], look_again: Sequence[Callable[[], None]]
    ) -> None:
        self._clock = clock
        self._slept = slept
        self._look_again = look_again
        self._ahead = 0.0
        self._undo: Callable[[], None] | None = None

    def open(self) -> None:
        """Watch from now on."""
        self._ahead = self._clock.time() - self._clock.monotonic()
        self._undo = watch_jumps(self._clock, self.look)

    def close(self) -> None:
        """Watch no more. Idempotent."""
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()

    def look(self) -> None:
        """The clock may have jumped; nothing happens unless it is open."""
        if self._undo is None:
            return
        ahead = self._clock.time() - self._clock.monotonic()
        slept, self._ahead = ahead - self._ahead, ahead
        if slept > 0:
            self._slept(slept)
        for look_again in self._look_again:
            look_again()
