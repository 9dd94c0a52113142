"""Makes large databases quickly: the very rows that `submit_batch` and a run write, by `sqlite3` alone.

`test_large_file.py` holds them against what a scheduler writes.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from scheduler_core.store.catalogue import catalogue, searched_text
from scheduler_core.store.schema import APPLICATION_ID, load_migrations, statements_of
from tests.benchmarks.album import JOB_SIZE

ERROR = "the disk is on fire"
_BATCH = 50_000
_TASK = (
    "INSERT INTO tasks (id, lane, key, label, priority, status, payload, tags, max_retries, created_at, aged_from) "
    "VALUES (?, ?, ?, ?, 128, 'pending', ?, ?, 3, ?, ?)"
)
_RECORD = (
    "INSERT INTO history (task_id, lane, key, label, priority, status, payload, tags, max_retries, retry_count, "
    "last_error, created_at, started_at, completed_at, fail_fast, on_dep_failure, attention) "
    "VALUES (?, ?, ?, ?, 128, ?, ?, ?, 3, 0, ?, ?, ?, ?, 1, 'cancel', ?)"
)
_CAUSES = """
    INSERT INTO causes (domain, task_type, text, n, last)
        SELECT l.domain, l.task_type, h.last_error, count(*), max(h.id) FROM history h JOIN lanes l ON l.id = h.lane
        WHERE h.attention = 1 GROUP BY l.task_type, h.last_error ORDER BY min(h.id);
    UPDATE history SET cause = (
        SELECT c.id FROM causes c JOIN lanes l ON l.task_type = c.task_type
        WHERE l.id = history.lane AND c.text = history.last_error
    ) WHERE attention = 1;
"""
"""Of errors in which nothing differs from task to task."""
_EACH_TAG = "json_each(k.tags) t WHERE k.tags IS NOT NULL"
_ALL_TAGS = (
    "(SELECT task_id, tags, lane, status, created_at FROM history UNION ALL "
    f"SELECT id, tags, lane, status, created_at FROM tasks) k, {_EACH_TAG}"
)
_COUNTED = f"""
    INSERT INTO keys SELECT key, id FROM tasks ORDER BY key;
    INSERT OR REPLACE INTO meta (name, value) SELECT 'keyed', coalesce(max(id), 0) FROM tasks;
    INSERT INTO tags SELECT t.key, t.value, k.id FROM tasks k, {_EACH_TAG} ORDER BY 1, 2, 3;
    INSERT INTO tag_values (key, value, id, created_at)
        SELECT t.key, t.value, min(k.task_id * 64 + t.rowid), min(k.created_at) FROM {_ALL_TAGS} GROUP BY 1, 2;
    INSERT INTO tag_counts
        SELECT t.key, t.value, k.lane, k.status, count(*) FROM history k, {_EACH_TAG} GROUP BY 1, 2, 3, 4;
    INSERT INTO active_tag_counts
        SELECT t.key, t.value, k.lane, k.status, count(*) FROM tasks k, {_EACH_TAG} GROUP BY 1, 2, 3, 4;
    INSERT INTO totals (lane, status, n, seconds)
        SELECT lane, status, count(*), sum(completed_at - started_at) FROM history GROUP BY 1, 2;
"""


class Work(NamedTuple):
    """What a task brings along, as the scheduler stores it."""

    key: str
    label: str
    payload: str
    tags: str | None


def nothing(number: int) -> Work:
    """A `noop.Nothing`."""
    payload = f'{{"number":{number}}}'
    return Work(sha256(f"noop::nothing\0{payload}".encode()).hexdigest(), "nothing", payload, None)


def photo(number: int) -> Work:
    """An `album.Photo`."""
    payload = f'{{"number":{number}}}'
    key = sha256(f"album::photo\0{payload}".encode()).hexdigest()
    return Work(key, f"IMG_{number:07d}.jpg", payload, f'{{"job_id":"job-{number // JOB_SIZE}"}}')


class LargeFile:
    """A new database at `path` while it is filled. Ids and lanes are given in the order in which they are asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._last_id = 0
        self._now = time.time()

    def lanes(self, task_type: str, groups: Sequence[str] = ("",)) -> list[int]:
        """One lane for each group."""
        (last,) = self.connection.execute("SELECT coalesce(max(id), 0) FROM lanes").fetchone()
        ids = list(range(last + 1, last + 1 + len(groups)))
        domain = task_type.partition("::")[0]
        self.connection.executemany(
            "INSERT INTO lanes (id, domain, task_type, grp, kind) VALUES (?, ?, ?, ?, ?)",
            [(lane, domain, task_type, group, ids[0]) for lane, group in zip(ids, groups, strict=True)],
        )
        return ids

    def queue(self, work: Callable[[int], Work], numbers: Iterable[int], lanes: Sequence[int]) -> None:
        """Pending tasks, one after the other in these lanes."""
        self.connection.executemany(_TASK, self._tasks(work, numbers, lanes))

    def finish(
        self, work: Callable[[int], Work], numbers: Iterable[int], lane: int, status: str = "completed"
    ) -> None:
        """Records of tasks that ended so, each a second after the one before."""
        self.connection.executemany(_RECORD, self._records(work, numbers, lane, status))

    def count(self) -> None:
        """What is kept beside the rows: tags, their values and counters, totals, the catalogue."""
        for statement in statements_of(_COUNTED + _CAUSES):
            self.connection.execute(statement)

    def _tasks(
        self, work: Callable[[int], Work], numbers: Iterable[int], lanes: Sequence[int]
    ) -> Iterator[tuple[object, ...]]:
        for number in numbers:
            self._last_id += 1
            lane = lanes[self._last_id % len(lanes)]
            key, label, payload, tags = work(number)
            yield self._last_id, lane, key, label, payload, tags, self._now, self._now

    def _records(
        self, work: Callable[[int], Work], numbers: Iterable[int], lane: int, status: str
    ) -> Iterator[tuple[object, ...]]:
        error = None if status == "completed" else ERROR
        for number in numbers:
            self._last_id += 1
            key, label, payload, tags = work(number)
            begun = self._now - 10_000_000 + self._last_id
            times = (begun - 1, begun, begun + 0.5)
            yield self._last_id, lane, key, label, status, payload, tags, error, *times, error is not None


@contextmanager
def large_file(path: Path) -> Iterator[LargeFile]:
    """A new database, to be filled before it is opened. Indexes are made at the end, which is quicker."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.create_function("searched", 3, searched_text, deterministic=True)
    for pragma in (
        "journal_mode = OFF",
        "synchronous = OFF",
        "cache_size = -400000",
        "temp_store = MEMORY",
        "ignore_check_constraints = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    migrations = load_migrations()
    for script in migrations:
        for statement in statements_of(script):
            connection.execute(statement)
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name IN ('tasks', 'history') AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    file = LargeFile(connection)
    yield file
    file.count()
    for _, sql in indexes:
        connection.execute(sql)
    while catalogue(connection, _BATCH):
        pass
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(migrations)}")
    connection.execute("COMMIT")
    connection.close()
