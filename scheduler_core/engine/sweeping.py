"""Sweeps out the keys that ended tasks have left, when they have become as many as those that are held."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from scheduler_core.errors import StoreError
from scheduler_core.store.keys import sweep
from scheduler_core.store.task_store import TaskStore

log = logging.getLogger(__name__)

_LEAST = 10_000
"""So few are left lying."""
_SLICE = 1_000
"""Keys that are looked at at once: the transactions of others wait for no more."""


class Sweeping:
    """A sweep looks at every key, so it waits until half of them are to go. At rest it does nothing."""

    def __init__(self, store: TaskStore, active: Callable[[], int]) -> None:
        """`active` tells how many tasks hold a key."""
        self._store = store
        self._active = active
        self._left = 0
        self._look_at = _LEAST
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    def ended(self, n: int) -> None:
        """So many tasks have ended, and left their keys. At open: so many since the last sweep."""
        self._left += n
        if self._left < self._look_at or self._task is not None or self._is_closed:
            return
        self._look_at = max(_LEAST, self._active())
        if self._left >= self._look_at:
            self._task = asyncio.get_running_loop().create_task(self._sweep())

    async def close(self) -> None:
        """Returns when what is on its way has been answered. A sweep that is not at its end begins anew some day."""
        self._is_closed = True
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _sweep(self) -> None:
        self._left = 0
        after: str | None = ""
        try:
            while after is not None and not self._is_closed:
                after = await self._store.tidy(partial(sweep, after=after, limit=_SLICE), _SLICE)
        except StoreError as error:  # the file is larger than it need be; later it is tried again
            log.warning("keys of ended tasks are still in the file: %s", error)
        finally:
            self._task = None
            self._look_at = max(_LEAST, self._active())
