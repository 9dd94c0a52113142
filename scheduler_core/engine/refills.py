"""Reads the next page of a lane, in one hop to the reading connection; one that fails is read again later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from scheduler_core.engine.lanes import Lanes
from scheduler_core.engine.retries import Retries
from scheduler_core.errors import StoreError
from scheduler_core.store.task_store import TaskStore


class Refills:
    """`on_page` is called when a lane has got its page; `ages` tells whether it matters since when a task waits."""

    def __init__(
        self,
        store: TaskStore,
        retries: Retries,
        lanes: Callable[[], Lanes],
        ages: Callable[[], bool],
        on_page: Callable[[], None],
        on_store_failed: Callable[[StoreError], None],
    ) -> None:
        self._store = store
        self._retries = retries
        self._lanes = lanes
        self._ages = ages
        self._on_page = on_page
        self._on_store_failed = on_store_failed
        self._reading: set[asyncio.Task[None]] = set()

    def ask(self, lane: int, priority: int, after: int, limit: int) -> None:
        """Read the ready tasks of a lane and a priority behind an id."""
        task = asyncio.get_running_loop().create_task(self._read(lane, priority, after, limit))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def wait(self) -> None:
        """Returns when every page on its way has been answered."""
        if self._reading:
            await asyncio.wait(self._reading)

    async def _read(self, lane: int, priority: int, after: int, limit: int) -> None:
        try:
            page = await self._store.ready_page(lane, priority, after, limit, ages=self._ages())
        except StoreError as error:
            self._lanes().refill_failed(lane, priority)
            self._retries.later(lambda: self._lanes().load([(lane, priority)]))
            self._on_store_failed(error)
            return
        self._lanes().refilled(lane, priority, page, limit)
        self._on_page()
