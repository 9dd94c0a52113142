"""Who waits for a calmer machine: the policy as it is changed, and what it holds back at this moment."""

from __future__ import annotations

import math
from collections.abc import Callable

from scheduler_core.clock import Clock, TimerHandle
from scheduler_core.engine.dispatcher import Dispatcher
from scheduler_core.engine.lanes import Lanes
from scheduler_core.engine.pressure import PressureMonitor
from scheduler_core.model.snapshot import HeldBack, PressureReading
from scheduler_core.model.throttle import ThrottlePolicy
from scheduler_core.policy.state import DispatchState

_INTERVAL_S = 0.25


class Throttling:
    """`held` is what the throttle holds back, None: nothing. `tell_held` is called when it has changed.

    It is looked at after turns of the dispatcher and when counts change, but counted anew at most four times a second.
    """

    def __init__(
        self,
        clock: Clock,
        state: DispatchState,
        lanes: Lanes,
        dispatcher: Dispatcher,
        pressure: PressureMonitor,
        pending: Callable[[int], int],
        tell_held: Callable[[HeldBack | None], None],
        tell_policy: Callable[[ThrottlePolicy], None],
    ) -> None:
        self._clock = clock
        self._state = state
        self._lanes = lanes
        self._dispatcher = dispatcher
        self._pressure = pressure
        self._pending = pending
        self._tell_held = tell_held
        self._tell_policy = tell_policy
        self._counted_at = -math.inf
        self._again: TimerHandle | None = None
        self._is_closed = False
        self.held: HeldBack | None = None

    def set_policy(self, policy: ThrottlePolicy) -> None:
        """Change who waits; whoever does is looked at again."""
        if policy == self._state.throttle:
            return
        self._state.throttle = policy
        self._counted_at = -math.inf
        self._pressure.look_again()
        self._dispatcher.throttle_changed()
        self._tell_policy(policy)

    def look(self) -> None:
        """Who waits for which gate, or who is paused, may have changed."""
        if self._is_closed:
            return
        holds = self._dispatcher.waits_for_calm
        if not holds and self.held is None:
            return
        wait = self._counted_at + _INTERVAL_S - self._clock.monotonic()
        if not holds or self._state.paused:
            self._set(None)
        elif self.held is None or wait <= 0:
            self._counted_at = self._clock.monotonic()
            self._set(self._count(self._pressure.reading))
        elif self._again is None:
            self._again = self._clock.call_later(wait, self._on_timer)

    def close(self) -> None:
        """Keep no timer, and set none for what the last commits bring. Idempotent."""
        self._is_closed = True
        if self._again is not None:
            self._again.cancel()
            self._again = None

    def _on_timer(self) -> None:
        self._again = None
        self.look()

    def _count(self, reading: PressureReading) -> HeldBack | None:
        state = self._state
        lanes = [lane for lane in self._lanes.in_lots("throttle") if not state.is_held(lane.task.lane)]
        limits = [limit for lane in lanes if (limit := state.throttle.limit(lane.task.effective)) is not None]
        if not lanes or not limits or reading.source is None:
            return None
        in_memory = sum(len(lane.heap) for lane in lanes if lane.tail is None)
        stored = {lane.id for lane in lanes if lane.tail is not None}
        return HeldBack(
            source=reading.source,
            pressure=reading.pressure,
            limit=max(limits),
            count=in_memory + sum(self._pending(lane) for lane in stored),
            domains=tuple(sorted({lane.task.lane.domain for lane in lanes})),
        )

    def _set(self, held: HeldBack | None) -> None:
        if held != self.held:
            self.held = held
            self._tell_held(held)
