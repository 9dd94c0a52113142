"""What a process does while it has nothing to do: how much it computes, and how often it wakes. From Linux's kernel."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

CALM_S = 5.0
"""A process that has not woken for so long has come to rest."""
_LONGEST_WAIT_S = 120.0


@dataclass(frozen=True)
class Usage:
    """Of all threads of a process since its start. A thread wakes when it goes to sleep again of its own accord.

    The wakes of threads that have ended are left out.
    """

    computed_s: float
    wakes: int

    def __sub__(self, before: Usage) -> Usage:
        return Usage(self.computed_s - before.computed_s, self.wakes - before.wakes)


def usage(pid: int) -> Usage:
    """Until now."""
    wakes = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        status = (thread / "status").read_text()
        wakes += int(status.partition("\nvoluntary_ctxt_switches:")[2].split()[0])
    return Usage(time.clock_gettime(_clock_of(pid)), wakes)


def wait_until_calm(pids: Sequence[int]) -> None:
    """Returns when each has ended its worker processes, which takes them half a minute, and has not woken for a while."""
    deadline_s = time.monotonic() + _LONGEST_WAIT_S
    before: dict[int, int] = {}
    calm_since_s = time.monotonic()
    while time.monotonic() - calm_since_s < CALM_S:
        assert time.monotonic() < deadline_s, "it does not come to rest"
        time.sleep(0.1)
        now = {pid: usage(pid).wakes for pid in pids}
        if now != before or any(map(_has_workers, pids)):
            before, calm_since_s = now, time.monotonic()


def _has_workers(pid: int) -> bool:
    return any(map(_is_worker, psutil.Process(pid).children()))


def _is_worker(child: psutil.Process) -> bool:
    try:
        return "--multiprocessing-fork" in child.cmdline()
    except (
        psutil.NoSuchProcess
    ):  # it has just ended; one that nobody has asked for its end yet counts as that
        return False


def _clock_of(pid: int) -> int:
    """The clock of what a process computes, as the C library's `clock_getcpuclockid` makes it."""
    return (~pid << 3) | 2
