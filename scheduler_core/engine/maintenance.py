"""What has to happen at a time: delayed tasks are let in, old history goes. One timer each, for the earliest deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from scheduler_core.clock import Clock, TimerHandle, timer_delay
from scheduler_core.errors import StoreError
from scheduler_core.model.config import RetentionPolicy
from scheduler_core.store.prune import Keep
from scheduler_core.store.task_store import TaskStore

_BATCH = 1_000
_RETRY_S = 1.0
_PRUNE_EVERY = 1_000
"""Ends after which the number of records is looked at: so many there may be beyond `max_count`."""
_PRUNE_PAUSE_S = 60.0


class Deadlines:
    """Sleeps until the next of many deadlines, then has all that have passed dealt with, a batch at a time.

    `meet(limit)` deals with at most `limit` of them and answers when the next one is. A machine that slept through several
    deals with them at once. Two batches are at least `pause` seconds apart, unless one was not enough. `on_rest` is called
    when a batch has been dealt with.
    """

    def __init__(
        self,
        clock: Clock,
        meet: Callable[[int], Awaitable[float | None]],
        on_store_failed: Callable[[StoreError], None],
        on_rest: Callable[[], None],
        pause: float = 0.0,
    ) -> None:
        self._clock = clock
        self._meet = meet
        self._on_store_failed = on_store_failed
        self._on_rest = on_rest
        self._pause = pause
        self._not_before = 0.0
        self._next: float | None = None
        self._timer: TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def is_busy(self) -> bool:
        """Is a batch on its way, or due?"""
        return self._task is not None or (
            self._next is not None and self._due_at(self._next) <= self._clock.time()
        )

    def expect(self, at: float) -> None:
        """There is a deadline at `at`, epoch seconds."""
        if not self._is_closed and (self._next is None or at < self._next):
            self._next = at
            self._set_timer()

    def look_again(self) -> None:
        """The clock has jumped: the timer was for another time."""
        if self._next is not None and self._task is None:
            if self._timer is not None:
                self._timer.cancel()
            self._on_timer()

    async def close(self) -> None:
        """Keep no timer, and set none for what the last commits bring; returns when what is on its way is answered."""
        self._is_closed = True
        if self._task is not None:
            await asyncio.wait([self._task])
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._next = None

    def _due_at(self, deadline: float) -> float:
        if self._not_before - self._clock.time() > self._pause:  # the clock was set back
            self._not_before = 0.0
        return max(deadline, self._not_before)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        assert self._next is not None
        delay = self._due_at(self._next) - self._clock.time()
        self._timer = self._clock.call_later(timer_delay(delay), self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        if self._next is None:
            return
        if (
            self._due_at(self._next) > self._clock.time()
        ):  # the clock was set back, or the timer came a little early
            self._set_timer()
        elif self._task is None:
            self._next = None
            self._task = asyncio.get_running_loop().create_task(self._meet_batch())

    async def _meet_batch(self) -> None:
        now = self._clock.time()
        try:
            following = await self._meet(_BATCH)
            self._not_before = 0.0 if following is not None and following <= now else now + self._pause
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


class Pruner:
    """Keeps the history within its limits: after every so many ends, and when the oldest record is too old."""

    def __init__(
        self,
        store: TaskStore,
        clock: Clock,
        retention: RetentionPolicy | None,
        on_store_failed: Callable[[StoreError], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._retention = retention
        self._on_store_failed = on_store_failed
        self._is_open = False
        self._ended = 0
        self._oldest: float | None = None
        self._due = 0.0
        self._timer: TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Look at what an earlier run left."""
        self._is_open = True
        if self._retention is not None:
            self._start()

    def ended(self, n: int) -> None:
        """So many tasks went to the history."""
        if self._retention is None:
            return
        self._ended += n
        if self._ended >= _PRUNE_EVERY and self._retention.max_count is not None:
            self._start()
        elif self._timer is None and self._task is None and n and self._retention.max_age is not None:
            self._set_timer(self._clock.time() + self._retention.max_age)

    def set_retention(self, retention: RetentionPolicy | None) -> None:
        """Keep other limits from now on, at once; None: keep all."""
        self._retention = retention
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if retention is not None and self._is_open:
            self._start()

    async def prune(self, keep: int | None, older_than: float | None) -> int:
        """Remove records now; how many went."""
        since = None if older_than is None else self._clock.time() - older_than
        removed = 0
        while True:
            pruned = await self._store.prune(Keep(keep, since), _BATCH)
            removed += pruned.removed
            self._oldest = pruned.oldest
            if pruned.removed < _BATCH:
                return removed

    async def close(self) -> None:
        """Keep no timer; returns when what is on its way has been answered."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._retention = None
        self._is_open = False
        if self._task is not None:
            await asyncio.wait([self._task])

    def _start(self) -> None:
        if self._task is None:
            self._ended = 0
            self._task = asyncio.get_running_loop().create_task(self._keep_limits())

    async def _keep_limits(self) -> None:
        retention = self._retention
        assert retention is not None
        try:
            await self.prune(retention.max_count, retention.max_age)
        except StoreError as error:
            self._on_store_failed(error)
        finally:
            self._task = None
        if self._retention is not None and self._retention != retention:  # it was changed meanwhile
            self._start()
        elif self._retention is not None and retention.max_age is not None and self._oldest is not None:
            self._set_timer(self._oldest + retention.max_age)

    def look_again(self) -> None:
        """The clock has jumped: the timer was for another time."""
        if self._timer is not None:
            self._timer.cancel()
            self._on_timer()

    def _set_timer(self, due: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        now = self._clock.time()
        # A record that is a minute too old harms nobody, and a timer for each would.
        self._due = max(due, now + _PRUNE_PAUSE_S)
        self._timer = self._clock.call_later(timer_delay(self._due - now), self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        if self._retention is None:
            return
        if self._clock.time() < self._due:
            self._set_timer(self._due)
        else:
            self._start()
