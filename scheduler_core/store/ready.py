"""The tasks that may start, by lane and priority, in the order of ids.

Their index is one of blocks of 2,048 ids: the tasks that come and those that go, of however many lanes, are on the few
pages of the newest blocks and of the oldest. Who wants those of one lane goes from block to block.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from scheduler_core.store.changes import id_list

IS_READY = "status = 'pending' AND due_at IS NULL"
"""The condition of the index `tasks_ready`, to the letter: SQLite uses it only so."""
_IN_LANE = (
    f"WITH RECURSIVE blocks(n) AS (SELECT min(id >> 11) FROM tasks WHERE id >> 11 >= :after >> 11 AND {IS_READY} "
    f"UNION ALL SELECT (SELECT min(id >> 11) FROM tasks WHERE id >> 11 > n AND {IS_READY}) FROM blocks "
    "WHERE n < :until >> 11 ORDER BY 1) "
    "SELECT id, {} FROM blocks CROSS JOIN tasks ON id >> 11 = n AND lane = :lane AND priority = :priority "
    f"AND {IS_READY} AND id > :after AND id < :until LIMIT :limit"
)
_NO_ID = 2**62


class Ahead(NamedTuple):
    """Tasks of a lane and a priority that stand before another: who has waited since `before`, or since `beside` and has
    a lower id. `first` is the first of the lane.
    """

    lane: int
    priority: int
    first: int
    before: float
    beside: float
    id: int


def ready_page(
    connection: sqlite3.Connection, lane: int, priority: int, after: int, limit: int, *, ages: bool
) -> list[tuple[int, float | None]]:
    """Ready tasks of a lane and a priority behind an id, in the order of ids, as (id, aged_from).

    Without `ages` the latter is None, and only the index is read: the rows may be on a page each.
    """
    place = {"lane": lane, "priority": priority, "after": after, "until": _NO_ID, "limit": limit}
    return connection.execute(_IN_LANE.format("aged_from" if ages else "NULL"), place).fetchall()


def ages_of(connection: sqlite3.Connection, ids: Sequence[int]) -> list[tuple[int, float]]:
    """Since when active tasks wait, by the clocks of their lanes: (id, aged_from) of those of `ids` that there are."""
    among = "SELECT id, aged_from FROM tasks WHERE id IN (SELECT value FROM json_each(?))"
    return connection.execute(among, (id_list(ids),)).fetchall()


def ready_ids(connection: sqlite3.Connection, lane: int, priority: int, after: int) -> Iterator[int]:
    """All ready tasks of a lane and a priority behind an id, in the order of ids, each looked up when it is asked for."""
    place = {"lane": lane, "priority": priority, "after": after, "until": _NO_ID, "limit": -1}
    return (row[0] for row in connection.execute(_IN_LANE.format("0.0"), place))


def ready_ahead(connection: sqlite3.Connection, places: Iterable[Ahead], limit: int) -> int:
    """How many ready tasks these are together, at most `limit`."""
    n = 0
    for place in places:
        n += _in_lane_ahead(connection, place, limit - n)
        if n >= limit:
            break
    return n


def _in_lane_ahead(connection: sqlite3.Connection, ahead: Ahead, limit: int) -> int:
    """A lane is taken in the order of ids: behind a task that is not ahead none is."""
    lane, priority, first, before, beside, task = ahead
    place = {"lane": lane, "priority": priority, "after": first - 1, "until": _NO_ID, "limit": limit}
    if math.isinf(before) and math.isinf(beside):  # tasks do not age: the index tells
        if beside < 0:
            return 0
        place["until"] = _NO_ID if before > 0 else task
        return connection.execute(f"SELECT count(*) FROM ({_IN_LANE.format('0.0')})", place).fetchone()[0]
    n = 0
    for task_id, aged_from in connection.execute(_IN_LANE.format("aged_from"), place):
        if aged_from > before and (aged_from > beside or task_id >= task):
            break
        n += 1
    return n


def count_ready(connection: sqlite3.Connection) -> Counter[tuple[int, int]]:
    """How many there are of each lane and priority, from the index alone."""
    found: Counter[tuple[int, int]] = Counter()
    for lane, priority, n in connection.execute(
        f"SELECT lane, priority, count(*) FROM tasks WHERE {IS_READY} GROUP BY id >> 11, lane, priority"
    ):
        found[lane, priority] += n
    return found
