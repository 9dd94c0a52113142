"""What can be taken back, until its time is over; then it is carried out. It outlives the program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar, cast

from scheduler_core.clock import Clock, TimerHandle, to_datetime
from scheduler_core.errors import StoreError
from scheduler_core.model.undo import Undo, UndoAct
from scheduler_core.store import undoing
from scheduler_core.store.causes import failures_of, last_failure_of
from scheduler_core.store.task_store import TaskStore
from scheduler_core.store.undo_priority import set_priority_for_now
from scheduler_core.store.undos import StoredUndo

T = TypeVar("T")

_SLICE = 500
"""Tasks in one transaction: those of others, and the event loop, wait for no more."""
_RETRY_S = 1.0
WINDOW_S = 10.0
"""For so long what was done can be taken back; anew from the next start on, if the program ends meanwhile."""


class Step(NamedTuple):
    """One transaction of many: the undo as it is now (None: nothing to take back yet), and whether it was the last."""

    begun: StoredUndo | None
    is_all: bool


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
        self._on_their_way: set[asyncio.Task[Any]] = set()
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
            self._await(one, WINDOW_S)

    async def cancel(self, ids: Sequence[int], window_s: float) -> Undo | None:
        """Set tasks and their children aside, to be cancelled when the time is over; None if there were none."""
        return await self._do_all(
            ids,
            window_s,
            lambda some, undo, until: self._store.change(
                lambda connection, changes: undoing.cancel(connection, some, undo, until, changes), len(some)
            ),
        )

    async def set_priority(self, ids: Sequence[int], priority: int, window_s: float) -> Undo | None:
        """Give active tasks this priority; None if none had another one."""
        return await self._do_all(
            ids,
            window_s,
            lambda some, undo, until: self._store.change(
                lambda connection, changes: set_priority_for_now(
                    connection, some, priority, undo, until, changes
                ),
                len(some),
            ),
        )

    async def clear(self, history_ids: Sequence[int], window_s: float) -> Undo | None:
        """Take failures off the list of those that want attention; None if none was on it."""
        return await self._do_all(
            history_ids,
            window_s,
            lambda some, undo, until: self._store.change(
                lambda connection, changes: undoing.clear(connection, some, until, changes, undo), len(some)
            ),
        )

    async def clear_cause(self, cause: int | None, window_s: float) -> Undo | None:
        """The same for all failures of a cause, or of any (None), that are there now."""
        newest: int | None = None

        async def step(begun: StoredUndo | None, until: float) -> Step:
            nonlocal newest
            begun, newest, is_all = await self._store.change(
                lambda connection, changes: undoing.clear_some(
                    connection, cause, newest, begun, until, _SLICE, changes
                ),
                _SLICE,
            )
            return Step(begun, is_all)

        return await self._do(step, window_s)

    async def retry(self, history_ids: Sequence[int], window_s: float) -> Undo | None:
        """Try records of the history again, at once; None if none of them can be."""
        return await self._do_all(history_ids, window_s, self._store.retry_for_now)

    async def retry_cause(self, cause: int | None, window_s: float) -> Undo | None:
        """The same for all failures of a cause, or of any (None), that are there now."""
        last = await self._store.read(partial(last_failure_of, cause_id=cause))
        after = 0

        async def step(begun: StoredUndo | None, until: float) -> Step:
            nonlocal after
            page = await self._store.read(partial(failures_of, cause_id=cause, after=after, limit=_SLICE))
            ids = [task_id for number, task_id in page if number <= last]
            if not ids:
                return Step(begun, is_all=True)
            after = page[-1][0]
            undo = None if begun is None else begun.id
            grown = await self._store.retry_for_now(ids, undo, until)
            return Step(grown or begun, is_all=after >= last)

        return await self._do(step, window_s)

    async def undo(self, undo_id: int) -> int:
        """Take it back; how many tasks or records are as they were. 0 when its time is over."""
        undo = self._undos.get(undo_id)
        if undo is None:
            return 0
        self._drop(undo_id)
        return await self._see_through(self._take_back(undo))

    async def close(self) -> None:
        """Keep no timer; returns when what is on its way is answered. What is left is for the next start."""
        self._is_closed = True
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        if on_their_way := [*self._on_their_way, *self._carrying_out.values()]:
            await asyncio.wait(on_their_way)

    # Beginning

    async def _do_all(
        self,
        ids: Sequence[int],
        window_s: float,
        act: Callable[[Sequence[int], int | None, float], Coroutine[Any, Any, StoredUndo | None]],
    ) -> Undo | None:
        """Do something to these, a slice in a transaction."""
        slices = iter(_slices(ids))

        async def step(begun: StoredUndo | None, until: float) -> Step:
            some = next(slices, None)
            if some is None:
                return Step(begun, is_all=True)
            grown = await act(some, None if begun is None else begun.id, until)
            return Step(grown or begun, is_all=False)

        return await self._do(step, window_s)

    async def _do(
        self, step: Callable[[StoredUndo | None, float], Coroutine[Any, Any, Step]], window_s: float
    ) -> Undo | None:
        """Do a step after the other, from when on it can be taken back."""

        async def steps() -> Undo | None:
            begun, is_all = None, False
            try:
                while not is_all and not self._is_closed:
                    begun, is_all = await step(begun, self._clock.time() + window_s)
            except StoreError:
                if begun is not None:  # as much as has been done can be taken back
                    self._await(begun, window_s)
                raise
            return None if begun is None else self._await(begun, window_s)

        return await self._see_through(steps())

    async def _see_through(self, work: Coroutine[Any, Any, T]) -> T:
        """Await `work`, which goes on if the caller is cancelled: half of it done, nobody could take it back."""
        task = asyncio.get_running_loop().create_task(work)
        self._on_their_way.add(task)
        task.add_done_callback(self._on_their_way.discard)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # if nobody awaits it
        return await asyncio.shield(task)

    def _await(self, stored: StoredUndo, window_s: float) -> Undo:
        until = to_datetime(self._clock.time() + window_s)
        undo = Undo(id=stored.id, act=cast("UndoAct", stored.act), n=stored.n, until=until)
        if not self._is_closed:
            self._undos[undo.id] = undo
            self._timers[undo.id] = self._clock.call_later(window_s, partial(self._on_time, undo.id))
            self._on_change(self.all())
        return undo

    # The end

    async def _take_back(self, undo: Undo) -> int:
        n, is_all = 0, False
        try:
            while not is_all and not self._is_closed:
                back, is_all = await self._store.change(
                    lambda connection, changes: undoing.take_back(
                        connection, undo.id, _SLICE, self._clock.time(), changes
                    ),
                    _SLICE,
                )
                n += back
        except StoreError:  # the rest can be taken back once the store works again
            left = StoredUndo(undo.id, undo.act, max(1, undo.n - n), 0.0)
            self._await(left, WINDOW_S)
            raise
        return n

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
