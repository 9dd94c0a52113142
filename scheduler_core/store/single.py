"""What is asked about one task that is known by its id, whether it is active or has ended."""

from __future__ import annotations

import sqlite3

from scheduler_core.model.task import AttemptRecord, TaskHistoryRecord
from scheduler_core.store.rows import HISTORY_COLUMNS, LaneTable, attempt_records, history_record


def ended_task(connection: sqlite3.Connection, task_id: int, lanes: LaneTable) -> TaskHistoryRecord | None:
    """The history record of a task; None if it is active, never was, or was pruned."""
    row = connection.execute(
        f"SELECT {HISTORY_COLUMNS} FROM history WHERE task_id = ?", (task_id,)
    ).fetchone()
    return None if row is None else history_record(row, lanes)


def attempts_so_far(connection: sqlite3.Connection, task_id: int) -> tuple[AttemptRecord, ...]:
    """The attempts of an active task that are over, the oldest first."""
    row = connection.execute("SELECT attempts FROM tasks WHERE id = ?", (task_id,)).fetchone()
    return () if row is None else attempt_records(row[0])
