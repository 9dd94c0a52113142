"""Opens a scheduler over a file in a process of its own, and tells what memory that took.

python -m tests.benchmarks.opening app.db
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

from scheduler_core import Scheduler, SchedulerConfig
from tests.benchmarks.noop import noop_domain

ROOT = Path(__file__).resolve().parents[2]


def memory_mb(path: Path) -> float:
    """What a process holds, in MB, that has opened a scheduler over a file; what it shares is divided by all who do."""
    told = subprocess.run(
        [sys.executable, "-m", __name__, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(told.stdout)


async def _open(path: str) -> None:
    config = SchedulerConfig(max_concurrency=0)
    async with Scheduler(store=path, domains=[noop_domain()], config=config):
        rollup = Path("/proc/self/smaps_rollup").read_text("ascii")
        pss_kb = next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:"))
        print(int(pss_kb) / 1024)


if __name__ == "__main__":
    asyncio.run(_open(sys.argv[1]))
