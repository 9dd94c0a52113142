"""Lanes that share slots: one pool a group, and the line in which the pools stand."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable

from scheduler_core.model.lane import Candidate, LaneKey
from scheduler_core.policy.fair_share import Shares
from scheduler_core.policy.gate import Lot

ID_BITS = 48
"""Bits of a rank that hold the id; above them stand the effective priority and, in the line, whose turn it is."""
_TIER_SHIFT = ID_BITS + 8


class Lane:
    """The ready tasks of one stored lane and one priority, oldest first.

    `rank` is the key under which it stands in its pool or in `lot`; `ages` tells since when each task waits, if tasks age.
    """

    __slots__ = (
        *("ages", "head", "heap", "id", "look_at", "lot", "missed", "number", "origin", "pool", "rank"),
        *("refilling", "ripe_at", "tail", "task"),
    )

    def __init__(self, lane: int, task: Candidate, pool: Pool) -> None:
        self.id = lane
        self.number = pool.next_number()
        pool.members.append(self)
        self.task = task
        """What gates are asked about: the first task."""
        self.pool = pool
        self.heap: list[int] = []
        self.ages: dict[int, float] = {}
        self.tail: int | None = None
        """Ready tasks behind this id are in the database only; None: there are none."""
        self.refilling = False
        self.missed: list[tuple[int, float | None]] = []
        """What became ready while a page was on its way, which may not hold it."""
        self.head: int | None = None
        self.rank: int | None = None
        self.ripe_at: float | None = None
        """When its first task will be more urgent, monotonic seconds."""
        self.look_at: float | None = None
        """When it is looked at again because of that."""
        self.lot: Lot | None = None
        """Where it waits for a gate."""
        self.origin: Lot | None = None


class Pool:
    """The lanes of one group ('': of none). `at` is the key under which it stands in the line."""

    __slots__ = ("at", "group", "lanes", "members", "next_number", "number")

    def __init__(self, group: str, next_number: Callable[[], int]) -> None:
        self.group = group
        self.next_number = next_number
        self.number = next_number()
        self.lanes: list[tuple[int, int, Lane]] = []
        self.members: list[Lane] = []
        """Every lane of it, those in lots too."""
        self.at: int | None = None

    def unheld(self, is_held: Callable[[LaneKey], bool]) -> int:
        """How many of its tasks, as far as windows show them, no pause holds."""
        return sum(len(lane.heap) for lane in self.members if lane.heap and not is_held(lane.task.lane))

    def best(self) -> Lane | None:
        """The lane that no gate is known to hold back and whose first task comes first."""
        lanes = self.lanes
        while lanes:
            rank, _, lane = lanes[0]
            if lane.rank == rank and lane.lot is None:
                return lane
            heapq.heappop(lanes)
        return None


class Pools:
    """All pools in one line: by whose turn it is (`Shares.tier`), then by how urgent their best task is."""

    def __init__(self, shares: Shares, running: Callable[[str], int]) -> None:
        """`running(group)` tells how many of a group run."""
        self._shares = shares
        self._running = running
        self._pools: dict[str, Pool] = {}
        self._line: list[tuple[int, int, Pool]] = []
        self._numbers = itertools.count()
        self.is_shared = False
        """Does it depend on the groups whose turn it is? Changed between turns of the dispatcher only."""

    def pool(self, group: str) -> Pool:
        """The pool of a group, which is made when it is new."""
        pool = self._pools.get(group)
        if pool is None:
            pool = self._pools[group] = Pool(group, lambda: next(self._numbers))
        return pool

    def all(self) -> Iterable[Pool]:
        """Every pool that ever had a lane."""
        return self._pools.values()

    def stand(self, lane: Lane) -> None:
        """A lane stands in its pool, where its rank belongs."""
        assert lane.rank is not None
        heapq.heappush(lane.pool.lanes, (lane.rank, lane.number, lane))
        self.restand(lane.pool)

    def left(self, lane: Lane) -> None:
        """A lane is empty, or waits in a lot."""
        self.restand(lane.pool)

    def restand(self, pool: Pool) -> None:
        """See where a pool belongs in the line now."""
        best = pool.best()
        at = None if best is None else self._key(pool, best)
        if at != pool.at:
            pool.at = at
            if at is not None:
                heapq.heappush(self._line, (at, pool.number, pool))

    def restand_all(self) -> None:
        """What the groups are due has changed."""
        for pool in self._pools.values():
            self.restand(pool)

    def best(self) -> Lane | None:
        """The lane whose turn it is."""
        line = self._line
        while line:
            at, _, pool = line[0]
            if pool.at == at:
                lane = pool.best()
                # Who has just been given a slot may have had its turn.
                if lane is not None and self._key(pool, lane) == at:
                    return lane
                heapq.heappop(line)
                pool.at = None
                self.restand(pool)
            else:
                heapq.heappop(line)
        return None

    def _key(self, pool: Pool, lane: Lane) -> int:
        assert lane.rank is not None
        if not self.is_shared:
            return lane.rank
        return self._shares.tier(pool.group, self._running(pool.group), lane.task) << _TIER_SHIFT | lane.rank
