"""Failures by cause: which cause each has, how many there are of it, and pages of both.

How many want attention is kept in `causes.n`: what ends adds to it here, and a trigger of the schema follows
`history.attention`. A cause goes when the last record that had it is pruned.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from scheduler_core.clock import to_datetime
from scheduler_core.model.cause import FailureCause, cause_text
from scheduler_core.store.catalogue import wanted_text
from scheduler_core.store.changes import id_list

_LABELS = 3
_ADD = (
    "INSERT INTO causes (domain, task_type, text, n, last) SELECT domain, task_type, ?, ?, ? FROM lanes WHERE id = ? "
    "ON CONFLICT (task_type, text) DO UPDATE SET n = n + excluded.n, last = max(last, excluded.last) RETURNING id"
)
_COLUMNS = "id, domain, task_type, text, n"
_OF_CAUSE = "FROM history WHERE attention = 1 AND cause = ? ORDER BY id"
_UNSORTED = "FROM history WHERE attention = 1 AND cause IS NULL"


class Failure(NamedTuple):
    """What the cause of a failure is made of. `number` is that of its record (history.id), or a little more."""

    id: int
    number: int
    lane: int
    label: str
    error: str | None


def last_number(connection: sqlite3.Connection) -> int:
    """The highest number that a record of the history ever had."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'history'").fetchone()
    return 0 if row is None else row[0]


def count_failures(connection: sqlite3.Connection, failures: Sequence[Failure]) -> Mapping[int, int]:
    """The causes of failures by their ids, which count for these from now on."""
    texts = [(one.lane, cause_text(one.error, one.label)) for one in failures]
    last: dict[tuple[int, str], int] = {}
    for one, text in zip(failures, texts, strict=True):
        last[text] = max(one.number, last.get(text, 0))
    ids = {
        text: connection.execute(_ADD, (text[1], n, last[text], text[0])).fetchone()[0]
        for text, n in Counter(texts).items()
    }
    return {one.id: ids[text] for one, text in zip(failures, texts, strict=True)}


def unsorted(connection: sqlite3.Connection) -> int:
    """How many failures have no cause yet: those of a file that an earlier version wrote."""
    return connection.execute(f"SELECT count(*) {_UNSORTED}").fetchone()[0]


def sort_failures(connection: sqlite3.Connection, limit: int) -> int:
    """Give the newest `limit` of those that have none a cause; returns how many there were."""
    rows = connection.execute(
        f"SELECT id, id, lane, label, last_error {_UNSORTED} ORDER BY id DESC LIMIT ?", (limit,)
    ).fetchall()
    if rows:
        causes = count_failures(connection, list(map(Failure._make, rows)))
        by_cause = sorted((cause, number) for number, cause in causes.items())
        for cause, some in groupby(by_cause, lambda one: one[0]):
            connection.execute(
                "UPDATE history SET cause = ? WHERE id IN (SELECT value FROM json_each(?))",
                (cause, id_list(number for _, number in some)),
            )
    return len(rows)


def forget_causes(connection: sqlite3.Connection, newest_gone: int) -> None:
    """Those that no record has any more, now that the history up to a number is gone."""
    connection.execute("DELETE FROM causes WHERE (n > 0) = 0 AND last <= ?", (newest_gone,))


def causes_page(
    connection: sqlite3.Connection,
    limit: int,
    *,
    before_id: int | None = None,
    domain: str | None = None,
    text: str | None = None,
) -> list[FailureCause]:
    """The causes of failures that want attention, the one that something failed of last first."""
    where, values = "", list[object]()
    if before_id is not None:
        where += " AND (last, id) < (SELECT last, id FROM causes WHERE id = ?)"
        values.append(before_id)
    if domain is not None:
        where += " AND domain = ?"
        values.append(domain)
    if text:
        where += " AND instr(searched(text, '', task_type), ?)"
        values.append(wanted_text(text))
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM causes WHERE (n > 0) = 1{where} ORDER BY last DESC, id DESC LIMIT ?",
        (*values, limit),
    )
    found = (_cause(connection, row) for row in rows.fetchall())
    return [cause for cause in found if cause is not None]


def cause_by_id(connection: sqlite3.Connection, cause_id: int) -> FailureCause | None:
    """One cause; None when nothing that failed of it wants attention."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM causes WHERE id = ?", (cause_id,)).fetchone()
    return None if row is None or row[4] <= 0 else _cause(connection, row)


def failures_of(
    connection: sqlite3.Connection, cause_id: int | None, after: int, limit: int
) -> list[tuple[int, int]]:
    """Failures of a cause, or of any (None), behind a number, the oldest first: (number, id of the task)."""
    of_cause = "" if cause_id is None else " AND cause = :cause"
    return connection.execute(
        f"SELECT id, task_id FROM history WHERE attention = 1{of_cause} AND id > :after ORDER BY id LIMIT :limit",
        {"cause": cause_id, "after": after, "limit": limit},
    ).fetchall()


def last_failure_of(connection: sqlite3.Connection, cause_id: int | None) -> int:
    """The number of the newest failure of a cause, or of any (None); 0 without any."""
    of_cause = "" if cause_id is None else " AND cause = :cause"
    row = connection.execute(
        f"SELECT id FROM history WHERE attention = 1{of_cause} ORDER BY id DESC LIMIT 1", {"cause": cause_id}
    ).fetchone()
    return 0 if row is None else row[0]


def _cause(connection: sqlite3.Connection, row: tuple[int, str, str, str, int]) -> FailureCause | None:
    newest = connection.execute(
        f"SELECT completed_at, last_error, label {_OF_CAUSE} DESC LIMIT ?", (row[0], _LABELS)
    ).fetchall()
    oldest = connection.execute(f"SELECT completed_at {_OF_CAUSE} LIMIT 1", (row[0],)).fetchone()
    if not newest:
        return None
    return FailureCause(
        id=row[0],
        domain=row[1],
        task_type=row[2],
        text=row[3],
        n=row[4],
        newest=to_datetime(newest[0][0]),
        oldest=to_datetime(oldest[0]),
        sample=newest[0][1] or "",
        labels=tuple(label for _, _, label in newest),
    )
