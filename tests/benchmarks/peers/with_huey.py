"""huey's SqliteHuey: one connection behind a lock, so more threads only wait for each other.

Its own setting is `fsync=None`, which leaves SQLite's default: `synchronous` FULL, as `fsync=True` sets; `fsync=False` is
OFF. NORMAL it does not offer, so that is set by hand, for a row that compares like with like.
"""

from __future__ import annotations

import itertools
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from huey import SqliteHuey  # pyright: ignore[reportMissingImports] - `make bench` installs it
from huey.storage import SqliteStorage  # pyright: ignore[reportMissingImports]

from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.table import at_least


class NormalStorage(SqliteStorage):
    """The same with `synchronous` NORMAL."""

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection


def enqueue(folder: Path, tasks: int, durable: str) -> float:
    """Calls of a task a second, by one thread."""
    with _opened(folder, durable) as (huey, nothing, _):
        begun_s = time.perf_counter()
        for number in range(tasks):
            nothing(number)
        taken_s = time.perf_counter() - begun_s
        assert len(huey) == tasks
    return tasks / taken_s


def run(folder: Path, tasks: int, durable: str) -> float:
    """Tasks a second by one worker, as the loop of its consumer does it, but never at rest."""
    with _opened(folder, durable) as (huey, nothing, done):
        for number in range(tasks):
            nothing(number)
        begun_s = time.perf_counter()
        while (task := huey.dequeue()) is not None:
            huey.execute(task)
        taken_s = time.perf_counter() - begun_s
        assert next(done) == tasks
    return tasks / taken_s


@contextmanager
def _opened(folder: Path, durable: str) -> Iterator[tuple[Any, Callable[[int], object], Iterator[int]]]:
    """A queue, its task, and a counter of how often that has run."""
    kind = {"FULL": SqliteStorage, "NORMAL": NormalStorage}[durable]
    huey = SqliteHuey(filename=str(folder / "huey.db"), storage_class=kind)
    done = itertools.count()

    @huey.task()
    def nothing(number: int) -> None:
        next(done)

    try:
        yield huey, nothing, done
    finally:
        huey.storage.close()


HUEY = Peer(
    "huey",
    "SqliteHuey, one thread, 2,000 tasks",
    "no history, no dedup, no dependencies; what runs in a crash is lost",
    2_000,
    ("NORMAL", "FULL"),
    enqueue,
    run,
    at_least(5.0),
)
