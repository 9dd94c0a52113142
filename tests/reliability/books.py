"""Whether a database agrees with itself: what is counted in it is what is in it."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path


def check_books(path: Path) -> None:
    """Fails when a kept counter or index differs from the rows, or SQLite finds damage. Nobody has the file open."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        _check_totals(connection)
        _check_tags(connection)
        both = connection.execute("SELECT id FROM tasks WHERE id IN (SELECT task_id FROM history)").fetchall()
        assert both == [], "active and in the history"
        both = connection.execute(
            "SELECT id FROM set_aside WHERE id IN (SELECT id FROM tasks) OR id IN (SELECT task_id FROM history)"
        ).fetchall()
        assert both == [], "set aside, and active or in the history"
        loose = connection.execute(
            "SELECT task_id FROM dependencies WHERE task_id NOT IN (SELECT id FROM tasks) "
            "AND task_id NOT IN (SELECT id FROM set_aside)"
        ).fetchall()
        assert loose == [], "edges of tasks that are gone"


def history_by_label(path: Path) -> dict[str, list[str]]:
    """The ends of every label's tasks, in the order in which they came."""
    found: dict[str, list[str]] = {}
    with closing(sqlite3.connect(path)) as connection:
        for label, status in connection.execute("SELECT label, status FROM history ORDER BY id"):
            found.setdefault(label, []).append(status)
    return found


def active_tasks(path: Path) -> int:
    """How many tasks have not ended."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM tasks").fetchone()[0])


def _check_totals(connection: sqlite3.Connection) -> None:
    kept = dict(_pairs(connection, "SELECT lane, status, n FROM totals WHERE n <> 0"))
    counted = dict(_pairs(connection, "SELECT lane, status, count(*) FROM history GROUP BY lane, status"))
    assert kept == counted, "totals are not the history"


def _check_tags(connection: sqlite3.Connection) -> None:
    counted: Counter[tuple[str, str, int, str]] = Counter()
    indexed: set[tuple[str, str, int]] = set()
    for task_id, lane, status, tags in connection.execute("SELECT id, lane, status, tags FROM tasks"):
        for key, value in json.loads(tags or "{}").items():
            indexed.add((key, value, task_id))
            # Claiming a task changes no counter: what runs is counted as pending.
            counted[key, value, lane, "pending" if status == "running" else status] += 1
    for lane, status, tags in connection.execute("SELECT lane, status, tags FROM history"):
        for key, value in json.loads(tags or "{}").items():
            counted[key, value, lane, status] += 1
    # Jobs count what is set aside as what it is about to be.
    for lane, tags in connection.execute("SELECT lane, tags FROM set_aside"):
        for key, value in json.loads(tags or "{}").items():
            counted[key, value, lane, "cancelled"] += 1
    assert set(connection.execute("SELECT key, value, task_id FROM tags")) == indexed, (
        "tags are not the tasks'"
    )
    kept = {
        (key, value, lane, status): n
        for key, value, lane, status, n in connection.execute(
            "SELECT * FROM active_tag_counts UNION ALL SELECT * FROM tag_counts WHERE n <> 0"
        )
    }
    assert kept == dict(counted), "counts by tag are not the rows"


def _pairs(connection: sqlite3.Connection, query: str) -> list[tuple[tuple[int, str], int]]:
    return [((lane, status), n) for lane, status, n in connection.execute(query)]
