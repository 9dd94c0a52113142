"""What can be taken back, for how long, and what happens then: it comes back, or is carried out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from scheduler_core.model.task import DependencyFailurePolicy, TaskStatus
from scheduler_core.store import undos
from scheduler_core.store.changes import HELD, Changes, Ready, id_list
from scheduler_core.store.ending import (
    End,
    Row,
    call_off,
    end_tasks,
    finish_waiting,
    stop_running,
    take_twins,
)
from scheduler_core.store.graph import check_dependencies, unblock, waits_on_purpose
from scheduler_core.store.keys import is_held
from scheduler_core.store.setting_aside import INTERRUPTED, put_back, set_aside
from scheduler_core.store.undo_priority import take_priorities_back
from scheduler_core.store.undo_retry import take_retries_back
from scheduler_core.store.undos import StoredUndo


def cancel(
    connection: sqlite3.Connection, ids: Iterable[int], undo: int | None, until: float, changes: Changes
) -> StoredUndo | None:
    """Set tasks aside, for an undo that has begun or (None) begins; None where there is nothing to take back."""
    begun = undos.begin(connection, "cancel", until) if undo is None else undo
    n = set_aside(connection, ids, begun, changes)
    return undos.grown(connection, begun, n)


def clear(
    connection: sqlite3.Connection,
    history_ids: Sequence[int],
    until: float,
    changes: Changes,
    undo: int | None = None,
) -> StoredUndo | None:
    """Take failures off the list of those that want attention; None where none of these was on it."""
    begun = undos.begin(connection, "clear", until) if undo is None else undo
    rows = connection.execute(
        "UPDATE history SET attention = 0 WHERE attention = 1 AND task_id IN (SELECT value FROM json_each(?)) "
        "RETURNING id",
        (id_list(history_ids),),
    ).fetchall()
    connection.executemany(
        "INSERT INTO undo_marks (undo, id) VALUES (?, ?)", [(begun, seq) for (seq,) in rows]
    )
    changes.attention -= len(rows)
    return undos.grown(connection, begun, len(rows))


def clear_some(
    connection: sqlite3.Connection,
    cause: int | None,
    newest: int | None,
    undo: StoredUndo | None,
    until: float,
    limit: int,
    changes: Changes,
) -> tuple[StoredUndo | None, int, bool]:
    """The same for at most `limit` failures of a cause, or of any (None), for an undo that has begun or (None) begins.

    Of those that were there when it began: `newest` is the highest number among them, which is returned with whether
    that was all.
    """
    if newest is None:
        newest = connection.execute("SELECT coalesce(max(id), 0) FROM history").fetchone()[0]
    of_cause = "" if cause is None else " AND cause = :cause"
    ids = [
        row[0]
        for row in connection.execute(
            f"SELECT task_id FROM history WHERE attention = 1{of_cause} AND id <= :newest ORDER BY id LIMIT :limit",
            {"cause": cause, "newest": newest, "limit": limit},
        )
    ]
    if not ids:
        return undo, newest or 0, True
    grown = clear(connection, ids, until, changes, None if undo is None else undo.id)
    return grown or undo, newest or 0, len(ids) < limit


def take_back(
    connection: sqlite3.Connection, undo: int, limit: int, now: float, changes: Changes
) -> tuple[int, bool]:
    """Undo it, at most `limit` tasks now: how many came back, and whether that is all."""
    match undos.act_of(connection, undo):
        case "clear":
            n, is_all = _want_attention_again(connection, undo, limit, changes)
        case "cancel":
            n, is_all = _uncancel(connection, undo, limit, now, changes)
        case "priority":
            n, is_all = take_priorities_back(connection, undo, limit, changes)
        case "retry":
            n, is_all = take_retries_back(connection, undo, limit, changes)
        case _:
            return 0, True
    if is_all:
        undos.forget(connection, undo)
    return n, is_all


def carry_out(connection: sqlite3.Connection, undo: int, limit: int, now: float, changes: Changes) -> bool:
    """The time is over: do it for good, at most `limit` tasks now; is that all?"""
    if undos.act_of(connection, undo) == "cancel":
        some = _some(connection, undo, limit)
        _cancel_for_good(connection, undo, some, now, changes)
        if len(some) == limit:
            undos.shrunk(connection, undo, limit)
            return False
        for (task_id,) in connection.execute(
            "SELECT t.id FROM undo_marks m JOIN tasks t ON t.id = m.id "
            "WHERE m.undo = ? AND t.status = 'running' AND t.cancelling = ?",
            (undo, INTERRUPTED),
        ).fetchall():
            stop_running(connection, task_id, "cancelled", changes)
    elif len(undos.take_marks(connection, undo, limit)) == limit:
        return False
    undos.forget(connection, undo)
    return True


def _some(connection: sqlite3.Connection, undo: int, limit: int) -> list[int]:
    rows = connection.execute("SELECT id FROM set_aside WHERE undo = ? ORDER BY id LIMIT ?", (undo, limit))
    return [row[0] for row in rows]


# Back again


def _want_attention_again(
    connection: sqlite3.Connection, undo: int, limit: int, changes: Changes
) -> tuple[int, bool]:
    """But for those that have been tried again meanwhile. How many at most `limit` were, and whether that is all."""
    marked = undos.take_marks(connection, undo, limit)
    n = connection.execute(
        "UPDATE history SET attention = 1 WHERE attention = 0 AND id IN (SELECT value FROM json_each(?)) "
        f"AND NOT {is_held('history.key')} "
        "AND NOT EXISTS (SELECT 1 FROM history h WHERE h.attention = 1 AND h.key = history.key)",
        (id_list(mark.id for mark in marked),),
    ).rowcount
    changes.attention += n
    return n, len(marked) < limit


def _uncancel(
    connection: sqlite3.Connection, undo: int, limit: int, now: float, changes: Changes
) -> tuple[int, bool]:
    """At most `limit` of what was set aside stands where it stood; how many, and whether these were the last."""
    _go_on_running(connection, undo, now, changes)
    some = _some(connection, undo, limit)
    undos.shrunk(connection, undo, len(some))
    return _bring_back(connection, undo, some, now, changes), len(some) < limit


def _go_on_running(connection: sqlite3.Connection, undo: int, now: float, changes: Changes) -> None:
    """What was interrupted and has not stopped yet goes back into line when it has."""
    rows = connection.execute(
        "SELECT t.id FROM undo_marks m JOIN tasks t ON t.id = m.id WHERE m.undo = ? AND t.cancelling = ?",
        (undo, INTERRUPTED),
    ).fetchall()
    ids = [row[0] for row in rows]
    connection.executemany("UPDATE tasks SET cancelling = 0 WHERE id = ?", rows)
    _twins_again(connection, undo, ids, now, changes)


def _twins_again(
    connection: sqlite3.Connection, undo: int, ids: Sequence[int], now: float, changes: Changes
) -> None:
    """What was to run once more after these does so again, unless something else came to do that meanwhile."""
    rows = connection.execute(
        "SELECT m.id, m.was, m.was ->> 'parent_id', t.again IS NOT NULL FROM json_each(?) j "
        "JOIN undo_marks m ON m.undo = ? AND m.id = j.value JOIN tasks t ON t.id = m.id WHERE m.was IS NOT NULL",
        (id_list(ids), undo),
    ).fetchall()
    for task_id, was, parent_id, has_another in rows:
        if has_another:
            call_off(connection, parent_id, now, changes)
        else:
            connection.execute("UPDATE tasks SET again = ? WHERE id = ?", (was, task_id))


def _bring_back(
    connection: sqlite3.Connection, undo: int, ids: Sequence[int], now: float, changes: Changes
) -> int:
    if not ids:
        return 0
    lost = _hold_keys(connection, ids)
    rows = put_back(connection, ids, changes)
    _twins_again(connection, undo, ids, now, changes)
    _follow_schedules(connection, rows, now, changes)
    _count_children(connection, ids)
    ends: list[End] = []
    back = 0
    for row in rows:
        if row.id in lost or _is_orphan(connection, row.parent_id):
            ends.append(End(row.id, TaskStatus.CANCELLED, now))
            continue
        back += 1
        changes.back.append(row.facts)
        ends += _take_up(connection, row, now, changes)
    end_tasks(connection, ends, changes)
    return back


def _hold_keys(connection: sqlite3.Connection, ids: Sequence[int]) -> set[int]:
    """They hold their keys again, but for those, which are returned, whose key another task has by now."""
    which = id_list(ids)
    lost = {
        row[0]
        for row in connection.execute(
            f"SELECT s.id FROM json_each(?) j JOIN set_aside s ON s.id = j.value WHERE {is_held('s.key')}",
            (which,),
        )
    }
    connection.execute(  # their ids may be of those that are looked for there alone when the file is opened
        "INSERT OR REPLACE INTO keys (key, id) SELECT s.key, s.id FROM json_each(?) j JOIN set_aside s ON s.id = j.value "
        "ORDER BY s.key",
        (id_list(task_id for task_id in ids if task_id not in lost),),
    )
    return lost


def _follow_schedules(connection: sqlite3.Connection, rows: list[Row], now: float, changes: Changes) -> None:
    """An occurrence whose schedule was paused, or resumed, meanwhile is held, or is not."""
    for place, row in enumerate(rows):
        if row.schedule_id is None and row.status != HELD:
            continue
        paused = connection.execute(
            "SELECT 1 FROM schedules WHERE id = ? AND paused_at IS NOT NULL", (row.schedule_id,)
        ).fetchone()
        if paused and row.status == "pending" and row.started_at is None:
            _change(connection, rows, place, HELD, changes)
            connection.execute("UPDATE tasks SET due_at = NULL WHERE id = ?", (row.id,))
        elif not paused and row.status == HELD:
            _change(connection, rows, place, "pending", changes)
            connection.execute(
                "UPDATE tasks SET due_at = CASE WHEN run_at > ? THEN run_at END WHERE id = ?", (now, row.id)
            )


def _change(
    connection: sqlite3.Connection, rows: list[Row], place: int, status: str, changes: Changes
) -> None:
    row = rows[place]
    connection.execute("UPDATE tasks SET status = ? WHERE id = ?", (status, row.id))
    changes.recount(row.lane, row.tags, row.status, status)
    rows[place] = row._replace(status=status)


def _count_children(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Some may have ended while their parent was set aside, which then did not hear of it."""
    # The plus: an id of no type is what the indexes of `again` can be searched for.
    connection.execute(
        "UPDATE tasks SET children_left = (SELECT count(*) FROM tasks c WHERE c.parent_id = tasks.id) "
        "+ (SELECT count(*) FROM set_aside c WHERE c.parent_id = tasks.id) "
        "+ (SELECT count(*) FROM tasks c WHERE c.again IS NOT NULL AND c.again ->> 'parent_id' = +tasks.id) "
        "+ (SELECT count(*) FROM set_aside c WHERE c.again IS NOT NULL AND c.again ->> 'parent_id' = +tasks.id) "
        "WHERE children_left > 0 AND id IN (SELECT value FROM json_each(?))",
        (id_list(ids),),
    )


def _is_orphan(connection: sqlite3.Connection, parent_id: int | None) -> bool:
    """Has its parent ended?"""
    if parent_id is None:
        return False
    row = connection.execute(
        "SELECT 1 FROM tasks WHERE id = ?1 UNION ALL SELECT 1 FROM set_aside WHERE id = ?1 LIMIT 1",
        (parent_id,),
    ).fetchone()
    return row is None


def _take_up(connection: sqlite3.Connection, row: Row, now: float, changes: Changes) -> list[End]:
    """It stands where it stood; returns how it ends where that happened meanwhile."""
    due_at, expires_at, policy = connection.execute(
        "SELECT due_at, expires_at, on_dep_failure FROM tasks WHERE id = ?", (row.id,)
    ).fetchone()
    changes.expires(expires_at)
    if row.status == "pending":
        if due_at is None:
            changes.ready.append(Ready(row.lane, row.priority, row.id, row.aged_from))
        else:
            changes.due(due_at)
    elif row.status == "waiting":
        return finish_waiting(connection, row.id, now, changes)
    elif row.status == "blocked":
        edges = [
            other[0]
            for other in connection.execute(
                "SELECT depends_on FROM dependencies WHERE task_id = ? AND NOT met", (row.id,)
            )
        ]
        if waits_on_purpose(connection, edges):
            return []
        left, failure = check_dependencies(connection, edges, DependencyFailurePolicy(policy), row.label)
        if failure is not None:
            return [End(row.id, TaskStatus.DEPENDENCY_FAILED, now, failure)]
        connection.execute("UPDATE tasks SET deps_left = ? WHERE id = ?", (left, row.id))
        if not left:
            unblock(connection, row.facts, due_at, row.schedule_id, changes)
    return []


# For good


def _cancel_for_good(
    connection: sqlite3.Connection, undo: int, ids: Sequence[int], now: float, changes: Changes
) -> None:
    if not ids:
        return
    put_back(connection, ids, changes)
    marks = dict(
        connection.execute(
            "SELECT m.id, CASE WHEN m.was IS NULL THEN 0 ELSE coalesce(m.was ->> 'parent_id', 0) END "
            "FROM json_each(?) j JOIN undo_marks m ON m.undo = ? AND m.id = j.value",
            (id_list(ids), undo),
        )
    )
    # What was to run once more after one goes with it; what came to do so only while it stopped comes.
    whose = take_twins(connection, [task_id for task_id in ids if task_id not in marks])
    end_tasks(connection, [End(task_id, TaskStatus.CANCELLED, now) for task_id in ids], changes)
    for parent_id in (*whose, *marks.values()):
        if parent_id:
            call_off(connection, parent_id, now, changes)
