"""Which gates may have opened: whoever waits for one of them is looked at again, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from scheduler_core.clock import Clock, TimerHandle, timer_delay
from scheduler_core.engine.lanes import Lanes
from scheduler_core.model.lane import LaneKey
from scheduler_core.policy.gate import Lot
from scheduler_core.policy.rate_limit import TokenBucket
from scheduler_core.policy.state import DispatchState, Taken


class Openings:
    """Wakes lots. One timer, for the first token or the first task that will be urgent enough for a busy machine."""

    def __init__(self, clock: Clock, lanes: Lanes, state: DispatchState, wake: Callable[[], None]) -> None:
        self._clock = clock
        self._lanes = lanes
        self._state = state
        self._wake = wake
        self._timer: TimerHandle | None = None
        self._has_tokens_to_await = False

    @property
    def waits_for_tokens(self) -> bool:
        """Is there a task that only a rate limit holds back, for a while?"""
        return self._has_tokens_to_await

    @property
    def waits_for_machine(self) -> bool:
        """Is there a task that waits until the machine is less busy?"""
        return self.waits_for_calm or self.waits_for_room

    @property
    def waits_for_calm(self) -> bool:
        """Is there a task that the throttle holds back?"""
        return bool(self._lanes.lots("throttle"))

    @property
    def waits_for_room(self) -> bool:
        """Is there a task that waits until the machine has room for what it will move?"""
        return bool(self._lanes.lots("io"))

    def slot_free(self, taken: Taken) -> None:
        """A task gave its slot back."""
        if not self._lanes.has_lots:
            return
        lane, io = taken
        self._lanes.wake(Lot("domain", lane.domain))
        if lane.group:
            self._lanes.wake(Lot("group", lane.group))
        if io is not None:
            self._wake_all("io")

    def tokens_back(self, lane: LaneKey) -> None:
        """A task of this lane was chosen, but did not start: the tokens it took are there again."""
        self._lanes.wake(Lot("type rate", lane.task_type))
        if lane.group:
            self._lanes.wake(Lot("group rate", lane.group))

    def machine_changed(self) -> None:
        """The machine is more, or less, busy than before."""
        self._wake_all("throttle")
        self._wake_all("io")
        self._wake()

    def throttle_changed(self) -> None:
        """Others wait for the machine from now on. Lots are named by the limits that were: none keeps a lane."""
        while lots := self._lanes.lots("throttle"):
            for lot in lots:
                self._lanes.wake(lot)
        self._wake()

    def await_next(self) -> None:
        """Sleep until a gate that only time opens may be open for somebody."""
        self.close()
        tokens = [bucket.wait(self._clock.monotonic()) for _, bucket in self._rates_in_the_way()]
        self._has_tokens_to_await = bool(tokens)
        ripe = self._lanes.next_ripening()
        waits = tokens if ripe is None else [*tokens, ripe]
        if waits:
            self._timer = self._clock.call_later(timer_delay(min(waits)), self._on_timer)

    def close(self) -> None:
        """Keep no timer."""
        self._has_tokens_to_await = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _on_timer(self) -> None:
        self._timer = None
        for lot, _ in self._rates_in_the_way():
            self._lanes.wake(lot)
        self._wake()

    def _wake_all(self, scope: Literal["throttle", "io"]) -> None:
        for lot in self._lanes.lots(scope):
            self._lanes.wake(lot)

    def _rates_in_the_way(self) -> list[tuple[Lot, TokenBucket]]:
        state = self._state
        found: list[tuple[Lot, TokenBucket]] = []
        if state.type_rates:
            found += _with_bucket(self._lanes.lots("type rate"), state.type_rates)
        if state.group_rates:
            found += _with_bucket(self._lanes.lots("group rate"), state.group_rates)
        return found


def _with_bucket(lots: list[Lot], buckets: dict[str, TokenBucket]) -> list[tuple[Lot, TokenBucket]]:
    return [(lot, buckets[lot.name]) for lot in lots if lot.name in buckets]
