"""Ready tasks in memory: a bounded window of each lane, in one order, with held lanes out of everybody's way.

The line is a heap of the heads of all lanes that no gate is known to hold back. A lane whose gate is closed leaves the
line for that gate's lot, whole: what stands behind it is not looked at. When the gate opens, the best lane of its lot
returns to the line; each lane that gets through brings the next one back, so that a slot that becomes free costs a
handful of steps whether ten lanes wait for it or ten thousand.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol

from scheduler_core.model.lane import LaneKey
from scheduler_core.policy.gate import Gate, Lot

WINDOW = 512
"""Most ready tasks of one lane that are loaded at once; twice as many may be held."""
LOW_WATER = 128
"""A window with fewer is filled up again, before it is empty."""
_ID_BITS = 48
_ID_MASK = (1 << _ID_BITS) - 1

FirstClosed = Callable[[LaneKey], Gate | None]
OnClosed = Callable[[Gate, LaneKey, int], None]
"""Told which gate holds a lane back, and how urgent the best task of that lane is."""


class Choice(NamedTuple):
    """A task that may start, and where it stood."""

    id: int
    priority: int
    lane: int
    key: LaneKey


class Refill(Protocol):
    """Asks for the next page of a lane; the answer comes back through `Lanes.refilled`."""

    def __call__(self, lane: int, after: tuple[int, int], limit: int) -> None: ...


class _Lane:
    """One lane. `head` is the key under which it stands in the line, or in `lot`."""

    __slots__ = ("head", "heap", "id", "key", "lot", "missed", "origin", "refilling", "tail")

    def __init__(self, lane: int, key: LaneKey, *, is_stored: bool) -> None:
        self.id = lane
        self.key = key
        self.heap: list[int] = []
        self.tail: int | None = -1 if is_stored else None
        """Ready tasks behind this key are in the database only; None: there are none."""
        self.refilling = False
        self.missed: list[int] = []
        """Keys that became ready while a page was on its way, which may not hold them."""
        self.head: int | None = None
        self.lot: Lot | None = None
        self.origin: Lot | None = None


class Lanes:
    """All lanes of a scheduler. `refill` is called when a window runs low and the database holds more of it."""

    def __init__(self, key_of: Callable[[int], LaneKey], refill: Refill) -> None:
        self._key_of = key_of
        self._refill = refill
        self._lanes: dict[int, _Lane] = {}
        self._line: list[tuple[int, int]] = []
        self._lots: dict[Lot, list[tuple[int, int]]] = {}
        self._refilling = 0

    @property
    def is_refilling(self) -> bool:
        """Is a page on its way?"""
        return self._refilling > 0

    def has_open(self, first_closed: FirstClosed) -> bool:
        """Is there a task that could start now?"""
        for lane in self._lanes.values():
            if lane.head is not None and lane.lot is None and first_closed(lane.key) is None:
                return True
        return False

    def load(self, lane_ids: Iterable[int]) -> None:
        """Fill the windows of lanes that have ready tasks in the database."""
        for lane_id in lane_ids:
            lane = self._lanes.get(lane_id)
            if lane is None:
                lane = self._lanes[lane_id] = _Lane(lane_id, self._key_of(lane_id), is_stored=True)
            self._fill(lane)

    def add(self, lane_id: int, priority: int, task_id: int) -> None:
        """A task became ready."""
        lane = self._lanes.get(lane_id)
        if lane is None:
            lane = self._lanes[lane_id] = _Lane(lane_id, self._key_of(lane_id), is_stored=False)
        key = priority << _ID_BITS | task_id
        if lane.tail is not None and key > lane.tail:
            if lane.refilling:
                lane.missed.append(key)
            return
        heapq.heappush(lane.heap, key)
        self._trim(lane)
        if lane.head is None or key < lane.head:
            # Its lot wakes the best lane only, which may stand in the line already: this one may be better than that.
            lane.lot = None
            self._stand(lane)

    def refilled(self, lane_id: int, page: list[tuple[int, int]], limit: int) -> None:
        """The page that was asked for: (priority, id) in order. Fewer than `limit` were all there are."""
        lane = self._lanes[lane_id]
        lane.refilling = False
        self._refilling -= 1
        keys = [priority << _ID_BITS | task_id for priority, task_id in page]
        tail = keys[-1] if len(page) == limit else None
        loaded = set(keys)
        keys += [key for key in lane.missed if key not in loaded and (tail is None or key < tail)]
        lane.missed = []
        lane.tail = tail
        lane.heap += keys
        heapq.heapify(lane.heap)
        self._trim(lane)
        self._stand(lane)
        if len(lane.heap) < LOW_WATER:
            self._fill(lane)

    def refill_failed(self, lane_id: int) -> None:
        """The page could not be read; `load` asks for it again."""
        lane = self._lanes[lane_id]
        lane.refilling = False
        lane.missed = []
        self._refilling -= 1

    def waiting_lots(self) -> list[Lot]:
        """The lots in which lanes wait."""
        return [
            lot
            for lot, waiting in self._lots.items()
            if any(self._lanes[lane].lot == lot for _, lane in waiting)
        ]

    def wake(self, lot: Lot) -> None:
        """A gate may be open again: the best lane that waits for it returns to the line."""
        waiting = self._lots.get(lot)
        while waiting:
            key, lane_id = heapq.heappop(waiting)
            lane = self._lanes[lane_id]
            if lane.lot == lot and lane.head == key:
                lane.lot, lane.origin = None, lot
                heapq.heappush(self._line, (key, lane_id))
                return
        self._lots.pop(lot, None)

    def take(self, first_closed: FirstClosed, on_closed: OnClosed) -> Iterator[Choice]:
        """The tasks that may start, best first. Whoever iterates takes their slots before the next step."""
        line = self._line
        while line:
            key, lane_id = line[0]
            lane = self._lanes[lane_id]
            if lane.head != key or lane.lot is not None:
                heapq.heappop(line)
                continue
            gate = first_closed(lane.key)
            lot = None if gate is None else gate.lot(lane.key)
            if gate is not None:
                on_closed(gate, lane.key, key >> _ID_BITS)
                if lot is None:
                    return
            heapq.heappop(line)
            origin, lane.origin = lane.origin, None
            if lot is not None:
                self._park(lane, lot)
                if origin is not None and origin != lot:
                    self.wake(origin)
                continue
            chosen = heapq.heappop(lane.heap)
            self._stand(lane)
            if len(lane.heap) < LOW_WATER:
                self._fill(lane)
            if origin is not None:
                self.wake(origin)
            yield Choice(chosen & _ID_MASK, chosen >> _ID_BITS, lane_id, lane.key)

    def _stand(self, lane: _Lane) -> None:
        """Put the lane where its first task belongs: into the line, or further to the front of its lot."""
        lane.head = lane.heap[0] if lane.heap else None
        if lane.head is None:
            return
        place = self._line if lane.lot is None else self._lots.setdefault(lane.lot, [])
        heapq.heappush(place, (lane.head, lane.id))

    def _park(self, lane: _Lane, lot: Lot) -> None:
        assert lane.head is not None
        lane.lot = lot
        heapq.heappush(self._lots.setdefault(lot, []), (lane.head, lane.id))

    def _trim(self, lane: _Lane) -> None:
        """Leave to the database what is far behind; not while a page is on its way that begins behind it."""
        if len(lane.heap) > 2 * WINDOW and not lane.refilling:
            lane.heap = heapq.nsmallest(WINDOW, lane.heap)
            lane.tail = lane.heap[-1]

    def _fill(self, lane: _Lane) -> None:
        if lane.refilling or lane.tail is None:
            return
        lane.refilling = True
        self._refilling += 1
        tail = lane.tail
        after = (-1, 0) if tail < 0 else (tail >> _ID_BITS, tail & _ID_MASK)
        self._refill(lane.id, after, WINDOW)
