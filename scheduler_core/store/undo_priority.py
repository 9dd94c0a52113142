"""Priorities that people have changed, so that it can be taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from scheduler_core.store import undos
from scheduler_core.store.adjusting import set_priority
from scheduler_core.store.changes import Changes, Ready, Rearranged, id_list
from scheduler_core.store.undos import StoredUndo

_AMONG = "id IN (SELECT value FROM json_each(:ids))"
_MARK = (
    "INSERT INTO undo_marks (undo, id, was) SELECT :undo, id, json_array(priority, :priority) FROM tasks "
    f"WHERE {_AMONG} AND priority <> :priority"
)
# Who was given yet another priority since keeps that, and what has started goes on as it is.
_BACK = (
    "UPDATE tasks SET priority = w.was FROM "
    "(SELECT value ->> 0 AS id, value ->> 1 AS was, value ->> 2 AS now FROM json_each(:marks)) AS w "
    "WHERE tasks.id = w.id AND tasks.priority = w.now AND tasks.status <> 'running' "
    "RETURNING id, lane, priority, status = 'pending' AND due_at IS NULL, aged_from"
)


def set_priority_for_now(
    connection: sqlite3.Connection,
    ids: Sequence[int],
    priority: int,
    undo: int | None,
    until: float,
    changes: Changes,
) -> StoredUndo | None:
    """Give active tasks this priority, for an undo that has begun or (None) begins; None where all of them had it."""
    begun = undos.begin(connection, "priority", until) if undo is None else undo
    marked = connection.execute(_MARK, {"undo": begun, "ids": id_list(ids), "priority": priority}).rowcount
    set_priority(connection, ids, priority, changes)
    return undos.grown(connection, begun, marked)


def take_priorities_back(
    connection: sqlite3.Connection, undo: int, limit: int, changes: Changes
) -> tuple[int, bool]:
    """At most `limit` tasks get back the priority that they had: how many did, and whether these were the last."""
    marks = undos.take_marks(connection, undo, limit)
    listed = ",".join(f"[{mark.id},{mark.was[1:-1]}]" for mark in marks if mark.was is not None)
    rows = connection.execute(_BACK, {"marks": f"[{listed}]"}).fetchall()
    for task_id, lane, priority, is_ready, aged_from in rows:
        changes.rearranged.append(Rearranged(task_id, lane, priority))
        if is_ready:
            changes.ready.append(Ready(lane, priority, task_id, aged_from))
    return len(rows), len(marks) < limit
