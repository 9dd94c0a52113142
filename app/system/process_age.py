"""How long this process has been running, so that the time to the first paint includes starting Python."""

from __future__ import annotations

import os
import time
from pathlib import Path


def process_age_s(fallback_start_s: float) -> float:
    """Seconds since the system started this process.

    Where the system does not say (only Linux is asked), seconds since `fallback_start_s`, a `time.monotonic()` taken
    as early as possible.
    """
    try:
        stat = Path("/proc/self/stat").read_text("ascii", errors="replace")
        # The name in parentheses may hold anything; field 22 of the line is the 20th after it.
        started_ticks = int(stat.rpartition(")")[2].split()[19])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - started_ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        return time.monotonic() - fallback_start_s
