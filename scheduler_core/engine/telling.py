"""Makes events of what a commit changed, and tells a long list of them in slices."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from scheduler_core.clock import to_datetime
from scheduler_core.engine.event_bus import EventBus
from scheduler_core.model import events as e
from scheduler_core.model.task import TaskStatus
from scheduler_core.store.changes import Changes, Ended, Facts, tags_of
from scheduler_core.store.rows import LaneTable

log = logging.getLogger(__name__)

E = TypeVar("E", bound=e.SchedulerEvent)
Told = tuple[type[e.TaskEvent], Facts, dict[str, Any]]
"""What to tell: the kind of event, the task, and the fields of that kind."""

_ENDS: Mapping[TaskStatus, type[e.TaskEvent]] = {
    TaskStatus.COMPLETED: e.Completed,
    TaskStatus.DEAD_LETTER: e.DeadLettered,
    TaskStatus.CANCELLED: e.Cancelled,
    TaskStatus.SUPERSEDED: e.Superseded,
    TaskStatus.EXPIRED: e.Expired,
    TaskStatus.DEPENDENCY_FAILED: e.DependencyFailed,
}
"""How an end is told; any other is `Failed`."""
_WITH_ERROR = frozenset({e.DeadLettered, e.DependencyFailed})

_SLICE = 100
"""Events that are told before the event loop gets a turn: half a millisecond, with its listeners."""


class Teller:
    """Publishes events, if anybody listens, in order. `on_told` is called when a long list has been told to its end."""

    def __init__(
        self,
        bus: EventBus,
        lanes: LaneTable,
        effective_of: Callable[[Facts], int],
        on_told: Callable[[], None],
    ) -> None:
        """`effective_of` tells how urgent a task is by now."""
        self._bus = bus
        self._effective_of = effective_of
        self._lanes = lanes
        self._on_told = on_told
        self._waiting: deque[Iterator[e.SchedulerEvent]] = deque()
        self._at = to_datetime(0.0)
        self._tags_text: str | None = None
        self._tags: Mapping[str, str] = {}

    @property
    def is_busy(self) -> bool:
        """Are there events that nobody has been told yet?"""
        return bool(self._waiting)

    def flush(self) -> None:
        """Tell now what was left for later turns of the loop."""
        while self._waiting:
            self._tell_slice()

    def tell(self, changes: Changes) -> None:
        """What one operation changed, in the order in which it happened to each task."""
        if self._bus.is_heard:
            self._say(self._events(changes))

    def tell_about(self, told: Iterable[Told]) -> None:
        """Events about tasks that no commit tells of."""
        if self._bus.is_heard:
            wants = self._bus.wants
            self._say(self._task_event(kind, facts, **more) for kind, facts, more in told if wants(kind))

    def tell_state(self, kind: type[e.SchedulerEvent], **more: Any) -> None:
        """One event that is not about a task."""
        if self._bus.wants(kind):
            self._say(self._event(kind, **more) for _ in range(1))

    def _say(self, events: Iterator[e.SchedulerEvent]) -> None:
        self._waiting.append(events)
        if len(self._waiting) == 1:
            self._go_on()

    def _go_on(self) -> None:
        if self._waiting:
            self._tell_slice()
            if self._waiting:
                asyncio.get_running_loop().call_soon(self._go_on)
            else:
                self._on_told()

    def _tell_slice(self) -> None:
        told: list[e.SchedulerEvent] = []
        self._at = to_datetime(self._bus.now())
        while self._waiting and len(told) < _SLICE:
            try:
                told += islice(self._waiting[0], _SLICE - len(told))
            except Exception:
                log.exception("an event could not be made, and those of its commit are not told")
            if len(told) < _SLICE:
                self._waiting.popleft()
        self._bus.publish(told)

    def _events(self, changes: Changes) -> Iterator[e.SchedulerEvent]:
        wants = self._bus.wants
        if wants(e.Submitted):
            for facts, status in changes.submitted:
                yield self._task_event(e.Submitted, facts, status=status)
        yield from self._plain(e.Unblocked, changes.unblocked)
        yield from self._plain(e.Waiting, changes.waiting)
        if wants(e.Failed):
            for facts, error, at in changes.retried:
                after = 0.0 if at is None else max(0.0, at - self._bus.now())
                yield self._task_event(e.Failed, facts, error=error, will_retry=True, retry_after=after)
        yield from self._plain(e.Preempted, changes.preempted)
        yield from self._plain(e.Paused, changes.interrupted)
        yield from self._plain(e.SetAside, changes.aside)
        yield from self._plain(e.BroughtBack, changes.back)
        yield from self._plain(e.TakenBack, changes.taken_back)
        yield from (self._ended(one) for one in changes.ended if wants(_ENDS.get(one.status, e.Failed)))
        if wants(e.RecurringSkipped):
            for facts, schedule_id, n in changes.skipped:
                yield self._task_event(e.RecurringSkipped, facts, schedule_id=schedule_id, count=n)
        if wants(e.RecurringCompleted):
            for facts, schedule_id, n in changes.spent:
                yield self._task_event(e.RecurringCompleted, facts, schedule_id=schedule_id, occurrences=n)

    def _plain(self, kind: type[e.TaskEvent], them: Iterable[Facts]) -> Iterator[e.SchedulerEvent]:
        if self._bus.wants(kind):
            for facts in them:
                yield self._task_event(kind, facts)

    def _ended(self, ended: Ended) -> e.SchedulerEvent:
        facts, error = ended.facts, ended.error or ""
        kind = _ENDS.get(ended.status, e.Failed)
        if kind is e.Completed:
            return self._task_event(kind, facts, duration=ended.duration)
        if kind is e.Failed:
            return self._task_event(kind, facts, error=error, will_retry=False, retry_after=None)
        if kind in _WITH_ERROR:
            return self._task_event(kind, facts, error=error)
        return self._task_event(kind, facts)

    def _task_event(self, kind: type[E], facts: Facts, **more: Any) -> E:
        lane = self._lanes.key(facts.lane)
        return self._event(
            kind,
            task_id=facts.id,
            task_type=lane.task_type,
            domain=lane.domain,
            label=facts.label,
            tags=self._tags_of(facts.tags),
            base_priority=facts.priority,
            effective_priority=self._effective_of(facts),
            **more,
        )

    def _event(self, kind: type[E], **more: Any) -> E:
        return kind(seq=self._bus.next_seq(), at=self._at, **more)

    def _tags_of(self, text: str | None) -> Mapping[str, str]:
        """The tags of a task. Those of its neighbour are often the same; each event has its own copy."""
        if text != self._tags_text:
            self._tags_text, self._tags = text, tags_of(text)
        return self._tags
