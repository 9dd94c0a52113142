"""Which statements the database is asked, by whichever connection, and waiting until nothing more is asked."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from scheduler_core import Scheduler

_QUIET_S = 0.07
"""Longer than what happened is collected for before the pages are told."""


class Statements:
    """Notes them from `watch` on."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._database: Any = scheduler._engine.store.database
        self.noted: list[str] = []

    async def watch(self) -> None:
        """From now on."""
        for connection in {self._database._writer, self._database._reader}:
            await connection.run(lambda raw: raw.set_trace_callback(self.noted.append))

    async def quiet(self) -> None:
        """Returns when nothing has been asked for a while."""
        quiet_since_s = time.monotonic()
        while time.monotonic() - quiet_since_s < _QUIET_S:
            count = len(self.noted)
            await asyncio.sleep(0.005)
            if self._database.is_busy or len(self.noted) != count:
                quiet_since_s = time.monotonic()
