"""The commonest end: a task that ran and completed, with nothing about it that anybody waits for but its dependents.

What `end_tasks` does for any end, in fewer steps: nothing is read of these tasks that their attempts did not bring back.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scheduler_core.model.task import TaskStatus
from scheduler_core.store.changes import Changes, Ended, id_list, tags_of
from scheduler_core.store.claim import Claimed
from scheduler_core.store.ending import (
    HISTORY_COLUMNS,
    drop_attention,
    drop_edges,
    free_dependents,
    move_rows,
)
from scheduler_core.store.tags import remove_tags

_IS_SPECIAL = """
SELECT json_group_array(j.value) FROM json_each(?) j LEFT JOIN tasks t ON t.id = j.value
WHERE t.id IS NULL OR t.status <> 'running' OR t.again IS NOT NULL OR t.children_left > 0 OR t.child_error IS NOT NULL
    OR t.cancelling OR t.schedule_id IS NOT NULL
"""
_TO_HISTORY = f"""
INSERT INTO history ({HISTORY_COLUMNS})
SELECT t.id, t.lane, t.key, t.label, t.priority, 'completed', t.payload, t.tags, t.retry, t.max_retries, t.retry_count,
    t.attempts, t.last_error, t.created_at, t.started_at, t.run_at, j.value, t.parent_id, t.fail_fast, t.memo,
    CASE WHEN t.has_deps THEN (SELECT json_group_array(depends_on) FROM dependencies WHERE task_id = t.id) END,
    t.on_dep_failure, t.expected_io, t.actual_io, 0, t.expires_at, t.schedule_id, NULL
FROM json_each(?) j JOIN tasks t ON t.id = CAST(j.key AS INTEGER)
"""
"""As `ending` does it, for those of which only the time of the end is new: nothing is looked up in JSON."""


class Done(NamedTuple):
    """A task that completed, as it was claimed, and what came of it. `memo`, `attempts` and `actual_io` are JSON text."""

    claimed: Claimed
    at: float
    duration: float
    memo: str | None
    attempts: str | None
    actual_io: str | None


def is_ordinary(claimed: Claimed) -> bool:
    """May it end here, as far as its claim tells? Parents are looked after by `end_tasks`."""
    return claimed.parent_id is None and claimed.actual_io is None


def special(connection: sqlite3.Connection, ids: Sequence[int]) -> set[int]:
    """Those of `ids` that something concerned while they ran: a child, a cancellation, a twin, a schedule."""
    found = connection.execute(_IS_SPECIAL, (id_list(ids),)).fetchone()[0]
    return set() if found == "[]" else set(json.loads(found))


def complete(connection: sqlite3.Connection, done: Sequence[Done], changes: Changes) -> None:
    """Move these to the history, in this order."""
    drop_attention(connection, [one.claimed.key for one in done], changes)
    with_edges = [one.claimed.id for one in done if one.claimed.has_deps]
    if any(one.memo or one.attempts or one.actual_io for one in done):
        move_rows(connection, [_as_list(one) for one in done])
    else:
        connection.execute(_TO_HISTORY, (json.dumps({one.claimed.id: one.at for one in done}),))
    ids = id_list(one.claimed.id for one in done)
    connection.execute("DELETE FROM tasks WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    if with_edges:
        drop_edges(connection, with_edges)
    _count(connection, done, changes)
    free_dependents(connection, ids, changes)


def _count(connection: sqlite3.Connection, done: Sequence[Done], changes: Changes) -> None:
    tagged: list[tuple[int, Mapping[str, str]]] = []
    alike: dict[tuple[int, str | None], tuple[Mapping[str, str], list[float]]] = {}
    for claimed, _, duration, _, _, actual_io in done:
        place = claimed.lane, claimed.tags
        known = alike.get(place)
        if known is None:
            known = alike[place] = tags_of(claimed.tags), []
        tags, durations = known
        durations.append(duration)
        if tags:
            tagged.append((claimed.id, tags))
        if actual_io is not None:
            changes.moved(claimed.lane, TaskStatus.COMPLETED, actual_io)
        changes.ended.append(Ended(claimed.facts, TaskStatus.COMPLETED, None, duration))
    for (lane, _), (tags, durations) in alike.items():
        n = len(durations)
        changes.count(lane, "running", -n)
        changes.total(lane, TaskStatus.COMPLETED, n, sum(durations))
        changes.count_tags(tags.items(), lane, "pending", -n)
        changes.count_tags(tags.items(), lane, TaskStatus.COMPLETED, n)
    if tagged:
        remove_tags(connection, tagged)


def _as_list(done: Done) -> list[object]:
    memo, attempts, actual_io = done.memo, done.attempts, done.actual_io
    return [done.claimed.id, TaskStatus.COMPLETED, done.at, None, attempts, memo, actual_io, 0, None]
