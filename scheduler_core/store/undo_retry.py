"""Retries of what has ended, so that they can be taken back: what has not started yet is gone, as if it never came.

A retry makes a new task and leaves the record of the old one where it is. So nothing but that task has to go: the record
was never touched, but for whether it wants attention.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from scheduler_core.model.task import SubmitStatus
from scheduler_core.store import keys, undos
from scheduler_core.store.changes import Changes, id_list, tags_of
from scheduler_core.store.ending import Row, drop_edges, rows_of
from scheduler_core.store.prune import keep_id
from scheduler_core.store.retry import Retry, Tried, retry
from scheduler_core.store.rows import LaneTable
from scheduler_core.store.tags import remove_tags
from scheduler_core.store.undos import Mark, StoredUndo


class Again(NamedTuple):
    """One retry, as its mark has it: `mark` is the id that was given for the new task, `task_id` the one that runs.

    They differ where another record of the same key had been tried again by the same order; 0 where a task comes anyway.
    """

    mark: int
    task_id: int
    record: int
    unseen: Sequence[int]
    dependents: Sequence[int]

    @property
    def is_new(self) -> bool:
        """Did the retry make this task?"""
        return self.task_id == self.mark


def retry_for_now(
    connection: sqlite3.Connection,
    wanted: Sequence[Retry],
    has_domain: Callable[[str], bool],
    lanes: LaneTable,
    now: float,
    undo: int | None,
    until: float,
    changes: Changes,
) -> StoredUndo | None:
    """Submit records again, for an undo that has begun or (None) begins; None where none can be tried again."""
    begun = undos.begin(connection, "retry", until) if undo is None else undo
    tried: list[Tried] = []
    retry(connection, wanted, has_domain, lanes, now, changes, tried)
    stored = [one for one in tried if one.outcome.id is not None]
    own = _own(connection, begun, stored)
    marks = [(begun, one.retry.new_id, _was(one, own)) for one in stored]
    connection.executemany("INSERT INTO undo_marks (undo, id, was) VALUES (?, ?, ?)", marks)
    return undos.grown(connection, begun, len(marks))


def take_retries_back(
    connection: sqlite3.Connection, undo: int, limit: int, changes: Changes
) -> tuple[int, bool]:
    """At most `limit` records are as they were: how many, and whether these were the last.

    What has started goes on, and so does what others wait for by now, and what has no record any more to go back to.
    """
    marks = undos.take_marks(connection, undo, limit)
    retries = [_again(mark) for mark in marks]
    made = {one.task_id: one for one in retries if one.is_new}
    rows = _still_waiting(connection, made)
    _remove(connection, rows, made, changes)
    gone = {row.id for row in rows}
    joined = {one.task_id for one in retries if one.task_id and not one.is_new} - gone
    # Several records of one key share one task, which may have been taken back a step before.
    gone |= joined - _known(connection, joined)
    back = [one for one in retries if one.task_id in gone]
    changes.attention += connection.execute(
        "UPDATE history SET attention = 1 WHERE attention = 0 AND id IN (SELECT value FROM json_each(?))",
        (id_list(number for one in back for number in one.unseen),),
    ).rowcount
    return len(back), len(marks) < limit


def _own(connection: sqlite3.Connection, undo: int, stored: Sequence[Tried]) -> set[int | None]:
    """The tasks among these outcomes that this undo has made, now or in a transaction before."""
    rows = connection.execute(
        "SELECT id FROM undo_marks WHERE undo = ? AND id IN (SELECT value FROM json_each(?))",
        (undo, id_list(one.outcome.id or 0 for one in stored)),
    )
    made = (one.outcome.id for one in stored if one.outcome.status is SubmitStatus.INSERTED)
    return {*made, *(row[0] for row in rows)}


def _was(tried: Tried, own: Collection[int | None]) -> str:
    task_id = tried.outcome.id if tried.outcome.id in own else 0
    return json.dumps([task_id, tried.retry.history_id, list(tried.unseen), list(tried.dependents)])


def _again(mark: Mark) -> Again:
    return Again(mark.id, *json.loads(mark.was or "[0, 0, [], []]"))


def _still_waiting(connection: sqlite3.Connection, made: Mapping[int, Again]) -> list[Row]:
    """Those of them that can go."""
    rows = [
        row
        for row in rows_of(connection, made)
        if row.status in ("pending", "blocked")
        and row.started_at is None
        and row.schedule_id is None
        and not row.cancelling
    ]
    if not rows:
        return []
    awaited = {
        depends_on
        for task_id, depends_on in connection.execute(
            "SELECT task_id, depends_on FROM dependencies WHERE depends_on IN (SELECT value FROM json_each(?))",
            (id_list(row.id for row in rows),),
        )
        if task_id not in made[depends_on].dependents
    }
    records = {
        row[0]
        for row in connection.execute(
            "SELECT task_id FROM history WHERE task_id IN (SELECT value FROM json_each(?))",
            (id_list(made[row.id].record for row in rows),),
        )
    }
    return [row for row in rows if row.id not in awaited and made[row.id].record in records]


def _known(connection: sqlite3.Connection, ids: Iterable[int]) -> set[int]:
    """Those that are active, set aside, or have ended."""
    which = id_list(ids)
    rows = connection.execute(
        "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM tasks WHERE id = value) "
        "OR EXISTS (SELECT 1 FROM set_aside WHERE id = value) OR EXISTS (SELECT 1 FROM history WHERE task_id = value)",
        (which,),
    )
    return {row[0] for row in rows}


def _remove(
    connection: sqlite3.Connection, rows: Sequence[Row], made: Mapping[int, Again], changes: Changes
) -> None:
    if not rows:
        return
    connection.executemany(
        "UPDATE OR IGNORE dependencies SET depends_on = ? WHERE task_id = ? AND depends_on = ?",
        [(made[row.id].record, other, row.id) for row in rows for other in made[row.id].dependents],
    )
    if with_edges := [row.id for row in rows if row.has_deps]:
        drop_edges(connection, with_edges)
    keys.take_back(connection, [(row.key, row.id) for row in rows])
    connection.execute(
        "DELETE FROM tasks WHERE id IN (SELECT value FROM json_each(?))", (id_list(row.id for row in rows),)
    )
    keep_id(connection, max(row.id for row in rows))
    tagged: list[tuple[int, Mapping[str, str]]] = []
    for row in rows:
        changes.count(row.lane, row.status, -1)
        changes.taken_back.append(row.facts)
        if row.tags:
            tags = tags_of(row.tags)
            tagged.append((row.id, tags))
            changes.count_tags(tags.items(), row.lane, row.status, -1)
    if tagged:
        remove_tags(connection, tagged)
