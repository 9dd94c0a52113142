"""Takes what has ended into the catalogue of the history, in small batches behind the work."""

from __future__ import annotations

import asyncio
import logging

from scheduler_core.errors import StoreError
from scheduler_core.store.catalogue import catalogue
from scheduler_core.store.task_store import TaskStore

log = logging.getLogger(__name__)

_EVERY = 1_000
"""Records that may be behind: so many are looked at one by one by whoever searches."""
_BATCH = 250
"""Records that are taken in at once: the transactions of others wait for no more."""


class Cataloguing:
    """Begins when enough has ended, and goes on until the catalogue has all but a few. At rest it does nothing."""

    def __init__(self, store: TaskStore) -> None:
        self._store = store
        self._behind = 0
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    def ended(self, n: int) -> None:
        """So many tasks went to the history. At open: so many the catalogue does not have."""
        self._behind += n
        if self._behind >= _EVERY and self._task is None and not self._is_closed:
            self._task = asyncio.get_running_loop().create_task(self._catch_up())

    async def close(self) -> None:
        """Returns when what is on its way has been answered. What is behind is taken in after the next open."""
        self._is_closed = True
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _catch_up(self) -> None:
        try:
            while self._behind >= _BATCH and not self._is_closed:
                self._behind = 0
                self._behind += await self._store.tidy(
                    lambda connection: catalogue(connection, _BATCH), _BATCH
                )
        except StoreError as error:  # it is only slower without; the next that ends tries again
            log.warning("the catalogue of the history is behind: %s", error)
            self._behind = 0
        finally:
            self._task = None
