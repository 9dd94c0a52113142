"""The book of what can be taken back: what was done to how many, until when, and how it was before."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple


class StoredUndo(NamedTuple):
    """What was done to how many, and until when (epoch seconds) it can be taken back."""

    id: int
    act: str
    n: int
    until: float


class Mark(NamedTuple):
    """Something that it was done to and that stays in its table, and how it was before, if that has to be known."""

    id: int
    was: str | None


def stored_undos(connection: sqlite3.Connection) -> list[StoredUndo]:
    """All that has been neither taken back nor carried out."""
    rows = connection.execute("SELECT id, act, n, until FROM undos ORDER BY id")
    return [StoredUndo._make(row) for row in rows]


def begin(connection: sqlite3.Connection, act: str, until: float) -> int:
    """A new one, which nothing belongs to yet; its id."""
    undo = connection.execute("INSERT INTO undos (act, until) VALUES (?, ?)", (act, until)).lastrowid
    assert undo is not None
    return undo


def grown(connection: sqlite3.Connection, undo: int, n: int) -> StoredUndo | None:
    """It was done to `n` more; None, and it is forgotten, where there is nothing to take back."""
    row = connection.execute(
        "UPDATE undos SET n = n + ? WHERE id = ? RETURNING id, act, n, until", (n, undo)
    ).fetchone()
    stored = StoredUndo._make(row)
    if stored.n:
        return stored
    forget(connection, undo)
    return None


def shrunk(connection: sqlite3.Connection, undo: int, n: int) -> None:
    """`n` of it are done with: who reads it after a crash is told of the rest."""
    connection.execute("UPDATE undos SET n = max(1, n - ?) WHERE id = ?", (n, undo))


def forget(connection: sqlite3.Connection, undo: int) -> None:
    """It is over."""
    connection.execute("DELETE FROM undo_marks WHERE undo = ?", (undo,))
    connection.execute("DELETE FROM undos WHERE id = ?", (undo,))


def act_of(connection: sqlite3.Connection, undo: int) -> str | None:
    """What was done; None when that is over."""
    row = connection.execute("SELECT act FROM undos WHERE id = ?", (undo,)).fetchone()
    return None if row is None else row[0]


def take_marks(connection: sqlite3.Connection, undo: int, limit: int) -> list[Mark]:
    """At most `limit` of what an undo has marked, and marks no longer."""
    rows = connection.execute(
        "SELECT id, was FROM undo_marks WHERE undo = ? ORDER BY id LIMIT ?", (undo, limit)
    ).fetchall()
    if rows:
        connection.execute("DELETE FROM undo_marks WHERE undo = ? AND id <= ?", (undo, rows[-1][0]))
        shrunk(connection, undo, len(rows))
    return [Mark._make(row) for row in rows]
