"""Ready tasks in memory: a bounded window of each lane, in one order, with held lanes out of everybody's way.

A lane here is what every gate treats alike: the tasks of one stored lane (`LaneKey`) and one priority. Lanes stand in the
pool of their group, by how urgent their first task is by now; the pools stand in the line, by whose turn it is and then
by their best lane. A lane whose gate is closed leaves its pool for that gate's lot, whole: what stands behind it is not
looked at. When the gate opens, the best lane of its lot comes back; each lane that gets through brings the next one, so
that a slot that becomes free costs a handful of steps whether ten lanes wait for it or ten thousand.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol

from scheduler_core.engine.ages import Ages
from scheduler_core.engine.lots import Lots
from scheduler_core.engine.pools import ID_BITS, Lane, Pools
from scheduler_core.model.lane import Candidate, LaneKey
from scheduler_core.policy.gate import Gate, Lot, LotScope

WINDOW = 512
"""Most ready tasks of one lane that are loaded at once; twice as many may be held. Fewer, where there are many lanes."""
LOW_WATER = 128
"""A window with fewer is filled up again, before it is empty. As much fewer, where the window is smaller."""
MOST_LOADED = 65_536
"""The windows of all lanes together, as long as each has `LEAST_WINDOW`."""
LEAST_WINDOW = 8

FirstClosed = Callable[[Candidate], Gate | None]
LotOf = Callable[[Gate, Candidate], Lot | None]
OnClosed = Callable[[Gate, Candidate], None]
"""Told which gate holds the best task of a lane back."""


class Choice(NamedTuple):
    """A task that may start, and where it stood."""

    id: int
    lane: int
    task: Candidate
    aged_from: float | None

    @property
    def key(self) -> LaneKey:
        """The lane, as gates know it."""
        return self.task.lane


class Refill(Protocol):
    """Asks for the next page of a lane's ids; the answer comes back through `Lanes.refilled`."""

    def __call__(self, lane: int, priority: int, after: int, limit: int) -> None: ...


class Lanes:
    """All lanes of a scheduler. `refill` is called when a window runs low and the database holds more of it."""

    def __init__(
        self, key_of: Callable[[int], LaneKey], refill: Refill, lot_of: LotOf, ages: Ages, pools: Pools
    ) -> None:
        self._key_of = key_of
        self._refill = refill
        self._lot_of = lot_of
        self._ages = ages
        self._pools = pools
        self._lanes: dict[tuple[int, int], Lane] = {}
        self._lots = Lots()
        self._standing: dict[int, Lane] = {}
        """The lane in which a task stands. Where else its id is found in a heap, it is passed over."""
        self._ripening: list[tuple[float, int, Lane]] = []
        self._refilling = 0
        self._rearranged: dict[int, tuple[int, int]] = {}
        """Where tasks belong that were given another place while pages were on their way, which may know the old one."""
        self._window = self._trimmed_to = WINDOW

    @property
    def is_idle(self) -> bool:
        """Is no task ready, and no page of them on its way?"""
        return not self._standing and not self._refilling

    @property
    def is_shared(self) -> bool:
        """Does who comes next depend on the groups whose turn it is?"""
        return self._pools.is_shared

    @property
    def is_refilling(self) -> bool:
        """Is a page on its way?"""
        return self._refilling > 0

    def has_open(self, first_closed: FirstClosed) -> bool:
        """Is there a task that could start now?"""
        return any(
            lane.rank is not None and lane.lot is None and first_closed(lane.task) is None
            for lane in self._lanes.values()
        )

    def all(self) -> Iterable[Lane]:
        """Every lane that ever had a ready task."""
        return self._lanes.values()

    def places(self) -> list[tuple[int, int]]:
        """The (stored lane, priority) at which there ever was a ready task."""
        return list(self._lanes)

    def standing(self, lane: Lane) -> Iterator[int]:
        """The ready tasks of a lane that are in memory, in no order."""
        return (task_id for task_id in lane.heap if self._standing.get(task_id) is lane)

    def load(self, places: Iterable[tuple[int, int]]) -> None:
        """Fill the windows of lanes, given as (stored lane, priority), that have ready tasks in the database."""
        # All of them first: the more there are, the smaller is the page of each.
        for lane in [self._lane(lane_id, priority, is_stored=True) for lane_id, priority in places]:
            self._fill(lane)

    def add(self, lane_id: int, priority: int, task_id: int, aged_from: float | None = None) -> bool:
        """A task became ready, and waits since `aged_from` by the clock of its lane; None: that is not known.

        Is it the first of its lane? A gate holds back who stands before it otherwise.
        """
        lane = self._lane(lane_id, priority, is_stored=False)
        if lane.tail is not None and task_id > lane.tail:
            if lane.refilling:
                lane.missed.append((task_id, aged_from))
            return False
        self._push(lane, task_id, aged_from)
        self._trim(lane)
        if lane.rank is not None and lane.heap[0] == lane.head:
            return False
        # Its lot wakes the best lane only, which may stand in the line already: this one may be better than that.
        lane.lot = None
        self._stand(lane)
        return True

    def discard(self, task_id: int) -> None:
        """A task has ended: if it stands in a lane, it does no more."""
        lane = self._standing.pop(task_id, None)
        if lane is not None:
            self._left(lane, task_id)

    def rearrange(self, task_id: int, lane_id: int, priority: int) -> None:
        """A task belongs to this lane from now on: it leaves the one in which it stands. `add` puts it where it belongs."""
        if self._refilling:
            self._rearranged[task_id] = lane_id, priority
        self.discard(task_id)

    def _left(self, lane: Lane, task_id: int) -> None:
        """If it was the first of its lane, the lane stands where the next one belongs."""
        if lane.head != task_id:
            return
        origin, lane.origin = lane.origin, None
        self._stand(lane)
        if origin is not None:  # it was woken for the task that left: now another lane may be better
            self.wake(origin)

    def refilled(self, lane_id: int, priority: int, page: list[tuple[int, float | None]], limit: int) -> None:
        """The page that was asked for: (id, aged_from or None) in order. Fewer than `limit` were all there are."""
        lane = self._lanes[lane_id, priority]
        lane.refilling = False
        tail = page[-1][0] if len(page) == limit else None
        place = lane_id, priority
        page = [one for one in page if self._rearranged.get(one[0], place) == place]
        self._read_one()
        loaded = {task_id for task_id, _ in page}
        missed, lane.missed = lane.missed, []
        for task_id, aged_from in missed:
            if task_id not in loaded and (tail is None or task_id < tail):
                self._push(lane, task_id, aged_from)
        lane.tail = tail
        for task_id, aged_from in page:
            self._push(lane, task_id, aged_from)
        self._trim(lane)
        self._stand(lane)
        if self._is_low(lane):
            self._fill(lane)

    def refill_failed(self, lane_id: int, priority: int) -> None:
        """The page could not be read; `load` asks for it again."""
        lane = self._lanes[lane_id, priority]
        lane.refilling = False
        lane.missed = []
        self._read_one()

    def _read_one(self) -> None:
        """A page less is on its way."""
        self._refilling -= 1
        if not self._refilling:
            self._rearranged.clear()

    # Lots

    @property
    def has_lots(self) -> bool:
        """Does a gate hold anybody back?"""
        return bool(self._lots)

    def lots(self, scope: LotScope) -> list[Lot]:
        """The lots of a kind in which lanes wait."""
        return self._lots.waiting(scope)

    def in_lots(self, scope: LotScope) -> list[Lane]:
        """The lanes that wait in lots of a kind, each once."""
        return list({lane.number: lane for lane in self._lots.lanes(scope)}.values())

    def wake(self, lot: Lot) -> None:
        """A gate may be open again: the best lane that waits for it returns to its pool."""
        self._ripen()
        for lane in self._lots.leave(lot):
            lane.lot, lane.origin = None, lot
            self._stand(lane)

    def share_by_group(self, on: bool) -> None:
        """Who comes next depends on the groups from now on, or no longer does."""
        if self._pools.is_shared != on:
            self._pools.is_shared = on
            self._lots.clear(by_group=on)
            for lane in self._lanes.values():
                self._stand(lane)
            self._wake_origins()

    def _wake_origins(self) -> None:
        """Who was the best of a lot may not be it any more."""
        for origin in {lane.origin for lane in self._lanes.values() if lane.origin is not None}:
            self.wake(origin)

    def refresh(self) -> None:
        """The clock of some lanes stands still, or goes on again: see how urgent each is by now."""
        if self._ages.is_kept:
            self.reorder()

    def reorder(self) -> None:
        """Tasks age otherwise from now on: every lane stands where it belongs."""
        for lane in self._lanes.values():
            self._stand(lane)
        self._wake_origins()

    def ageless(self) -> list[int]:
        """The tasks of which is not known since when they wait."""
        return [task_id for task_id, lane in self._standing.items() if task_id not in lane.ages]

    def set_ages(self, known: Iterable[tuple[int, float]]) -> None:
        """Since when tasks wait, of which that was not known; `reorder` puts them where they belong."""
        for task_id, aged_from in known:
            lane = self._standing.get(task_id)
            if lane is not None:
                lane.ages.setdefault(task_id, aged_from)

    def forget_ages(self) -> None:
        """It matters to nobody any more since when tasks wait."""
        for lane in self._lanes.values():
            lane.ages = {}

    def next_ripening(self) -> float | None:
        """In how many seconds a lane that waits for the machine to calm down may have grown urgent enough; None: never."""
        waits = [lane.ripe_at for lane in self._lots.lanes("throttle") if lane.ripe_at is not None]
        return max(0.0, min(waits) - self._ages.monotonic()) if waits else None

    # The line

    def take(self, first_closed: FirstClosed, on_closed: OnClosed) -> Iterator[Choice]:
        """Tasks that may start, best first, as long as somebody asks; whoever does takes the slot before asking again.

        Ends when nothing is left or a gate of the scheduler is closed. `on_closed` is told of each lane that is held back.
        """
        self._ripen()
        while (lane := self._pools.best()) is not None:
            gate = first_closed(lane.task)
            if gate is not None:
                on_closed(gate, lane.task)
                lot = self._lot_of(gate, lane.task)
                if lot is None:
                    return
                self._park(lane, lot)
                continue
            origin, lane.origin = lane.origin, None
            chosen = heapq.heappop(lane.heap)
            del self._standing[chosen]
            choice = Choice(chosen, lane.id, lane.task, lane.ages.pop(chosen, None))
            self._stand(lane)
            if self._is_low(lane):
                self._fill(lane)
            if origin is not None:
                self.wake(origin)
            yield choice

    def _lane(self, lane_id: int, priority: int, *, is_stored: bool) -> Lane:
        lane = self._lanes.get((lane_id, priority))
        if lane is None:
            key = self._key_of(lane_id)
            lane = Lane(lane_id, Candidate(key, priority, priority), self._pools.pool(key.group))
            lane.tail = 0 if is_stored else None
            self._lanes[lane_id, priority] = lane
            self._make_room()
        return lane

    def _make_room(self) -> None:
        """There is one lane more: the windows of all become smaller, if they are too many."""
        self._window = min(WINDOW, max(LEAST_WINDOW, MOST_LOADED // len(self._lanes)))
        if 2 * self._window <= self._trimmed_to:
            self._trimmed_to = self._window
            for lane in self._lanes.values():
                self._trim(lane)

    def _is_low(self, lane: Lane) -> bool:
        return len(lane.heap) * WINDOW < LOW_WATER * self._window

    def _push(self, lane: Lane, task_id: int, aged_from: float | None) -> None:
        before = self._standing.get(task_id)
        if before is lane:
            return
        self._standing[task_id] = lane
        if before is not None:  # its priority was raised
            self._left(before, task_id)
        heapq.heappush(lane.heap, task_id)
        if self._ages.is_kept:
            if aged_from is None:
                self._ages.on_unknown()
            else:
                lane.ages[task_id] = aged_from

    def _stand(self, lane: Lane) -> None:
        """Put the lane where its first task belongs: into its pool, or further to the front of its lot."""
        heap = lane.heap
        while heap and self._standing.get(heap[0]) is not lane:
            lane.ages.pop(heapq.heappop(heap), None)
        if not heap:
            lane.head = lane.rank = lane.ripe_at = None
            self._pools.left(lane)
            return
        head = heap[0]
        effective, wait = self._ages.of(lane.id, lane.task.priority, lane.ages.get(head))
        rank = effective << ID_BITS | head
        if effective != lane.task.effective:
            lane.task = lane.task._replace(effective=effective)
            lane.lot = None  # it may come before those whose turn it was
        lane.head, lane.rank = head, rank
        lane.ripe_at = None if wait is None else self._ages.monotonic() + wait
        self._expect(lane)
        if lane.lot is None:
            self._pools.stand(lane)
        else:
            self._lots.park(lane, lane.lot)

    def _park(self, lane: Lane, lot: Lot) -> None:
        origin, lane.origin = lane.origin, None
        self._lots.park(lane, lot)
        self._pools.left(lane)
        if origin is not None and origin != lot:
            self.wake(origin)

    def _expect(self, lane: Lane) -> None:
        """Look again when the first task of the lane is more urgent. One look is planned for a lane, the earliest."""
        ripe_at = lane.ripe_at
        if ripe_at is not None and (lane.look_at is None or ripe_at < lane.look_at):
            lane.look_at = ripe_at
            heapq.heappush(self._ripening, (ripe_at, lane.number, lane))

    def _ripen(self) -> None:
        """Look again at the lanes whose first task is more urgent by now."""
        ripening = self._ripening
        while ripening and ripening[0][0] <= self._ages.monotonic():
            look_at, _, lane = heapq.heappop(ripening)
            if lane.look_at != look_at:
                continue
            lane.look_at = None
            if lane.ripe_at is not None and lane.ripe_at <= look_at:
                self._stand(lane)
            else:
                self._expect(lane)

    def _trim(self, lane: Lane) -> None:
        """Leave to the database what is far behind; not while a page is on its way that begins behind it."""
        if len(lane.heap) > 2 * self._window and not lane.refilling:
            kept = heapq.nsmallest(self._window, lane.heap)
            for task_id in set(lane.heap).difference(kept):
                if self._standing.get(task_id) is lane:
                    del self._standing[task_id]
            lane.heap = kept
            lane.tail = kept[-1]
            if self._ages.is_kept:
                lane.ages = {task_id: lane.ages[task_id] for task_id in kept if task_id in lane.ages}

    def _fill(self, lane: Lane) -> None:
        if lane.refilling or lane.tail is None:
            return
        lane.refilling = True
        self._refilling += 1
        self._refill(lane.id, lane.task.priority, lane.tail, self._window)
