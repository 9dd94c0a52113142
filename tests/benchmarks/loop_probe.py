"""Measures how late the window's event loop is: for Qt's events as for asyncio's callbacks, every few milliseconds.

On a machine that others use too, an answer is late for two reasons. `ours_s` tells them apart: it is what the whole app
computed, on any of its threads, while an answer was waited for. The rest of the wait was for a core.
"""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, Signal

from app.system.stall_watch import stack_of

INTERVAL_S = 0.004
NAMED_STALL_S = 0.02
QUIET_S = 0.008
_QUIET_PROBES = 40


@dataclass
class Lateness:
    """What was measured. `place` says where the GUI thread was in the longest stall, if it was seen in time.

    `busy_s` is the most that the GUI thread computed between two answers: a stall without it is another program's.
    `ours_s[n]` is the part of `qt_s[n]` in which this program computed: at most all of it.
    """

    qt_s: list[float] = field(default_factory=list)
    ours_s: list[float] = field(default_factory=list)
    asyncio_s: list[float] = field(default_factory=list)
    busy_s: float = 0.0
    place: str = ""

    @property
    def p99_s(self) -> float:
        """99 of 100 answers, of either kind, came within this time."""
        return _p99([*self.qt_s, *self.asyncio_s])

    @property
    def ours_p99_s(self) -> float:
        """99 of 100 of Qt's events waited no longer than this for what this program computed."""
        return _p99(self.ours_s)

    def share_below(self, limit_s: float) -> float:
        """The share of Qt's probes that were answered within `limit_s`."""
        return sum(late < limit_s for late in self.qt_s) / max(1, len(self.qt_s))


class LoopProbe(QObject):
    """Runs from `start` to `stop`, both called on the GUI thread, inside the loop.

    One thread posts an event as a mouse would, waits for its answer, and looks at the GUI thread's stack when that is
    late. A chain of `call_later` measures the same for asyncio.
    """

    _posted = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.lateness = Lateness()
        self._loop = asyncio.get_running_loop()
        self._gui_thread_id = threading.get_ident()
        self._answered = threading.Event()
        self._stopped = threading.Event()
        self._quiet_probes = 0
        self._quiet = asyncio.Event()
        self._due_s = 0.0
        self._computed_s = 0.0
        self._posted_cpu_s = 0.0
        self._tick_handle: asyncio.TimerHandle | asyncio.Handle | None = None
        self._longest_seen_s = 0.0
        self._posted.connect(self._on_posted, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._post, name="loop-probe", daemon=True)

    def start(self) -> None:
        """Begins to measure."""
        self._schedule()
        self._thread.start()

    async def wait_quiet(self) -> None:
        """Returns when the loop has answered at once for a while; forgets what was measured so far."""
        self._quiet_probes = 0
        self._quiet.clear()
        await self._quiet.wait()
        self._longest_seen_s = 0.0
        self.lateness = Lateness()

    def stop(self) -> Lateness:
        """Ends the measurement and returns it. Idempotent."""
        self._stopped.set()
        self._answered.set()
        self._thread.join()
        if self._tick_handle is not None:
            self._tick_handle.cancel()
        return self.lateness

    def _schedule(self) -> None:
        self._due_s = time.monotonic() + INTERVAL_S
        self._tick_handle = self._loop.call_later(INTERVAL_S, self._tick)

    def _tick(self) -> None:
        self.lateness.asyncio_s.append(max(0.0, time.monotonic() - self._due_s))
        self._schedule()

    def _on_posted(self, posted_s: float) -> None:
        late_s = time.monotonic() - posted_s
        self.lateness.qt_s.append(late_s)
        self.lateness.ours_s.append(min(late_s, time.process_time() - self._posted_cpu_s))
        before_s, self._computed_s = self._computed_s, time.thread_time()
        self.lateness.busy_s = max(self.lateness.busy_s, self._computed_s - before_s)
        self._quiet_probes = self._quiet_probes + 1 if late_s < QUIET_S else 0
        if self._quiet_probes >= _QUIET_PROBES:
            self._quiet.set()
        self._answered.set()

    def _post(self) -> None:
        """In its own thread."""
        while not self._stopped.wait(INTERVAL_S):
            self._answered.clear()
            self._posted_cpu_s = time.process_time()
            posted_s = time.monotonic()
            self._posted.emit(posted_s)
            place = ""
            while not self._answered.wait(NAMED_STALL_S) and not self._stopped.is_set():
                place = place or stack_of(self._gui_thread_id)
            late_s = time.monotonic() - posted_s
            if place and late_s > self._longest_seen_s:
                self._longest_seen_s = late_s
                self.lateness.place = place


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)] if values else 0.0
