"""The floor below ours: the statements of our own store, by one thread in batches of 64, and nothing above them.

No event loop, no second thread, no types and no validation, no gates, no attempts: what no scheduler on this store can
undercut, whatever it leaves out.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from scheduler_core import DependencyFailurePolicy, DuplicateStrategy
from scheduler_core.model.submission import Submission, stored_key
from scheduler_core.store import keys
from scheduler_core.store.changes import Changes
from scheduler_core.store.claim import Claimed, claim
from scheduler_core.store.finish import Outcome, OutcomeKind, finish
from scheduler_core.store.submit import Request, submit
from scheduler_core.store.waiting import LaneClock
from tests.benchmarks.noop import Noop, Nothing
from tests.benchmarks.peers import ours
from tests.benchmarks.raw_sqlite import PRAGMAS

T = TypeVar("T")
BATCH = 64
"""As many as ours has at once."""


def enqueue(folder: Path, tasks: int, durable: str) -> float:
    """Rows a second, stored in transactions of 64."""
    with _opened(folder, durable) as (connection, lane):
        return _store(connection, lane, tasks)


def run(folder: Path, tasks: int, durable: str) -> float:
    """Tasks a second, claimed by one transaction of 64 and moved to the history by the next."""
    with _opened(folder, durable) as (connection, lane):
        _store(connection, lane, tasks)
        begun_s = time.perf_counter()
        for begin in range(0, tasks, BATCH):
            claimed = _transaction(connection, partial(_claim, connection, _ids(begin, tasks)))
            ended_s = time.time()
            outcomes = [
                Outcome(
                    one.id, OutcomeKind.COMPLETED, ended_s, duration=ended_s - one.started_at, claimed=one
                )
                for one in claimed
            ]
            _transaction(connection, partial(finish, connection, outcomes))
        taken_s = time.perf_counter() - begun_s
        assert connection.execute("SELECT count(*) FROM history").fetchone()[0] == tasks
        return tasks / taken_s


def _store(connection: sqlite3.Connection, lane: int, tasks: int) -> float:
    requests = [Request([_submission(one)], [one], [lane]) for one in _ids(0, tasks, tasks)]
    clocks: dict[int, LaneClock] = {}
    begun_s = time.perf_counter()
    for begin in range(0, tasks, BATCH):
        batch = requests[begin : begin + BATCH]
        _transaction(connection, partial(submit, connection, batch, time.time(), clocks=clocks))
    return tasks / (time.perf_counter() - begun_s)


def _claim(connection: sqlite3.Connection, ids: range, changes: Changes) -> list[Claimed]:
    return claim(connection, ids, time.time(), changes)


def _ids(begin: int, tasks: int, most: int = BATCH) -> range:
    """Of the next tasks; 1 is the one that was there."""
    return range(begin + 2, min(begin + most, tasks) + 2)


def _submission(number: int) -> Submission:
    """As the scheduler makes it of a task without options."""
    kind, payload = Nothing.qualified_type, json.dumps({"number": number}, separators=(",", ":"))
    return Submission(
        domain=Noop.name,
        task_type=kind,
        group=None,
        key=stored_key(kind, None, payload),
        label=Nothing.task_type,
        priority=128,
        payload=payload,
        tags={},
        retry=None,
        max_retries=3,
        due_at=None,
        parent_id=None,
        fail_fast=True,
        depends_on=(),
        on_dependency_failure=DependencyFailurePolicy.CANCEL,
        on_duplicate=DuplicateStrategy.SKIP,
        expected_io=None,
    )


def _transaction(connection: sqlite3.Connection, operation: Callable[[Changes], T]) -> T:
    changes = Changes()
    connection.execute("BEGIN IMMEDIATE")
    answer = operation(changes)
    changes.write_counters(connection)
    connection.execute("COMMIT")
    return answer


@contextmanager
def _opened(folder: Path, durable: str) -> Iterator[tuple[sqlite3.Connection, int]]:
    """A file of ours, with the lane of the task that does nothing, in which one waits: the first."""
    place = folder / "alone"
    place.mkdir()

    async def make() -> None:
        async with ours.still(place, durable) as scheduler:
            await scheduler.domain(Noop).submit(Nothing(number=0))

    asyncio.run(make())
    with closing(
        sqlite3.connect(place / ours.FILE, isolation_level=None, cached_statements=256)
    ) as connection:
        for pragma in (*PRAGMAS, f"synchronous = {durable}"):
            connection.execute(f"PRAGMA {pragma}")
        keys.load(connection)
        yield connection, connection.execute("SELECT id FROM lanes").fetchone()[0]
