"""What becomes of a submission whose key an active task holds."""

from __future__ import annotations

import sqlite3

from scheduler_core.errors import DependencyError
from scheduler_core.model.submission import Submission, submission_text
from scheduler_core.model.task import DuplicateStrategy, SubmitOutcome, SubmitStatus, TaskStatus
from scheduler_core.store.changes import Changes, Ready
from scheduler_core.store.ending import End, drop_twins, end_tasks, stop_running
from scheduler_core.store.graph import ancestors, check_no_circle, first_awaited
from scheduler_core.store.insert import New, after_insert, count_child, insert_instead, placed
from scheduler_core.store.keys import IS_HOLDER
from scheduler_core.store.schedules import drop_schedule, join_schedule, raise_priority, take_over
from scheduler_core.store.waiting import WaitingClock


def check_holder(connection: sqlite3.Connection, submission: Submission) -> None:
    """A task may supersede neither what it would wait for, nor what would wait for it."""
    if not submission.depends_on and submission.parent_id is None:
        return
    row = connection.execute(f"SELECT id FROM tasks WHERE {IS_HOLDER}", {"key": submission.key}).fetchone()
    if row is None:
        return
    check_no_circle(connection, submission.depends_on, row, submission.label)
    if submission.parent_id is not None and row[0] in ancestors(connection, submission.parent_id):
        raise DependencyError(
            submission.label,
            f"it would supersede task {row[0]}, whose child it is to be",
            "Submit it without a parent, or with another key.",
        )


def on_duplicate(  # noqa: C901 - one answer after the other
    connection: sqlite3.Connection, new: New, now: float, changes: Changes
) -> SubmitOutcome:
    """Skip, reject, supersede, upgrade, or run once more after it."""
    submission = new.submission
    row = connection.execute(
        "SELECT id, status, priority, lane, due_at, again IS NOT NULL, parent_id, cancelling, aged_from, schedule_id, "
        f"again ->> 'recurring' FROM tasks WHERE {IS_HOLDER}",
        {"key": submission.key},
    ).fetchone()
    if row is None:
        return _insert(connection, new, now, changes)
    holder, status, priority, lane, due_at, runs_again, parent_id, cancelling, aged_from, *schedule = row
    schedule_id, comes_again = schedule
    if submission.on_duplicate is DuplicateStrategy.REJECT:
        return outcome_of(SubmitStatus.REJECTED, None)
    if submission.on_duplicate is DuplicateStrategy.SUPERSEDE:
        return _supersede(connection, holder, status, schedule_id, new, now, changes)
    recurs, is_free = submission.recurring is not None, schedule_id is None and comes_again is None
    if recurs and is_free and (status != "running" or runs_again):
        join_schedule(connection, holder, lane, submission, now, changes)
    if recurs and status == "running" and not is_free:
        return outcome_of(SubmitStatus.DUPLICATE, holder)
    if status == "running":
        is_own_twin = (
            submission.parent_id is not None and submission.parent_id == parent_id and not cancelling
        )
        if runs_again or is_own_twin or _waits_for_parent(connection, holder, submission.parent_id):
            return outcome_of(SubmitStatus.DUPLICATE, holder)
        connection.execute("UPDATE tasks SET again = ? WHERE id = ?", (submission_text(submission), holder))
        # Its parent waits for it from now on, not only when it is inserted.
        count_child(connection, submission)
        return outcome_of(SubmitStatus.REQUEUED, holder)
    if submission.priority < priority:
        connection.execute("UPDATE tasks SET priority = ? WHERE id = ?", (submission.priority, holder))
        if status == "pending" and due_at is None:
            changes.ready.append(Ready(lane, submission.priority, holder, aged_from))
        if recurs and schedule_id is not None:
            raise_priority(connection, schedule_id, submission.priority)
        return outcome_of(SubmitStatus.UPGRADED, holder)
    return outcome_of(SubmitStatus.DUPLICATE, holder)


def _insert(connection: sqlite3.Connection, new: New, now: float, changes: Changes) -> SubmitOutcome:
    """Another submission of its batch has ended the holder: nobody has the key any more."""
    new = _placed_again(connection, new, now)
    insert_instead(connection, new, now)
    after_insert(connection, [new], now, changes)
    _end_orphan(connection, new, now, changes)
    return outcome_of(SubmitStatus.INSERTED, new.id)


def _placed_again(connection: sqlite3.Connection, new: New, now: float) -> New:
    """What it depends on may have ended since it was looked at, in this very operation."""
    if not new.submission.depends_on:
        return new
    again = placed(connection, WaitingClock(connection, now), new.id, new.lane, new.submission)
    return again._replace(schedule_id=new.schedule_id)


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
    new: New,
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
    count_child(connection, new.submission)
    drop_twins(connection, [holder], now, changes)
    end_tasks(connection, [End(holder, TaskStatus.SUPERSEDED, now)], changes)
    new = _placed_again(connection, new, now)
    insert_instead(connection, new, now)
    if schedule_id is not None and new.schedule_id == schedule_id:
        take_over(connection, schedule_id, new.id, changes)
    after_insert(connection, [new], now, changes, counts_children=False)
    _end_orphan(connection, new, now, changes)
    return outcome_of(SubmitStatus.SUPERSEDED, new.id)


def _end_orphan(connection: sqlite3.Connection, new: New, now: float, changes: Changes) -> None:
    """A parent that ended with the holder takes the new task, its child, with it."""
    parent_id = new.submission.parent_id
    if parent_id is None:
        return
    if connection.execute("SELECT 1 FROM tasks WHERE id = ?", (parent_id,)).fetchone() is None:
        end_tasks(connection, [End(new.id, TaskStatus.CANCELLED, now)], changes)


def outcome_of(status: SubmitStatus, task_id: int | None) -> SubmitOutcome:
    """The answer to one submission."""
    return SubmitOutcome(status=status, id=task_id)
