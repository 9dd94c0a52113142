"""Cancelling that can be taken back: tasks leave `tasks` as they are, and are cancelled, or come back, later.

While they are set aside nothing finds them: they are in no list and no count, hold no key and start no more. What runs is
interrupted first, as by a pause, and is set aside once it has stopped.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from scheduler_core.model.task import TaskStatus
from scheduler_core.store.changes import Changes, Stop, id_list, tags_of
from scheduler_core.store.ending import Row, rows_of
from scheduler_core.store.tags import add_tags, remove_tags

INTERRUPTED = 2
"""In `tasks.cancelling`: it is to stop, and then to be set aside. 1 is: it is to stop, and ends as cancelled."""
STOP = "set aside"
"""Why its attempt is stopped."""
COLUMNS = (
    "id, lane, key, label, priority, status, payload, tags, retry, max_retries, retry_count, attempts, last_error, "
    "created_at, started_at, run_at, due_at, ttl, expires_at, parent_id, fail_fast, children_left, child_error, "
    "finalizing, memo, on_dep_failure, deps_left, has_deps, again, cancelling, expected_io, actual_io, aged_from, "
    "schedule_id"
)
"""Those of `tasks`."""
_TAKE_AWAY = (
    f"INSERT INTO set_aside (undo, {COLUMNS}) "
    f"SELECT ?, {COLUMNS} FROM tasks WHERE id IN (SELECT value FROM json_each(?))"
)
# An occurrence whose schedule is gone, or has another one by now, is a task like any other.
_PUT_BACK = (
    f"INSERT INTO tasks ({COLUMNS}) SELECT {COLUMNS.replace('schedule_id', 'NULL')} FROM set_aside "
    "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
)
_OWN_SCHEDULE = (
    "UPDATE tasks SET schedule_id = :schedule WHERE id = :id AND EXISTS (SELECT 1 FROM schedules WHERE id = :schedule) "
    "AND NOT EXISTS (SELECT 1 FROM tasks WHERE schedule_id = :schedule)"
)


def set_aside(connection: sqlite3.Connection, ids: Iterable[int], undo: int, changes: Changes) -> int:
    """Set tasks and their children aside, to whatever depth, for this undo; how many of `ids` that were.

    Those that are being cancelled already are left to that.
    """
    wanted = set(ids)
    rows = [row for row in rows_of(connection, _with_children(connection, wanted)) if not row.cancelling]
    running = [row.id for row in rows if row.status == "running"]
    if running:
        which = id_list(running)
        connection.execute(
            "INSERT INTO undo_marks (undo, id, was) "
            "SELECT ?, id, again FROM tasks WHERE id IN (SELECT value FROM json_each(?))",
            (undo, which),
        )
        connection.execute(
            "UPDATE tasks SET cancelling = ?, again = NULL WHERE id IN (SELECT value FROM json_each(?))",
            (INTERRUPTED, which),
        )
        changes.stop += [Stop(task_id, STOP) for task_id in running]
    _take_away(connection, [row for row in rows if row.status != "running"], undo, changes)
    return sum(row.id in wanted for row in rows)


def set_stopped_aside(connection: sqlite3.Connection, ids: Sequence[int], changes: Changes) -> None:
    """These were interrupted to be set aside, and have stopped: they are back in line, or wait for children."""
    if not ids:
        return
    which = id_list(ids)
    connection.execute(
        "UPDATE tasks SET cancelling = 0 WHERE id IN (SELECT value FROM json_each(?))", (which,)
    )
    undos: dict[int, list[int]] = {}
    for task_id, undo in connection.execute(
        "SELECT m.id, m.undo FROM json_each(?) j JOIN undo_marks m ON m.id = j.value "
        "JOIN undos u ON u.id = m.undo WHERE u.act = 'cancel'",
        (which,),
    ).fetchall():
        undos.setdefault(undo, []).append(task_id)
    for undo, some in undos.items():
        _take_away(connection, rows_of(connection, some), undo, changes)


def put_back(connection: sqlite3.Connection, ids: Sequence[int], changes: Changes) -> list[Row]:
    """Tasks that were set aside are in `tasks` again, with their tags and counts; nothing else has been looked at yet."""
    which = id_list(ids)
    occurrences = connection.execute(
        "SELECT id, schedule_id FROM set_aside "
        "WHERE id IN (SELECT value FROM json_each(?)) AND schedule_id IS NOT NULL",
        (which,),
    ).fetchall()
    connection.execute(_PUT_BACK, (which,))
    connection.executemany(
        _OWN_SCHEDULE, [{"id": one, "schedule": schedule} for one, schedule in occurrences]
    )
    connection.execute("DELETE FROM set_aside WHERE id IN (SELECT value FROM json_each(?))", (which,))
    rows = rows_of(connection, ids)
    tagged: list[tuple[int, Mapping[str, str]]] = []
    for row in rows:
        changes.count(row.lane, row.status)
        if row.tags:
            tags = tags_of(row.tags)
            tagged.append((row.id, tags))
            changes.count_tags(tags.items(), row.lane, row.status, 1)
            changes.count_tags(tags.items(), row.lane, TaskStatus.CANCELLED, -1)
    add_tags(connection, tagged, 0.0)  # when their values were first seen is known already
    return rows


def _with_children(connection: sqlite3.Connection, ids: Iterable[int]) -> list[int]:
    rows = connection.execute(
        "WITH RECURSIVE family(id) AS (SELECT value FROM json_each(?) "
        "UNION SELECT t.id FROM family f JOIN tasks t ON t.parent_id = f.id) SELECT id FROM family",
        (id_list(ids),),
    )
    return [row[0] for row in rows]


def _take_away(connection: sqlite3.Connection, rows: Sequence[Row], undo: int, changes: Changes) -> None:
    if not rows:
        return
    which = id_list(row.id for row in rows)
    connection.execute(_TAKE_AWAY, (undo, which))
    connection.execute("DELETE FROM tasks WHERE id IN (SELECT value FROM json_each(?))", (which,))
    tagged: list[tuple[int, Mapping[str, str]]] = []
    for row in rows:
        changes.count(row.lane, row.status, -1)
        changes.aside.append(row.facts)
        if row.tags:
            tags = tags_of(row.tags)
            tagged.append((row.id, tags))
            changes.count_tags(tags.items(), row.lane, row.status, -1)
            # Jobs count them as what they are about to be.
            changes.count_tags(tags.items(), row.lane, TaskStatus.CANCELLED, 1)
    if tagged:
        remove_tags(connection, tagged)
