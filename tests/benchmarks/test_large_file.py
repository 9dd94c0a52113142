"""The rows of a file that `large_file` makes are those that a scheduler writes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from scheduler_core import Scheduler, SchedulerConfig
from tests.benchmarks.album import Album, Photo, album_domain
from tests.benchmarks.large_file import large_file, nothing, photo
from tests.benchmarks.noop import Noop, Nothing, noop_domain

TIMES = {"created_at", "started_at", "completed_at", "aged_from", "seconds"}
TABLES = (
    "lanes",
    "tasks",
    "history",
    "tags",
    "active_tag_counts",
    "tag_counts",
    "tag_values",
    "totals",
    "causes",
)
COUNT = 120

Row = dict[str, object]


def rows(path: Path) -> dict[str, list[Row]]:
    """Every row of every table, without times; of counters, those that count something."""
    found: dict[str, list[Row]] = {}
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        for table in TABLES:
            listed = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
            found[table] = sorted(
                ({name: value for name, value in row.items() if name not in TIMES} for row in listed),
                key=repr,
            )
    return found


async def test_they_are_the_rows_that_a_scheduler_writes(tmp_path: Path) -> None:
    theirs, ours = tmp_path / "scheduler.db", tmp_path / "large.db"
    domains = [noop_domain(), album_domain()]
    async with Scheduler(
        store=theirs, domains=domains, config=SchedulerConfig(max_concurrency=1)
    ) as scheduler:
        await scheduler.domain(Noop).submit_batch([Nothing(number=n) for n in range(COUNT)])
        await scheduler.wait_idle()
        await scheduler.domain(Album).submit_batch([Photo(number=n) for n in range(COUNT)])
        await scheduler.wait_idle()
        scheduler.set_max_concurrency(0)
        await scheduler.domain(Album).submit_batch([Photo(number=n) for n in range(COUNT, 2 * COUNT)])
        await scheduler.domain(Noop).submit_batch([Nothing(number=n) for n in range(COUNT)])
    with large_file(ours) as file:
        (noops,), (photos,) = file.lanes("noop::nothing"), file.lanes("album::photo")
        file.finish(nothing, range(COUNT), noops)
        file.finish(photo, range(COUNT), photos)
        file.queue(photo, range(COUNT, 2 * COUNT), [photos])
        file.queue(nothing, range(COUNT), [noops])
    written, made = rows(theirs), rows(ours)
    for table in TABLES:
        assert made[table] == written[table], table


async def test_a_scheduler_opens_it_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "large.db"
    with large_file(path) as file:
        lanes = file.lanes("noop::nothing", ["a", "b", "c"])
        file.finish(nothing, range(COUNT), lanes[0])
        file.queue(nothing, range(COUNT, 2 * COUNT), lanes)
    async with Scheduler(store=path, domains=[noop_domain()]) as scheduler:
        await scheduler.wait_idle()
        assert scheduler.counts.completed == 2 * COUNT
        assert {record.group for record in await scheduler.history(COUNT)} == {"a", "b", "c"}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
