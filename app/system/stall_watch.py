"""Measures the longest stall of the event loop while tasks run, and says in the log what held it.

While nothing runs there is no timer and the watching thread sleeps without a timeout: an idle app is not woken.
"""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import re
import tempfile
import threading
import time

from scheduler_core import DomainCounts, Scheduler

log = logging.getLogger(__name__)

TICK_S = 0.01
REPORTED_STALL_S = 0.1
_LOOK_EVERY = 10
_FRAMES = 6
_THREAD = re.compile(r"^(?:Current t|T)hread 0x([0-9a-fA-F]+)")


class StallWatch:
    """Watches one loop from `start` to `stop`; both are called on that loop's thread and are idempotent."""

    def __init__(self, scheduler: Scheduler, loop: asyncio.AbstractEventLoop) -> None:
        self.longest_stall_s = 0.0
        self._scheduler = scheduler
        self._loop = loop
        self._loop_thread_id = threading.get_ident()
        self._tick_handle: asyncio.Handle | None = None
        self._due_s = 0.0
        self._ticks = 0
        # Shared with the thread: plain assignments, each atomic.
        self._beat_s = 0.0
        self._seen = ""
        self._ended = False
        self._busy = threading.Event()
        self._pause = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_ticking(self) -> bool:
        """Whether it measures now, which it does only while tasks run."""
        return self._tick_handle is not None

    def start(self) -> None:
        """Begins to watch."""
        if self._thread is None:
            self._ended = False
            for handle in self._scheduler.domains():
                handle.counts_changed.connect(self._on_counts, check_nargs=False)
            self._thread = threading.Thread(target=self._watch, name="stall-watch", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Ends watching and its thread."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        for handle in self._scheduler.domains():
            handle.counts_changed.disconnect(self._on_counts, missing_ok=True)
        self._rest()
        self._ended = True
        self._pause.set()
        self._busy.set()
        thread.join()
        self._busy.clear()
        self._pause.clear()

    def _on_counts(self, counts: DomainCounts) -> None:
        # What waits now may run before the next count is told.
        if self._tick_handle is None and (counts.running or counts.pending):
            self._ticks = 0
            self._schedule_tick()
            self._busy.set()

    def _schedule_tick(self) -> None:
        self._beat_s = time.monotonic()
        self._due_s = self._beat_s + TICK_S
        self._tick_handle = self._loop.call_later(TICK_S, self._tick)

    def _tick(self) -> None:
        stall_s = time.monotonic() - self._due_s
        self.longest_stall_s = max(self.longest_stall_s, stall_s)
        if stall_s > REPORTED_STALL_S:
            log.warning(
                "the loop was held for %.0f ms; %s", stall_s * 1000, self._seen or "nothing was seen in time"
            )
        self._seen = ""
        self._ticks += 1
        # Counting takes longer than the tick itself.
        if self._ticks % _LOOK_EVERY or self._is_working():
            self._schedule_tick()
        else:
            self._rest()

    def _is_working(self) -> bool:
        return any(handle.counts.running for handle in self._scheduler.domains())

    def _rest(self) -> None:
        self._busy.clear()
        if self._tick_handle is not None:
            self._tick_handle.cancel()
            self._tick_handle = None

    def _watch(self) -> None:
        """In its own thread: looks at the loop's stack once the loop is late."""
        while not self._ended:
            self._busy.wait()
            self._pause.wait(REPORTED_STALL_S / 2)
            late_s = time.monotonic() - self._beat_s
            if self._busy.is_set() and late_s > REPORTED_STALL_S and not self._seen:
                self._seen = self._describe()

    def _describe(self) -> str:
        try:
            task = asyncio.current_task(self._loop)
        except RuntimeError:
            task = None
        return f"task {task.get_name() if task else 'none'}, at\n{stack_of(self._loop_thread_id)}"


def stack_of(thread_id: int) -> str:
    """Where a thread is now: its innermost calls, the last of them at the end, one a line.

    Not by `sys._current_frames()`: whoever holds a frame holds what that works with. Qt found painters that still painted
    after their function had returned, and the watching thread would have been the one to delete them.
    """
    with tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        lines = file.read().decode("utf-8", "replace").splitlines()
    calls: list[str] = []
    is_mine = False
    for line in lines:
        if line.startswith("  "):
            calls += [line] if is_mine else []
        else:
            found = _THREAD.search(line)
            is_mine = found is not None and int(found[1], 16) == thread_id
    return "\n".join(reversed(calls[:_FRAMES])) or "no stack"
