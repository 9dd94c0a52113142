"""The one loop that starts tasks: the best head among open lanes, as long as there is one and a slot for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from scheduler_core.clock import Clock
from scheduler_core.engine.lanes import Choice, FirstClosed, Lanes
from scheduler_core.engine.openings import Openings
from scheduler_core.engine.retries import Retries
from scheduler_core.errors import StoreError
from scheduler_core.model.lane import Candidate
from scheduler_core.model.submission import stands_alone
from scheduler_core.policy.gate import Gate, Lot
from scheduler_core.policy.state import DispatchState
from scheduler_core.store.claim import Claimed
from scheduler_core.store.submit import Request
from scheduler_core.store.task_store import TaskStore

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 256

Start = Callable[[Sequence[tuple[Claimed, Choice]]], None]
MakeRoom = Callable[[Gate, Candidate], bool]
"""Asked to free a slot behind a closed gate for a task; False: it should have one, and there is none."""


class Dispatcher:
    """Chooses tasks in memory, claims them in one transaction, and hands them to `start`.

    A slot is taken when a task is chosen. `ended` returns it, and `wake` asks for another turn of the loop; both
    are plain calls. `on_store_failed` is told when a claim could not be written; it is tried again a second later.
    `before_turn` is called when a turn of the loop begins, `on_rest` when one found nothing to start. `first_closed`
    answers at which gate a task waits, if at any; when one holds back the best task of a lane, `make_room` is called, and
    `count_held_back` with the gate's name. `after_turn` is called when it is known who waits for which gate.
    """

    def __init__(
        self,
        store: TaskStore,
        lanes: Lanes,
        state: DispatchState,
        clock: Clock,
        retries: Retries,
        start: Start,
        on_store_failed: Callable[[StoreError], None],
        before_turn: Callable[[], None],
        on_rest: Callable[[], None],
        first_closed: FirstClosed,
        make_room: MakeRoom,
        count_held_back: Callable[[str], None],
        after_turn: Callable[[], None],
    ) -> None:
        self._store = store
        self._lanes = lanes
        self._state = state
        self._retries = retries
        self._start = start
        self._on_store_failed = on_store_failed
        self._before_turn = before_turn
        self._on_rest = on_rest
        self._first_closed = first_closed
        self._make_room = make_room
        self._count_held_back = count_held_back
        self._after_turn = after_turn
        self._openings = Openings(clock, lanes, state, self.wake)
        self._without_room: set[Lot | None] = set()
        self._claiming: dict[int, Choice] = {}
        self._ahead: set[int] = set()
        self._claims: set[asyncio.Future[Any]] = set()
        self._running: set[int] = set()
        self._is_open = False
        self._has_turn = False

    @property
    def waits_for_tokens(self) -> bool:
        """Is there a task that only a rate limit holds back, for a while?"""
        return self._openings.waits_for_tokens

    @property
    def waits_for_machine(self) -> bool:
        """Is there a task that waits until the machine is less busy?"""
        return self._openings.waits_for_machine

    @property
    def waits_for_calm(self) -> bool:
        """Is there a task that the throttle holds back?"""
        return self._openings.waits_for_calm

    @property
    def waits_for_room(self) -> bool:
        """Is there a task that waits until the machine has room for what it will move?"""
        return self._openings.waits_for_room

    @property
    def is_busy(self) -> bool:
        """Is a turn due, or a claim on its way?"""
        return self._has_turn or bool(self._claiming)

    def is_claiming(self, task_id: int) -> bool:
        """Has the task been chosen, but not been started yet?"""
        return task_id in self._claiming

    def is_ahead(self, task_id: int) -> bool:
        """Has the task been chosen while it was being stored, and not been started yet?"""
        return task_id in self._ahead

    def claiming(self) -> list[Candidate]:
        """What has been chosen, but not been started yet."""
        return [choice.task for choice in self._claiming.values()]

    def open(self) -> None:
        """Begin to dispatch."""
        self._is_open = True
        self.wake()

    async def close(self) -> None:
        """Choose nothing more; returns when every claim on its way has been answered. Idempotent."""
        self._is_open = False
        self._openings.close()
        while self._claims:
            await asyncio.wait(self._claims)

    async def wait_claimed(self) -> None:
        """Returns when every claim that is on its way now has been answered."""
        if self._claims:
            await asyncio.wait(list(self._claims))

    def wake(self) -> None:
        """Something may start now: look at the next turn of the event loop, once for all who ask."""
        if self._is_open and not self._has_turn:
            self._has_turn = True
            asyncio.get_running_loop().call_soon(self._turn)

    def submitting(self, requests: Sequence[Request]) -> None:
        """These are being stored. If nothing else waits, what of them may start is claimed by the same transaction.

        Who turns out not to have been stored was chosen for nothing, like who was cancelled between choice and claim.
        """
        if not self._is_open or not self._lanes.is_idle:
            return
        new = list(islice(_newcomers(requests), _MOST_AT_ONCE + 1))
        if not new or len(new) > _MOST_AT_ONCE or (len(new) > 1 and self._lanes.is_shared):
            return
        self._before_turn()
        chosen: list[Choice] = []
        for priority, task_id, lane in sorted(new):
            task = Candidate(self._store.lanes.key(lane), priority, priority)
            if self._first_closed(task) is None:
                chosen.append(self._choose(Choice(task_id, lane, task, None)))
                self._ahead.add(task_id)
        if chosen:
            self._claim(chosen)

    def ended(self, task_id: int) -> None:
        """An attempt that was started is over: its slot is free."""
        self._running.discard(task_id)
        self._give_back(task_id)

    def machine_changed(self) -> None:
        """The machine is more, or less, busy than before."""
        self._openings.machine_changed()

    def throttle_changed(self) -> None:
        """Others wait for the machine from now on."""
        self._openings.throttle_changed()

    def _give_back(self, task_id: int) -> None:
        self._openings.slot_free(self._state.give_back(task_id))
        self.wake()

    def _turn(self) -> None:
        self._has_turn = False
        if not self._is_open:
            return
        self._before_turn()
        chosen: list[Choice] = []
        for choice in self._lanes.take(self._first_closed, self._on_closed):
            # An upgraded task stands in its lane twice; the second time it is found here.
            if choice.id in self._claiming or choice.id in self._running:
                continue
            chosen.append(self._choose(choice))
            if len(chosen) >= _MOST_AT_ONCE:
                self.wake()
                break
        self._openings.await_next()
        self._after_turn()
        if chosen:
            self._claim(chosen)
            self._store.database.begin()
        else:
            self._on_rest()

    def _choose(self, choice: Choice) -> Choice:
        self._state.take(choice.id, choice.task.lane)
        self._claiming[choice.id] = choice
        return choice

    def _claim(self, chosen: list[Choice]) -> None:
        claim = self._store.claim([choice.id for choice in chosen])
        self._claims.add(claim)
        claim.add_done_callback(partial(self._on_written, chosen))

    def _on_closed(self, gate: Gate, task: Candidate) -> None:
        self._count_held_back(gate.name)
        if not self._make_room(gate, task) and self._claiming:
            # What takes the slots has not started yet; then it may have to yield.
            self._without_room.add(gate.lot(self._state, task))

    def _on_written(self, chosen: list[Choice], claim: asyncio.Future[Any]) -> None:
        self._claims.discard(claim)
        if self._ahead:
            self._ahead.difference_update(choice.id for choice in chosen)
        error = claim.exception()
        if isinstance(error, StoreError):
            self._on_store_failed(error)
            self._retries.later(lambda: self._put_back(chosen))
        elif error is not None:
            raise error
        else:
            self._on_claimed(chosen, claim.result()[0])

    def _on_claimed(self, chosen: list[Choice], claimed: list[Claimed]) -> None:
        rows = {row.id: row for row in claimed}
        started: list[tuple[Claimed, Choice]] = []
        for choice in chosen:  # in the order of dispatch, which the database does not keep
            self._claiming.pop(choice.id, None)
            row = rows.get(choice.id)
            if row is None:  # it was cancelled meanwhile, or stands twice in its lane
                self._was_for_nothing(choice)
            else:
                self._running.add(choice.id)
                started.append((row, choice))
        self._start(started)
        if self._without_room:
            lots, self._without_room = self._without_room, set()
            for lot in lots:
                if lot is not None:
                    self._lanes.wake(lot)
            self.wake()

    def _put_back(self, chosen: list[Choice]) -> None:
        for choice in chosen:
            self._claiming.pop(choice.id, None)
            self._lanes.add(choice.lane, choice.task.priority, choice.id, choice.aged_from)
            self._was_for_nothing(choice)

    def _was_for_nothing(self, choice: Choice) -> None:
        """It was chosen, but does not start: others may have what it took."""
        self._state.was_for_nothing(choice.key)
        self._openings.tokens_back(choice.key)
        self._give_back(choice.id)


def _newcomers(requests: Sequence[Request]) -> Iterator[tuple[int, int, int]]:
    """Priority, id and lane of what is ready as soon as it is stored; who waits for others or for a time has to."""
    for submissions, ids, lanes in requests:
        for submission, task_id, lane in zip(submissions, ids, lanes, strict=True):
            if stands_alone(submission) and submission.due_at is None:
                yield submission.priority, task_id, lane
