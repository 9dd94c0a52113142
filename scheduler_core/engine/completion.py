"""Writes outcomes in batches. What cannot be written now is kept and written later: no outcome is lost to a full disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from scheduler_core.clock import Clock, TimerHandle
from scheduler_core.errors import StoreError
from scheduler_core.store.changes import Changes
from scheduler_core.store.finish import Outcome
from scheduler_core.store.task_store import TaskStore

_RETRY_S = 1.0


class Completion:
    """Collects the outcomes of one turn of the event loop and writes them in one operation."""

    def __init__(
        self,
        store: TaskStore,
        clock: Clock,
        on_store_failed: Callable[[StoreError], None],
        on_written: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._on_store_failed = on_store_failed
        self._on_written = on_written
        self._collected: list[Outcome] = []
        self._writing = 0
        self._retry: TimerHandle | None = None
        self._has_flush = False
        self._is_closed = False
        self._waiters: list[asyncio.Future[None]] = []

    @property
    def is_busy(self) -> bool:
        """Is there an outcome that is not in the database yet?"""
        return bool(self._collected) or self._writing > 0

    def report(self, outcome: Outcome) -> None:
        """An attempt is over."""
        if self._is_closed:
            return
        self._collected.append(outcome)
        if not self._has_flush and self._retry is None:
            self._has_flush = True
            asyncio.get_running_loop().call_soon(self._flush)

    def flush(self) -> None:
        """Write what was reported now, before the slots that it freed are given to others."""
        if self._has_flush and self._retry is None:
            self._flush()

    async def wait_tried(self) -> None:
        """Returns when every outcome so far has been written, or could not be."""
        if self._collected or self._writing:
            if self._retry is not None:
                self._retry.cancel()
                self._flush()
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter

    def close(self) -> None:
        """Keep no timer. What ends from now on is told to nobody: it is recovered at the next open."""
        self._is_closed = True
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None

    def _flush(self) -> None:
        self._has_flush = False
        self._retry = None
        batch, self._collected = self._collected, []
        if batch:
            self._writing += 1
            self._store.finish(batch).add_done_callback(partial(self._on_done, batch))

    def _on_done(self, batch: list[Outcome], written: asyncio.Future[Changes]) -> None:
        self._writing -= 1
        error = None if written.cancelled() else written.exception()
        if not self._writing and not (error is None and self._collected):
            waiters, self._waiters = self._waiters, []
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)
        if error is None:
            self._on_written()
            return
        # Several batches share one transaction, so that each of them may come back here.
        self._collected = batch + self._collected
        if self._retry is None:
            self._retry = self._clock.call_later(_RETRY_S, self._flush)
        if isinstance(error, StoreError):
            self._on_store_failed(error)
        else:
            raise error
