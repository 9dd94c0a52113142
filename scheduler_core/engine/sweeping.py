"""Keeps the table of keys small: those that ended tasks have left go when they have become as many as those that are held.

And it writes the keys that are in memory, when they are many.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from scheduler_core.errors import StoreError
from scheduler_core.store import keys
from scheduler_core.store.task_store import TaskStore

log = logging.getLogger(__name__)

_LEAST = 10_000
"""So few are left lying."""
_FRESH = 20_000
"""So few are kept in memory: two megabytes."""
_SLICE = 1_000
"""Keys that are looked at at once: the transactions of others wait for no more."""
_SLICES = 10
"""In so many steps all that are in memory are written, where those would be larger."""


class Sweeping:
    """A sweep looks at every key, so it waits until half of them are to go. At rest it does nothing."""

    def __init__(self, store: TaskStore, active: Callable[[], int]) -> None:
        """`active` tells how many tasks hold a key."""
        self._store = store
        self._active = active
        self._fresh = 0
        self._left = 0
        self._look_at = _LEAST
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    def came(self, n: int) -> None:
        """So many tasks were stored, and have their keys in memory. At open: so many are there."""
        self._fresh += n
        if self._fresh >= _FRESH:
            self._begin()

    def ended(self, n: int) -> None:
        """So many tasks have ended, and left their keys. At open: so many since the last sweep."""
        self._left += n
        if self._left < self._look_at:
            return
        self._look_at = max(_LEAST, self._active())
        if self._left >= self._look_at:
            self._begin()

    async def close(self) -> None:
        """Returns when what is on its way has been answered. A sweep that is not at its end begins anew some day."""
        self._is_closed = True
        if self._task is not None:
            await asyncio.wait([self._task])

    def _begin(self) -> None:
        if self._task is None and not self._is_closed:
            self._task = asyncio.get_running_loop().create_task(self._tidy())

    async def _tidy(self) -> None:
        try:
            while self._fresh >= _FRESH and not self._is_closed:  # more may come meanwhile
                await self._settle()
            if self._left >= self._look_at:
                await self._sweep()
        except StoreError as error:  # the file is larger than it need be; later it is tried again
            log.warning("keys of ended tasks are still in the file: %s", error)
        finally:
            self._task = None
            self._look_at = max(_LEAST, self._active())

    async def _settle(self) -> None:
        self._fresh = 0
        newest, n = await self._store.tidy(keys.fresh, 1)
        # Whoever submits many at a time, again and again, has more written at a time, too: or they would become ever more.
        if await self._to_the_end(keys.settle, max(_SLICE, n // _SLICES)):
            await self._store.tidy(partial(keys.settled, upto=newest), 1)

    async def _sweep(self) -> None:
        self._left = 0
        await self._to_the_end(keys.sweep, _SLICE)

    async def _to_the_end(self, step: Callable[..., str | None], limit: int) -> bool:
        """A slice at a time. Was it, or is the scheduler closed?"""
        after: str | None = ""
        while after is not None and not self._is_closed:
            after = await self._store.tidy(partial(step, after=after, limit=limit), limit)
        return after is None
