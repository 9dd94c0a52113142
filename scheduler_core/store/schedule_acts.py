"""What people and programs do to a schedule: pause it, resume it, cancel it, run it now."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from scheduler_core.model.task import TaskStatus
from scheduler_core.policy.recurrence import following
from scheduler_core.store.changes import HELD, Changes, Facts, Ready, Skipped, tags_of
from scheduler_core.store.ending import End, end_tasks
from scheduler_core.store.schedules import OCCURRENCE, Schedule, drop_schedule
from scheduler_core.store.waiting import CLOCK_SQL

Act = Callable[[sqlite3.Connection, Schedule, float, Changes], bool]
"""Something that is done to a schedule now (epoch seconds); False when it had no effect."""


def pause_schedule(connection: sqlite3.Connection, schedule: Schedule, now: float, changes: Changes) -> bool:
    """Hold the occurrence that has not started, and those that come."""
    if schedule.paused_at is not None:
        return True
    connection.execute("UPDATE schedules SET paused_at = ? WHERE id = ?", (now, schedule.id))
    row = connection.execute(
        "UPDATE tasks SET status = 'held', due_at = NULL "
        "WHERE schedule_id = ? AND status = 'pending' AND started_at IS NULL RETURNING lane, tags",
        (schedule.id,),
    ).fetchone()
    if row is not None:
        _recount(changes, row[0], row[1], "pending", HELD)
    _say(connection, schedule._replace(paused_at=now), changes)
    return True


def resume_schedule(connection: sqlite3.Connection, schedule: Schedule, now: float, changes: Changes) -> bool:
    """What was due when it was paused runs; what came due meanwhile is passed over, to the next time."""
    if schedule.paused_at is None:
        return True
    row = connection.execute(
        "SELECT run_at, id, lane, label, priority, tags, aged_from FROM tasks WHERE schedule_id = ? "
        "AND status = 'held'",
        (schedule.id,),
    ).fetchone()
    next_at = schedule.next_at
    if row is not None:
        due, facts = row[0], Facts._make(row[1:])
        at = due
        if due is not None and schedule.paused_at < due <= now:
            at, skipped = _passed_over(schedule, due, now)
            next_at = at
            if skipped:
                changes.skipped.append(Skipped(facts, schedule.id, skipped))
        _release(connection, facts, due, at, schedule.paused_at, now, changes)
    connection.execute(
        "UPDATE schedules SET paused_at = NULL, next_at = ? WHERE id = ?", (next_at, schedule.id)
    )
    _say(connection, schedule._replace(paused_at=None, next_at=next_at), changes)
    return True


def cancel_schedule(connection: sqlite3.Connection, schedule: Schedule, now: float, changes: Changes) -> bool:
    """Nothing comes again; an occurrence that has not started ends, one that has goes on."""
    drop_schedule(connection, schedule.id, changes)
    row = connection.execute(
        "SELECT id, started_at IS NULL AND status IN ('pending', 'blocked', 'held') FROM tasks WHERE schedule_id = ?",
        (schedule.id,),
    ).fetchone()
    if row is not None and row[1]:
        end_tasks(connection, [End(row[0], TaskStatus.CANCELLED, now)], changes)
    else:
        connection.execute("UPDATE tasks SET schedule_id = NULL WHERE schedule_id = ?", (schedule.id,))
    return True


def run_schedule_now(
    connection: sqlite3.Connection, schedule: Schedule, now: float, changes: Changes
) -> bool:
    """The occurrence that waits for its time is due; False when none does, or the schedule is paused."""
    if schedule.paused_at is not None:
        return False
    row = connection.execute(
        "UPDATE tasks SET due_at = NULL, run_at = :now, expires_at = expires_at + (:now - due_at), "
        f"aged_from = {CLOCK_SQL} WHERE schedule_id = :schedule AND due_at IS NOT NULL AND started_at IS NULL "
        "RETURNING id, lane, priority, status, expires_at, aged_from",
        {"now": now, "schedule": schedule.id},
    ).fetchone()
    if row is None:
        return False
    task_id, lane, priority, status, expires_at, aged_from = row
    connection.execute("UPDATE schedules SET next_at = ? WHERE id = ?", (now, schedule.id))
    changes.schedules[schedule.id] = schedule._replace(next_at=now).state(task_id)
    changes.expires(expires_at)
    if status == "pending":
        changes.ready.append(Ready(lane, priority, task_id, aged_from))
    return True


def _passed_over(schedule: Schedule, due: float, now: float) -> tuple[float, int]:
    """When an occurrence that came due in a pause comes, and how many times that leaves out; now, if there is none."""
    step = following(schedule.rule, schedule.first_at, due, now)
    return (now, 0) if step.at is None else (step.at, 1 + step.skipped)


def _release(
    connection: sqlite3.Connection,
    facts: Facts,
    due: float | None,
    at: float | None,
    paused_at: float,
    now: float,
    changes: Changes,
) -> None:
    """A held task waits for its time again, or is ready. It has as much longer to live as it comes later.

    The time for which it was held does not age it; nor is it younger than one that begins to wait now.
    """
    waits_until = at if at is not None and at > now else None
    expires_at, aged_from = connection.execute(
        "UPDATE tasks SET status = 'pending', due_at = :due, run_at = :at, expires_at = expires_at + :later, "
        f"aged_from = min({CLOCK_SQL}, aged_from + :held) WHERE id = :id RETURNING expires_at, aged_from",
        {
            "due": waits_until,
            "at": at,
            "later": 0.0 if at is None or due is None else at - due,
            "held": max(0.0, now - paused_at),
            "id": facts.id,
            "now": now,
        },
    ).fetchone()
    _recount(changes, facts.lane, facts.tags, HELD, "pending")
    changes.expires(expires_at)
    if waits_until is not None:
        changes.due(waits_until)
    else:
        changes.ready.append(Ready(facts.lane, facts.priority, facts.id, aged_from))


def _recount(changes: Changes, lane: int, tags: str | None, before: str, after: str) -> None:
    changes.count(lane, before, -1)
    changes.count(lane, after)
    if tags:
        items = tags_of(tags).items()
        changes.count_tags(items, lane, before, -1)
        changes.count_tags(items, lane, after, 1)


def _say(connection: sqlite3.Connection, schedule: Schedule, changes: Changes) -> None:
    (task_id,) = connection.execute(
        f"SELECT {OCCURRENCE} FROM schedules s WHERE s.id = ?", (schedule.id,)
    ).fetchone()
    changes.schedules[schedule.id] = schedule.state(task_id)
