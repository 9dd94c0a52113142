"""What a database says when it is opened after its program ended, however it ended."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from scheduler_core.model.lane import LaneKey
from scheduler_core.model.task import DependencyFailurePolicy, TaskStatus
from scheduler_core.store.changes import IO_SUMS, Changes, Facts, IoSums
from scheduler_core.store.claim import expire
from scheduler_core.store.ending import End, end_tasks
from scheduler_core.store.graph import check_dependencies, unblock
from scheduler_core.store.submit import resubmit


class StoredPause(NamedTuple):
    """A pause that outlives the program: of the scheduler (name ''), a domain or a group."""

    scope: str
    name: str
    until: float | None


@dataclass(slots=True)
class Recovered:
    """Everything the engine needs to know to go on. `active` counts by (lane, stored status)."""

    requeued: int = 0
    expired: int = 0
    lanes: list[tuple[int, LaneKey]] = field(default_factory=list[tuple[int, LaneKey]])
    active: dict[tuple[int, str], int] = field(default_factory=dict[tuple[int, str], int])
    totals: dict[tuple[int, str], int] = field(default_factory=dict[tuple[int, str], int])
    seconds: dict[tuple[int, str], float] = field(default_factory=dict[tuple[int, str], float])
    io: dict[tuple[int, str], IoSums] = field(default_factory=dict[tuple[int, str], IoSums])
    pauses: list[StoredPause] = field(default_factory=list[StoredPause])
    attention: int = 0
    next_due: float | None = None
    next_expiry: float | None = None


def next_id(connection: sqlite3.Connection) -> int:
    """The first id that no task ever had."""
    row = connection.execute(
        "SELECT max(coalesce((SELECT max(id) FROM tasks), 0), coalesce((SELECT max(task_id) FROM history), 0), "
        "coalesce((SELECT value FROM meta WHERE name = 'last_id'), 0))"
    ).fetchone()
    return int(row[0]) + 1


def recover(connection: sqlite3.Connection, ids: Iterator[int], now: float) -> Recovered:
    """Put what was running back into line, end what was being ended, mend what waits; then count everything."""
    found = Recovered()
    changes = Changes()
    found.lanes = [
        (row[0], LaneKey(*row[1:]))
        for row in connection.execute("SELECT id, domain, task_type, grp FROM lanes")
    ]
    rows = connection.execute(
        "SELECT id, child_error, cancelling FROM tasks WHERE status = 'running'"
    ).fetchall()
    ends = [
        End(task_id, TaskStatus.FAILED if error is not None else TaskStatus.CANCELLED, now, error)
        for task_id, error, cancelling in rows
        if cancelling or error is not None
    ]
    end_tasks(connection, ends, changes)
    found.requeued = connection.execute(
        "UPDATE tasks SET status = 'pending' WHERE status = 'running'"
    ).rowcount
    _mend_blocked(connection, now, changes)
    before = len(changes.ended)
    found.next_expiry = expire(connection, now, sys.maxsize, changes)
    found.expired = sum(ended.status is TaskStatus.EXPIRED for ended in changes.ended[before:])
    resubmit(connection, ids, now, changes)
    changes.write_counters(connection)
    _count(connection, found)
    return found


def _mend_blocked(connection: sqlite3.Connection, now: float, changes: Changes) -> None:
    """A blocked task none of whose dependencies is active would wait for ever."""
    stale = connection.execute(
        "SELECT t.id, t.lane, t.label, t.priority, t.tags, t.due_at, t.on_dep_failure FROM tasks t "
        "WHERE t.status = 'blocked' AND NOT EXISTS "
        "(SELECT 1 FROM dependencies d JOIN tasks p ON p.id = d.depends_on WHERE d.task_id = t.id)"
    ).fetchall()
    for task_id, lane, label, priority, tags, due_at, policy in stale:
        edges = [
            row[0]
            for row in connection.execute(
                "SELECT d.depends_on FROM dependencies d JOIN history h ON h.task_id = d.depends_on WHERE d.task_id = ?",
                (task_id,),
            )
        ]
        if _waits_on_purpose(connection, edges):
            continue
        failure = check_dependencies(connection, edges, DependencyFailurePolicy(policy), label).failure
        if failure is None:
            unblock(connection, Facts(task_id, lane, label, priority, tags), due_at, changes)
        else:
            end_tasks(connection, [End(task_id, TaskStatus.DEPENDENCY_FAILED, now, failure)], changes)


def _waits_on_purpose(connection: sqlite3.Connection, edges: list[int]) -> bool:
    """Does it wait for a task that ended by the FAIL policy, whose dependents are left to a person?"""
    return any(
        connection.execute(
            "SELECT 1 FROM history WHERE task_id = ? AND status = 'dependency_failed' AND on_dep_failure = 'fail'",
            (other,),
        ).fetchone()
        for other in edges
    )


def _count(connection: sqlite3.Connection, found: Recovered) -> None:
    ready = connection.execute(
        "SELECT lane, count(*) FROM tasks WHERE status = 'pending' AND due_at IS NULL GROUP BY lane"
    )
    for lane, n in ready:
        found.active[lane, "pending"] = n
    delayed = connection.execute(
        "SELECT lane, count(*) FROM tasks WHERE due_at IS NOT NULL AND status = 'pending' GROUP BY lane"
    )
    for lane, n in delayed:
        found.active[lane, "pending"] = found.active.get((lane, "pending"), 0) + n
    for lane, status, n in connection.execute(
        "SELECT lane, status, count(*) FROM tasks WHERE status <> 'pending' GROUP BY status, lane"
    ):
        found.active[lane, status] = n
    for lane, status, n, seconds, *io in connection.execute(
        f"SELECT lane, status, n, seconds, {', '.join(IO_SUMS)} FROM totals"
    ):
        found.totals[lane, status] = n
        found.seconds[lane, status] = seconds
        found.io[lane, status] = IoSums(*io)
    found.pauses = [StoredPause(*row) for row in connection.execute("SELECT scope, name, until FROM pauses")]
    found.attention = connection.execute("SELECT count(*) FROM history WHERE attention = 1").fetchone()[0]
    found.next_due = connection.execute("SELECT min(due_at) FROM tasks WHERE due_at IS NOT NULL").fetchone()[
        0
    ]
