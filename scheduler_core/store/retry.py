"""Tasks of the history are submitted once more."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import NamedTuple

from scheduler_core.errors import InvalidStateError, UnknownTaskError
from scheduler_core.model.submission import Submission
from scheduler_core.model.task import (
    DependencyFailurePolicy,
    DuplicateStrategy,
    SubmitOutcome,
    SubmitStatus,
)
from scheduler_core.store.changes import Changes, tags_of
from scheduler_core.store.rows import LaneTable
from scheduler_core.store.schedule_acts import run_schedule_now
from scheduler_core.store.schedules import schedule_of
from scheduler_core.store.submit import Request, submit

_MAY_BE_RETRIED = frozenset({"failed", "dead_letter", "dependency_failed", "expired", "cancelled"})


class Resubmission(NamedTuple):
    """What to submit, in which lane, and what the old task was."""

    task_id: int
    lane: int
    status: str
    submission: Submission

    @property
    def holds_dependents(self) -> bool:
        """Did it end by the FAIL policy, which leaves its dependents blocked?"""
        return self.status == "dependency_failed" and self.submission.on_dependency_failure == "fail"


class Tried(NamedTuple):
    """What came of a retry: which failures of the key want no attention any more, by number, and who waits for it now."""

    retry: Retry
    outcome: SubmitOutcome
    unseen: Sequence[int]
    dependents: Sequence[int]


class Retry(NamedTuple):
    """A record of the history (by the id that its task had), and the id that the new task gets."""

    history_id: int
    new_id: int


def retry(
    connection: sqlite3.Connection,
    wanted: Sequence[Retry],
    has_domain: Callable[[str], bool],
    lanes: LaneTable,
    now: float,
    changes: Changes,
    tried: list[Tried] | None = None,
) -> list[SubmitOutcome | Exception]:
    """Submit these again; who waited for one of them waits for the new one. Answers in order, an error for what cannot be.

    `has_domain` says whether tasks of a domain may be submitted. What came of each is added to `tried`.
    """
    answers: list[SubmitOutcome | Exception] = []
    fit: list[tuple[int, Retry, Resubmission]] = []
    for one in wanted:
        found = resubmission(connection, one.history_id, lanes)
        error = _refusal(one.history_id, found, lanes, has_domain)
        if error is None and found is not None:
            fit.append((len(answers), one, found))
        answers.append(error or SubmitOutcome(status=SubmitStatus.REJECTED, id=None))
    requests = [Request([found.submission], [one.new_id], [found.lane]) for _, one, found in fit]
    submitted = submit(connection, requests, now, changes)
    done: list[tuple[str, Tried]] = []
    for (place, one, found), answer in zip(fit, submitted, strict=True):
        if answer.error is not None:
            answers[place] = answer.error
            continue
        (outcome,) = answer.outcomes
        answers[place] = outcome
        dependents = _follow(connection, one, found, outcome, now, changes)
        done.append((found.submission.key, Tried(one, outcome, (), dependents)))
    unseen = _want_no_attention(connection, [key for key, _ in done], changes)
    if tried is not None:  # of several with one key, the first has what they had
        tried += [result._replace(unseen=unseen.pop(key, ())) for key, result in done]
    return answers


def _want_no_attention(
    connection: sqlite3.Connection, keys: Sequence[str], changes: Changes
) -> dict[str, list[int]]:
    """Failures of these keys are tried again; the numbers of those that wanted attention, by key."""
    rows = connection.execute(
        "UPDATE history SET attention = 0 WHERE attention = 1 AND key IN (SELECT value FROM json_each(?)) "
        "RETURNING key, id",
        (json.dumps(keys),),
    ).fetchall()
    changes.attention -= len(rows)
    by_key: dict[str, list[int]] = {}
    for key, number in rows:
        by_key.setdefault(key, []).append(number)
    return by_key


def _refusal(
    history_id: int, found: Resubmission | None, lanes: LaneTable, has_domain: Callable[[str], bool]
) -> Exception | None:
    """Why a record cannot be tried again."""
    if found is None or not has_domain(lanes.key(found.lane).domain):
        return UnknownTaskError(
            f"history record {history_id}",
            "there is none of that id in this domain" if found is not None else "there is none of that id",
            "Pass an id of `failures`.",
        )
    if found.status not in _MAY_BE_RETRIED:
        return InvalidStateError(
            f"history record {history_id}", f"it {found.status}; only what failed is tried again", ""
        )
    return None


def _follow(
    connection: sqlite3.Connection,
    one: Retry,
    found: Resubmission,
    outcome: SubmitOutcome,
    now: float,
    changes: Changes,
) -> list[int]:
    """What the new task means for schedules and for those who waited for the old one; these are returned."""
    if outcome.status in (SubmitStatus.DUPLICATE, SubmitStatus.UPGRADED) and outcome.id is not None:
        schedule = schedule_of(connection, outcome.id)  # what was to be tried again comes anyway: now
        if schedule is not None:
            run_schedule_now(connection, schedule, now, changes)
    if outcome.status is SubmitStatus.INSERTED and found.holds_dependents:
        rows = connection.execute(
            "UPDATE OR IGNORE dependencies SET depends_on = ? WHERE depends_on = ? AND NOT met RETURNING task_id",
            (one.new_id, found.task_id),
        )
        return [row[0] for row in rows.fetchall()]
    return []


def resubmission(connection: sqlite3.Connection, task_id: int, lanes: LaneTable) -> Resubmission | None:
    """The history record as a new submission: due at once, without its parent, with dependencies that are still there."""
    row = connection.execute(
        "SELECT task_id, lane, status, key, label, priority, payload, tags, retry, max_retries, fail_fast, "
        "on_dep_failure, dependencies, expected_io FROM history WHERE task_id = ?",
        (task_id if 0 < task_id < 2**63 else 0,),
    ).fetchone()
    if row is None:
        return None
    lane = lanes.key(row[1])
    dependencies: list[int] = json.loads(row[12] or "[]")
    known = [
        other
        for other in dependencies
        if connection.execute("SELECT 1 FROM tasks WHERE id = ?", (other,)).fetchone()
    ]
    return Resubmission(
        row[0],
        row[1],
        row[2],
        Submission(
            domain=lane.domain,
            task_type=lane.task_type,
            group=lane.group or None,
            key=row[3],
            label=row[4],
            priority=row[5],
            payload=row[6],
            tags=tags_of(row[7]),
            retry=row[8],
            max_retries=row[9],
            due_at=None,
            parent_id=None,
            fail_fast=bool(row[10]),
            depends_on=tuple(known),
            on_dependency_failure=DependencyFailurePolicy(row[11]),
            on_duplicate=DuplicateStrategy.SKIP,
            expected_io=row[13],
            io=lane.io,
        ),
    )
