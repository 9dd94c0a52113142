"""litequeue: WAL and `synchronous` NORMAL, which it sets itself. For each message it sorts all that are ready."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

from litequeue import LiteQueue  # pyright: ignore[reportMissingImports] - `make bench` installs it

from tests.benchmarks.peers.peer import Peer


def enqueue(folder: Path, tasks: int, durable: str) -> float:
    """Messages a second, put by one thread."""
    with closing(LiteQueue(folder / "lite.db")) as queue:
        begun_s = time.perf_counter()
        for number in range(tasks):
            queue.put(str(number))
        taken_s = time.perf_counter() - begun_s
        assert queue.qsize() == tasks
    return tasks / taken_s


def run(folder: Path, tasks: int, durable: str) -> float:
    """Messages a second, taken and marked as done by one thread."""
    with closing(LiteQueue(folder / "lite.db")) as queue:
        for number in range(tasks):
            queue.put(str(number))
        begun_s = time.perf_counter()
        while (message := queue.pop()) is not None:
            queue.done(message.message_id)
        taken_s = time.perf_counter() - begun_s
        assert queue.qsize() == 0
    return tasks / taken_s


LITEQUEUE = Peer(
    "litequeue",
    "one thread, 2,000 messages",
    "a queue alone: no runner, no retries, no priorities, no dedup",
    2_000,
    ("NORMAL",),
    enqueue,
    run,
)
