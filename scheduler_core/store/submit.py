"""Stores submissions: many callers in one transaction, each answered for itself.

What a submission can be refused for is checked before its caller's rows are written, so that one caller's mistake
undoes nobody's work.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, repeat
from typing import NamedTuple

from scheduler_core.errors import SchedulerError
from scheduler_core.model.submission import Submission, stands_alone, submission_of
from scheduler_core.model.task import DuplicateStrategy, SubmitOutcome, SubmitStatus, TaskStatus
from scheduler_core.store.changes import HELD, Again, Changes, Over, tags_text
from scheduler_core.store.duplicates import check_holder, on_duplicate, outcome_of
from scheduler_core.store.ending import call_off
from scheduler_core.store.graph import ancestors, as_child, check_no_circle
from scheduler_core.store.insert import New, after_insert, facts_of, insert_rows, placed
from scheduler_core.store.schedules import came, next_occurrence, stand_in, take_over
from scheduler_core.store.waiting import LaneClock, WaitingClock


class Request(NamedTuple):
    """What one caller submits at once: all of it is stored, or nothing. `ids` and `lanes` go with `submissions`."""

    submissions: Sequence[Submission]
    ids: Sequence[int]
    lanes: Sequence[int]


@dataclass(slots=True)
class Answer:
    """The outcomes of one request, in its order, or why nothing of it was stored."""

    outcomes: list[SubmitOutcome] = field(default_factory=list[SubmitOutcome])
    error: Exception | None = None


def submit(
    connection: sqlite3.Connection,
    requests: Sequence[Request],
    now: float,
    changes: Changes,
    clocks: dict[int, LaneClock] | None = None,
) -> list[Answer]:
    """Store every request that can be stored; answers in order. `clocks` are those of lanes that were read before."""
    clock = WaitingClock(connection, now, clocks)
    if all(map(_stand_alone, requests)):
        return _submit_together(connection, clock, requests, now, changes)
    answers: list[Answer] = []
    for alone, some in groupby(requests, _stand_alone):
        if alone:
            answers += _submit_together(connection, clock, list(some), now, changes)
        else:
            answers += [_submit_one(connection, clock, request, now, changes) for request in some]
    return answers


def _stand_alone(request: Request) -> bool:
    return all(map(stands_alone, request.submissions))


def _submit_together(
    connection: sqlite3.Connection,
    clock: WaitingClock,
    requests: Sequence[Request],
    now: float,
    changes: Changes,
) -> list[Answer]:
    """Requests that nothing can be wrong with, and that change nothing for each other: all rows at once."""
    news: list[New] = []
    for submissions, ids, lanes in requests:
        news += map(placed, repeat(connection), repeat(clock), ids, lanes, submissions)
    outcomes = _insert(connection, news, now, changes)
    answers: list[Answer] = []
    begin = 0
    for request in requests:
        end = begin + len(request.ids)
        answers.append(Answer(outcomes[begin:end]))
        begin = end
    return answers


def _submit_one(
    connection: sqlite3.Connection, clock: WaitingClock, request: Request, now: float, changes: Changes
) -> Answer:
    try:
        news = [
            _prepare(connection, clock, *one)
            for one in zip(request.ids, request.lanes, request.submissions, strict=True)
        ]
    except SchedulerError as error:
        return Answer(error=error)
    return Answer(_insert(connection, news, now, changes))


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
        new = new._replace(schedule_id=again.schedule_id, is_simple=False)
    if insert_rows(connection, [new], now):
        if again.schedule_id is not None:
            take_over(connection, again.schedule_id, new.id, changes)
        after_insert(connection, [new], now, changes, counts_children=False)
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
    new = New(next(ids), lane, submission, status, 0, None, tags, waits_from, schedule_id)
    if insert_rows(connection, [new], now):
        came(connection, occurrence, facts_of(new), changes)
        after_insert(connection, [new], now, changes)
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
) -> New:
    """Check what only the database knows. Raises `DependencyError` or `InvalidStateError`."""
    submission = as_child(connection, submission)
    if submission.depends_on and submission.parent_id is not None:
        waiting = ancestors(connection, submission.parent_id)
        check_no_circle(connection, submission.depends_on, waiting, submission.label)
    if submission.on_duplicate is DuplicateStrategy.SUPERSEDE:
        check_holder(connection, submission)
    return placed(connection, clock, task_id, lane, submission)


def _insert(
    connection: sqlite3.Connection, news: Sequence[New], now: float, changes: Changes
) -> list[SubmitOutcome]:
    if insert_rows(connection, news, now):
        after_insert(connection, news, now, changes)
        return [outcome_of(SubmitStatus.INSERTED, new.id) for new in news]
    wanted = json.dumps([new.id for new in news])
    stored = {
        row[0]
        for row in connection.execute(
            "SELECT id FROM tasks WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
        )
    }
    after_insert(connection, [new for new in news if new.id in stored], now, changes)
    return [
        outcome_of(SubmitStatus.INSERTED, new.id)
        if new.id in stored
        else on_duplicate(connection, new, now, changes)
        for new in news
    ]
