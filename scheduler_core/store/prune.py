"""Takes the oldest records out of the history, and out of everything that counts them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from scheduler_core.store.catalogue import forget
from scheduler_core.store.causes import forget_causes
from scheduler_core.store.changes import Changes, id_list, tags_of
from scheduler_core.store.history_pages import has_no_gaps

_KEEP_ID = (
    "INSERT INTO meta (name, value) VALUES ('last_id', ?) "
    "ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)"
)


@dataclass(frozen=True, slots=True)
class Keep:
    """What stays: the newest `count` records, and those that ended at `since` (epoch seconds) or later. None: all."""

    count: int | None = None
    since: float | None = None


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many records went, and when the oldest that stayed had ended."""

    removed: int
    oldest: float | None


def prune(connection: sqlite3.Connection, keep: Keep, limit: int, changes: Changes) -> Pruned:
    """Remove at most `limit` records, the oldest first; writes the counters."""
    last_kept = _first_to_stay(connection, keep.count)
    rows = connection.execute(
        "SELECT id, lane, status, tags, attention, completed_at, coalesce(completed_at - started_at, 0), actual_io, "
        "task_id FROM history WHERE id > 0 ORDER BY id LIMIT ?",
        (limit,),
    ).fetchall()
    gone: list[int] = []
    failures: list[int] = []
    touched: set[tuple[str, str]] = set()
    newest = 0
    for history_id, lane, status, tags, attention, completed_at, duration, actual_io, task_id in rows:
        is_old = keep.since is not None and completed_at < keep.since
        if not is_old and not (last_kept is not None and history_id < last_kept):
            break
        gone.append(history_id)
        newest = max(newest, task_id)
        changes.total(lane, status, -1, -duration)
        changes.moved(lane, status, actual_io, -1)
        changes.attention -= attention
        if attention:
            failures.append(history_id)
        items = tags_of(tags).items()
        changes.count_tags(items, lane, status, -1)
        touched.update(items)
    if gone:
        forget(connection, gone[0], gone[-1])
        if failures:  # their causes are counted by that
            connection.execute(
                "UPDATE history SET attention = 0 WHERE id IN (SELECT value FROM json_each(?))",
                (id_list(failures),),
            )
        keep_id(connection, newest)
        connection.execute(
            "DELETE FROM history WHERE id IN (SELECT value FROM json_each(?))", (id_list(gone),)
        )
        forget_causes(connection, gone[-1])
    changes.write_counters(connection)
    _forget_values(connection, touched)
    oldest = connection.execute(
        "SELECT completed_at FROM history WHERE id = (SELECT min(id) FROM history)"
    ).fetchone()
    return Pruned(len(gone), None if oldest is None else oldest[0])


def keep_id(connection: sqlite3.Connection, newest: int) -> None:
    """A task that goes without a trace had this id: without this it would be given once more after the next open."""
    connection.execute(_KEEP_ID, (newest,))


def _first_to_stay(connection: sqlite3.Connection, count: int | None) -> int | None:
    """The id from which on the newest `count` records begin; None when all stay."""
    if count is None:
        return None
    newest = connection.execute("SELECT max(id) FROM history").fetchone()[0]
    if newest is None or count == 0:
        return None if newest is None else newest + 1
    if has_no_gaps(connection):
        return newest - count + 1
    row = connection.execute(
        "SELECT id FROM history ORDER BY id DESC LIMIT 1 OFFSET ?", (count - 1,)
    ).fetchone()
    return None if row is None else row[0]


def _forget_values(connection: sqlite3.Connection, values: set[tuple[str, str]]) -> None:
    """Tag values that no task carries any more."""
    listed = list(values)
    connection.executemany("DELETE FROM tag_counts WHERE key = ? AND value = ? AND n = 0", listed)
    connection.executemany(
        "DELETE FROM tag_values WHERE key = ?1 AND value = ?2 "
        "AND NOT EXISTS (SELECT 1 FROM tag_counts c WHERE c.key = ?1 AND c.value = ?2) "
        "AND NOT EXISTS (SELECT 1 FROM active_tag_counts c WHERE c.key = ?1 AND c.value = ?2)",
        listed,
    )
