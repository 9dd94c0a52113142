"""Marks a batch of pending tasks running, and hands back what their attempts need."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from scheduler_core.model.task import TaskStatus
from scheduler_core.store.changes import Changes, Facts, Ready, id_list
from scheduler_core.store.ending import TOO_LATE, End, end_tasks
from scheduler_core.store.waiting import CLOCK_SQL


class Claimed(NamedTuple):
    """A task as its attempt gets it. JSON columns are text; `expected_io`, `memo` and `tags` may be None.

    `actual_io` is what an earlier attempt moved whose work this one finalizes.
    """

    id: int
    lane: int
    key: str
    label: str
    priority: int
    payload: str
    tags: str | None
    retry: str | None
    max_retries: int
    retry_count: int
    attempts: str | None
    last_error: str | None
    created_at: float
    started_at: float
    run_at: float | None
    parent_id: int | None
    finalizing: int
    memo: str | None
    has_deps: int
    expected_io: str | None
    expires_at: float | None
    aged_from: float
    actual_io: str | None

    @property
    def facts(self) -> Facts:
        """What events say about it."""
        return Facts(self.id, self.lane, self.label, self.priority, self.tags, self.aged_from)


MAY_EXPIRE = (
    "expires_at IS NOT NULL AND status IN ('pending', 'blocked') AND finalizing = 0 "
    "AND (ttl IS NOT NULL OR started_at IS NULL)"
)
"""The condition of the index `tasks_expiry`, to the letter: SQLite uses it only so."""

_CLAIM = (
    "UPDATE tasks SET status = 'running', started_at = :now, expires_at = coalesce(expires_at, :now + ttl) "
    "WHERE id IN (SELECT value FROM json_each(:ids)) AND status = 'pending' AND due_at IS NULL "
    f"AND NOT (expires_at <= :now AND {MAY_EXPIRE}) "
    "RETURNING " + ", ".join(Claimed._fields)
)


def claim(connection: sqlite3.Connection, ids: Iterable[int], now: float, changes: Changes) -> list[Claimed]:
    """Those of `ids` that were still pending, running now. The order is not that of `ids`."""
    claimed = [Claimed._make(row) for row in connection.execute(_CLAIM, {"now": now, "ids": id_list(ids)})]
    for lane, n in Counter(task.lane for task in claimed).items():
        changes.count(lane, "pending", -n)
        changes.count(lane, "running", n)
    return claimed


def make_due(connection: sqlite3.Connection, now: float, limit: int, changes: Changes) -> float | None:
    """Tasks whose time has come become ready, at most `limit`; returns when the next one is due, None for never."""
    rows = connection.execute(
        f"UPDATE tasks SET due_at = NULL, aged_from = {CLOCK_SQL} WHERE id IN "
        "(SELECT id FROM tasks WHERE due_at IS NOT NULL AND due_at <= :now ORDER BY due_at LIMIT :limit) "
        "RETURNING lane, priority, id, aged_from, status",
        {"now": now, "limit": limit},
    ).fetchall()
    changes.ready += [Ready(*ready) for *ready, status in rows if status == "pending"]
    return connection.execute("SELECT min(due_at) FROM tasks WHERE due_at IS NOT NULL").fetchone()[0]


def next_expiry(connection: sqlite3.Connection) -> float | None:
    """When the next task expires, None for never."""
    return connection.execute(f"SELECT min(expires_at) FROM tasks WHERE {MAY_EXPIRE}").fetchone()[0]


def expire(connection: sqlite3.Connection, now: float, limit: int, changes: Changes) -> float | None:
    """End the tasks whose time is over, at most `limit`; returns when the next one expires, None for never."""
    rows = connection.execute(
        f"SELECT id FROM tasks WHERE {MAY_EXPIRE} AND expires_at <= ? ORDER BY expires_at LIMIT ?",
        (now, limit),
    ).fetchall()
    end_tasks(
        connection,
        [End(task_id, TaskStatus.EXPIRED, now, TOO_LATE) for (task_id,) in rows],
        changes,
    )
    return next_expiry(connection)
