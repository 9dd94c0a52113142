"""Files with many tasks in line, and how fast a scheduler runs what comes to them."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from contextlib import closing
from itertools import cycle
from pathlib import Path

from scheduler_core import Priority, Scheduler, SchedulerConfig
from tests.benchmarks.large_file import large_file, nothing
from tests.benchmarks.noop import Noop, Nothing, noop_domain

AT_ONCE = 64
GROUP = "held"
"""The group of all tasks that stand in one lane, and of the first of many lanes."""
_FIRST_NEW = 100_000_000


def groups(lanes: int) -> list[str]:
    """The groups of as many lanes."""
    return [GROUP, *(f"group {n}" for n in range(1, lanes))]


class Files:
    """Makes each file once, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, queued: int, lanes: int = 1) -> Path:
        """A file with so many tasks in line, one after the other in so many lanes."""
        path = self._folder / f"{queued}-in-{lanes}.db"
        if not path.exists():
            if lanes == 1:
                _make(path, queued)
            else:
                shutil.copy(self.path(queued), path)
                _spread(path, lanes)
        return path

    def copy(self, queued: int, lanes: int = 1) -> Path:
        """A copy that may be changed."""
        path = self.path(queued, lanes)
        copied = self._folder / f"copy-{len(list(self._folder.iterdir()))}.db"
        shutil.copy(path, copied)
        return copied


def _make(path: Path, queued: int) -> None:
    with large_file(path) as file:
        file.queue(nothing, range(queued), file.lanes("noop::nothing", [GROUP]))


def _spread(path: Path, lanes: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        (index,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'tasks_ready'").fetchone()
        connection.execute("DROP INDEX tasks_ready")
        connection.executemany(
            "INSERT INTO lanes (domain, task_type, grp, kind) VALUES ('noop', 'noop::nothing', ?, 1)",
            [(name,) for name in groups(lanes)[1:]],
        )
        connection.execute("UPDATE tasks SET lane = 1 + id % ?", (lanes,))
        connection.execute(index)
        connection.execute("COMMIT")


class Line:
    """A scheduler over a file with tasks in line, in so many lanes."""

    def __init__(self, path: Path, lanes: int) -> None:
        self._path = path
        self._groups = groups(lanes)
        self.scheduler = Scheduler(
            store=path, domains=[noop_domain()], config=SchedulerConfig(max_concurrency=0)
        )
        self._next = _FIRST_NEW

    def hold(self) -> None:
        """Nothing that stood in the one lane may start any more."""
        self.scheduler.set_group_limit(GROUP, 0)

    async def rate(self, tasks: int, *, behind: bool) -> float:
        """So many tasks come; how many a second are run: of those in front, or the new ones where the others are held."""
        handle = self.scheduler.domain(Noop)
        new = [Nothing(number=number) for number in range(self._next, self._next + tasks)]
        self._next += tasks
        if behind:
            # In turns, as those in front stand: what ends together belongs to as many lanes in each file.
            await asyncio.gather(
                *(
                    handle.submit(task, group=group)
                    for task, group in zip(new, cycle(self._groups), strict=False)
                )
            )
        else:
            await handle.submit_batch(new, priority=Priority.BACKGROUND)
        with closing(sqlite3.connect(self._path)) as connection:
            connection.execute(
                "PRAGMA wal_checkpoint"
            )  # what the submission has written is not to be paid for here
        before, done = handle.counts.completed, asyncio.Event()
        handle.counts_changed.connect(
            lambda counts: done.set() if counts.completed - before >= max(1, tasks - AT_ONCE) else None
        )
        begun_s = time.perf_counter()
        self.scheduler.set_max_concurrency(AT_ONCE)
        await done.wait()
        completed, taken_s = handle.counts.completed - before, time.perf_counter() - begun_s
        self.scheduler.set_max_concurrency(0)
        handle.counts_changed.disconnect()
        await self.scheduler.wait_idle()
        return completed / taken_s
