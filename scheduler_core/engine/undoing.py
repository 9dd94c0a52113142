"""What can be taken back, until its time is over; then it is carried out. It outlives the program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal, cast

from scheduler_core.clock import Clock, TimerHandle, to_datetime
from scheduler_core.errors import StoreError
from scheduler_core.model.undo import Undo
from scheduler_core.store import undoing
from scheduler_core.store.task_store import TaskStore
from scheduler_core.store.undoing import StoredUndo

_SLICE = 500
"""Tasks in one transaction: those of others, and the event loop, wait for no more."""
_RETRY_S = 1.0
WINDOW_S = 10.0
"""For so long what was done can be taken back; anew from the next start on, if the program ends meanwhile."""


class Undoing:
    """`on_change(undos)` is called whenever another thing can be taken back, or one no longer; `on_rest` when one has been
    carried out.
    """

    def __init__(
        self,
        store: TaskStore,
        clock: Clock,
        on_change: Callable[[tuple[Undo, ...]], None],
        on_store_failed: Callable[[StoreError], None],
        on_rest: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._on_change = on_change
        self._on_store_failed = on_store_failed
        self._on_rest = on_rest
        self._undos: dict[int, Undo] = {}
        self._timers: dict[int, TimerHandle] = {}
        self._carrying_out: dict[int, asyncio.Task[None]] = {}
        self._is_closed = False

    @property
    def is_busy(self) -> bool:
        """Is something being carried out?"""
        return bool(self._carrying_out)

    def all(self) -> tuple[Undo, ...]:
        """What can be taken back now, the oldest first."""
        return tuple(self._undos.values())

    def load(self, found: Sequence[StoredUndo]) -> None:
        """What was left when the program ended."""
        for one in found:
            self._await(one._replace(until=self._clock.time() + WINDOW_S), WINDOW_S)

    async def cancel(self, ids: Sequence[int], window_s: float) -> Undo | None:
        """Set tasks and their children aside, to be cancelled when the time is over; None if there were none."""
        until = self._clock.time() + window_s
        begun: StoredUndo | None = None
        for some in _slices(ids):
            undo = None if begun is None else begun.id
            grown = await self._store.change(
                lambda connection, changes, some=some, undo=undo: undoing.cancel(
                    connection, some, undo, until, changes
                ),
                len(some),
            )
            begun = grown or begun
        return None if begun is None else self._await(begun, window_s)

    async def clear(self, history_ids: Sequence[int], window_s: float) -> Undo | None:
        """Take failures off the list of those that want attention; None if none was on it."""
        until = self._clock.time() + window_s

        cleared = await self._store.change(
            lambda connection, changes: undoing.clear(connection, history_ids, until, changes),
            len(history_ids),
        )
        return None if cleared is None else self._await(cleared, window_s)

    async def clear_cause(self, cause: int | None, window_s: float) -> Undo | None:
        """The same for all failures of a cause, or of any (None), that are there now."""
        until = self._clock.time() + window_s
        begun: StoredUndo | None = None
        newest, is_all = None, False
        while not is_all:
            begun, newest, is_all = await self._store.change(
                lambda connection, changes, begun=begun, newest=newest: undoing.clear_some(
                    connection, cause, newest, begun, until, _SLICE, changes
                ),
                _SLICE,
            )
        return None if begun is None else self._await(begun, window_s)

    async def undo(self, undo_id: int) -> int:
        """Take it back; how many tasks or records are as they were. 0 when its time is over."""
        if undo_id not in self._undos:
            return 0
        self._drop(undo_id)
        n, is_all = 0, False
        while not is_all:
            back, is_all = await self._store.change(
                lambda connection, changes: undoing.take_back(
                    connection, undo_id, _SLICE, self._clock.time(), changes
                ),
                _SLICE,
            )
            n += back
        return n

    async def close(self) -> None:
        """Keep no timer; returns when what is on its way is answered. What is left is for the next start."""
        self._is_closed = True
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        if self._carrying_out:
            await asyncio.wait(self._carrying_out.values())

    def _await(self, stored: StoredUndo, window_s: float) -> Undo:
        act = cast("Literal['cancel', 'clear']", stored.act)
        undo = Undo(id=stored.id, act=act, n=stored.n, until=to_datetime(stored.until))
        if not self._is_closed:
            self._undos[undo.id] = undo
            self._timers[undo.id] = self._clock.call_later(window_s, partial(self._on_time, undo.id))
            self._on_change(self.all())
        return undo

    def _drop(self, undo_id: int) -> None:
        if (timer := self._timers.pop(undo_id, None)) is not None:
            timer.cancel()
        if self._undos.pop(undo_id, None) is not None:
            self._on_change(self.all())

    def _on_time(self, undo_id: int) -> None:
        self._drop(undo_id)
        task = asyncio.get_running_loop().create_task(self._carry_out(undo_id))
        self._carrying_out[undo_id] = task
        task.add_done_callback(lambda _: self._on_carried_out(undo_id))

    def _on_carried_out(self, undo_id: int) -> None:
        del self._carrying_out[undo_id]
        self._on_rest()

    async def _carry_out(self, undo_id: int) -> None:
        is_all = False
        while not is_all and not self._is_closed:
            try:
                is_all = await self._store.change(
                    lambda connection, changes: undoing.carry_out(
                        connection, undo_id, _SLICE, self._clock.time(), changes
                    ),
                    _SLICE,
                )
            except StoreError as error:
                self._on_store_failed(error)
                self._timers[undo_id] = self._clock.call_later(_RETRY_S, partial(self._on_time, undo_id))
                return


def _slices(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[begin : begin + _SLICE] for begin in range(0, len(ids), _SLICE)]
