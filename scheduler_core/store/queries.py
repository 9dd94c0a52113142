"""What views ask: tasks, history, failures, jobs, tags. All read by key through an index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from scheduler_core.model.task import TaskHistoryRecord, TaskRecord
from scheduler_core.store.catalogue import newest_of_key
from scheduler_core.store.changes import id_list
from scheduler_core.store.keys import IS_HOLDER
from scheduler_core.store.rows import HISTORY_COLUMNS, TASK_COLUMNS, LaneTable, history_record, task_records
from scheduler_core.store.tags import PREFIX_SQL


class TagCount(NamedTuple):
    """How many tasks of a lane and a status carry a tag value. Running ones are counted as pending."""

    value: str
    lane: int
    status: str
    n: int


class TagValue(NamedTuple):
    """A value of a tag, and where it stands in the order of first sight."""

    id: int
    value: str
    created_at: float


def tasks_by_ids(connection: sqlite3.Connection, ids: Iterable[int], lanes: LaneTable) -> list[TaskRecord]:
    """The active tasks among `ids`, in the order of ids."""
    rows = connection.execute(
        f"SELECT {TASK_COLUMNS} FROM tasks WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (id_list(ids),),
    )
    return task_records(connection, rows, lanes)


def tasks_of_lanes(
    connection: sqlite3.Connection, wanted: Iterable[int], after_id: int, limit: int, lanes: LaneTable
) -> list[TaskRecord]:
    """Active tasks of these lanes behind `after_id`, in the order of ids."""
    rows = connection.execute(
        f"SELECT {TASK_COLUMNS} FROM tasks WHERE id > ? AND lane IN (SELECT value FROM json_each(?)) "
        "ORDER BY id LIMIT ?",
        (after_id, id_list(wanted), limit),
    )
    return task_records(connection, rows, lanes)


def task_by_key(connection: sqlite3.Connection, key: str, lanes: LaneTable) -> TaskRecord | None:
    """The active task that holds a stored key. On the connection that writes."""
    rows = connection.execute(f"SELECT {TASK_COLUMNS} FROM tasks WHERE {IS_HOLDER}", {"key": key})
    return next(iter(task_records(connection, rows, lanes)), None)


def last_by_key(connection: sqlite3.Connection, key: str, lanes: LaneTable) -> TaskHistoryRecord | None:
    """The newest history record with a stored key."""
    row = connection.execute(
        f"SELECT {HISTORY_COLUMNS} FROM history WHERE id = ?", (newest_of_key(connection, key),)
    ).fetchone()
    return None if row is None else history_record(row, lanes)


class Standing(NamedTuple):
    """Where an active task stands. `status` is the stored one, `aged_from` by the clock of its lane."""

    lane: int
    priority: int
    status: str
    due_at: float | None
    aged_from: float
    retry_count: int
    children_left: int
    depends_on: tuple[int, ...] = ()
    """What it waits for and is still active."""
    failed: tuple[int, ...] = ()
    """What it waits for and has ended badly: nothing but another try of that frees it."""


def standing(connection: sqlite3.Connection, task_id: int) -> Standing | None:
    """Where an active task stands, None if it is none."""
    row: tuple[Any, ...] | None = connection.execute(
        "SELECT lane, priority, status, due_at, aged_from, retry_count, children_left FROM tasks WHERE id = ?",
        (_bindable(task_id),),
    ).fetchone()
    if row is None:
        return None
    return Standing._make((*row, *_awaited(connection, task_id)))


def _awaited(connection: sqlite3.Connection, task_id: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The dependencies of a task that are active, and those that have failed, each in the order of ids."""
    rows = connection.execute(
        "SELECT d.depends_on, t.id IS NOT NULL FROM dependencies d LEFT JOIN tasks t ON t.id = d.depends_on "
        "LEFT JOIN history h ON h.task_id = d.depends_on WHERE d.task_id = ? AND NOT d.met "
        "AND (t.id IS NOT NULL OR h.status <> 'completed') ORDER BY 1",
        (task_id,),
    ).fetchall()
    return (
        tuple(other for other, is_active in rows if is_active),
        tuple(other for other, is_active in rows if not is_active),
    )


def _bindable(task_id: int) -> int:
    """The id, or 0, which no task has, for a number that SQLite cannot hold."""
    return task_id if 0 < task_id < 2**63 else 0


def dependencies_of(connection: sqlite3.Connection, task_id: int) -> list[int]:
    """What an active task depends on."""
    rows = connection.execute(
        "SELECT depends_on FROM dependencies WHERE task_id = ? ORDER BY 1", (_bindable(task_id),)
    )
    return [row[0] for row in rows]


def dependent_ids(connection: sqlite3.Connection, task_id: int) -> list[int]:
    """The active tasks that depend on a task."""
    rows = connection.execute(
        "SELECT task_id FROM dependencies WHERE depends_on = ? ORDER BY 1", (_bindable(task_id),)
    )
    return [row[0] for row in rows]


def blocked_ids(connection: sqlite3.Connection) -> list[int]:
    """The tasks that wait for dependencies."""
    rows = connection.execute("SELECT id FROM tasks WHERE status <> 'pending' AND status = 'blocked'")
    return [row[0] for row in rows]


def tasks_by_tags(
    connection: sqlite3.Connection, filters: Mapping[str, str], lane_ids: Sequence[int] | None
) -> list[tuple[int, int, str]]:
    """Active tasks that carry all of these tags: (id, lane, stored status), in the order of ids."""
    carry, values = _carry(connection, filters, lane_ids, with_task=True)
    return connection.execute(f"SELECT t.id, t.lane, t.status {carry} ORDER BY g.task_id", values).fetchall()


def ids_by_tags(
    connection: sqlite3.Connection, filters: Mapping[str, str], lane_ids: Sequence[int] | None
) -> list[int]:
    """The ids of these tasks, in order. They come as one row: thousands of rows cost three times as much."""
    # Only active tasks are in `tags`.
    carry, values = _carry(connection, filters, lane_ids, with_task=lane_ids is not None)
    row = connection.execute(f"SELECT json_group_array(g.task_id) {carry}", values)
    return sorted(json.loads(row.fetchone()[0]))


def _carry(
    connection: sqlite3.Connection,
    filters: Mapping[str, str],
    lane_ids: Sequence[int] | None,
    *,
    with_task: bool,
) -> tuple[str, list[str]]:
    """`FROM tags g ...` for tasks `t` that carry all of these tags, and its values.

    The rarest tag is looked up, and the others at its tasks.
    """
    tags = list(filters.items())
    if len(tags) > 1:
        tags.sort(key=lambda tag: _active_with_tag(connection, *tag))
    (first, *others) = tags
    joins = "".join(
        f" CROSS JOIN tags g{n} ON g{n}.key = ? AND g{n}.value = ? AND g{n}.task_id = g.task_id"
        for n in range(len(others))
    )
    if with_task:
        joins += " CROSS JOIN tasks t ON t.id = g.task_id"
    carry = f"FROM tags g{joins} WHERE g.key = ? AND g.value = ?"
    values = [part for pair in (*others, first) for part in pair]
    if lane_ids is None:
        return carry, values
    return f"{carry} AND t.lane IN (SELECT value FROM json_each(?))", [*values, id_list(lane_ids)]


def _active_with_tag(connection: sqlite3.Connection, key: str, value: str) -> float:
    """How many active tasks carry a tag."""
    return connection.execute(
        "SELECT total(n) FROM active_tag_counts WHERE key = ? AND value = ?", (key, value)
    ).fetchone()[0]


def tag_keys(connection: sqlite3.Connection, prefix: str, lane_ids: Sequence[int]) -> list[str]:
    """Keys of tags that active tasks carry and that begin so."""
    begins = "substr(k.key, 1, length(:prefix)) = :prefix"
    rows = connection.execute(  # from one key to the next: each may have very many values
        f"WITH RECURSIVE k(key) AS (SELECT min(key) FROM active_tag_counts WHERE key >= :prefix UNION ALL "
        f"SELECT (SELECT min(key) FROM active_tag_counts WHERE key > k.key) FROM k WHERE {begins}) "
        f"SELECT key FROM k WHERE {begins} AND EXISTS (SELECT 1 FROM active_tag_counts WHERE key = k.key "
        "AND lane IN (SELECT value FROM json_each(:lanes)) AND n > 0) ORDER BY key",
        {"prefix": prefix, "lanes": id_list(lane_ids)},
    )
    return [row[0] for row in rows]


def ids_by_tag_prefix(
    connection: sqlite3.Connection, prefix: str, lane_ids: Sequence[int]
) -> list[tuple[int, int, str]]:
    """Active tasks with a tag whose key begins so: (id, lane, stored status), each once, in the order of ids."""
    rows = connection.execute(
        f"SELECT DISTINCT t.id, t.lane, t.status FROM (SELECT task_id FROM tags WHERE {PREFIX_SQL}) g "
        "JOIN tasks t ON t.id = g.task_id WHERE t.lane IN (SELECT value FROM json_each(:lanes)) ORDER BY t.id",
        {"prefix": prefix, "lanes": id_list(lane_ids)},
    )
    return rows.fetchall()


def active_tag_counts(connection: sqlite3.Connection, key: str, lane_ids: Sequence[int]) -> list[TagCount]:
    """Kept counts of the active tasks of some lanes by the values of a tag."""
    rows = connection.execute(
        "SELECT value, lane, status, n FROM active_tag_counts WHERE key = ? "
        "AND lane IN (SELECT value FROM json_each(?)) AND n > 0",
        (key, id_list(lane_ids)),
    )
    return [TagCount(*row) for row in rows]


def tag_counts(connection: sqlite3.Connection, key: str, values: Sequence[str]) -> list[TagCount]:
    """Kept counts of some values of a tag, of active tasks and of what has ended."""
    rows = connection.execute(
        "SELECT c.value, c.lane, c.status, c.n FROM json_each(?1) j "
        "CROSS JOIN tag_counts c ON c.key = ?2 AND c.value = j.value WHERE c.n > 0 UNION ALL "
        "SELECT c.value, c.lane, c.status, c.n FROM json_each(?1) j "
        "CROSS JOIN active_tag_counts c ON c.key = ?2 AND c.value = j.value WHERE c.n > 0",
        (_text_list(values), key),
    )
    return [TagCount(*row) for row in rows]


def known_tag_keys(connection: sqlite3.Connection, limit: int) -> list[str]:
    """Keys of tags that tasks carry or have carried, by name: from one to the next, however many values each has."""
    rows = connection.execute(
        "WITH RECURSIVE k(key) AS (SELECT min(key) FROM tag_values UNION ALL "
        "SELECT (SELECT min(key) FROM tag_values WHERE key > k.key) FROM k WHERE key IS NOT NULL) "
        "SELECT key FROM k WHERE key IS NOT NULL LIMIT ?",
        (limit,),
    )
    return [row[0] for row in rows]


def tag_values(connection: sqlite3.Connection, key: str, limit: int, offset: int) -> list[TagValue]:
    """Values of a tag, the newest first."""
    rows = connection.execute(
        "SELECT id, value, created_at FROM tag_values WHERE key = ? ORDER BY id DESC LIMIT ? OFFSET ?",
        (key, limit, offset),
    )
    return [TagValue(*row) for row in rows]


def _text_list(values: Iterable[str]) -> str:
    return json.dumps(list(values))


def tag_value(connection: sqlite3.Connection, key: str, value: str) -> TagValue | None:
    """One value of a tag, if a task ever carried it."""
    row = connection.execute(
        "SELECT id, value, created_at FROM tag_values WHERE key = ? AND value = ?", (key, value)
    ).fetchone()
    return None if row is None else TagValue(*row)
