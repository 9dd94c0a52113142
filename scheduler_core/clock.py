"""Wall and monotonic time, injected: nothing else in the core asks the system what time it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic, time
from typing import Any, Protocol, cast

from scheduler_core.errors import InvalidArgumentError, WrongTypeError
from scheduler_core.timerfd import watch_clock


class TimerHandle(Protocol):
    """What a timer returns: the way to call it off."""

    def cancel(self) -> None:
        """Call the timer off; harmless when it has fired."""
        ...


class Clock(Protocol):
    """Two readings and one timer. Tests pass one they control (`scheduler_core.testing`)."""

    def time(self) -> float:
        """Wall time: seconds since the epoch, UTC. May jump."""
        ...

    def monotonic(self) -> float:
        """Seconds that only grow; the origin means nothing."""
        ...

    def call_later(self, delay: float, callback: Callable[[], None]) -> TimerHandle:
        """Call `callback` on the event loop's thread in `delay` seconds (0 or more)."""
        ...


class JumpingClock(Clock, Protocol):
    """A `Clock` that also tells when wall time jumped: the clock was set, or the machine slept. A clock need not be one."""

    def watch_jumps(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` on the event loop's thread after each jump; returns what ends that. Called on that thread."""
        ...


def watch_jumps(clock: Clock, callback: Callable[[], None]) -> Callable[[], None]:
    """`clock.watch_jumps(callback)`, where there is such a method; else nothing is watched."""
    watch = cast("Any", getattr(clock, "watch_jumps", None))
    return (lambda: None) if watch is None else watch(callback)


class SystemClock:
    """The machine's own clock; timers are those of the running event loop.

    Jumps are noticed on Linux (see `timerfd`). Elsewhere a program tells the scheduler: `scheduler.clock_changed()`.
    """

    time = staticmethod(time)
    # Without a call of Python's between: it is read twice a step of each `async def` executor.
    monotonic = staticmethod(monotonic)

    def watch_jumps(self, callback: Callable[[], None]) -> Callable[[], None]:
        return watch_clock(callback)

    def call_later(self, delay: float, callback: Callable[[], None]) -> TimerHandle:
        return asyncio.get_running_loop().call_later(max(0.0, delay), callback)


_LONGEST_TIMER_S = 6 * 3600.0
_AWARE = "an aware datetime, such as datetime.now(UTC)"


def timer_delay(seconds: float) -> float:
    """A delay that every event loop can sleep: at least 0, at most six hours (Qt's timers end at 24 days).

    Whoever sets such a timer looks at the clock when it fires, and sets it again if it was too early.
    """
    return min(max(0.0, seconds), _LONGEST_TIMER_S)


def to_datetime(seconds: float) -> datetime:
    """The aware UTC datetime of an epoch time in seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def from_datetime(instant: datetime, thing: str) -> float:
    """Epoch seconds of an aware datetime; a naive one is an `InvalidArgumentError`, anything else a `WrongTypeError`.

    What is before the epoch is the epoch: it has passed either way, and not every system can tell of it.
    """
    if not isinstance(cast("Any", instant), datetime):
        raise WrongTypeError(thing, f"{instant!r} is no datetime", f"Pass {_AWARE}.")
    if instant.tzinfo is None:
        raise InvalidArgumentError(thing, f"{instant!r} has no time zone", f"Pass {_AWARE}.")
    return max(0.0, instant.timestamp())
