"""procrastinate stores in PostgreSQL only. What runs without one is its connector in memory, which it offers for tests.

Nothing is stored there, and each job that is taken out costs a look at all of them: the rows say no more than that.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from procrastinate import App  # pyright: ignore[reportMissingImports] - `make bench` installs it
from procrastinate.testing import InMemoryConnector  # pyright: ignore[reportMissingImports]

from tests.benchmarks.peers.peer import Peer

AT_ONCE = 64


def enqueue(folder: Path, tasks: int, durable: str) -> float:
    """Jobs a second, deferred one after the other: nothing waits there, so more callers change nothing."""

    async def work() -> float:
        app, nothing = _app()
        async with app.open_async():
            begun_s = time.perf_counter()
            for number in range(tasks):
                await nothing.defer_async(number=number)
            taken_s = time.perf_counter() - begun_s
            assert _statuses(app) == ["todo"] * tasks
        return tasks / taken_s

    return asyncio.run(work())


def run(folder: Path, tasks: int, durable: str) -> float:
    """Jobs a second by one worker, 64 at once."""

    async def work() -> float:
        app, nothing = _app()
        async with app.open_async():
            for number in range(tasks):
                await nothing.defer_async(number=number)
            begun_s = time.perf_counter()
            await app.run_worker_async(
                wait=False, concurrency=AT_ONCE, install_signal_handlers=False, listen_notify=False
            )
            taken_s = time.perf_counter() - begun_s
            assert _statuses(app) == ["succeeded"] * tasks
        return tasks / taken_s

    return asyncio.run(work())


def _app() -> tuple[Any, Any]:
    app = App(connector=InMemoryConnector())

    @app.task(name="nothing")
    async def nothing(number: int) -> None:
        pass

    return app, nothing


def _statuses(app: Any) -> list[str]:
    return [job["status"] for job in app.connector.jobs.values()]


PROCRASTINATE = Peer(
    "procrastinate",
    f"its connector for tests, {AT_ONCE} at once, 200 jobs",
    "nothing stored without PostgreSQL, no expiry, no dependencies",
    200,
    ("memory",),
    enqueue,
    run,
)
