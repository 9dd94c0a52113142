"""The reference: the same rows inserted, claimed and moved to the history by `sqlite3` alone, with nothing around it."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median

import aiosqlite

from scheduler_core.store.schema import load_migrations, statements_of

BATCH = 256
PRAGMAS = ("journal_mode = WAL", "cache_size = -16384", "temp_store = MEMORY")

_INSERT = (
    "INSERT INTO tasks (id, lane, key, label, priority, status, payload, created_at) "
    "VALUES (?, 1, ?, 'noop::nothing', 128, 'pending', ?, ?)"
)
_CLAIM = (
    "UPDATE tasks SET status = 'running', started_at = ? WHERE id IN "
    "(SELECT id FROM tasks WHERE lane = 1 AND status = 'pending' AND due_at IS NULL ORDER BY priority, id LIMIT ?) "
    "RETURNING id, key, payload"
)
_TO_HISTORY = (
    "INSERT INTO history (task_id, lane, key, label, priority, status, payload, tags, retry, max_retries, "
    "retry_count, attempts, last_error, created_at, started_at, run_at, completed_at, parent_id, fail_fast, memo, "
    "on_dep_failure, expected_io) SELECT id, lane, key, label, priority, 'completed', payload, tags, retry, "
    "max_retries, retry_count, attempts, last_error, created_at, started_at, run_at, ?, parent_id, fail_fast, memo, "
    "on_dep_failure, expected_io FROM tasks WHERE id IN (SELECT value FROM json_each(?))"
)
_DELETE = "DELETE FROM tasks WHERE id IN (SELECT value FROM json_each(?))"
_TOTAL = (
    "INSERT INTO totals (lane, status, n, seconds) VALUES (1, 'completed', ?, 0.0) "
    "ON CONFLICT (lane, status) DO UPDATE SET n = n + excluded.n, seconds = seconds + excluded.seconds"
)


@dataclass(frozen=True)
class RawTimes:
    """Seconds for all tasks: `insert_s` in one transaction, `work_s` for claim and move in batches of 256.

    `work_cpu_s` is what the processor did for the latter.
    """

    insert_s: float
    work_s: float
    work_cpu_s: float


def opened(path: Path, synchronous: str = "NORMAL") -> sqlite3.Connection:
    """A new database with the settings of the scheduler's own, and its first schema, before anything was done about speed:

    the same columns, a unique key, and the history found by its id and by its key.
    """
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    for pragma in (*PRAGMAS, f"synchronous = {synchronous}"):
        connection.execute(f"PRAGMA {pragma}")
    for statement in statements_of(load_migrations()[0]):
        connection.execute(statement)
    return connection


def insert_rate(path: Path, tasks: int, synchronous: str) -> float:
    """Rows a second, inserted in transactions of 256."""
    rows = _rows(tasks)
    with closing(opened(path, synchronous)) as connection:
        begun_s = time.perf_counter()
        for at in range(0, tasks, BATCH):
            _insert(connection, rows[at : at + BATCH])
        return tasks / (time.perf_counter() - begun_s)


def commit_each_s(path: Path, tasks: int, synchronous: str = "NORMAL") -> float:
    """Seconds for so many rows, each inserted and committed by itself: what no durable submission one by one undercuts."""
    with closing(opened(path, synchronous)) as connection:
        rows = _rows(tasks)
        begun_s = time.perf_counter()
        for row in rows:
            _insert(connection, [row])
        return time.perf_counter() - begun_s


async def one_by_one_rate(path: Path, tasks: int, synchronous: str) -> float:
    """Rows a second, each inserted and committed by itself through aiosqlite, whose caller waits for both."""
    opened(path, synchronous).close()
    rows = _rows(tasks)
    async with aiosqlite.connect(path) as connection:
        for pragma in (*PRAGMAS, f"synchronous = {synchronous}"):
            await connection.execute(f"PRAGMA {pragma}")
        begun_s = time.perf_counter()
        for row in rows:
            await connection.execute(_INSERT, row)
            await connection.commit()
        return tasks / (time.perf_counter() - begun_s)


async def commit_seconds(path: Path, tasks: int, synchronous: str) -> float:
    """The median time of one insertion and its commit through aiosqlite."""
    opened(path, synchronous).close()
    took: list[float] = []
    async with aiosqlite.connect(path) as connection:
        for pragma in (*PRAGMAS, f"synchronous = {synchronous}"):
            await connection.execute(f"PRAGMA {pragma}")
        for row in _rows(tasks):
            begun_s = time.perf_counter()
            await connection.execute(_INSERT, row)
            await connection.commit()
            took.append(time.perf_counter() - begun_s)
    return median(took)


def move_rate(path: Path, tasks: int, synchronous: str) -> float:
    """Tasks a second, claimed and moved to the history."""
    return tasks / run_raw(path, tasks, synchronous).work_s


def run_raw(path: Path, tasks: int, synchronous: str = "NORMAL") -> RawTimes:
    """Does `tasks` tasks in a new database at `path`."""
    with closing(opened(path, synchronous)) as connection:
        rows = _rows(tasks)
        begun_s = time.perf_counter()
        _insert(connection, rows)
        inserted_s, cpu_s = time.perf_counter(), time.process_time()
        done = 0
        while batch := _claim_and_move(connection):
            done += batch
        ended_s, cpu_s = time.perf_counter(), time.process_time() - cpu_s
        assert done == tasks
        return RawTimes(inserted_s - begun_s, ended_s - inserted_s, cpu_s)


def _rows(tasks: int) -> list[tuple[int, str, str, float]]:
    """Keys are hashes, as in the scheduler: they fall on pages all over an index."""
    now_s = time.time()
    keys = (sha256(str(n).encode()).hexdigest() for n in range(1, tasks + 1))
    return [(n, key, json.dumps({"number": n}), now_s) for n, key in enumerate(keys, 1)]


def _insert(connection: sqlite3.Connection, rows: list[tuple[int, str, str, float]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(_INSERT, rows)
    connection.execute("COMMIT")


def _claim_and_move(connection: sqlite3.Connection) -> int:
    connection.execute("BEGIN IMMEDIATE")
    claimed = connection.execute(_CLAIM, (time.time(), BATCH)).fetchall()
    connection.execute("COMMIT")
    if claimed:
        ids = json.dumps([row[0] for row in claimed])
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_TO_HISTORY, (time.time(), ids))
        connection.execute(_DELETE, (ids,))
        connection.execute(_TOTAL, (len(claimed),))
        connection.execute("COMMIT")
    return len(claimed)
