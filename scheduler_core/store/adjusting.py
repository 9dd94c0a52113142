"""What people change about tasks that wait: how urgent they are, when they are due, and what they are expected to move."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from scheduler_core.model.lane import LaneKey
from scheduler_core.store.changes import Changes, Ready, Rearranged, id_list, tags_of
from scheduler_core.store.schedule_acts import run_schedule_now
from scheduler_core.store.schedules import schedule_of
from scheduler_core.store.waiting import CLOCK_SQL

Adjustment = Callable[[sqlite3.Connection, float, Changes], list[int]]
"""Something that is done to tasks now (epoch seconds); answers which it concerned."""
NO_IO = "{}"
"""The `io` of lanes whose tasks are expected to move nothing, whatever their type usually moves."""
_AMONG = "id IN (SELECT value FROM json_each(:ids))"


def set_priority(
    connection: sqlite3.Connection, ids: Sequence[int], priority: int, changes: Changes
) -> list[int]:
    """Give active tasks this priority; which of `ids` are active, in the order of ids."""
    rows = connection.execute(
        f"UPDATE tasks SET priority = :priority WHERE {_AMONG} AND priority <> :priority "
        "RETURNING id, lane, status = 'pending' AND due_at IS NULL, aged_from",
        {"ids": id_list(ids), "priority": priority},
    ).fetchall()
    for task_id, lane, is_ready, aged_from in rows:
        changes.rearranged.append(Rearranged(task_id, lane, priority))
        if is_ready:
            changes.ready.append(Ready(lane, priority, task_id, aged_from))
    return [
        row[0]
        for row in connection.execute(
            f"SELECT id FROM tasks WHERE {_AMONG} ORDER BY id", {"ids": id_list(ids)}
        )
    ]


def start_now(connection: sqlite3.Connection, ids: Sequence[int], now: float, changes: Changes) -> list[int]:
    """What waits for its time, or for its retry, is due now; which of `ids` that concerned, in the order of ids.

    A time that has come while a task was blocked is none that it waits for, though its row still has it.
    """
    found = _start_occurrences(connection, ids, now, changes)
    rows = connection.execute(
        f"UPDATE tasks SET due_at = NULL, aged_from = {CLOCK_SQL}, "
        "run_at = CASE WHEN started_at IS NULL THEN :now ELSE run_at END "
        f"WHERE {_AMONG} AND due_at > :now RETURNING id, lane, priority, status, aged_from",
        {"ids": id_list(ids), "now": now},
    ).fetchall()
    for task_id, lane, priority, status, aged_from in rows:
        changes.rearranged.append(Rearranged(task_id, lane, priority))
        if status == "pending":
            changes.ready.append(Ready(lane, priority, task_id, aged_from))
    return sorted([*found, *(row[0] for row in rows)])


def _start_occurrences(
    connection: sqlite3.Connection, ids: Sequence[int], now: float, changes: Changes
) -> list[int]:
    """The occurrences of schedules among them, of which the schedule has to know; not those that are tried again."""
    rows = connection.execute(
        f"SELECT id, lane, priority FROM tasks WHERE {_AMONG} AND due_at > :now AND started_at IS NULL "
        "AND schedule_id IS NOT NULL",
        {"ids": id_list(ids), "now": now},
    ).fetchall()
    found: list[int] = []
    for task_id, lane, priority in rows:
        schedule = schedule_of(connection, task_id)
        if schedule is not None and run_schedule_now(connection, schedule, now, changes):
            changes.rearranged.append(Rearranged(task_id, lane, priority))
            found.append(task_id)
    return found


def lanes_of(connection: sqlite3.Connection, ids: Sequence[int]) -> list[int]:
    """The lanes in which the active tasks among `ids` are."""
    rows = connection.execute(f"SELECT DISTINCT lane FROM tasks WHERE {_AMONG}", {"ids": id_list(ids)})
    return [row[0] for row in rows]


def without_io(key: LaneKey) -> LaneKey:
    """The lane of the same tasks when they are expected to move nothing."""
    return key._replace(io=NO_IO)


def ignore_io(
    connection: sqlite3.Connection, ids: Sequence[int], lanes: Mapping[int, int], changes: Changes
) -> list[int]:
    """Move what waits to lanes that are expected to move nothing; which of `ids`, in the order of ids.

    `lanes` has for each lane the one to move to. What runs stays: the budget has let it through.
    """
    rows = connection.execute(
        f"SELECT id, lane, priority, status, tags, due_at, aged_from FROM tasks WHERE {_AMONG} "
        "AND status <> 'running' ORDER BY id",
        {"ids": id_list(ids)},
    ).fetchall()
    moves = [row for row in rows if lanes.get(row[1], row[1]) != row[1]]
    connection.executemany(
        "UPDATE tasks SET lane = ?, expected_io = NULL WHERE id = ?",
        [(lanes[row[1]], row[0]) for row in moves],
    )
    counts: Counter[tuple[int, str, str | None]] = Counter()
    for task_id, lane, priority, status, tags, due_at, aged_from in moves:
        counts[lane, status, tags] += 1
        changes.rearranged.append(Rearranged(task_id, lanes[lane], priority))
        if status == "pending" and due_at is None:
            changes.ready.append(Ready(lanes[lane], priority, task_id, aged_from))
    for (lane, status, tags), n in counts.items():
        items = tags_of(tags).items()
        for place, sign in ((lane, -n), (lanes[lane], n)):
            changes.count(place, status, sign)
            changes.count_tags(items, place, status, sign)
    return [row[0] for row in moves]
