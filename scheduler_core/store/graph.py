"""Who waits for whom: dependencies between tasks, and parents that wait for their children."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scheduler_core.errors import DependencyError, InvalidStateError
from scheduler_core.model.submission import Submission, checked_tags
from scheduler_core.model.task import DependencyFailurePolicy, TaskStatus
from scheduler_core.store.changes import HELD, Changes, Facts, Ready, id_list, tags_of


class Prerequisites(NamedTuple):
    """How the dependencies of a new task stand: how many are still active, and why one makes it fail at once."""

    left: int
    failure: str | None


class Dependent(NamedTuple):
    """A blocked task that one of the ended ones concerns."""

    id: int
    depends_on: int
    policy: DependencyFailurePolicy


def check_dependencies(
    connection: sqlite3.Connection, depends_on: Sequence[int], policy: DependencyFailurePolicy, thing: str
) -> Prerequisites:
    """How `depends_on` stand now; an id that never was is a `DependencyError`."""
    wanted = id_list(depends_on)
    active = {
        row[0]
        for row in connection.execute(
            "SELECT j.value FROM json_each(?) j WHERE EXISTS (SELECT 1 FROM tasks t WHERE t.id = j.value) "
            "OR EXISTS (SELECT 1 FROM set_aside a WHERE a.id = j.value)",
            (wanted,),
        )
    }
    failure = None
    for task_id in depends_on:
        if task_id in active:
            continue
        row = connection.execute(
            "SELECT status, label, last_error FROM history WHERE task_id = ?", (task_id,)
        ).fetchone()
        if row is None:
            raise DependencyError(
                thing,
                f"it depends on task {task_id}, which does not exist",
                "Pass the `id` of a SubmitOutcome.",
            )
        status, label, error = row
        if (
            status != TaskStatus.COMPLETED
            and policy is not DependencyFailurePolicy.IGNORE
            and failure is None
        ):
            failure = dependency_message(task_id, label, status, error)
    return Prerequisites(len(active), failure)


def check_no_circle(
    connection: sqlite3.Connection, depends_on: Sequence[int], waits_for_it: Iterable[int], thing: str
) -> None:
    """Refuse dependencies that, directly or through others, wait for one of `waits_for_it`."""
    task_id = first_awaited(connection, depends_on, waits_for_it)
    if task_id is not None:
        raise DependencyError(
            thing,
            f"a dependency would close a circle: task {task_id} would wait for itself",
            "Leave that dependency out.",
        )


def first_awaited(
    connection: sqlite3.Connection, starts: Iterable[int], targets: Iterable[int]
) -> int | None:
    """One of `targets` that one of `starts` waits for, directly or through others; None when there is none.

    A task waits for what it depends on, for its children, and for the end of a running task that is to run once more as
    its child.
    """
    wanted = set(targets)
    begin = list(starts)
    if not wanted or not begin:
        return None
    rows = connection.execute(
        "WITH RECURSIVE reached(id) AS ("
        "  SELECT value FROM json_each(?)"
        "  UNION SELECT d.depends_on FROM reached r JOIN dependencies d ON d.task_id = r.id"
        "  UNION SELECT t.id FROM reached r JOIN tasks t ON t.parent_id = r.id"
        "  UNION SELECT t.id FROM reached r JOIN tasks t ON t.again IS NOT NULL AND t.again ->> 'parent_id' = r.id"
        ") SELECT id FROM reached",
        (id_list(begin),),
    )
    return next((row[0] for row in rows if row[0] in wanted), None)


def ancestors(connection: sqlite3.Connection, parent_id: int) -> list[int]:
    """The parent and its parents, all of which wait for a new child."""
    rows = connection.execute(
        "WITH RECURSIVE up(id) AS (SELECT ? UNION SELECT t.parent_id FROM up JOIN tasks t ON t.id = up.id "
        "WHERE t.parent_id IS NOT NULL) SELECT id FROM up",
        (parent_id,),
    )
    return [row[0] for row in rows]


def as_child(connection: sqlite3.Connection, submission: Submission) -> Submission:
    """A submission with what it has from its parent, if it has one that is still active and is not being stopped.

    That is the parent's tags, where it does not say otherwise, the more urgent of the two priorities, and the earlier of
    the two ends. Raises `InvalidStateError`, or `InvalidTaskError` where the tags become too many.
    """
    parent_id, thing = submission.parent_id, submission.label
    if parent_id is None:
        return submission
    row = connection.execute(
        "SELECT cancelling, child_error, tags, priority, expires_at FROM tasks WHERE id = ?", (parent_id,)
    ).fetchone()
    if row is None or row[0] or row[1] is not None:
        reason = "has ended" if row is None else "is being stopped"
        raise InvalidStateError(
            thing,
            f"its parent, task {parent_id}, {reason}",
            "Spawn children while their parent runs or waits.",
        )
    _, _, tags, priority, expires_at = row
    ends = [end for end in (submission.expires_at, expires_at) if end is not None]
    return submission._replace(
        tags=checked_tags(submission.task_type, {**tags_of(tags), **submission.tags}),
        priority=min(priority, submission.priority),
        expires_at=min(ends, default=None),
    )


def dependents_of(connection: sqlite3.Connection, ended: str) -> list[Dependent]:
    """The blocked tasks that wait for any of these, ids as a JSON array; by id."""
    rows = connection.execute(
        "SELECT d.task_id, d.depends_on, t.on_dep_failure FROM json_each(?) j "
        "JOIN dependencies d ON d.depends_on = j.value JOIN tasks t ON t.id = d.task_id "
        "WHERE t.status = 'blocked' ORDER BY d.task_id",
        (ended,),
    )
    return [Dependent(task_id, other, DependencyFailurePolicy(policy)) for task_id, other, policy in rows]


_SATISFY = (
    "UPDATE tasks SET deps_left = max(0, deps_left - ?1), "
    "status = CASE WHEN deps_left <= ?1 AND schedule_id IS NULL THEN 'pending' ELSE status END "
    "WHERE id IN (SELECT value FROM json_each(?2)) AND status = 'blocked' "
    "RETURNING deps_left, due_at, schedule_id, id, lane, label, priority, tags, aged_from"
)


def satisfy_all(connection: sqlite3.Connection, dependents: Sequence[int], changes: Changes) -> None:
    """Of these blocked tasks a dependency is met, or as many as their id is here; the last one makes it pending."""
    if not dependents:
        return
    by_number: dict[int, list[int]] = {}
    for task_id, n in Counter(dependents).items():
        by_number.setdefault(n, []).append(task_id)
    free = [
        row
        for n, ids in by_number.items()
        for row in connection.execute(_SATISFY, (n, id_list(ids)))
        if row[0] == 0
    ]
    free.sort(key=lambda row: row[3])
    pending: list[Facts] = []
    for _, due_at, schedule_id, *columns in free:
        facts = Facts(*columns)
        if schedule_id is not None:
            unblock(connection, facts, due_at, schedule_id, changes)
        else:
            pending.append(facts)
            _stand(facts, due_at, changes)
    for (lane, tags), n in Counter((facts.lane, facts.tags) for facts in pending).items():
        _recount(lane, tags, "pending", n, changes)


def satisfy(connection: sqlite3.Connection, task_id: int, changes: Changes) -> None:
    """One dependency of a blocked task is met; the last one makes it pending."""
    satisfy_all(connection, [task_id], changes)


def unblock(
    connection: sqlite3.Connection,
    facts: Facts,
    due_at: float | None,
    schedule_id: int | None,
    changes: Changes,
) -> None:
    """A blocked task is pending now, or held if its schedule is paused."""
    is_held = schedule_id is not None and _is_paused(connection, schedule_id)
    status = HELD if is_held else "pending"
    connection.execute("UPDATE tasks SET status = ?, deps_left = 0 WHERE id = ?", (status, facts.id))
    _recount(facts.lane, facts.tags, status, 1, changes)
    if is_held:
        connection.execute("UPDATE tasks SET due_at = NULL WHERE id = ?", (facts.id,))
        changes.unblocked.append(facts)
    else:
        _stand(facts, due_at, changes)


def _recount(lane: int, tags: str | None, status: str, n: int, changes: Changes) -> None:
    """So many were blocked, and have this stored status now."""
    changes.count(lane, "blocked", -n)
    changes.count(lane, status, n)
    if tags:
        items = tags_of(tags).items()
        changes.count_tags(items, lane, "blocked", -n)
        changes.count_tags(items, lane, status, n)


def _stand(facts: Facts, due_at: float | None, changes: Changes) -> None:
    """It is ready, or waits for its time."""
    changes.unblocked.append(facts)
    if due_at is None:
        changes.ready.append(Ready(facts.lane, facts.priority, facts.id, facts.aged_from))
    else:
        changes.due(due_at)  # nobody has watched the clock for it while it was blocked


def waits_on_purpose(connection: sqlite3.Connection, edges: Iterable[int]) -> bool:
    """Does it wait for a task that ended by the FAIL policy, whose dependents are left to a person?"""
    return any(
        connection.execute(
            "SELECT 1 FROM history WHERE task_id = ? AND status = 'dependency_failed' AND on_dep_failure = 'fail'",
            (other,),
        ).fetchone()
        for other in edges
    )


def _is_paused(connection: sqlite3.Connection, schedule_id: int) -> bool:
    row = connection.execute("SELECT paused_at FROM schedules WHERE id = ?", (schedule_id,)).fetchone()
    return row is not None and row[0] is not None


def dependency_message(task_id: int, label: str, status: str, error: str | None) -> str:
    """Why a dependent did not run. Down a chain the first cause is told, not the chain: it may be long."""
    if error and status == TaskStatus.DEPENDENCY_FAILED:
        return error
    because = f": {error}" if error else ""
    return f"it depends on {label!r} (task {task_id}), which ended as {status}{because}"
