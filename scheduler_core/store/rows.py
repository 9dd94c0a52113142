"""From rows to records."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic_core import from_json

from scheduler_core.clock import to_datetime
from scheduler_core.model.lane import LaneKey
from scheduler_core.model.submission import shown_key
from scheduler_core.model.task import AttemptRecord, IoBudget, TaskHistoryRecord, TaskRecord, TaskStatus
from scheduler_core.store.changes import HELD, id_list, shown_status, tags_of
from scheduler_core.store.waiting import Clocks, LaneClock


class LaneTable:
    """The lanes by id, and their ids; filled at open, grows with each new lane."""

    def __init__(self) -> None:
        self._keys: dict[int, LaneKey] = {}
        self._ids: dict[tuple[str, str, str], int] = {}
        self._clocks: dict[int, LaneClock] = {}
        self._kinds: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def clear(self) -> None:
        """Forget all: the store is opened anew."""
        self._keys.clear()
        self._ids.clear()
        self._clocks.clear()
        self._kinds.clear()

    def add(self, lane: int, key: LaneKey, clock: LaneClock) -> None:
        """Remember a lane that is in the database, and how its clock stands."""
        self._keys[lane] = key
        self._ids[key.task_type, key.group, key.io] = lane
        self._clocks[lane] = clock
        self._kinds[key.task_type] = min(lane, self._kinds.get(key.task_type, lane))

    def set_clocks(self, clocks: Clocks) -> None:
        """Some clocks stand still from now on, or go on."""
        self._clocks.update(clocks)

    def waiting_clock(self, lane: int, now: float) -> float:
        """What the clock of a lane reads at `now`, epoch seconds."""
        return self._clocks[lane].read(now)

    def is_held(self, lane: int) -> bool:
        """Does the clock of a lane stand still?"""
        return self._clocks[lane].held_since is not None

    def key(self, lane: int) -> LaneKey:
        """The lane of this id."""
        return self._keys[lane]

    def kind(self, lane: int) -> int:
        """The number of its task type: the id of the first lane that this one has."""
        return self._kinds[self._keys[lane].task_type]

    def find(self, task_type: str, group: str, io: str) -> int | None:
        """The id of a lane, if there is one."""
        return self._ids.get((task_type, group, io))

    def of_domain(self, domain: str) -> list[int]:
        """The ids of a domain's lanes."""
        return self.ids(lambda key: key.domain == domain)

    def ids(self, keep: Callable[[LaneKey], bool] = lambda _: True) -> list[int]:
        """The ids of the lanes that `keep` accepts."""
        return [
            lane for lane, key in list(self._keys.items()) if keep(key)
        ]  # the database's threads ask, too


SCHEDULE_PAUSED = "its schedule is paused"
"""Why a task is held one by one."""
TASK_COLUMNS = (
    "id, lane, key, label, priority, status, payload, tags, max_retries, retry_count, last_error, created_at, "
    "started_at, run_at, parent_id, has_deps, expected_io, expires_at, due_at"
)
HISTORY_COLUMNS = (
    "task_id, lane, key, label, priority, status, payload, tags, max_retries, retry_count, attempts, last_error, "
    "created_at, started_at, run_at, completed_at, parent_id, memo, dependencies, expected_io, actual_io, expires_at, id, "
    "cause"
)


def task_records(
    connection: sqlite3.Connection, rows: Iterable[Sequence[Any]], lanes: LaneTable
) -> list[TaskRecord]:
    """Records of rows that were selected by TASK_COLUMNS; pauses of their lanes are not looked at."""
    listed = list(rows)
    edges = _edges(connection, [row[0] for row in listed if row[15]])
    return [task_record(row, lanes, edges.get(row[0], ())) for row in listed]


def task_record(row: Sequence[Any], lanes: LaneTable, dependencies: tuple[int, ...]) -> TaskRecord:
    """The record of one row, or of anything with the same columns."""
    key = lanes.key(row[1])
    return TaskRecord.of_stored(
        {
            "id": row[0],
            "domain": key.domain,
            "task_type": key.task_type,
            "key": shown_key(key.task_type, row[2]),
            "label": row[3],
            "priority": row[4],
            "status": shown_status(row[5]),
            "payload": _payload(row[6]),
            "expected_io": _io(row[16]),
            "retry_count": row[9],
            "max_retries": row[8],
            "last_error": row[10],
            "created_at": to_datetime(row[11]),
            "started_at": _instant(row[12]),
            "run_at": _instant(row[13]),
            "expires_at": _instant(row[17]),
            "parent_id": row[14],
            "group": key.group or None,
            "tags": dict(tags_of(row[7])),
            "dependencies": dependencies,
            "pause_reasons": (SCHEDULE_PAUSED,) if row[5] == HELD else (),
            "due_at": _instant(row[18]),
        }
    )


def history_record(row: Sequence[Any], lanes: LaneTable) -> TaskHistoryRecord:
    """The record of a row that was selected by HISTORY_COLUMNS."""
    key = lanes.key(row[1])
    started, ended = _instant(row[13]), to_datetime(row[15])
    status = shown_status(row[5])
    return TaskHistoryRecord.of_stored(
        {
            "id": row[0],
            "domain": key.domain,
            "task_type": key.task_type,
            "key": shown_key(key.task_type, row[2]),
            "label": row[3],
            "priority": row[4],
            "status": status,
            "payload": _payload(row[6]),
            "expected_io": _io(row[19]),
            "retry_count": row[9],
            "max_retries": row[8],
            "last_error": row[11],
            "created_at": to_datetime(row[12]),
            "started_at": started,
            "run_at": _instant(row[14]),
            "expires_at": _instant(row[21]),
            "parent_id": row[16],
            "group": key.group or None,
            "tags": dict(tags_of(row[7])),
            "dependencies": tuple(json.loads(row[18])) if row[18] else (),
            "pause_reasons": (),
            "seq": row[22],
            "cause": row[23],
            "completed_at": ended,
            "duration": max(0.0, row[15] - row[13]) if row[13] is not None else None,
            "actual_io": _io(row[20]),
            "attempts": _attempts(row[10], status, started, ended),
            "memo": json.loads(row[17]) if row[17] is not None else None,
        }
    )


def attempt_entry(
    started: float, ended: float, error: str | None, traceback: str | None
) -> Mapping[str, Any]:
    """One attempt as it is stored."""
    return {"started_at": started, "ended_at": max(started, ended), "error": error, "traceback": traceback}


def attempt_records(text: str | None) -> tuple[AttemptRecord, ...]:
    """Attempts from their stored JSON."""
    return tuple(
        AttemptRecord.of_stored(
            {
                "started_at": to_datetime(entry["started_at"]),
                "ended_at": to_datetime(entry["ended_at"]),
                "error": entry["error"],
                "traceback": entry["traceback"],
            }
        )
        for entry in json.loads(text or "[]")
    )


def _attempts(
    text: str | None, status: TaskStatus, started: datetime | None, ended: datetime
) -> tuple[AttemptRecord, ...]:
    """The stored attempts. A single one that went well is not stored: the row says all of it."""
    if text is None:
        if status is not TaskStatus.COMPLETED or started is None:
            return ()
        one = AttemptRecord.of_stored(
            {"started_at": started, "ended_at": max(started, ended), "error": None, "traceback": None}
        )
        return (one,)
    return attempt_records(text)


def _edges(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    if ids:
        for task_id, other in connection.execute(
            "SELECT task_id, depends_on FROM dependencies WHERE task_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY task_id, depends_on",
            (id_list(ids),),
        ):
            found[task_id] = (*found.get(task_id, ()), other)
    return found


def _payload(text: str) -> Any:
    """By pydantic's parser, which is four times as fast and refuses what is nested deeper than 200; it may be stored."""
    try:
        return from_json(text)
    except ValueError:
        return json.loads(text)


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else to_datetime(seconds)


def _io(text: str | None) -> IoBudget | None:
    return IoBudget.model_validate_json(text) if text else None
