"""Tells what happened, after it was committed. Nobody who listens can hold the scheduler up or break it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from typing import Any, cast
from weakref import WeakSet

from scheduler_core.clock import Clock, to_datetime
from scheduler_core.errors import WrongTypeError
from scheduler_core.model.events import EventsLost, SchedulerEvent

log = logging.getLogger(__name__)

Listener = Callable[[list[SchedulerEvent]], None]
Accepts = Callable[[SchedulerEvent], bool]
Kinds = Collection[type[SchedulerEvent]]

_ALL = (SchedulerEvent,)
QUEUE_LIMIT = 10_000
"""Events that one `events()` iterator keeps for a slow reader."""


class EventBus:
    """Publishes lists of events, one list a commit, to callbacks and to async iterators.

    `forward` gets them too while `is_wanted` says so: handles turn them into signals.
    """

    def __init__(
        self, clock: Clock, is_wanted: Callable[[], bool], forward: Callable[[Sequence[SchedulerEvent]], None]
    ) -> None:
        self._clock = clock
        self._is_wanted = is_wanted
        self._forward = forward
        self._listeners: dict[object, tuple[Listener, tuple[type[SchedulerEvent], ...]]] = {}
        self._listened_to: dict[type[SchedulerEvent], bool] = {}
        # Weak: a reader that left its loop has no way to say so.
        self._queues: WeakSet[EventQueue] = WeakSet()
        self._is_closed = False
        self._seq = 0

    @property
    def is_heard(self) -> bool:
        """Does anybody listen? Events are only made if so."""
        return bool(self._listeners or self._queues) or self._is_wanted()

    def wants(self, kind: type[SchedulerEvent]) -> bool:
        """Does anybody listen to events of this kind? No others are made."""
        if kind not in self._listened_to:
            self._listened_to[kind] = any(issubclass(kind, only) for _, only in self._listeners.values())
        return self._listened_to[kind] or bool(self._queues) or self._is_wanted()

    def now(self) -> float:
        """The time that events carry."""
        return self._clock.time()

    def next_seq(self) -> int:
        """The number of the next event."""
        self._seq += 1
        return self._seq

    def subscribe(self, listener: Listener, only: Kinds | None = None) -> Callable[[], None]:
        """Call `listener` with each list of events, on the loop's thread; returns what undoes it.

        With `only`, it is called with events of these kinds alone.
        """
        if not callable(listener):
            raise WrongTypeError(
                "listener", f"{listener!r} cannot be called", "Pass a function of a list of events."
            )
        token = object()
        self._listeners[token] = (listener, _kinds(only))
        self._listened_to.clear()

        def undo() -> None:
            self._listeners.pop(token, None)
            self._listened_to.clear()

        return undo

    def events(self, accepts: Accepts = lambda _: True) -> AsyncIterator[SchedulerEvent]:
        """An async iterator over what happens from now on. A slow reader loses the oldest, and is told how many."""
        queue = EventQueue(self, accepts)
        if self._is_closed:
            queue.end()
        return queue

    def publish(self, events: Sequence[SchedulerEvent]) -> None:
        """Tell everybody. An exception of a listener is logged, and nothing else."""
        if not events:
            return
        if self._is_wanted():
            self._forward(events)
        for listener, only in tuple(self._listeners.values()):
            wanted = list(events) if only == _ALL else [one for one in events if issubclass(type(one), only)]
            if not wanted:
                continue
            try:
                listener(wanted)
            except Exception:
                log.exception("a listener to events failed: %r", listener)
        for queue in tuple(self._queues):
            queue.put(events)

    def close(self) -> None:
        """End all iterators, also those that are asked for from now on."""
        self._is_closed = True
        for queue in tuple(self._queues):
            queue.end()

    def attach(self, queue: EventQueue) -> None:
        """An iterator starts to listen."""
        self._queues.add(queue)

    def detach(self, queue: EventQueue) -> None:
        """An iterator has ended."""
        self._queues.discard(queue)


class EventQueue(AsyncIterator[SchedulerEvent]):
    """One reader of events; it listens until it is closed, or the scheduler is."""

    def __init__(self, bus: EventBus, accepts: Accepts) -> None:
        self._bus = bus
        self._accepts = accepts
        self._waiting: deque[SchedulerEvent] = deque()
        self._lost = 0
        self._ended = False
        self._news = asyncio.Event()
        bus.attach(self)

    def put(self, events: Sequence[SchedulerEvent]) -> None:
        """Keep what this reader wants, at most `QUEUE_LIMIT`."""
        for event in events:
            if self._accepts(event):
                if len(self._waiting) >= QUEUE_LIMIT:
                    self._waiting.popleft()
                    self._lost += 1
                self._waiting.append(event)
        self._news.set()

    def end(self) -> None:
        """No more events come; what waits can still be read."""
        self._ended = True
        self._bus.detach(self)
        self._news.set()

    async def aclose(self) -> None:
        """Stop listening."""
        self._waiting.clear()
        self.end()

    async def __anext__(self) -> SchedulerEvent:
        while not self._waiting and not self._lost:
            if self._ended:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        if self._lost:
            lost, self._lost = self._lost, 0
            return EventsLost(at=to_datetime(self._bus.now()), count=lost)
        return self._waiting.popleft()


def _kinds(only: Kinds | None) -> tuple[type[SchedulerEvent], ...]:
    if only is None:
        return _ALL
    words = (
        "only",
        f"{only!r} is no collection of kinds of events",
        "Pass for example {Failed, DeadLettered}.",
    )
    try:
        kinds: tuple[Any, ...] = tuple(only)
    except TypeError:
        raise WrongTypeError(*words) from None
    if not all(isinstance(kind, type) and issubclass(kind, SchedulerEvent) for kind in kinds):
        raise WrongTypeError(*words)
    return cast("tuple[type[SchedulerEvent], ...]", kinds)
