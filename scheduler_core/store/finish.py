"""Writes a batch of outcomes: history, retries, interruptions, parents that wait."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from scheduler_core.model.task import TaskStatus
from scheduler_core.store.changes import Changes, Ready, Retried, tags_of
from scheduler_core.store.claim import Claimed
from scheduler_core.store.completing import Done, complete, is_ordinary, special
from scheduler_core.store.ending import End, Row, end_tasks, rows_of
from scheduler_core.store.setting_aside import INTERRUPTED, set_stopped_aside
from scheduler_core.store.waiting import CLOCK_SQL


class OutcomeKind(StrEnum):
    """What came of one attempt."""

    COMPLETED = "completed"
    FINALIZE = "finalize"
    FAILED = "failed"
    DEAD_LETTER = "dead_letter"
    RETRY = "retry"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"


class Outcome(NamedTuple):
    """One attempt, over. `attempts`, `memo` and `actual_io` are JSON text; times are epoch seconds, `duration` seconds.
    `claimed` is the task as it was when the attempt began, if that may spare reading it again.

    FINALIZE: the work is done, and once the children are, `finalize` is called. `retry_at` None is at once.
    """

    id: int
    kind: OutcomeKind
    at: float
    error: str | None = None
    attempts: str | None = None
    memo: str | None = None
    actual_io: str | None = None
    retry_at: float | None = None
    duration: float = 0.0
    preempted: bool = False
    claimed: Claimed | None = None


_ENDS = {
    OutcomeKind.COMPLETED: TaskStatus.COMPLETED,
    OutcomeKind.FAILED: TaskStatus.FAILED,
    OutcomeKind.DEAD_LETTER: TaskStatus.DEAD_LETTER,
    OutcomeKind.CANCELLED: TaskStatus.CANCELLED,
}


def finish(connection: sqlite3.Connection, outcomes: Sequence[Outcome], changes: Changes) -> None:
    """Write these outcomes. One whose task was ended meanwhile (cancelled, superseded) is passed over."""
    done, others = _apart(connection, outcomes)
    if done:
        complete(connection, done, changes)
    by_id = {outcome.id: outcome for outcome in others}
    ends: list[End] = []
    ended: list[Row] = []
    stopped: list[int] = []
    for row in rows_of(connection, by_id) if by_id else ():
        outcome = by_id[row.id]
        if row.status != "running":
            continue
        if outcome.error is not None:
            changes.failed_attempts.append(row.lane)
        if (end := _end(row, outcome)) is not None:
            ends.append(end)
            ended.append(row)
            continue
        if outcome.kind in (OutcomeKind.RETRY, OutcomeKind.INTERRUPTED):
            _back_to_line(connection, row, outcome, changes)
        else:
            _after_work(connection, row, outcome, changes)
        if row.cancelling == INTERRUPTED:
            stopped.append(row.id)
    end_tasks(connection, ends, changes, ended)
    set_stopped_aside(connection, stopped, changes)


def _apart(
    connection: sqlite3.Connection, outcomes: Sequence[Outcome]
) -> tuple[list[Done], Sequence[Outcome]]:
    """Those that have simply completed, by id, and the others."""
    simple = [
        one
        for one in outcomes
        if one.kind is OutcomeKind.COMPLETED and one.claimed is not None and is_ordinary(one.claimed)
    ]
    if not simple:
        return [], outcomes
    simple.sort()
    unlike = special(connection, [one.id for one in simple])
    done = [
        Done(one.claimed, one.at, one.duration, one.memo, one.attempts, one.actual_io)
        for one in simple
        if one.claimed is not None and one.id not in unlike
    ]
    if len(done) == len(outcomes):
        return done, ()
    ordinary = {one.claimed.id for one in done}
    return done, [one for one in outcomes if one.id not in ordinary]


def _end(row: Row, outcome: Outcome) -> End | None:
    """How the task ends with this outcome; None when it goes on."""
    io = outcome.actual_io
    if row.child_error is not None:
        return End(
            row.id,
            TaskStatus.FAILED,
            outcome.at,
            row.child_error,
            outcome.attempts,
            None,
            io,
            outcome.duration,
        )
    if row.cancelling and row.cancelling != INTERRUPTED:
        was_quicker = outcome.kind is OutcomeKind.COMPLETED and row.children_left <= 0
        status = TaskStatus.COMPLETED if was_quicker else TaskStatus.CANCELLED
        return End(
            row.id, status, outcome.at, outcome.error, outcome.attempts, outcome.memo, io, outcome.duration
        )
    status = _ENDS.get(outcome.kind)
    if status is None or (outcome.kind is OutcomeKind.COMPLETED and row.children_left > 0):
        return None
    return End(
        row.id, status, outcome.at, outcome.error, outcome.attempts, outcome.memo, io, outcome.duration
    )


def _back_to_line(connection: sqlite3.Connection, row: Row, outcome: Outcome, changes: Changes) -> None:
    retried = outcome.kind is OutcomeKind.RETRY
    # What is tried again waits anew; what was interrupted has waited for as long as before it ran.
    expires_at, aged_from = connection.execute(
        "UPDATE tasks SET status = 'pending', retry_count = retry_count + :retried, "
        "attempts = coalesce(:attempts, attempts), last_error = coalesce(:error, last_error), due_at = :retry_at, "
        f"aged_from = CASE WHEN :retried THEN {CLOCK_SQL} ELSE aged_from + max(0, :now - started_at) END "
        "WHERE id = :id RETURNING CASE WHEN ttl IS NOT NULL THEN expires_at END, aged_from",
        {
            "retried": int(retried),
            "attempts": outcome.attempts,
            "error": outcome.error,
            "retry_at": outcome.retry_at,
            "now": outcome.at,
            "id": row.id,
        },
    ).fetchone()
    changes.expires(expires_at)
    changes.count(row.lane, "running", -1)
    changes.count(row.lane, "pending")
    if retried:
        changes.retried.append(Retried(row.facts, outcome.error or "", outcome.retry_at))
    elif outcome.preempted:
        changes.preempted.append(row.facts)
    else:
        changes.interrupted.append(row.facts)
    if outcome.retry_at is None:
        changes.ready.append(Ready(row.lane, row.priority, row.id, aged_from))
    else:
        changes.due(outcome.retry_at)


def _after_work(connection: sqlite3.Connection, row: Row, outcome: Outcome, changes: Changes) -> None:
    """The task's own work is done: it waits for its children, or goes back into line to be finalized."""
    status = "waiting" if row.children_left > 0 else "pending"
    connection.execute(
        "UPDATE tasks SET status = ?, memo = coalesce(?, memo), finalizing = ?, "
        "attempts = coalesce(?, attempts), actual_io = coalesce(?, actual_io) WHERE id = ?",
        (
            status,
            outcome.memo,
            int(outcome.kind is OutcomeKind.FINALIZE),
            outcome.attempts,
            outcome.actual_io,
            row.id,
        ),
    )
    changes.count(row.lane, "running", -1)
    changes.count(row.lane, status)
    if status == "pending":
        changes.ready.append(Ready(row.lane, row.priority, row.id, row.aged_from))
        return
    if row.tags:
        items = tags_of(row.tags).items()
        changes.count_tags(items, row.lane, "pending", -1)
        changes.count_tags(items, row.lane, "waiting", 1)
    changes.waiting.append(row.facts)
