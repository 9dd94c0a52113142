"""persist-queue's SQLiteAckQueue: WAL and SQLite's default of `synchronous`, FULL.

It runs nothing itself: whoever takes an item out does what he likes and acknowledges it. It looks for the next item from
the first one on, so that each costs more than the one before it.
"""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

from persistqueue import SQLiteAckQueue  # pyright: ignore[reportMissingImports] - `make bench` installs it

from tests.benchmarks.peers.peer import Peer


def enqueue(folder: Path, tasks: int, durable: str) -> float:
    """Items a second, put by one thread."""
    with closing(SQLiteAckQueue(str(folder))) as queue:
        begun_s = time.perf_counter()
        for number in range(tasks):
            queue.put(number)
        taken_s = time.perf_counter() - begun_s
        assert queue.qsize() == tasks
    return tasks / taken_s


def run(folder: Path, tasks: int, durable: str) -> float:
    """Items a second, taken and acknowledged by one thread."""
    with closing(SQLiteAckQueue(str(folder))) as queue:
        for number in range(tasks):
            queue.put(number)
        begun_s = time.perf_counter()
        for _ in range(tasks):
            item = queue.get(block=False, raw=True)
            queue.ack(id=item["pqid"])
        taken_s = time.perf_counter() - begun_s
        assert queue.acked_count() == tasks
    return tasks / taken_s


PERSIST_QUEUE = Peer(
    "persist-queue",
    "SQLiteAckQueue, one thread, 500 items",
    "a queue alone: no runner, no retries, no priorities, no dedup",
    500,
    ("FULL",),
    enqueue,
    run,
)
