"""A row about to be inserted, and what comes with it: edges, parents, tags, counts, its place in line."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from scheduler_core.model.submission import Submission, stands_alone
from scheduler_core.model.task import DependencyFailurePolicy, TaskStatus
from scheduler_core.store import keys
from scheduler_core.store.changes import HELD, Changes, Facts, Ready, shown_status, tags_text
from scheduler_core.store.ending import TOO_LATE, End, end_tasks
from scheduler_core.store.graph import check_dependencies
from scheduler_core.store.schedules import add_schedule
from scheduler_core.store.tags import add_tags
from scheduler_core.store.waiting import WaitingClock


class New(NamedTuple):
    """A row about to be inserted."""

    id: int
    lane: int
    submission: Submission
    status: str
    deps_left: int
    failure: str | None
    tags: str | None
    aged_from: float
    schedule_id: int | None
    is_simple: bool = False
    """Is it pending, may it start now, and are all columns as they are by default but those of `_INSERT_SIMPLE`?"""


_INSERT = (
    "INSERT INTO tasks (id, lane, key, label, priority, status, payload, tags, retry, max_retries, created_at, "
    "run_at, due_at, parent_id, fail_fast, on_dep_failure, deps_left, has_deps, expected_io, ttl, expires_at, aged_from, "
    "schedule_id) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_SIMPLE = (
    "INSERT INTO tasks (id, lane, key, label, priority, status, payload, tags, retry, max_retries, created_at, "
    "aged_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
"""The same for a simple row: to bind all columns costs half of the insertion."""


def placed(
    connection: sqlite3.Connection, clock: WaitingClock, task_id: int, lane: int, submission: Submission
) -> New:
    """The row as it has to be now: pending, blocked, or to fail at once. Raises `DependencyError`."""
    tags = tags_text(submission.tags) if submission.tags else None
    waits_from = clock.read(lane)
    if _is_simple(submission):
        return New(task_id, lane, submission, TaskStatus.PENDING, 0, None, tags, waits_from, None, True)
    schedule_id = None if submission.recurring is None else task_id
    if not submission.depends_on:
        return New(task_id, lane, submission, TaskStatus.PENDING, 0, None, tags, waits_from, schedule_id)
    left, failure = check_dependencies(
        connection, submission.depends_on, submission.on_dependency_failure, submission.label
    )
    status = TaskStatus.BLOCKED if left and failure is None else TaskStatus.PENDING
    return New(task_id, lane, submission, status, left, failure, tags, waits_from, schedule_id)


def count_child(connection: sqlite3.Connection, submission: Submission) -> None:
    """Its parent waits for one child more."""
    if submission.parent_id is not None:
        connection.execute(
            "UPDATE tasks SET children_left = children_left + 1 WHERE id = ?", (submission.parent_id,)
        )


def _values(new: New, now: float) -> tuple[Any, ...]:
    submission = new.submission
    due_at = submission.due_at
    return (
        new.id,
        new.lane,
        submission.key,
        submission.label,
        submission.priority,
        new.status,
        submission.payload,
        new.tags,
        submission.retry,
        submission.max_retries,
        now,
        due_at,
        due_at if due_at is not None and due_at > now and new.status != HELD else None,
        submission.parent_id,
        submission.fail_fast,
        submission.on_dependency_failure,
        new.deps_left,
        1 if submission.depends_on else 0,
        submission.expected_io,
        submission.ttl,
        submission.expires_at,
        new.aged_from,
        new.schedule_id,
    )


def insert_rows(connection: sqlite3.Connection, news: Sequence[New], now: float) -> bool:
    """Insert rows, those whose key nobody holds, in order. Were that all?"""
    if not news:
        return True
    taken = keys.take(connection, [(new.submission.key, new.id) for new in news])
    _insert(connection, news if taken is None else [new for new in news if new.id in taken], now)
    return taken is None


def insert_instead(connection: sqlite3.Connection, new: New, now: float) -> None:
    """Insert a row whose key was held by a task that has ended."""
    keys.take_over(connection, new.submission.key, new.id)
    _insert(connection, [new], now)


def _insert(connection: sqlite3.Connection, news: Sequence[New], now: float) -> None:
    if all(new.is_simple for new in news):
        connection.executemany(_INSERT_SIMPLE, [_simple_values(new, now) for new in news])
    else:
        connection.executemany(_INSERT, [_values(new, now) for new in news])


def _is_simple(submission: Submission) -> bool:
    return (
        submission.due_at is submission.ttl is submission.expires_at is submission.expected_io is None
        and submission.fail_fast
        and submission.on_dependency_failure is DependencyFailurePolicy.CANCEL
        and stands_alone(submission)
    )


def _simple_values(new: New, now: float) -> tuple[Any, ...]:
    task_id, lane, submission, status, _, _, tags, aged_from, _, _ = new
    _, _, _, key, label, priority, payload, _, retry, max_retries, *_ = submission
    return task_id, lane, key, label, priority, status, payload, tags, retry, max_retries, now, aged_from


def facts_of(new: New) -> Facts:
    """What events say about it."""
    return Facts(new.id, new.lane, new.submission.label, new.submission.priority, new.tags, new.aged_from)


def after_insert(
    connection: sqlite3.Connection,
    news: Sequence[New],
    now: float,
    changes: Changes,
    *,
    counts_children: bool = True,
) -> None:
    """Edges, parents, tags and counts of rows that were just inserted."""
    tagged: list[tuple[int, Mapping[str, str]]] = []
    ends: list[End] = []
    for new in news:
        submission = new.submission
        changes.count(new.lane, new.status)
        if new.tags:
            tagged.append((new.id, submission.tags))
            changes.count_tags(submission.tags.items(), new.lane, new.status, 1)
        changes.submitted.append((facts_of(new), shown_status(new.status)))
        if new.is_simple:
            changes.ready.append(Ready(new.lane, submission.priority, new.id, new.aged_from))
            continue
        if not stands_alone(submission):
            _join_others(connection, new, now, changes, counts_children=counts_children)
        if submission.expires_at is not None:
            changes.expires(submission.expires_at)
        if (end := _end_at_once(new, now)) is not None:
            ends.append(end)
        elif new.status == TaskStatus.PENDING:
            _line_up(new, now, changes)
    if tagged:
        add_tags(connection, tagged, now)
    if ends:
        end_tasks(connection, ends, changes)


def _join_others(
    connection: sqlite3.Connection, new: New, now: float, changes: Changes, *, counts_children: bool
) -> None:
    """What ties it to what it depends on, to its parent, and to its schedule."""
    submission = new.submission
    if submission.depends_on:
        connection.executemany(
            "INSERT INTO dependencies (task_id, depends_on, met) "
            "SELECT ?1, ?2, NOT EXISTS (SELECT 1 FROM tasks WHERE id = ?2)",
            [(new.id, other) for other in submission.depends_on],
        )
    if counts_children:
        count_child(connection, submission)
    if submission.recurring is not None and new.schedule_id == new.id:
        add_schedule(connection, new.id, new.lane, submission, now, changes)


def _end_at_once(new: New, now: float) -> End | None:
    """How it ends before it could start: what it depends on has failed, or its time is over, as its parent's may be."""
    if new.failure is not None:
        return End(new.id, TaskStatus.DEPENDENCY_FAILED, now, new.failure)
    expires_at = new.submission.expires_at
    if expires_at is not None and expires_at <= now and new.status != HELD:
        return End(new.id, TaskStatus.EXPIRED, now, TOO_LATE)
    return None


def _line_up(new: New, now: float, changes: Changes) -> None:
    """A pending task is ready, or waits for its time."""
    submission = new.submission
    if submission.due_at is not None and submission.due_at > now:
        changes.due(submission.due_at)
    else:
        changes.ready.append(Ready(new.lane, submission.priority, new.id, new.aged_from))
