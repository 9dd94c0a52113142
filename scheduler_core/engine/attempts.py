"""The attempts that run: started here, stopped here, and reported when they are over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scheduler_core.clock import Clock, TimerHandle
from scheduler_core.domain.domain import Domain
from scheduler_core.engine.attempt import Attempt, StopReason
from scheduler_core.engine.runner import AttemptRunner
from scheduler_core.engine.waiting import Patience
from scheduler_core.model.lane import LaneKey
from scheduler_core.store.claim import Claimed
from scheduler_core.store.finish import Outcome
from scheduler_core.store.rows import LaneTable

_PROGRESS_INTERVAL_S = 0.1


class Attempts:
    """Every running attempt by its task's id.

    `on_over(attempt, outcome)` is called when one is over; `on_progress(attempts)` at most ten times a second with those
    that told how far they are, and with one that ends for what it told last.
    """

    def __init__(
        self,
        clock: Clock,
        lanes: LaneTable,
        domains: Mapping[str, Domain[Any]],
        runner: AttemptRunner,
        on_over: Callable[[Attempt, Outcome], None],
        on_progress: Callable[[list[Attempt]], None],
    ) -> None:
        self._clock = clock
        self._lanes = lanes
        self._domains = domains
        self._runner = runner
        self._on_over = on_over
        self._on_progress = on_progress
        self._running: dict[int, Attempt] = {}
        self._told: dict[int, Attempt] = {}
        self._timer: TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._patience = Patience(clock)

    def __len__(self) -> int:
        return len(self._running)

    def start(self, claimed: Claimed, lane: LaneKey, stop: StopReason | None) -> Attempt:
        """Begin an attempt; with `stop` it is told to stop before it has begun."""
        self._loop = loop = asyncio.get_running_loop()
        domain = self._domains[lane.domain]
        registration = domain.registrations[lane.task_type]
        attempt = Attempt(claimed, lane, self._lanes, registration, domain.state, self._clock, self._on_told)
        attempt.stop_reason = stop
        self._running[claimed.id] = attempt
        attempt.task = loop.create_task(self._run(attempt))
        return attempt

    def get(self, task_id: int) -> Attempt | None:
        """The attempt of a task, if it runs."""
        return self._running.get(task_id)

    def all(self, keep: Callable[[LaneKey], bool] = lambda _: True) -> list[Attempt]:
        """Those whose lane `keep` accepts, the oldest first."""
        return [attempt for attempt in self._running.values() if keep(attempt.lane)]

    def priorities(self) -> list[tuple[int, int]]:
        """The id and the priority of each."""
        return [(attempt.id, attempt.claimed.priority) for attempt in self._running.values()]

    def stop(self, attempts: Iterable[Attempt], reason: StopReason) -> None:
        """Tell them to stop."""
        for attempt in attempts:
            attempt.stop(reason)

    async def wait(self, attempts: Iterable[Attempt], at_most_s: float) -> bool:
        """Wait until all of these are over, at most `at_most_s` seconds; were they?"""
        return await self._patience.wait(
            [attempt.task for attempt in attempts if attempt.task is not None], at_most_s
        )

    def forget(self) -> None:
        """Keep no timer, and set none for what is told from now on: the scheduler closes."""
        self._loop = None
        self._patience.close()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _run(self, attempt: Attempt) -> None:
        outcome = await self._runner.run(attempt)
        self._running.pop(attempt.id, None)
        if self._told.pop(attempt.id, None) is not None:
            self._on_progress([attempt])
        self._on_over(attempt, outcome)

    def _on_told(self, attempt: Attempt) -> None:
        """From any thread: remember that it told something, and see to it that somebody hears it."""
        known = attempt.is_told
        attempt.is_told = True
        self._told[attempt.id] = attempt
        if not known and self._loop is not None:
            self._loop.call_soon_threadsafe(self._set_timer)

    def _set_timer(self) -> None:
        if self._timer is None and self._told:
            self._timer = self._clock.call_later(_PROGRESS_INTERVAL_S, self._tell)

    def _tell(self) -> None:
        self._timer = None
        running: list[Attempt] = []
        for task_id in list(self._told):  # taken out one by one: other threads may put more in meanwhile
            attempt = self._told.pop(task_id, None)
            if attempt is not None:
                attempt.heard()
                running.append(attempt)
        running = [attempt for attempt in running if attempt.id in self._running]
        if running:
            self._on_progress(running)
