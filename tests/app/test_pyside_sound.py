"""The PySide6 that is installed keeps count of None: 6.12.0 on Python 3.11 loses a reference at each timerEvent.

qasync makes one such event for every timer of asyncio, so that the app would crash after an hour or a day. From Python
3.12 on None is immortal and its count never changes.
"""

from __future__ import annotations

import subprocess
import sys

TIMERS = 2_000

RUN_TIMERS = f"""
import asyncio, sys
import qasync
from PySide6.QtCore import QCoreApplication

async def run_timers():
    before = sys.getrefcount(None)
    for _ in range({TIMERS}):
        await asyncio.sleep(0.0001)  # 0 would need no timer
    return sys.getrefcount(None) - before

app = QCoreApplication([])
with qasync.QEventLoop(app) as loop:
    print(loop.run_until_complete(run_timers()), flush=True)
"""


def test_many_timers_lose_no_reference_to_none() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", RUN_TIMERS], capture_output=True, text=True, timeout=60, check=False
    )
    # A lost count ends in "none_dealloc: deallocating None" at the latest when the interpreter closes.
    assert ended.returncode == 0, ended.stderr
    # Caches of the interpreter take and give a few hundred; one a timer would be some thousand.
    assert int(ended.stdout) > -TIMERS / 2, f"{-int(ended.stdout)} references to None lost in {TIMERS} timers"
