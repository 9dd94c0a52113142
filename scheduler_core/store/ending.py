"""How a task ends: its history row, its active row gone, and what that means for those who waited for it.

All in the transaction of the operation that calls `end_tasks`: a history row exists exactly when the active one is gone.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from scheduler_core.model.task import DependencyFailurePolicy, TaskStatus
from scheduler_core.store.causes import Failure, count_failures, last_number
from scheduler_core.store.changes import Again, Changes, Ended, Facts, Over, Ready, Stop, id_list, tags_of
from scheduler_core.store.graph import dependency_message, dependents_of, satisfy, satisfy_all
from scheduler_core.store.tags import remove_tags

ATTENTION = frozenset(
    {TaskStatus.FAILED, TaskStatus.DEAD_LETTER, TaskStatus.DEPENDENCY_FAILED, TaskStatus.EXPIRED}
)
"""Ends that a person should look at."""


TOO_LATE = "it did not start in its time"
"""Why a task expired."""


class End(NamedTuple):
    """How one task ends. What is None is taken from its row. `attempts` is JSON text."""

    id: int
    status: TaskStatus
    at: float
    error: str | None = None
    attempts: str | None = None
    memo: str | None = None
    actual_io: str | None = None
    duration: float = 0.0
    cascades: bool = True


class Row(NamedTuple):
    """What is looked at of a task that may end."""

    id: int
    lane: int
    key: str
    label: str
    priority: int
    tags: str | None
    status: str
    parent_id: int | None
    again: str | None
    has_deps: int
    children_left: int
    child_error: str | None
    cancelling: int
    aged_from: float
    actual_io: str | None
    schedule_id: int | None
    started_at: float | None

    @property
    def facts(self) -> Facts:
        """What events say about it."""
        return Facts(self.id, self.lane, self.label, self.priority, self.tags, self.aged_from)


_ROWS = f"SELECT {', '.join(Row._fields)} FROM tasks WHERE id IN (SELECT value FROM json_each(?))"
HISTORY_COLUMNS = """task_id, lane, key, label, priority, status, payload, tags, retry, max_retries, retry_count,
    attempts, last_error, created_at, started_at, run_at, completed_at, parent_id, fail_fast, memo, dependencies,
    on_dep_failure, expected_io, actual_io, attention, expires_at, schedule_id, cause"""
_TO_HISTORY = f"""
INSERT INTO history ({HISTORY_COLUMNS})
SELECT t.id, t.lane, t.key, t.label, t.priority, j.value ->> 1, t.payload, t.tags, t.retry, t.max_retries, t.retry_count,
    coalesce(j.value ->> 4, t.attempts), coalesce(j.value ->> 3, t.last_error), t.created_at, t.started_at, t.run_at,
    j.value ->> 2, t.parent_id, t.fail_fast, coalesce(j.value ->> 5, t.memo),
    CASE WHEN t.has_deps THEN (SELECT json_group_array(depends_on) FROM dependencies WHERE task_id = t.id) END,
    t.on_dep_failure, t.expected_io, coalesce(j.value ->> 6, t.actual_io), j.value ->> 7, t.expires_at, t.schedule_id,
    j.value ->> 8
FROM json_each(?) j JOIN tasks t ON t.id = j.value ->> 0
"""


def rows_of(connection: sqlite3.Connection, ids: Iterable[int]) -> list[Row]:
    """The rows of those of `ids` that are active."""
    return [Row._make(row) for row in connection.execute(_ROWS, (id_list(ids),))]


def end_tasks(
    connection: sqlite3.Connection, ends: Sequence[End], changes: Changes, rows: Sequence[Row] = ()
) -> None:
    """Move tasks to the history, and go on with what that ends in turn. Ids that are gone already are passed over.

    `rows` are those of `ends`, where the caller has them.
    """
    seen: set[int] = set()
    while ends:
        fresh = {end.id: end for end in ends if end.id not in seen}
        seen.update(fresh)
        rows = rows or rows_of(connection, fresh)
        if not rows:
            break
        _move(connection, [(row, fresh[row.id]) for row in rows], changes)
        changes.again += [
            Again(row.again, row.lane, row.schedule_id) for row in rows if row.again is not None
        ]
        for row in rows:
            if row.schedule_id is not None:
                changes.recur[row.schedule_id] = Over(row.facts, row.started_at is not None)
        ends = list(_consequences(connection, [(row, fresh[row.id]) for row in rows], changes))
        rows = ()


def move_rows(connection: sqlite3.Connection, ends: Sequence[list[object]]) -> None:
    """Copy tasks into the history: [id, status, at, error, attempts, memo, actual_io, attention, cause] of each."""
    connection.execute(_TO_HISTORY, (json.dumps(ends),))


def drop_attention(connection: sqlite3.Connection, keys: Sequence[str], changes: Changes) -> None:
    """Earlier failures of the same keys want no attention any more, now that these have ended."""
    if connection.execute("SELECT 1 FROM history WHERE attention = 1 LIMIT 1").fetchone() is not None:
        changes.attention -= connection.execute(
            "UPDATE history SET attention = 0 WHERE attention = 1 AND key IN (SELECT value FROM json_each(?))",
            (json.dumps(keys),),
        ).rowcount


def drop_edges(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    """What these depended on is in the history only."""
    connection.execute(
        "DELETE FROM dependencies WHERE task_id IN (SELECT value FROM json_each(?))", (id_list(ids),)
    )


def free_dependents(connection: sqlite3.Connection, completed: str, changes: Changes) -> None:
    """Who waits for tasks that have completed, ids as a JSON array, waits for them no more."""
    satisfy_all(connection, [dependent.id for dependent in dependents_of(connection, completed)], changes)


def _move(connection: sqlite3.Connection, ended: Sequence[tuple[Row, End]], changes: Changes) -> None:
    ids = id_list(row.id for row, _ in ended)
    drop_attention(connection, [row.key for row, _ in ended], changes)
    causes = _causes(connection, ended)
    move_rows(connection, [_as_list(end, causes.get(end.id)) for _, end in ended])
    connection.execute("DELETE FROM tasks WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    if with_edges := [row.id for row, _ in ended if row.has_deps]:
        drop_edges(connection, with_edges)
    tagged: list[tuple[int, Mapping[str, str]]] = []
    for row, end in ended:
        changes.count(row.lane, row.status, -1)
        changes.total(row.lane, end.status, 1, end.duration)
        changes.moved(row.lane, end.status, end.actual_io or row.actual_io)
        changes.attention += end.status in ATTENTION
        changes.ended.append(Ended(row.facts, end.status, end.error, end.duration))
        if row.tags:
            tags = tags_of(row.tags)
            tagged.append((row.id, tags))
            counted = "pending" if row.status == "running" else row.status
            changes.count_tags(tags.items(), row.lane, counted, -1)
            changes.count_tags(tags.items(), row.lane, end.status, 1)
    if tagged:
        remove_tags(connection, tagged)


def _causes(connection: sqlite3.Connection, ended: Sequence[tuple[Row, End]]) -> Mapping[int, int]:
    """The causes of those that want attention, by their ids."""
    failed = [(row, end) for row, end in ended if end.status in ATTENTION]
    if not failed:
        return {}
    untold = id_list(row.id for row, end in failed if end.error is None)
    errors: dict[int, str | None] = {}
    if untold != "[]":
        errors = dict(
            connection.execute(
                "SELECT id, last_error FROM tasks WHERE id IN (SELECT value FROM json_each(?))", (untold,)
            ).fetchall()
        )
    # Their numbers are given when they are inserted, all that end now in one go.
    number = last_number(connection) + len(ended)
    return count_failures(
        connection,
        [
            Failure(row.id, number, row.lane, row.label, end.error or errors.get(row.id))
            for row, end in failed
        ],
    )


def _as_list(end: End, cause: int | None) -> list[object]:
    attention = int(end.status in ATTENTION)
    return [end.id, end.status, end.at, end.error, end.attempts, end.memo, end.actual_io, attention, cause]


def _consequences(
    connection: sqlite3.Connection, ended: Sequence[tuple[Row, End]], changes: Changes
) -> Iterator[End]:
    unhappy = [row.id for row, end in ended if end.status is not TaskStatus.COMPLETED]
    if unhappy:
        yield from _children(connection, unhappy, ended[0][1].at, changes)
    failed: set[int] = set()
    for row, end in ended:
        if row.parent_id is None:
            continue
        if row.parent_id in failed:  # with a child that ended at the same moment: this one changes nothing
            _one_child_less(connection, row.parent_id)
            continue
        for follows in _parent(connection, row.parent_id, row, end, changes):
            if follows.status is TaskStatus.FAILED:
                failed.add(follows.id)
            yield follows
    ends = {row.id: (row, end) for row, end in ended if end.cascades}
    for dependent in dependents_of(connection, id_list(ends)):
        row, end = ends[dependent.depends_on]
        if end.status is TaskStatus.COMPLETED or dependent.policy is DependencyFailurePolicy.IGNORE:
            satisfy(connection, dependent.id, changes)
        else:
            yield End(
                dependent.id,
                TaskStatus.DEPENDENCY_FAILED,
                end.at,
                dependency_message(row.id, row.label, end.status, end.error),
                cascades=dependent.policy is DependencyFailurePolicy.CANCEL,
            )


def _children(
    connection: sqlite3.Connection,
    parents: Iterable[int],
    at: float,
    changes: Changes,
    error: str | None = None,
) -> Iterator[End]:
    """Cancel the active children: those that have not started end now, the running ones are told to stop."""
    rows = connection.execute(
        "SELECT t.id, t.status FROM json_each(?) j JOIN tasks t ON t.parent_id = j.value", (id_list(parents),)
    ).fetchall()
    drop_twins(connection, [task_id for task_id, _ in rows], at, changes)
    for task_id, status in rows:
        if status == "running":
            stop_running(connection, task_id, "cancelled", changes)
        else:
            yield End(task_id, TaskStatus.CANCELLED, at, error)


def _parent(
    connection: sqlite3.Connection, parent_id: int, child: Row, end: End, changes: Changes
) -> Iterator[End]:
    row = _one_child_less(connection, parent_id)
    if row is None:
        return
    if end.status in ATTENTION and row.fail_fast and row.child_error is None:
        error = f"its child {child.label!r} (task {child.id}) ended as {end.status}"
        error = f"{error}: {end.error}" if end.error else error
        yield from _children(connection, [parent_id], end.at, changes, "a sibling failed")
        if row.status == "running":
            connection.execute("UPDATE tasks SET child_error = ? WHERE id = ?", (error, parent_id))
            changes.stop.append(Stop(parent_id, "child failed"))
        else:
            yield End(parent_id, TaskStatus.FAILED, end.at, error)
    else:
        yield from _go_on_if_last(connection, row, end.at, changes)


class _ParentRow(NamedTuple):
    id: int
    lane: int
    label: str
    priority: int
    tags: str | None
    status: str
    children_left: int
    fail_fast: int
    child_error: str | None
    finalizing: int
    aged_from: float


def _one_child_less(connection: sqlite3.Connection, parent_id: int) -> _ParentRow | None:
    row = connection.execute(
        "UPDATE tasks SET children_left = children_left - 1 WHERE id = ? RETURNING "
        + ", ".join(_ParentRow._fields),
        (parent_id,),
    ).fetchone()
    return None if row is None else _ParentRow._make(row)


def _go_on_if_last(
    connection: sqlite3.Connection, row: _ParentRow, at: float, changes: Changes
) -> Iterator[End]:
    """A parent that waited for this child only is finalized, or done."""
    if row.children_left > 0 or row.status != "waiting":
        return
    if row.finalizing:
        facts = Facts(row.id, row.lane, row.label, row.priority, row.tags, row.aged_from)
        to_pending(connection, facts, changes)
    else:
        yield End(row.id, TaskStatus.COMPLETED, at)


def finish_waiting(connection: sqlite3.Connection, task_id: int, at: float, changes: Changes) -> list[End]:
    """A parent that waits for children, of which there may be none left by now, goes on if so."""
    row = connection.execute(
        f"SELECT {', '.join(_ParentRow._fields)} FROM tasks WHERE id = ?", (task_id,)
    ).fetchone()
    return list(_go_on_if_last(connection, _ParentRow._make(row), at, changes))


def drop_twins(connection: sqlite3.Connection, ids: Iterable[int], at: float, changes: Changes) -> None:
    """Call off what was to run once more after these tasks: it has their ids for its callers, and goes with them."""
    for parent_id in take_twins(connection, ids):
        call_off(connection, parent_id, at, changes)


def take_twins(connection: sqlite3.Connection, ids: Iterable[int]) -> list[int | None]:
    """Nothing runs once more after these tasks; returns whose children those would have been (None: nobody's)."""
    rows = connection.execute(
        "SELECT id, again ->> 'parent_id' FROM tasks WHERE again IS NOT NULL "
        "AND id IN (SELECT value FROM json_each(?))",
        (id_list(ids),),
    ).fetchall()
    connection.executemany("UPDATE tasks SET again = NULL WHERE id = ?", [(task_id,) for task_id, _ in rows])
    return [parent_id for _, parent_id in rows]


def call_off(connection: sqlite3.Connection, parent_id: int | None, at: float, changes: Changes) -> None:
    """A submission that was counted as a child will not come after all."""
    parent = None if parent_id is None else _one_child_less(connection, parent_id)
    if parent is not None:
        end_tasks(connection, list(_go_on_if_last(connection, parent, at, changes)), changes)


def to_pending(connection: sqlite3.Connection, facts: Facts, changes: Changes) -> None:
    """A waiting parent goes back into line, to be finalized."""
    connection.execute("UPDATE tasks SET status = 'pending' WHERE id = ?", (facts.id,))
    changes.count(facts.lane, "waiting", -1)
    changes.count(facts.lane, "pending")
    if facts.tags:
        items = tags_of(facts.tags).items()
        changes.count_tags(items, facts.lane, "waiting", -1)
        changes.count_tags(items, facts.lane, "pending", 1)
    changes.ready.append(Ready(facts.lane, facts.priority, facts.id, facts.aged_from))


def stop_running(connection: sqlite3.Connection, task_id: int, reason: str, changes: Changes) -> None:
    """Note in the row that its attempt is to end as cancelled, also if the program dies before it does."""
    connection.execute("UPDATE tasks SET cancelling = 1 WHERE id = ?", (task_id,))
    changes.stop.append(Stop(task_id, reason))
