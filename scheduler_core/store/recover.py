"""What a database says when it is opened after its program ended, however it ended."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from scheduler_core.model.lane import LaneKey
from scheduler_core.model.task import DependencyFailurePolicy, TaskStatus
from scheduler_core.store import keys
from scheduler_core.store.catalogue import catalogued
from scheduler_core.store.causes import unsorted
from scheduler_core.store.changes import IO_SUMS, Changes, Facts, IoSums, ScheduleState
from scheduler_core.store.claim import expire, next_expiry
from scheduler_core.store.ending import End, end_tasks
from scheduler_core.store.graph import check_dependencies, unblock, waits_on_purpose
from scheduler_core.store.ready import count_ready
from scheduler_core.store.schedules import add_missing, schedule_states
from scheduler_core.store.setting_aside import INTERRUPTED, set_stopped_aside
from scheduler_core.store.submit import resubmit
from scheduler_core.store.undos import StoredUndo, stored_undos
from scheduler_core.store.waiting import LaneClock, StoredPause, recover_clocks

_MOST_EXPIRED = 10_000
"""Tasks that are ended at once because they are too old: what is left is ended a batch at a time, and never started."""


@dataclass(slots=True)
class Recovered:
    """Everything the engine needs to know to go on. `active` counts by (lane, stored status)."""

    requeued: int = 0
    expired: int = 0
    lanes: list[tuple[int, LaneKey, LaneClock]] = field(default_factory=list[tuple[int, LaneKey, LaneClock]])
    ready: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """Lanes and priorities of which there are ready tasks."""
    active: dict[tuple[int, str], int] = field(default_factory=dict[tuple[int, str], int])
    totals: dict[tuple[int, str], int] = field(default_factory=dict[tuple[int, str], int])
    seconds: dict[tuple[int, str], float] = field(default_factory=dict[tuple[int, str], float])
    io: dict[tuple[int, str], IoSums] = field(default_factory=dict[tuple[int, str], IoSums])
    pauses: list[StoredPause] = field(default_factory=list[StoredPause])
    schedules: list[ScheduleState] = field(default_factory=list[ScheduleState])
    undos: list[StoredUndo] = field(default_factory=list[StoredUndo])
    attention: int = 0
    unsorted: int = 0
    uncatalogued: int = 0
    unswept: int = 0
    fresh_keys: int = 0
    next_due: float | None = None
    next_expiry: float | None = None


def next_id(connection: sqlite3.Connection) -> int:
    """The first id that no task ever had."""
    row = connection.execute(
        "SELECT max(coalesce((SELECT max(id) FROM tasks), 0), coalesce((SELECT max(task_id) FROM history), 0), "
        "coalesce((SELECT max(id) FROM set_aside), 0), coalesce((SELECT value FROM meta WHERE name = 'last_id'), 0))"
    ).fetchone()
    return int(row[0]) + 1


def recover(
    connection: sqlite3.Connection, ids: Iterator[int], now: float, domains: Collection[str]
) -> Recovered:
    """Put what was running back into line, end what was being ended, mend what waits; then count everything.

    `domains` are those that are there.
    """
    found = Recovered(fresh_keys=keys.load(connection))
    changes = Changes()
    found.pauses = recover_clocks(connection, now, domains)
    found.lanes = [
        (row[0], LaneKey(*row[1:5]), LaneClock(*row[5:]))
        for row in connection.execute(
            "SELECT id, domain, task_type, grp, io, paused_s, held_since FROM lanes"
        )
    ]
    rows = connection.execute(
        "SELECT id, child_error, cancelling FROM tasks WHERE status <> 'pending' AND status = 'running'"
    ).fetchall()
    ends = [
        End(task_id, TaskStatus.FAILED if error is not None else TaskStatus.CANCELLED, now, error)
        for task_id, error, cancelling in rows
        if cancelling == 1 or error is not None
    ]
    end_tasks(connection, ends, changes)
    found.requeued = connection.execute(
        "UPDATE tasks SET status = 'pending' WHERE status <> 'pending' AND status = 'running'"
    ).rowcount
    set_stopped_aside(
        connection, [row[0] for row in rows if row[1] is None and row[2] == INTERRUPTED], changes
    )
    _mend_blocked(connection, now, changes)
    before = len(changes.ended)
    expire(connection, now, _MOST_EXPIRED, changes)
    found.expired = sum(ended.status is TaskStatus.EXPIRED for ended in changes.ended[before:])
    add_missing(connection, changes)
    resubmit(connection, ids, now, changes)
    changes.write_counters(connection)
    found.next_expiry = next_expiry(connection)
    found.schedules = schedule_states(connection)
    found.undos = stored_undos(connection)
    _count(connection, found)
    return found


def _mend_blocked(connection: sqlite3.Connection, now: float, changes: Changes) -> None:
    """A blocked task none of whose dependencies is active would wait for ever."""
    stale = connection.execute(
        "SELECT t.id, t.lane, t.label, t.priority, t.tags, t.aged_from, t.due_at, t.schedule_id, t.on_dep_failure "
        "FROM tasks t WHERE t.status <> 'pending' AND t.status = 'blocked' AND NOT EXISTS "
        "(SELECT 1 FROM dependencies d JOIN tasks p ON p.id = d.depends_on WHERE d.task_id = t.id) AND NOT EXISTS "
        "(SELECT 1 FROM dependencies d JOIN set_aside p ON p.id = d.depends_on WHERE d.task_id = t.id)"
    ).fetchall()
    for *facts, due_at, schedule_id, policy in stale:
        fact = Facts(*facts)
        edges = [
            row[0]
            for row in connection.execute(
                "SELECT d.depends_on FROM dependencies d JOIN history h ON h.task_id = d.depends_on "
                "WHERE d.task_id = ? AND NOT d.met",
                (fact.id,),
            )
        ]
        if waits_on_purpose(connection, edges):
            continue
        failure = check_dependencies(connection, edges, DependencyFailurePolicy(policy), fact.label).failure
        if failure is None:
            unblock(connection, fact, due_at, schedule_id, changes)
        else:
            end_tasks(connection, [End(fact.id, TaskStatus.DEPENDENCY_FAILED, now, failure)], changes)


def _count(connection: sqlite3.Connection, found: Recovered) -> None:
    for (lane, priority), n in count_ready(connection).items():
        found.active[lane, "pending"] = found.active.get((lane, "pending"), 0) + n
        found.ready.append((lane, priority))
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
    found.attention = connection.execute("SELECT count(*) FROM history WHERE attention = 1").fetchone()[0]
    newest = connection.execute("SELECT max(id) FROM history").fetchone()[0] or 0
    found.unsorted = unsorted(connection)
    found.uncatalogued = max(0, newest - catalogued(connection))
    found.unswept = keys.unswept(connection)
    found.next_due = connection.execute("SELECT min(due_at) FROM tasks WHERE due_at IS NOT NULL").fetchone()[
        0
    ]
