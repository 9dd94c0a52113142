"""Where lanes wait for a gate, out of everybody's way, each lot in the order in which its lanes should come back."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from scheduler_core.engine.pools import Lane
from scheduler_core.policy.gate import Lot, LotScope

_Heap = list[tuple[int, int, Lane]]


class Lots:
    """All lots. Without shares a lot is one queue; with them one queue a group, since who is next changes with each slot.

    Entries of lanes that have left, or stand elsewhere by now, are passed over when they come to the front.
    """

    def __init__(self) -> None:
        self._lots: dict[LotScope, dict[str, dict[str, _Heap]]] = {}
        self.by_group = False

    def clear(self, *, by_group: bool) -> None:
        """Forget who waits, and keep one queue a group from now on, or one for all: lanes that wait are parked anew."""
        self._lots.clear()
        self.by_group = by_group

    def __bool__(self) -> bool:
        """Does anybody wait? It may be true for a while after the last has left."""
        return any(self._lots.values())

    def park(self, lane: Lane, lot: Lot) -> None:
        """A lane waits in this lot, by its rank."""
        assert lane.rank is not None
        lane.lot = lot
        queues = self._lots.setdefault(lot.scope, {}).setdefault(lot.name, {})
        group = lane.pool.group if self.by_group else ""
        heapq.heappush(queues.setdefault(group, []), (lane.rank, lane.number, lane))

    def leave(self, lot: Lot) -> list[Lane]:
        """Take out the best lane that waits there, with shares the best of each group."""
        found: list[Lane] = []
        queues = self._lots.get(lot.scope, {}).get(lot.name, {})
        for group in list(queues):
            lane = self._first(lot, queues[group])
            if lane is None:
                del queues[group]
            else:
                heapq.heappop(queues[group])
                found.append(lane)
        if not queues:
            self._lots.get(lot.scope, {}).pop(lot.name, None)
        return found

    def waiting(self, scope: LotScope) -> list[Lot]:
        """The lots of a kind in which lanes wait."""
        lots = [(Lot(scope, name), queues) for name, queues in self._lots.get(scope, {}).items()]
        return [
            lot
            for lot, queues in lots
            if any(self._first(lot, queue) is not None for queue in queues.values())
        ]

    def lanes(self, scope: LotScope) -> Iterator[Lane]:
        """The lanes that wait in lots of a kind."""
        for queues in self._lots.get(scope, {}).values():
            for queue in queues.values():
                yield from (lane for _, _, lane in queue if lane.lot is not None and lane.lot.scope == scope)

    def _first(self, lot: Lot, queue: _Heap) -> Lane | None:
        while queue:
            rank, _, lane = queue[0]
            if lane.lot == lot and lane.rank == rank:
                return lane
            heapq.heappop(queue)
        return None
