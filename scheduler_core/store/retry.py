"""A task of the history, as the submission that does it once more."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from scheduler_core.model.submission import Submission
from scheduler_core.model.task import DependencyFailurePolicy, DuplicateStrategy
from scheduler_core.store.changes import tags_of
from scheduler_core.store.rows import LaneTable


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
