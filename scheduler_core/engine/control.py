"""Pausing, resuming and cancelling: memory first, so that it works at once; the database; then everybody is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

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
from scheduler_core.model import events as e
from scheduler_core.model.lane import LaneKey
from scheduler_core.model.task import TaskRecord
from scheduler_core.policy.gate import Lot
from scheduler_core.policy.state import DispatchState
from scheduler_core.store.recover import StoredPause
from scheduler_core.store.task_store import TaskStore

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
        cancel_timeout: float,
    ) -> None:
        self._store = store
        self._clock = clock
        self._state = state
        self._handles = handles
        self._parts = parts
        self._on_scheduler_paused = on_scheduler_paused
        self._cancel_timeout = cancel_timeout
        self._ending: set[asyncio.Task[Any]] = set()

    async def pause(self, scope: str, name: str, until: float | None = None) -> int:
        """Hold the tasks of the scheduler ('scheduler', ''), a domain or a group; how many."""
        parts = self._parts
        was_paused = parts.pauses.is_set(scope, name)
        parts.pauses.set(scope, name, until)
        held = parts.counts.held(_covers(scope, name))
        attempts = parts.attempts.all(_covers(scope, name))
        parts.attempts.stop(attempts, StopReason.PAUSED)
        await self._store.set_pause(StoredPause(scope, name, until))
        if not was_paused:
            self._tell(scope, name, paused=True)
        await parts.attempts.wait(_others(attempts), _PAUSE_WAIT_S)
        await parts.completion.wait_tried()
        return held

    async def resume(self, scope: str, name: str) -> int:
        """End such a pause; how many tasks nothing else holds."""
        parts = self._parts
        if not parts.pauses.is_set(scope, name):
            return 0
        parts.pauses.drop(scope, name)
        freed = parts.counts.held(lambda lane: _covers(scope, name)(lane) and not self._state.is_held(lane))
        if scope != "scheduler":
            parts.lanes.wake(Lot("domain" if scope == "domain" else "group", name))
        parts.dispatcher.wake()
        await self._store.drop_pause(scope, name)
        self._tell(scope, name, paused=False)
        return freed

    def end_pause(self, scope: str, name: str) -> None:
        """A timed pause is over."""
        task = asyncio.get_running_loop().create_task(self.resume(scope, name))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def cancel(self, domain: str | None, ids: Sequence[int]) -> list[int]:
        """Cancel active tasks (of a domain); which were. Waits for the running ones, within the time for hooks."""
        parts = self._parts
        wanted = [task_id for task_id in ids if _is_id(task_id)]
        if domain is not None:
            wanted = [record.id for record in await parts.views.tasks(wanted) if record.domain == domain]
        cancelled = await self._store.cancel(wanted) if wanted else []
        attempts = [attempt for task_id in cancelled if (attempt := parts.attempts.get(task_id)) is not None]
        if attempts:
            await parts.attempts.wait(_others(attempts), self._cancel_timeout)
            await parts.completion.wait_tried()
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


def _is_id(value: object) -> bool:
    return isinstance(value, int) and 0 < value < 2**63
