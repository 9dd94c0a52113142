"""How much of the processor other programs use: a source of pressure that our own work cannot raise. Qt-free."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import NamedTuple

from app.work_names import PROGRAMS

log = logging.getLogger(__name__)

_WEIGHT = 0.3
"""As the scheduler smooths what it measures itself."""
_SOONEST_S = 0.5


class Times(NamedTuple):
    """Seconds of processor since some beginning: all there were, those in use, and those that were ours."""

    everything: float
    busy: float
    ours: float


class OtherPrograms:
    """Measures in a thread, since finding our own processes takes longer than the event loop may; answers at once.

    While `is_wanted()` is false nothing is measured. Ours is what this process and all below it have used.
    """

    name = PROGRAMS

    def __init__(
        self,
        is_wanted: Callable[[], bool],
        measure: Callable[[], Times] | None = None,
        executor: Executor | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_wanted = is_wanted
        self._measure = measure or measure_times
        self._executor = executor
        self._owned: ThreadPoolExecutor | None = None
        self._now = now
        self._pending: Future[Times] | None = None
        self._before: Times | None = None
        self._asked_at = float("-inf")
        self._smoothed = 0.0

    def pressure(self) -> float:
        """The fraction of all cores that other programs use, smoothed; 0.0 until it was measured twice."""
        if not self._is_wanted():
            self._before, self._smoothed = None, 0.0
            return 0.0
        self._take_over()
        if self._pending is None and self._now() - self._asked_at >= _SOONEST_S:
            if self._now() - self._asked_at > 10.0:
                # What was long ago says nothing of now.
                self._before, self._smoothed = None, 0.0
            self._asked_at = self._now()
            self._pending = self._thread().submit(self._measure)
        return self._smoothed

    def close(self) -> None:
        """Ends the thread. Idempotent."""
        owned, self._owned = self._owned, None
        if owned is not None:
            owned.shutdown(wait=True)

    def _thread(self) -> Executor:
        if self._executor is not None:
            return self._executor
        if self._owned is None:
            self._owned = ThreadPoolExecutor(max_workers=1, thread_name_prefix="other-programs")
        return self._owned

    def _take_over(self) -> None:
        pending = self._pending
        if pending is None or not pending.done():
            return
        self._pending = None
        times, before = pending.result(), self._before
        self._before = times
        if before is None or times.everything <= before.everything:
            return
        busy, ours = times.busy - before.busy, times.ours - before.ours
        share = min(1.0, max(0.0, busy - ours) / (times.everything - before.everything))
        self._smoothed += _WEIGHT * (share - self._smoothed)


def measure_times() -> Times:
    """Asks the system; processes that end meanwhile are left out."""
    import psutil

    cpu = psutil.cpu_times()
    # Time in guests is in `user` and `nice` already.
    guests = getattr(cpu, "guest", 0.0) + getattr(cpu, "guest_nice", 0.0)
    everything = sum(cpu) - guests
    own = psutil.Process()
    ours = 0.0
    for process in (own, *own.children(recursive=True)):
        try:
            used = process.cpu_times()
        except psutil.Error:
            continue
        # What children used that have ended is counted in their parent.
        ours += used.user + used.system + used.children_user + used.children_system
    return Times(everything, everything - cpu.idle - getattr(cpu, "iowait", 0.0), ours)
