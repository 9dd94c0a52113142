"""What views ask: tasks, history, failures, jobs, tags. All read by key through an index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from scheduler_core.model.task import TaskHistoryRecord, TaskRecord
from scheduler_core.store.changes import id_list
from scheduler_core.store.rows import HISTORY_COLUMNS, TASK_COLUMNS, LaneTable, history_record, task_records
from scheduler_core.store.tags import PREFIX_SQL

_IN_BLOCK = "(SELECT id FROM history WHERE id >> 11 = {} AND key = :key ORDER BY id DESC LIMIT 1)"
_NEWEST, _NEXT = "(SELECT max(id) FROM history)", "(SELECT max(id) FROM history WHERE id < n << 11)"
_NEWEST_OF_KEY = (
    f"WITH RECURSIVE blocks(n, found) AS (SELECT {_NEWEST} >> 11, {_IN_BLOCK.format(f'{_NEWEST} >> 11')} "
    f"UNION ALL SELECT {_NEXT} >> 11, {_IN_BLOCK.format(f'{_NEXT} >> 11')} FROM blocks "
    "WHERE found IS NULL AND n IS NOT NULL)"
)
"""From block to block of the index `history_by_key`, the newest first, until the key is found or there are no more."""


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
    """The active task that holds a stored key."""
    rows = connection.execute(f"SELECT {TASK_COLUMNS} FROM tasks WHERE key = ?", (key,))
    return next(iter(task_records(connection, rows, lanes)), None)


def last_by_key(connection: sqlite3.Connection, key: str, lanes: LaneTable) -> TaskHistoryRecord | None:
    """The newest history record with a stored key: a few steps into an index for each 2,048 records that are newer."""
    row = connection.execute(
        f"{_NEWEST_OF_KEY} SELECT {HISTORY_COLUMNS} FROM history WHERE id = (SELECT max(found) FROM blocks)",
        {"key": key},
    ).fetchone()
    return None if row is None else history_record(row, lanes)


def history_page(
    connection: sqlite3.Connection,
    lanes: LaneTable,
    *,
    limit: int,
    offset: int = 0,
    before_id: int | None = None,
    statuses: Sequence[str] = (),
    lane_ids: Sequence[int] | None = None,
    text: str | None = None,
    attention: bool = False,
    tags: Mapping[str, str] | None = None,
) -> list[TaskHistoryRecord]:
    """History records, newest first. `text` is looked for in labels, keys and errors."""
    where, values = ["1"], list[Any]()
    if attention:
        where.append("attention = 1")
    if before_id is not None:
        where.append("id < (SELECT id FROM history WHERE task_id = ?)")
        values.append(before_id)
    if statuses:
        where.append(f"status IN ({', '.join('?' * len(statuses))})")
        values += statuses
    if lane_ids is not None:
        where.append("lane IN (SELECT value FROM json_each(?))")
        values.append(id_list(lane_ids))
    if text:
        where.append(
            "(instr(casefold(label), ?) OR instr(casefold(key), ?) OR instr(casefold(coalesce(last_error, '')), ?))"
        )
        values += [text.casefold()] * 3
    for key, value in (tags or {}).items():
        where.append("EXISTS (SELECT 1 FROM json_each(tags) t WHERE t.key = ? AND t.value = ?)")
        values += [key, value]
    rows = connection.execute(
        f"SELECT {HISTORY_COLUMNS} FROM history WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ? OFFSET ?",
        (*values, limit, offset),
    )
    return [history_record(row, lanes) for row in rows]


class Standing(NamedTuple):
    """Where an active task stands. `status` is the stored one, `aged_from` by the clock of its lane."""

    lane: int
    priority: int
    status: str
    due_at: float | None
    aged_from: float
    retry_count: int
    depends_on: tuple[int, ...] = ()


class Ahead(NamedTuple):
    """Tasks of a lane and a priority that stand before another: who has waited since `before`, or since `beside` and has
    a lower id.
    """

    lane: int
    priority: int
    before: float
    beside: float
    id: int


def standing(connection: sqlite3.Connection, task_id: int) -> Standing | None:
    """Where an active task stands, None if it is none."""
    row: tuple[Any, ...] | None = connection.execute(
        "SELECT lane, priority, status, due_at, aged_from, retry_count FROM tasks WHERE id = ?",
        (_bindable(task_id),),
    ).fetchone()
    if row is None:
        return None
    return Standing._make((*row, tuple(dependencies_of(connection, task_id))))


def ready_ahead(connection: sqlite3.Connection, places: Iterable[Ahead], limit: int) -> int:
    """How many ready tasks these are together, at most `limit`."""
    n = 0
    for place in places:
        n += connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM tasks WHERE lane = ? AND priority = ? AND status = 'pending' "
            "AND due_at IS NULL AND (aged_from <= ? OR (aged_from <= ? AND id < ?)) LIMIT ?)",
            (*place, limit - n),
        ).fetchone()[0]
        if n >= limit:
            break
    return n


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
    return [row[0] for row in connection.execute("SELECT id FROM tasks WHERE status = 'blocked' ORDER BY id")]


def tasks_by_tags(
    connection: sqlite3.Connection, filters: Mapping[str, str], lane_ids: Sequence[int] | None
) -> list[tuple[int, int, str]]:
    """Active tasks that carry all of these tags: (id, lane, stored status), in the order of ids."""
    where, values = _carry(filters, lane_ids)
    return connection.execute(
        f"SELECT t.id, t.lane, t.status FROM tags g JOIN tasks t ON t.id = g.task_id {where} ORDER BY g.task_id",
        values,
    ).fetchall()


def ids_by_tags(
    connection: sqlite3.Connection, filters: Mapping[str, str], lane_ids: Sequence[int] | None
) -> list[int]:
    """The ids of these tasks, in order. They come as one row: thousands of rows cost three times as much."""
    where, values = _carry(filters, lane_ids)
    # Only active tasks are in `tags`.
    join = "" if lane_ids is None else "JOIN tasks t ON t.id = g.task_id"
    row = connection.execute(f"SELECT json_group_array(g.task_id) FROM tags g {join} {where}", values)
    return sorted(json.loads(row.fetchone()[0]))


def _carry(filters: Mapping[str, str], lane_ids: Sequence[int] | None) -> tuple[str, list[str]]:
    """What follows `FROM tags g` for tasks that carry all of these tags, and its values; `t` is the task."""
    (key, value), *others = filters.items()
    joins = "".join(
        f" JOIN tags g{n} ON g{n}.key = ? AND g{n}.value = ? AND g{n}.task_id = g.task_id"
        for n in range(len(others))
    )
    values = [part for pair in others for part in pair] + [key, value]
    where = f"{joins} WHERE g.key = ? AND g.value = ?"
    if lane_ids is None:
        return where, values
    return f"{where} AND t.lane IN (SELECT value FROM json_each(?))", [*values, id_list(lane_ids)]


def tag_keys(connection: sqlite3.Connection, prefix: str, lane_ids: Sequence[int]) -> list[str]:
    """Keys of tags that active tasks carry and that begin so."""
    rows = connection.execute(
        f"SELECT DISTINCT key FROM tag_counts WHERE {PREFIX_SQL} AND n > 0 "
        "AND lane IN (SELECT value FROM json_each(:lanes)) "
        "AND status IN ('pending', 'waiting', 'blocked', 'held') ORDER BY key",
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


def tag_counts(
    connection: sqlite3.Connection, key: str, values: Sequence[str] | None = None
) -> list[TagCount]:
    """Kept counts of a tag, of all values or of some."""
    if values is None:
        rows = connection.execute(
            "SELECT value, lane, status, n FROM tag_counts WHERE key = ? AND n > 0", (key,)
        )
    else:
        rows = connection.execute(
            "SELECT c.value, c.lane, c.status, c.n FROM json_each(?) j "
            "JOIN tag_counts c ON c.key = ? AND c.value = j.value WHERE c.n > 0",
            (_text_list(values), key),
        )
    return [TagCount(*row) for row in rows]


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
