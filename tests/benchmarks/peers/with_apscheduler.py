"""APScheduler 4 with its SQLAlchemy store on aiosqlite: SQLite's defaults, a rollback journal and `synchronous` FULL."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from apscheduler import AsyncScheduler, JobReleased  # pyright: ignore[reportMissingImports] - `make bench`
from apscheduler.datastores.sqlalchemy import (  # pyright: ignore[reportMissingImports]
    SQLAlchemyDataStore,
)
from sqlalchemy.ext.asyncio import create_async_engine  # pyright: ignore[reportMissingImports]

from tests.benchmarks.peers.peer import Peer

CALLERS = 64
AT_ONCE = 64


def enqueue(folder: Path, tasks: int, durable: str) -> float:
    """Jobs a second, added by 64 callers at once."""

    async def work() -> float:
        async with _opened(folder) as scheduler:
            begun_s = time.perf_counter()
            ids = await _add(scheduler, tasks)
            taken_s = time.perf_counter() - begun_s
            assert len(ids) == len(await scheduler.get_jobs()) == tasks
        return tasks / taken_s

    return asyncio.run(work())


def run(folder: Path, tasks: int, durable: str) -> float:
    """Jobs a second, 64 at once, until the last is released."""

    async def work() -> float:
        async with _opened(folder) as scheduler:
            await _add(scheduler, tasks)
            released, all_released = itertools.count(1), asyncio.Event()

            def count(_: Any) -> None:
                if next(released) == tasks:
                    all_released.set()

            scheduler.subscribe(count, JobReleased)
            begun_s = time.perf_counter()
            await scheduler.start_in_background()
            await all_released.wait()
            taken_s = time.perf_counter() - begun_s
            assert not await scheduler.get_jobs()
            await scheduler.stop()
            await scheduler.wait_until_stopped()
        return tasks / taken_s

    return asyncio.run(work())


async def _nothing(number: int) -> None:
    pass


@asynccontextmanager
async def _opened(folder: Path) -> AsyncIterator[Any]:
    engine = create_async_engine(f"sqlite+aiosqlite:///{folder / 'aps.db'}")
    try:
        async with AsyncScheduler(SQLAlchemyDataStore(engine), max_concurrent_jobs=AT_ONCE) as scheduler:
            await scheduler.configure_task("nothing", func=_nothing)
            yield scheduler
    finally:
        await engine.dispose()


async def _add(scheduler: Any, tasks: int) -> set[Any]:
    ids: set[Any] = set()
    numbers = iter(range(tasks))

    async def call() -> None:
        for number in numbers:
            ids.add(await scheduler.add_job("nothing", args=[number]))

    await asyncio.gather(*(call() for _ in range(CALLERS)))
    return ids


APSCHEDULER = Peer(
    "apscheduler",
    f"SQLAlchemyDataStore, {CALLERS} callers, {AT_ONCE} at once, 50 jobs",
    "no retries, no priorities, no dedup, no dependencies, results only where asked for",
    50,
    ("FULL",),
    enqueue,
    run,
)
