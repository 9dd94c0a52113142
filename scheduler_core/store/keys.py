"""Who holds a key: an active task, at most one. A key that is held makes a submission a duplicate.

What ends leaves its entry behind, since to remove it costs a page of its own in an index of hashes. An entry whose task is
not there any more holds nothing; `sweep` removes such entries in the order of keys, many
from each page.

To write it costs such a page, too, and most tasks are over soon. So the entries of the newest tasks are in memory only, in
a temporary table of the writing connection, `fresh_keys`: it is rolled back with the rest, and made again from `tasks`
when the file is opened (`load`). Those that stay longer are written many at a time (`settle`), in the order of keys.
`meta.keyed` is the newest task of which this is done: each active one up to it has its entry in `keys`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence


def is_held(key: str) -> str:
    """The condition that an active task holds a key, given as an SQL expression."""
    holders = (
        f"EXISTS (SELECT 1 FROM {table} k JOIN tasks t ON t.id = k.id AND t.key = k.key WHERE k.key = {key})"
        for table in ("fresh_keys", "keys")
    )
    return f"({' OR '.join(holders)})"


IS_HOLDER = (
    "id IN (SELECT k.id FROM fresh_keys k WHERE k.key = :key UNION ALL SELECT k.id FROM keys k WHERE k.key = :key) "
    "AND key = :key"
)
"""The condition for the row of `tasks` that holds a key."""
_KEYED = "coalesce((SELECT value FROM meta WHERE name = 'keyed'), 0)"
_TAKE = (
    "INSERT INTO fresh_keys (key, id) SELECT ?1, ?2 WHERE NOT EXISTS "
    "(SELECT 1 FROM keys k JOIN tasks t ON t.id = k.id AND t.key = k.key WHERE k.key = ?1) "
    "ON CONFLICT (key) DO UPDATE SET id = excluded.id "
    "WHERE id < ?3 AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id = fresh_keys.id AND t.key = fresh_keys.key)"
)
"""Tasks that are inserted together, from `?3` on, are not in `tasks` yet, and hold their keys all the same."""
_NO_TASK = 2**62


def load(connection: sqlite3.Connection) -> int:
    """Make the table of the newest keys; how many there are. The first thing on a connection that writes."""
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS fresh_keys "
        "(key TEXT NOT NULL PRIMARY KEY, id INTEGER NOT NULL) STRICT, WITHOUT ROWID"
    )
    connection.execute("DELETE FROM fresh_keys")
    return connection.execute(
        f"INSERT OR IGNORE INTO fresh_keys SELECT key, id FROM tasks WHERE id > {_KEYED} ORDER BY key"
    ).rowcount


def take(connection: sqlite3.Connection, wanted: Sequence[tuple[str, int]]) -> set[int] | None:
    """Take keys for tasks that are about to be inserted, as (key, id): those that nobody holds.

    Returns the ids of those that got theirs, None for all of them.
    """
    first = min(task_id for _, task_id in wanted) if len(wanted) > 1 else _NO_TASK
    before = connection.total_changes
    connection.executemany(_TAKE, [(key, task_id, first) for key, task_id in wanted])
    if connection.total_changes - before == len(wanted):
        return None
    return {task_id for key, task_id in wanted if _taken_by(connection, key) == task_id}


def take_over(connection: sqlite3.Connection, key: str, task_id: int) -> None:
    """Take a key whose holder has ended, for a new task."""
    connection.execute("INSERT OR REPLACE INTO fresh_keys (key, id) VALUES (?, ?)", (key, task_id))


def take_back(connection: sqlite3.Connection, taken: Sequence[tuple[str, int]]) -> None:
    """Tasks go as if they had never come, as (key, id)."""
    for table in ("fresh_keys", "keys"):
        connection.executemany(f"DELETE FROM {table} WHERE key = ? AND id = ?", taken)


def fresh(connection: sqlite3.Connection) -> tuple[int, int]:
    """The newest task whose key is in memory, 0 for none, and how many keys there are: what `settle` can do to its end."""
    return connection.execute("SELECT coalesce(max(id), 0), count(*) FROM fresh_keys").fetchone()


def settle(connection: sqlite3.Connection, after: str, limit: int) -> str | None:
    """Look at the next `limit` keys in memory behind a key, and write those that are held; the last, None at the end.

    '' is the beginning. When it was done to the end, `settled` says so.
    """
    rows = connection.execute(
        "SELECT k.key, k.id, EXISTS (SELECT 1 FROM tasks t WHERE t.id = k.id AND t.key = k.key) FROM fresh_keys k "
        "WHERE k.key > ? ORDER BY k.key LIMIT ?",
        (after, limit),
    ).fetchall()
    held = [(key, task_id) for key, task_id, is_there in rows if is_there]
    connection.executemany("INSERT OR REPLACE INTO keys (key, id) VALUES (?, ?)", held)
    if rows:
        connection.execute("DELETE FROM fresh_keys WHERE key > ? AND key <= ?", (after, rows[-1][0]))
    return rows[-1][0] if len(rows) == limit else None


def settled(connection: sqlite3.Connection, upto: int) -> None:
    """All keys of tasks up to this one, the newest when it began, were settled, but for what has come since.

    Not in a transaction with the first step: a task may have been given a lower id and not be stored yet. Until the
    next transaction it is.
    """
    connection.execute(
        "INSERT OR REPLACE INTO meta (name, value) "
        f"SELECT 'keyed', max({_KEYED}, min(?1, coalesce((SELECT min(id) - 1 FROM fresh_keys), ?1)))",
        (upto,),
    )


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


def _taken_by(connection: sqlite3.Connection, key: str) -> int | None:
    row = connection.execute("SELECT id FROM fresh_keys WHERE key = ?", (key,)).fetchone()
    return None if row is None else row[0]
