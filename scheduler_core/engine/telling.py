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

_SLICE = 250
"""Events that are told before the event loop gets a turn: about a millisecond, with its listeners."""


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
            self._say(self._task_event(kind, facts, **more) for kind, facts, more in told)

    def tell_state(self, kind: type[e.SchedulerEvent], **more: Any) -> None:
        """One event that is not about a task."""
        if self._bus.is_heard:
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
        for facts, status in changes.submitted:
            yield self._task_event(e.Submitted, facts, status=status)
        for facts in changes.unblocked:
            yield self._task_event(e.Unblocked, facts)
        for facts in changes.waiting:
            yield self._task_event(e.Waiting, facts)
        for facts, error, at in changes.retried:
            after = 0.0 if at is None else max(0.0, at - self._bus.now())
            yield self._task_event(e.Failed, facts, error=error, will_retry=True, retry_after=after)
        for facts in changes.preempted:
            yield self._task_event(e.Preempted, facts)
        for facts in changes.interrupted:
            yield self._task_event(e.Paused, facts)
        for ended in changes.ended:
            yield self._ended(ended)
        for facts, schedule_id, n in changes.skipped:
            yield self._task_event(e.RecurringSkipped, facts, schedule_id=schedule_id, count=n)
        for facts, schedule_id, n in changes.spent:
            yield self._task_event(e.RecurringCompleted, facts, schedule_id=schedule_id, occurrences=n)

    def _ended(self, ended: Ended) -> e.SchedulerEvent:
        facts, error = ended.facts, ended.error or ""
        match ended.status:
            case TaskStatus.COMPLETED:
                return self._task_event(e.Completed, facts, duration=ended.duration)
            case TaskStatus.DEAD_LETTER:
                return self._task_event(e.DeadLettered, facts, error=error)
            case TaskStatus.CANCELLED:
                return self._task_event(e.Cancelled, facts)
            case TaskStatus.SUPERSEDED:
                return self._task_event(e.Superseded, facts)
            case TaskStatus.EXPIRED:
                return self._task_event(e.Expired, facts)
            case TaskStatus.DEPENDENCY_FAILED:
                return self._task_event(e.DependencyFailed, facts, error=error)
            case _:
                return self._task_event(e.Failed, facts, error=error, will_retry=False, retry_after=None)

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
