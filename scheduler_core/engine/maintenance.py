"""Lets delayed tasks in when their time comes: one timer, for the earliest of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from scheduler_core.clock import Clock, TimerHandle, timer_delay
from scheduler_core.errors import StoreError
from scheduler_core.store.task_store import TaskStore

_BATCH = 1_000
_RETRY_S = 1.0


class DueTimer:
    """Sleeps until the next delayed task is due. A machine that slept through several lets them all in at once.

    `on_rest` is called when a batch has been let in.
    """

    def __init__(
        self,
        store: TaskStore,
        clock: Clock,
        on_store_failed: Callable[[StoreError], None],
        on_rest: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._on_store_failed = on_store_failed
        self._on_rest = on_rest
        self._next: float | None = None
        self._timer: TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Is a batch on its way, or due?"""
        return self._task is not None or (self._next is not None and self._next <= self._clock.time())

    def expect(self, at: float) -> None:
        """A task is due at `at`, epoch seconds."""
        if self._next is None or at < self._next:
            self._next = at
            self._set_timer()

    async def close(self) -> None:
        """Keep no timer; returns when what is on its way has been answered."""
        if self._task is not None:
            await asyncio.wait([self._task])
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._next = None

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        assert self._next is not None
        self._timer = self._clock.call_later(timer_delay(self._next - self._clock.time()), self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        if self._next is None:
            return
        if self._next > self._clock.time():  # the wall clock was set back, or the timer came a little early
            self._set_timer()
        elif self._task is None:
            self._next = None
            self._task = asyncio.get_running_loop().create_task(self._let_in())

    async def _let_in(self) -> None:
        try:
            following = await self._store.make_due(_BATCH)
        except StoreError as error:
            self._on_store_failed(error)
            following = self._clock.time() + _RETRY_S
        finally:
            self._task = None
        if following is not None and (self._next is None or following < self._next):
            self._next = following
        if self._next is not None:  # its timer may have fired meanwhile
            self._set_timer()
        self._on_rest()
