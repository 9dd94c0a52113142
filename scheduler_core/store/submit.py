"""Stores submissions: many callers in one transaction, each answered for itself.

What a submission can be refused for is checked before its caller's rows are written, so that one caller's mistake
undoes nobody's work.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scheduler_core.errors import SchedulerError
from scheduler_core.model.submission import Submission, submission_of, submission_text
from scheduler_core.model.task import DuplicateStrategy, SubmitOutcome, SubmitStatus, TaskStatus
from scheduler_core.store.changes import HELD, Again, Changes, Facts, Over, Ready, shown_status, tags_text
from scheduler_core.store.ending import End, call_off, drop_twins, end_tasks, stop_running
from scheduler_core.store.graph import (
    ancestors,
    as_child,
    check_dependencies,
    check_no_circle,
    first_awaited,
)
from scheduler_core.store.schedules import (
    add_schedule,
    came,
    drop_schedule,
    join_schedule,
    next_occurrence,
    raise_priority,
    stand_in,
    take_over,
)
from scheduler_core.store.tags import add_tags
from scheduler_core.store.waiting import WaitingClock


@dataclass(frozen=True, slots=True)
class Request:
    """What one caller submits at once: all of it is stored, or nothing. `ids` and `lanes` go with `submissions`."""

    submissions: Sequence[Submission]
    ids: Sequence[int]
    lanes: Sequence[int]


@dataclass(slots=True)
class Answer:
    """The outcomes of one request, in its order, or why nothing of it was stored."""

    outcomes: list[SubmitOutcome] = field(default_factory=list[SubmitOutcome])
    error: Exception | None = None


class _New(NamedTuple):
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


_INSERT = (
    "INSERT OR IGNORE INTO tasks (id, lane, key, label, priority, status, payload, tags, retry, max_retries, created_at, "
    "run_at, due_at, parent_id, fail_fast, on_dep_failure, deps_left, has_deps, expected_io, ttl, expires_at, aged_from, "
    "schedule_id) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def submit(
    connection: sqlite3.Connection, requests: Sequence[Request], now: float, changes: Changes
) -> list[Answer]:
    """Store every request that can be stored; answers in order."""
    answers: list[Answer] = []
    clock = WaitingClock(connection, now)
    for request in requests:
        try:
            news = [
                _prepare(connection, clock, *one)
                for one in zip(request.ids, request.lanes, request.submissions, strict=True)
            ]
        except SchedulerError as error:
            answers.append(Answer(error=error))
            continue
        answers.append(Answer(_insert(connection, news, now, changes)))
    return answers


def resubmit(connection: sqlite3.Connection, ids: Iterator[int], now: float, changes: Changes) -> None:
    """Insert what follows tasks that have ended: what was submitted while its twin ran, and next occurrences.

    The last step of every operation.
    """
    while changes.again or changes.recur:
        while changes.again:
            _insert_twin(connection, changes.again.pop(0), ids, now, changes)
        if changes.recur:
            schedule_id = next(iter(changes.recur))
            _insert_next(connection, schedule_id, changes.recur.pop(schedule_id), ids, now, changes)


def _insert_twin(
    connection: sqlite3.Connection, again: Again, ids: Iterator[int], now: float, changes: Changes
) -> None:
    submission = submission_of(again.text)
    try:
        lane = _own_lane(connection, submission, again.lane)
        new = _prepare(connection, WaitingClock(connection, now), next(ids), lane, submission)
    except SchedulerError:  # its parent is being stopped, or what it depends on is gone
        call_off(connection, submission.parent_id, now, changes)
        return
    if again.schedule_id is not None:
        new = new._replace(schedule_id=again.schedule_id)
    if connection.execute(_INSERT, _values(new, now)).rowcount:
        if again.schedule_id is not None:
            take_over(connection, again.schedule_id, new.id, changes)
        _after_insert(connection, [new], now, changes, counts_children=False)
    else:  # somebody took the key in this very transaction: that one runs after the twin, too
        call_off(connection, submission.parent_id, now, changes)


def _insert_next(
    connection: sqlite3.Connection,
    schedule_id: int,
    over: Over,
    ids: Iterator[int],
    now: float,
    changes: Changes,
) -> None:
    """The next occurrence of a schedule whose last one has ended."""
    occurrence = next_occurrence(connection, schedule_id, over, now, changes)
    if occurrence is None:
        return
    submission, status = occurrence.submission, HELD if occurrence.is_held else TaskStatus.PENDING
    tags = tags_text(submission.tags)
    lane = occurrence.schedule.lane
    waits_from = WaitingClock(connection, now).read(lane)
    new = _New(next(ids), lane, submission, status, 0, None, tags, waits_from, schedule_id)
    if connection.execute(_INSERT, _values(new, now)).rowcount:
        came(connection, occurrence, _facts(new), changes)
        _after_insert(connection, [new], now, changes)
    else:  # somebody took the key in this very transaction
        stand_in(connection, schedule_id, submission.key, changes)


def _own_lane(connection: sqlite3.Connection, submission: Submission, lane: int) -> int:
    """Its group may be another one than its twin's; the lane was made when it was submitted."""
    row = connection.execute(
        "SELECT id FROM lanes WHERE task_type = ? AND grp = ? AND io = ?",
        (submission.task_type, submission.group or "", submission.io),
    ).fetchone()
    return lane if row is None else row[0]


def _prepare(
    connection: sqlite3.Connection, clock: WaitingClock, task_id: int, lane: int, submission: Submission
) -> _New:
    """Check what only the database knows. Raises `DependencyError` or `InvalidStateError`."""
    submission = as_child(connection, submission)
    tags = tags_text(submission.tags)
    waits_from = clock.read(lane)
    schedule_id = None if submission.recurring is None else task_id
    if not submission.depends_on:
        return _New(task_id, lane, submission, TaskStatus.PENDING, 0, None, tags, waits_from, schedule_id)
    left, failure = check_dependencies(
        connection, submission.depends_on, submission.on_dependency_failure, submission.label
    )
    if submission.parent_id is not None:
        waiting = ancestors(connection, submission.parent_id)
        check_no_circle(connection, submission.depends_on, waiting, submission.label)
    if submission.on_duplicate is DuplicateStrategy.SUPERSEDE:
        holder = connection.execute("SELECT id FROM tasks WHERE key = ?", (submission.key,)).fetchone()
        check_no_circle(connection, submission.depends_on, holder or (), submission.label)
    status = TaskStatus.BLOCKED if left and failure is None else TaskStatus.PENDING
    return _New(task_id, lane, submission, status, left, failure, tags, waits_from, schedule_id)


def _insert(
    connection: sqlite3.Connection, news: Sequence[_New], now: float, changes: Changes
) -> list[SubmitOutcome]:
    before = connection.total_changes
    connection.executemany(_INSERT, [_values(new, now) for new in news])
    if connection.total_changes - before == len(news):
        _after_insert(connection, news, now, changes)
        return [_outcome(SubmitStatus.INSERTED, new.id) for new in news]
    wanted = json.dumps([new.id for new in news])
    stored = {
        row[0]
        for row in connection.execute(
            "SELECT id FROM tasks WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
        )
    }
    _after_insert(connection, [new for new in news if new.id in stored], now, changes)
    return [
        _outcome(SubmitStatus.INSERTED, new.id)
        if new.id in stored
        else _on_duplicate(connection, new, now, changes)
        for new in news
    ]


def _count_child(connection: sqlite3.Connection, submission: Submission, n: int = 1) -> None:
    if submission.parent_id is not None:
        connection.execute(
            "UPDATE tasks SET children_left = children_left + ? WHERE id = ?", (n, submission.parent_id)
        )


def _values(new: _New, now: float) -> tuple[Any, ...]:
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


def _facts(new: _New) -> Facts:
    return Facts(new.id, new.lane, new.submission.label, new.submission.priority, new.tags, new.aged_from)


def _after_insert(
    connection: sqlite3.Connection,
    news: Sequence[_New],
    now: float,
    changes: Changes,
    *,
    counts_children: bool = True,
) -> None:
    """Edges, parents, tags and counts of rows that were just inserted."""
    tagged: list[tuple[int, Mapping[str, str]]] = []
    failed: list[End] = []
    for new in news:
        submission = new.submission
        changes.count(new.lane, new.status)
        if submission.tags:
            tagged.append((new.id, submission.tags))
            changes.count_tags(submission.tags.items(), new.lane, new.status, 1)
        if submission.depends_on:
            connection.executemany(
                "INSERT INTO dependencies (task_id, depends_on) VALUES (?, ?)",
                [(new.id, other) for other in submission.depends_on],
            )
        if counts_children:
            _count_child(connection, submission)
        if submission.recurring is not None and new.schedule_id == new.id:
            add_schedule(connection, new.id, new.lane, submission, now, changes)
        changes.submitted.append((_facts(new), shown_status(new.status)))
        changes.expires(submission.expires_at)
        if new.failure is not None:
            failed.append(End(new.id, TaskStatus.DEPENDENCY_FAILED, now, new.failure))
        elif new.status == TaskStatus.PENDING:
            _line_up(new, now, changes)
    if tagged:
        add_tags(connection, tagged, now)
    if failed:
        end_tasks(connection, failed, changes)


def _line_up(new: _New, now: float, changes: Changes) -> None:
    """A pending task is ready, or waits for its time."""
    submission = new.submission
    if submission.due_at is not None and submission.due_at > now:
        changes.due(submission.due_at)
    else:
        changes.ready.append(Ready(new.lane, submission.priority, new.id, new.aged_from))


def _on_duplicate(connection: sqlite3.Connection, new: _New, now: float, changes: Changes) -> SubmitOutcome:
    """What becomes of a submission whose key an active task holds."""
    submission = new.submission
    row = connection.execute(
        "SELECT id, status, priority, lane, due_at, again IS NOT NULL, parent_id, cancelling, aged_from, schedule_id, "
        "again ->> 'recurring' FROM tasks WHERE key = ?",
        (submission.key,),
    ).fetchone()
    holder, status, priority, lane, due_at, runs_again, parent_id, cancelling, aged_from, *schedule = row
    schedule_id, comes_again = schedule
    if submission.on_duplicate is DuplicateStrategy.REJECT:
        return _outcome(SubmitStatus.REJECTED, None)
    if submission.on_duplicate is DuplicateStrategy.SUPERSEDE:
        return _supersede(connection, holder, status, schedule_id, new, now, changes)
    recurs, is_free = submission.recurring is not None, schedule_id is None and comes_again is None
    if recurs and is_free and (status != "running" or runs_again):
        join_schedule(connection, holder, lane, submission, now, changes)
    if recurs and status == "running" and not is_free:
        return _outcome(SubmitStatus.DUPLICATE, holder)
    if status == "running":
        is_own_twin = (
            submission.parent_id is not None and submission.parent_id == parent_id and not cancelling
        )
        if runs_again or is_own_twin or _waits_for_parent(connection, holder, submission.parent_id):
            return _outcome(SubmitStatus.DUPLICATE, holder)
        connection.execute("UPDATE tasks SET again = ? WHERE id = ?", (submission_text(submission), holder))
        # Its parent waits for it from now on, not only when it is inserted.
        _count_child(connection, submission)
        return _outcome(SubmitStatus.REQUEUED, holder)
    if submission.priority < priority:
        connection.execute("UPDATE tasks SET priority = ? WHERE id = ?", (submission.priority, holder))
        if status == "pending" and due_at is None:
            changes.ready.append(Ready(lane, submission.priority, holder, aged_from))
        if recurs and schedule_id is not None:
            raise_priority(connection, schedule_id, submission.priority)
        return _outcome(SubmitStatus.UPGRADED, holder)
    return _outcome(SubmitStatus.DUPLICATE, holder)


def _waits_for_parent(connection: sqlite3.Connection, holder: int, parent_id: int | None) -> bool:
    """Would a parent that waited for the holder to end, and to run once more as its child, wait for itself?"""
    if parent_id is None:
        return False
    return first_awaited(connection, [holder], ancestors(connection, parent_id)) is not None


def _supersede(
    connection: sqlite3.Connection,
    holder: int,
    status: str,
    schedule_id: int | None,
    new: _New,
    now: float,
    changes: Changes,
) -> SubmitOutcome:
    """The new task takes the holder's place, also for those who depend on it, and in its schedule."""
    if schedule_id is not None and new.submission.recurring is not None:
        drop_schedule(connection, schedule_id, changes)
    elif schedule_id is not None:
        new = new._replace(schedule_id=schedule_id)
    if status == "running":
        stop_running(connection, holder, "superseded", changes)
    connection.execute("UPDATE dependencies SET depends_on = ? WHERE depends_on = ?", (new.id, holder))
    # Counted before the old one ends, or its parent would take the old one for its last child.
    _count_child(connection, new.submission)
    drop_twins(connection, [holder], now, changes)
    end_tasks(connection, [End(holder, TaskStatus.SUPERSEDED, now)], changes)
    connection.execute(_INSERT, _values(new, now))
    if schedule_id is not None and new.schedule_id == schedule_id:
        take_over(connection, schedule_id, new.id, changes)
    _after_insert(connection, [new], now, changes, counts_children=False)
    return _outcome(SubmitStatus.SUPERSEDED, new.id)


def _outcome(status: SubmitStatus, task_id: int | None) -> SubmitOutcome:
    return SubmitOutcome(status=status, id=task_id)
