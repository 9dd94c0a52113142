"""Tasks that come again: how a schedule begins, and what follows when its occurrence ends.

Exactly one task of each schedule is active: an index says so, and whatever ends that task puts another one in its place in
the same transaction (`submit.resubmit`). The occurrence that waits for its time is an ordinary delayed task, so that it is
cancelled, expires, blocks and survives a crash like any other.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from scheduler_core.model.schedule import RecurringSchedule
from scheduler_core.model.submission import Submission, submission_of, submission_text
from scheduler_core.model.task import Priority
from scheduler_core.policy.recurrence import following
from scheduler_core.store.changes import Changes, Facts, Over, ScheduleState, Skipped, Spent
from scheduler_core.store.keys import IS_HOLDER


class Schedule(NamedTuple):
    """A row of `schedules`. `schedule` and `submission` are JSON text, times epoch seconds."""

    id: int
    lane: int
    label: str
    schedule: str
    submission: str
    first_at: float
    next_at: float
    occurrence: int
    paused_at: float | None

    @property
    def rule(self) -> RecurringSchedule:
        """When it comes."""
        return RecurringSchedule.model_validate_json(self.schedule)

    def state(self, task_id: int) -> ScheduleState:
        """What the engine keeps of it, with its active task."""
        is_paused = self.paused_at is not None
        place = (self.id, task_id, self.lane, self.label, self.schedule)
        return ScheduleState(*place, self.occurrence, self.next_at, is_paused)


class Occurrence(NamedTuple):
    """What is to be inserted next, and the schedule as it is then; `skipped` times were passed over."""

    schedule: Schedule
    submission: Submission
    skipped: int

    @property
    def is_held(self) -> bool:
        """Is its schedule paused?"""
        return self.schedule.paused_at is not None


_COLUMNS = ", ".join(f"s.{name}" for name in Schedule._fields)
_BY_ID = f"SELECT {_COLUMNS} FROM schedules s WHERE s.id = ?"
_INSERT = (
    f"INSERT INTO schedules ({', '.join(Schedule._fields)}, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
OF_TASK = (
    f"SELECT {_COLUMNS} FROM (SELECT schedule_id FROM tasks WHERE id = ?1 UNION ALL "
    "SELECT schedule_id FROM history WHERE task_id = ?1 UNION ALL SELECT ?1) f "
    "JOIN schedules s ON s.id = f.schedule_id LIMIT 1"
)
"""The schedule of an occurrence, past or present; that of the first one is found even when the history has forgotten it."""
STATES = f"SELECT {_COLUMNS}, t.id FROM schedules s JOIN tasks t ON t.schedule_id = s.id ORDER BY s.id"
"""Every schedule with its active task."""


def schedule_of(connection: sqlite3.Connection, task_id: int) -> Schedule | None:
    """The schedule that a task, active or ended, is an occurrence of."""
    row = connection.execute(OF_TASK, (task_id if 0 < task_id < 2**63 else 0,)).fetchone()
    return None if row is None else Schedule._make(row)


def schedule_states(connection: sqlite3.Connection) -> list[ScheduleState]:
    """All schedules."""
    rows = connection.execute(STATES)
    return [Schedule._make(row[:-1]).state(row[-1]) for row in rows]


def add_missing(connection: sqlite3.Connection, changes: Changes) -> None:
    """A schedule without an active task would never come again."""
    rows = connection.execute(
        "SELECT id, lane, label FROM schedules s WHERE NOT EXISTS (SELECT 1 FROM tasks t WHERE t.schedule_id = s.id) "
        "AND NOT EXISTS (SELECT 1 FROM set_aside a WHERE a.schedule_id = s.id)"
    ).fetchall()
    for schedule_id, lane, label in rows:
        changes.recur[schedule_id] = Over(Facts(schedule_id, lane, label, Priority.NORMAL, None, 0.0), True)


# Beginning and going on


def add_schedule(
    connection: sqlite3.Connection,
    task_id: int,
    lane: int,
    submission: Submission,
    now: float,
    changes: Changes,
    *,
    stands_in: bool = False,
) -> None:
    """A new schedule, whose first occurrence is this task, or is stood in for by a task that was there before."""
    assert submission.recurring is not None
    first_at = now if submission.due_at is None else submission.due_at
    repeated = submission._replace(due_at=first_at, depends_on=(), recurring=None)
    is_early = stands_in and first_at > now  # then the first time is still to come
    schedule = Schedule(
        task_id,
        lane,
        submission.label,
        submission.recurring,
        submission_text(repeated),
        first_at,
        now if is_early else first_at,
        0 if is_early else 1,
        None,
    )
    connection.execute(_INSERT, (*schedule, now))
    changes.schedules[task_id] = schedule.state(task_id)


def join_schedule(
    connection: sqlite3.Connection,
    holder: int,
    lane: int,
    submission: Submission,
    now: float,
    changes: Changes,
) -> None:
    """A recurring submission whose key a task of no schedule holds: that one stands in, and then it comes."""
    add_schedule(connection, holder, lane, submission, now, changes, stands_in=True)
    connection.execute("UPDATE tasks SET schedule_id = ? WHERE id = ?", (holder, holder))


def next_occurrence(
    connection: sqlite3.Connection, schedule_id: int, over: Over, now: float, changes: Changes
) -> Occurrence | None:
    """What follows the occurrence that has ended; None when the schedule is gone, or spent and so gone now."""
    row = connection.execute(_BY_ID, (schedule_id,)).fetchone()
    if row is None:
        return None
    schedule = Schedule._make(row)
    rule = schedule.rule
    # One that was cancelled before its time is not followed by itself.
    end = now if over.has_started else max(now, schedule.next_at)
    step = following(rule, schedule.first_at, schedule.next_at, end)
    if step.at is None or schedule.occurrence >= (rule.max_occurrences or schedule.occurrence + 1):
        drop_schedule(connection, schedule_id, changes)
        changes.spent.append(Spent(over.facts, schedule_id, schedule.occurrence))
        return None
    moved = schedule._replace(next_at=step.at, occurrence=schedule.occurrence + 1)
    return Occurrence(moved, _due(submission_of(schedule.submission), step.at), step.skipped)


def came(connection: sqlite3.Connection, occurrence: Occurrence, facts: Facts, changes: Changes) -> None:
    """It has been inserted."""
    schedule = occurrence.schedule
    connection.execute(
        "UPDATE schedules SET next_at = ?, occurrence = ? WHERE id = ?",
        (schedule.next_at, schedule.occurrence, schedule.id),
    )
    changes.schedules[schedule.id] = schedule.state(facts.id)
    if occurrence.skipped:
        changes.skipped.append(Skipped(facts, schedule.id, occurrence.skipped))


def take_over(connection: sqlite3.Connection, schedule_id: int, task_id: int, changes: Changes) -> None:
    """A task has been inserted in the place of one that ended, and keeps its schedule going."""
    changes.recur.pop(schedule_id, None)
    row = connection.execute(_BY_ID, (schedule_id,)).fetchone()
    changes.schedules[schedule_id] = None if row is None else Schedule._make(row).state(task_id)


def stand_in(connection: sqlite3.Connection, schedule_id: int, key: str, changes: Changes) -> None:
    """The key is held by a task of no schedule, which keeps this one going; by one of another, which replaces it."""
    row = connection.execute(
        f"UPDATE OR IGNORE tasks SET schedule_id = :schedule WHERE {IS_HOLDER} AND schedule_id IS NULL RETURNING id",
        {"schedule": schedule_id, "key": key},
    ).fetchone()
    if row is None:
        drop_schedule(connection, schedule_id, changes)
    else:
        take_over(connection, schedule_id, row[0], changes)


def raise_priority(connection: sqlite3.Connection, schedule_id: int, priority: int) -> None:
    """The occurrences that follow are this urgent, too."""
    connection.execute(
        "UPDATE schedules SET submission = json_set(submission, '$.priority', ?) WHERE id = ?",
        (priority, schedule_id),
    )


def drop_schedule(connection: sqlite3.Connection, schedule_id: int, changes: Changes) -> None:
    """Nothing comes again. Its task, if it goes on, belongs to no schedule any more."""
    connection.execute("DELETE FROM schedules WHERE id = ?", (schedule_id,))
    changes.schedules[schedule_id] = None


def _due(submission: Submission, at: float) -> Submission:
    """The submission at another time. Its time to live counts from when it is due."""
    assert submission.due_at is not None
    expires_at = submission.expires_at
    return submission._replace(
        due_at=at, expires_at=None if expires_at is None else at + (expires_at - submission.due_at)
    )
