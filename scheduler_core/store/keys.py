"""Who holds a key: an active task, at most one. A key that is held makes a submission a duplicate.

What ends leaves its entry behind, since to remove it costs a page of its own in an index of hashes. An entry whose task is
not there any more holds nothing; `sweep` removes such entries in the order of keys, many
from each page.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

_TAKE = (
    "INSERT INTO keys (key, id) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET id = excluded.id "
    "WHERE id < ?3 AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id = keys.id AND t.key = keys.key)"
)
"""Tasks that are inserted together, from `?3` on, are not in `tasks` yet, and hold their keys all the same."""
_NO_TASK = 2**62
IS_HOLDER = "id = (SELECT k.id FROM keys k WHERE k.key = :key) AND key = :key"
"""The condition for the row of `tasks` that holds a key."""


def take(connection: sqlite3.Connection, wanted: Sequence[tuple[str, int]]) -> set[int] | None:
    """Take keys for tasks that are about to be inserted, as (key, id): those that nobody holds.

    Returns the ids of those that got theirs, None for all of them.
    """
    first = min(task_id for _, task_id in wanted) if len(wanted) > 1 else _NO_TASK
    before = connection.total_changes
    connection.executemany(_TAKE, [(key, task_id, first) for key, task_id in wanted])
    if connection.total_changes - before == len(wanted):
        return None
    return {task_id for key, task_id in wanted if _holder(connection, key) == task_id}


def take_over(connection: sqlite3.Connection, key: str, task_id: int) -> None:
    """Take a key whose holder has ended."""
    connection.execute("INSERT OR REPLACE INTO keys (key, id) VALUES (?, ?)", (key, task_id))


def sweep(connection: sqlite3.Connection, after: str, limit: int) -> str | None:
    """Look at the next `limit` entries behind a key, and remove those that hold nothing; the last key, None at the end.

    '' is the beginning.
    """
    if not after:
        newest = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'history'), 0)"
        connection.execute(f"INSERT OR REPLACE INTO meta (name, value) SELECT 'sweeping', ({newest})")
    oldest = connection.execute("SELECT min(id) FROM tasks").fetchone()[0]
    rows = connection.execute(
        "SELECT k.key, k.id >= ?3 AND EXISTS (SELECT 1 FROM tasks t WHERE t.id = k.id AND t.key = k.key) "
        "FROM keys k WHERE k.key > ?1 ORDER BY k.key LIMIT ?2",
        (after, limit, _NO_TASK if oldest is None else oldest),
    ).fetchall()
    connection.executemany("DELETE FROM keys WHERE key = ?", [(key,) for key, is_held in rows if not is_held])
    if len(rows) == limit:
        return rows[-1][0]
    connection.execute(
        "INSERT OR REPLACE INTO meta (name, value) SELECT 'swept', value FROM meta WHERE name = 'sweeping'"
    )
    return None


def unswept(connection: sqlite3.Connection) -> int:
    """How many tasks have ended since the last sweep began that went to its end: at most so many entries hold nothing."""
    row = connection.execute(
        "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'history'), 0) "
        "- coalesce((SELECT value FROM meta WHERE name = 'swept'), 0)"
    ).fetchone()
    return max(0, row[0])


def _holder(connection: sqlite3.Connection, key: str) -> int | None:
    row = connection.execute("SELECT id FROM keys WHERE key = ?", (key,)).fetchone()
    return None if row is None else row[0]
