"""Pausing, resuming and cancelling: memory first, so that it works at once; the database; then everybody is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from scheduler_core.clock import Clock
from scheduler_core.domain.handle import DomainHandle
from scheduler_core.engine.attempt import Attempt, StopReason
from scheduler_core.engine.attempts import Attempts
from scheduler_core.engine.completion import Completion
from scheduler_core.engine.counts import Counts
from scheduler_core.engine.dispatcher import Dispatcher
from scheduler_core.engine.lanes import Lanes
from scheduler_core.engine.pauses import Pauses
from scheduler_core.engine.telling import Teller
from scheduler_core.engine.views import Views
from scheduler_core.errors import StoreError
from scheduler_core.model import events as e
from scheduler_core.model.base import is_id
from scheduler_core.model.lane import LaneKey
from scheduler_core.model.pause import Pause
from scheduler_core.model.task import TaskRecord
from scheduler_core.policy.gate import Lot
from scheduler_core.policy.state import DispatchState
from scheduler_core.store.task_store import TaskStore
from scheduler_core.store.waiting import StoredPause

T = TypeVar("T")

_PAUSE_WAIT_S = 0.1
"""A pause is acknowledged within this time, whether or not what it interrupts has stopped by then."""


class Control:
    """Carries out what people and programs want done to tasks that exist."""

    def __init__(
        self,
        store: TaskStore,
        clock: Clock,
        state: DispatchState,
        handles: Mapping[str, DomainHandle[Any]],
        parts: ControlParts,
        on_scheduler_paused: Callable[[bool], None],
        on_group: Callable[[str], None],
        on_pauses: Callable[[Sequence[Pause]], None],
        cancel_timeout: float,
    ) -> None:
        self._store = store
        self._clock = clock
        self._state = state
        self._handles = handles
        self._parts = parts
        self._on_scheduler_paused = on_scheduler_paused
        self._on_group = on_group
        self._on_pauses = on_pauses
        self._cancel_timeout = cancel_timeout
        self._ending: set[asyncio.Task[Any]] = set()

    async def pause(
        self, scope: str, name: str, until: float | None = None, reason: str | None = None
    ) -> int:
        """Hold the tasks of the scheduler ('scheduler', ''), a domain or a group; how many.

        Raises `StoreError`, and then there is no pause.
        """
        parts = self._parts
        before = parts.pauses.get(scope, name)
        pause = parts.pauses.set(scope, name, until, reason)
        held = parts.counts.held(_covers(scope, name))
        attempts = self._interrupt(pause)
        await self.see_through(self._store_pause(pause, before))
        await parts.attempts.wait(_others(attempts), _PAUSE_WAIT_S)
        await parts.completion.wait_tried()
        return held

    async def resume(self, scope: str, name: str) -> int:
        """End such a pause; how many tasks nothing else holds. Raises `StoreError`, and then it goes on."""
        before = self._parts.pauses.get(scope, name)
        if before is None:
            return 0
        self._drop(before)
        freed = self._parts.counts.held(
            lambda lane: _covers(scope, name)(lane) and not self._state.is_held(lane)
        )
        await self.see_through(self._forget_pause(before))
        return freed

    def end_pause(self, scope: str, name: str) -> None:
        """A timed pause is over."""
        pause = self._parts.pauses.get(scope, name)
        if pause is not None:
            self._drop(pause)
            self._start(self._forget_pause(pause))

    async def close(self) -> None:
        """Returns when every pause that began or ended, and every domain that came or went, has been stored and told."""
        while self._ending:
            await asyncio.wait(self._ending)

    async def _store_pause(self, pause: StoredPause, before: StoredPause | None) -> None:
        try:
            await self._store.set_pause(pause)
        except StoreError:
            if before is None:
                self._drop(pause)
            else:
                self._parts.pauses.put(before)
            raise
        self._parts.lanes.refresh()
        if before is None:
            self._tell(pause.scope, pause.name, paused=True)
        elif before != pause and pause.scope == "group":
            self._on_group(pause.name)
        self._on_pauses(self._parts.pauses.all())

    async def _forget_pause(self, pause: StoredPause) -> None:
        try:
            await self._store.drop_pause(pause.scope, pause.name)
        except StoreError:
            if pause.until is None or pause.until > self._clock.time():
                self._parts.pauses.put(pause)
                self._interrupt(pause)
                raise
        self._parts.lanes.refresh()
        self._parts.dispatcher.wake()
        self._tell(pause.scope, pause.name, paused=False)
        self._on_pauses(self._parts.pauses.all())

    def _interrupt(self, pause: StoredPause) -> list[Attempt]:
        attempts = self._parts.attempts.all(_covers(pause.scope, pause.name))
        self._parts.attempts.stop(attempts, StopReason.PAUSED)
        return attempts

    def _drop(self, pause: StoredPause) -> None:
        parts = self._parts
        parts.pauses.drop(pause.scope, pause.name)
        if pause.scope != "scheduler":
            parts.lanes.wake(Lot("domain" if pause.scope == "domain" else "group", pause.name))
        parts.dispatcher.wake()

    async def see_through(self, work: Coroutine[Any, Any, T]) -> T:
        """Await `work`, which goes on if the caller is cancelled: it may be a task that has just paused itself."""
        return await asyncio.shield(self._start(work))

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(work)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        task.add_done_callback(
            lambda done: done.cancelled() or done.exception()
        )  # looked at, if nobody awaits it
        return task

    async def cancel(self, domain: str | None, ids: Sequence[int]) -> list[int]:
        """Cancel active tasks (of a domain); which were. Waits for the running ones, within the time for hooks."""
        parts = self._parts
        wanted = [task_id for task_id in ids if is_id(task_id)]
        if domain is not None:
            wanted = [record.id for record in await parts.views.tasks(wanted) if record.domain == domain]
        cancelled = await self._store.cancel(wanted) if wanted else []
        attempts = [attempt for task_id in cancelled if (attempt := parts.attempts.get(task_id)) is not None]
        await parts.attempts.wait(_others(attempts), self._cancel_timeout)
        await parts.completion.wait_tried()  # also where all of them were quick to stop
        return cancelled

    async def cancel_where(self, domain: str, predicate: Callable[[TaskRecord], bool]) -> list[int]:
        """Cancel the active tasks of a domain that a predicate chooses; which were."""
        chosen: list[int] = []
        after_id = 0
        while page := await self._parts.views.page_of_domain(domain, after_id):
            chosen += [record.id for record in page if predicate(record)]
            after_id = page[-1].id
        return await self.cancel(None, chosen)

    def _tell(self, scope: str, name: str, *, paused: bool) -> None:
        parts = self._parts
        parts.counts.touch({name} if scope == "domain" else set(self._handles))
        if scope == "scheduler":
            parts.teller.tell_state(e.SchedulerPaused if paused else e.SchedulerResumed)
            self._on_scheduler_paused(paused)
        elif scope == "domain":
            parts.teller.tell_state(e.DomainPaused if paused else e.DomainResumed, domain=name)
            if (handle := self._handles.get(name)) is not None:
                handle.paused_changed.emit(paused)
        else:
            parts.teller.tell_state(e.GroupPaused if paused else e.GroupResumed, group=name)
            self._on_group(name)


class ControlParts:
    """What `Control` works on."""

    def __init__(
        self,
        lanes: Lanes,
        dispatcher: Dispatcher,
        attempts: Attempts,
        completion: Completion,
        counts: Counts,
        pauses: Pauses,
        teller: Teller,
        views: Views,
    ) -> None:
        self.lanes = lanes
        self.dispatcher = dispatcher
        self.attempts = attempts
        self.completion = completion
        self.counts = counts
        self.pauses = pauses
        self.teller = teller
        self.views = views


def _covers(scope: str, name: str) -> Callable[[LaneKey], bool]:
    if scope == "scheduler":
        return lambda _: True
    if scope == "domain":
        return lambda lane: lane.domain == name
    return lambda lane: lane.group == name


def _others(attempts: Sequence[Attempt]) -> list[Attempt]:
    """Without the attempt that this very call comes from: it cannot wait for its own end."""
    current = asyncio.current_task()
    return [attempt for attempt in attempts if attempt.task is not current]
