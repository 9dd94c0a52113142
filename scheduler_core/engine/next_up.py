"""Who comes next: the ready tasks of a domain in the order of dispatch, as far as memory holds them."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from scheduler_core.engine.ages import Ages
from scheduler_core.engine.lanes import Lanes
from scheduler_core.engine.pools import Lane


def next_up(lanes: Lanes, ages: Ages, domain: str, most: int) -> list[int]:
    """The ids of its most urgent ready tasks, the oldest first among equals; gates and shares of groups are not asked."""

    def ranked(lane: Lane) -> Iterator[tuple[int, int]]:
        for task_id in heapq.nsmallest(most, lanes.standing(lane)):
            yield ages.of(lane.id, lane.task.priority, lane.ages.get(task_id))[0], task_id

    mine = (lane for lane in lanes.all() if lane.rank is not None and lane.task.lane.domain == domain)
    # A lane whose first task comes behind so many others has none to show.
    best = heapq.nsmallest(most, mine, key=lambda lane: (lane.rank or 0, lane.number))
    together = (place for lane in best for place in ranked(lane))
    return [task_id for _, task_id in heapq.nsmallest(most, together)]
