"""The one loop that starts tasks: the best head among open lanes, as long as there is one and a slot for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from scheduler_core.clock import Clock, TimerHandle, timer_delay
from scheduler_core.engine.lanes import Choice, Lanes
from scheduler_core.errors import StoreError
from scheduler_core.model.lane import LaneKey
from scheduler_core.policy.gate import Gate, Lot, first_closed
from scheduler_core.policy.rate_limit import TokenBucket
from scheduler_core.policy.state import DispatchState
from scheduler_core.store.claim import Claimed
from scheduler_core.store.task_store import TaskStore

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 256
_RETRY_S = 1.0

Start = Callable[[Sequence[tuple[Claimed, LaneKey]]], None]
MakeRoom = Callable[[Gate, LaneKey, int], bool]
"""Asked to free a slot behind a closed gate for a task of this priority; False: it should have one, and there is none."""


class Dispatcher:
    """Chooses tasks in memory, claims them in one transaction, and hands them to `start`.

    A slot is taken when a task is chosen. `give_back` returns it, and `wake` asks for another turn of the loop; both
    are plain calls. `on_store_failed` is told when a claim could not be written; it is tried again a second later.
    `on_rest` is called when a turn of the loop found nothing to start, `make_room` when a gate holds back the best task
    of a lane.
    """

    def __init__(
        self,
        store: TaskStore,
        lanes: Lanes,
        state: DispatchState,
        clock: Clock,
        start: Start,
        on_store_failed: Callable[[StoreError], None],
        on_rest: Callable[[], None],
        make_room: MakeRoom,
    ) -> None:
        self._store = store
        self._lanes = lanes
        self._state = state
        self._clock = clock
        self._start = start
        self._on_store_failed = on_store_failed
        self._on_rest = on_rest
        self._make_room = make_room
        self._without_room: set[Lot | None] = set()
        self._claiming: set[int] = set()
        self._claims: set[asyncio.Task[None]] = set()
        self._running: set[int] = set()
        self._is_open = False
        self._has_turn = False
        self._rate_timer: TimerHandle | None = None

    @property
    def waits_for_tokens(self) -> bool:
        """Is there a task that only a rate limit holds back, for a while?"""
        return self._rate_timer is not None

    @property
    def is_busy(self) -> bool:
        """Is a turn due, or a claim on its way?"""
        return self._has_turn or bool(self._claiming)

    def is_claiming(self, task_id: int) -> bool:
        """Has the task been chosen, but not been started yet?"""
        return task_id in self._claiming

    def open(self) -> None:
        """Begin to dispatch."""
        self._is_open = True
        self.wake()

    async def close(self) -> None:
        """Choose nothing more; returns when every claim on its way has been answered. Idempotent."""
        self._is_open = False
        if self._rate_timer is not None:
            self._rate_timer.cancel()
            self._rate_timer = None
        while self._claims:
            await asyncio.wait(self._claims)

    def wake(self) -> None:
        """Something may start now: look at the next turn of the event loop, once for all who ask."""
        if self._is_open and not self._has_turn:
            self._has_turn = True
            asyncio.get_running_loop().call_soon(self._turn)

    def ended(self, task_id: int, lane: LaneKey) -> None:
        """An attempt that was started is over: its slot is free."""
        self._running.discard(task_id)
        self._give_back(lane)

    def _give_back(self, lane: LaneKey) -> None:
        self._state.give_back(lane)
        self._lanes.wake(Lot("domain", lane.domain))
        if lane.group:
            self._lanes.wake(Lot("group", lane.group))
        self.wake()

    def _turn(self) -> None:
        self._has_turn = False
        if not self._is_open:
            return
        state = self._state
        chosen: list[Choice] = []
        for choice in self._lanes.take(lambda lane: first_closed(state, lane), self._on_closed):
            # An upgraded task stands in its lane twice; the second time it is found here.
            if choice.id in self._claiming or choice.id in self._running:
                continue
            state.take(choice.key)
            self._claiming.add(choice.id)
            chosen.append(choice)
            if len(chosen) >= _MOST_AT_ONCE:
                self.wake()
                break
        self._await_tokens()
        if chosen:
            claim = self._store.claim([choice.id for choice in chosen])
            task = asyncio.get_running_loop().create_task(self._start_claimed(chosen, claim))
            self._claims.add(task)
            task.add_done_callback(self._claims.discard)
        else:
            self._on_rest()

    def _on_closed(self, gate: Gate, lane: LaneKey, priority: int) -> None:
        if not self._make_room(gate, lane, priority) and self._claiming:
            # What takes the slots has not started yet; then it may have to yield.
            self._without_room.add(gate.lot(lane))

    def _await_tokens(self) -> None:
        """Sleep until the first rate limit that holds a lane back has a token again."""
        if self._rate_timer is not None:
            self._rate_timer.cancel()
            self._rate_timer = None
        waits = [bucket.wait(self._clock.monotonic()) for _, bucket in self._rates_in_the_way()]
        if waits:
            self._rate_timer = self._clock.call_later(timer_delay(min(waits)), self._on_tokens)

    def _on_tokens(self) -> None:
        self._rate_timer = None
        for lot, _ in self._rates_in_the_way():
            self._lanes.wake(lot)
        self.wake()

    def _rates_in_the_way(self) -> list[tuple[Lot, TokenBucket]]:
        state = self._state
        if not state.type_rates and not state.group_rates:
            return []
        buckets = {"type rate": state.type_rates, "group rate": state.group_rates}
        found = [(lot, buckets.get(lot.scope, {}).get(lot.name)) for lot in self._lanes.waiting_lots()]
        return [(lot, bucket) for lot, bucket in found if bucket is not None]

    async def _start_claimed(self, chosen: list[Choice], claim: Awaitable[list[Claimed]]) -> None:
        try:
            claimed = await claim
        except StoreError as error:
            self._on_store_failed(error)
            self._clock.call_later(_RETRY_S, lambda: self._put_back(chosen))
            return
        rows = {row.id: row for row in claimed}
        started: list[tuple[Claimed, LaneKey]] = []
        for choice in chosen:  # in the order of dispatch, which the database does not keep
            self._claiming.discard(choice.id)
            row = rows.get(choice.id)
            if row is None:  # it was cancelled meanwhile, or stands twice in its lane
                self._state.was_for_nothing(choice.key)
                self._give_back(choice.key)
            else:
                self._running.add(choice.id)
                started.append((row, choice.key))
        self._start(started)
        if self._without_room:
            lots, self._without_room = self._without_room, set()
            for lot in lots:
                if lot is not None:
                    self._lanes.wake(lot)
            self.wake()

    def _put_back(self, chosen: list[Choice]) -> None:
        for choice in chosen:
            self._claiming.discard(choice.id)
            self._state.was_for_nothing(choice.key)
            self._lanes.add(choice.lane, choice.priority, choice.id)
            self._give_back(choice.key)
