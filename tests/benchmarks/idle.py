"""What a process does while it has nothing to do: how much it computes, and how often it wakes. From Linux's /proc."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CALM_S = 5.0
"""A process that has not woken for so long has come to rest."""
_LONGEST_WAIT_S = 90.0


@dataclass(frozen=True)
class Usage:
    """Of all threads of a process since its start. A thread wakes when it goes to sleep again of its own accord."""

    computed_s: float
    wakes: int

    def __sub__(self, before: Usage) -> Usage:
        return Usage(self.computed_s - before.computed_s, self.wakes - before.wakes)


def usage(pid: int) -> Usage:
    """Until now. A thread that has ended meanwhile is left out."""
    computed_ns = wakes = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        try:
            computed_ns += int((thread / "schedstat").read_text().split()[0])
            status = (thread / "status").read_text()
        except FileNotFoundError:
            continue
        wakes += int(status.partition("\nvoluntary_ctxt_switches:")[2].split()[0])
    return Usage(computed_ns / 1e9, wakes)


def wait_until_calm(pids: Sequence[int], calm_s: float = CALM_S) -> None:
    """Returns when none of them has woken for a while: worker processes end, caches are emptied, graphs come to rest."""
    deadline_s = time.monotonic() + _LONGEST_WAIT_S
    before = {pid: usage(pid).wakes for pid in pids}
    calm_since_s = time.monotonic()
    while time.monotonic() - calm_since_s < calm_s and time.monotonic() < deadline_s:
        time.sleep(0.1)
        now = {pid: usage(pid).wakes for pid in pids}
        if now != before:
            before, calm_since_s = now, time.monotonic()
