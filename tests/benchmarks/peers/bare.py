"""The least that an asyncio scheduler on SQLite can be: what the aims of five times huey leave for features.

A row is a number, a status and a payload; nothing is validated, nothing unique, nothing counted, told or gated. Many
callers share a transaction, each with a future of its own; ready ids wait in a heap, one statement claims, one transaction
moves a batch to the history, and each task is a task of asyncio.
"""

from __future__ import annotations

import asyncio
import heapq
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite

from tests.benchmarks.peers.ours import AT_ONCE, CALLERS
from tests.benchmarks.raw_sqlite import PRAGMAS

_SCHEMA = """
    CREATE TABLE tasks (id INTEGER PRIMARY KEY, status TEXT NOT NULL, payload TEXT NOT NULL) STRICT;
    CREATE TABLE history (id INTEGER PRIMARY KEY, payload TEXT NOT NULL, ended_at REAL NOT NULL) STRICT;
"""
_LISTED = "(SELECT value FROM json_each(?))"


class Bare:
    """One connection, its group commit, and its dispatch."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._ready: list[int] = []
        self._running: set[asyncio.Task[None]] = set()
        self._over: list[int] = []
        self._wanted = asyncio.Event()

    async def submit(self, payload: str) -> None:
        """Durable when it returns, together with what others submit meanwhile."""
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((payload, answer))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        await answer

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            await self.transaction(
                ("INSERT INTO tasks (status, payload) SELECT 'ready', value FROM json_each(?)",),
                json.dumps([payload for payload, _ in batch]),
            )
            for _, answer in batch:
                answer.set_result(None)
        self._writing = None

    async def transaction(self, statements: tuple[str, ...], listed: str) -> None:
        """Each statement with the same list, in one hop."""

        def write() -> None:
            connection = self._connection._conn  # aiosqlite's own way into its thread is a hop a statement
            connection.execute("BEGIN IMMEDIATE")
            for statement in statements:
                connection.execute(statement, (listed,))
            connection.execute("COMMIT")

        await self._connection._execute(write)

    async def ended(self) -> int:
        """How many are in the history."""
        ((n,),) = await self._connection.execute_fetchall("SELECT count(*) FROM history")
        return n

    async def run(self, execute: Callable[[str], Awaitable[None]]) -> None:
        """All that is stored, 64 at once, until the last is in the history."""
        rows = await self._connection.execute_fetchall("SELECT id, payload FROM tasks WHERE status = 'ready'")
        payloads: dict[int, str] = {row[0]: row[1] for row in rows}
        self._ready = list(payloads)
        heapq.heapify(self._ready)
        while self._ready or self._running or self._over:
            await self._turn(payloads, execute)

    async def _turn(self, payloads: dict[int, str], execute: Callable[[str], Awaitable[None]]) -> None:
        over, self._over = self._over, []
        free = AT_ONCE - len(self._running)
        claimed = [heapq.heappop(self._ready) for _ in range(min(free, len(self._ready)))]
        if over:
            moved = f"SELECT id, payload, {time.time()} FROM tasks WHERE id IN {_LISTED}"
            statements = (f"INSERT INTO history {moved}", f"DELETE FROM tasks WHERE id IN {_LISTED}")
            await self.transaction(statements, json.dumps(over))
        if claimed:
            update = f"UPDATE tasks SET status = 'running' WHERE id IN {_LISTED}"
            await self.transaction((update,), json.dumps(claimed))
        for task_id in claimed:
            task = asyncio.create_task(self._attempt(task_id, payloads[task_id], execute))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        if self._running and not self._over:
            self._wanted.clear()
            await self._wanted.wait()

    async def _attempt(self, task_id: int, payload: str, execute: Callable[[str], Awaitable[None]]) -> None:
        await execute(payload)
        self._over.append(task_id)
        self._wanted.set()


def enqueue(folder: Path, tasks: int, durable: str) -> float:
    """Tasks a second, submitted by 64 callers at once, each answered when its task is durable."""

    async def work() -> float:
        numbers = iter(range(tasks))
        async with _opened(folder, durable) as bare:

            async def call() -> None:
                for number in numbers:
                    await bare.submit(json.dumps({"number": number}))

            begun_s = time.perf_counter()
            await asyncio.gather(*(call() for _ in range(CALLERS)))
            return tasks / (time.perf_counter() - begun_s)

    return asyncio.run(work())


def run(folder: Path, tasks: int, durable: str) -> float:
    """Tasks a second, 64 at once, until the last is in the history."""

    async def nothing(payload: str) -> None:
        json.loads(payload)

    async def work() -> float:
        async with _opened(folder, durable) as bare:
            listed = json.dumps([json.dumps({"number": number}) for number in range(tasks)])
            insert = "INSERT INTO tasks (status, payload) SELECT 'ready', value FROM json_each(?)"
            await bare.transaction((insert,), listed)
            begun_s = time.perf_counter()
            await bare.run(nothing)
            taken_s = time.perf_counter() - begun_s
            assert await bare.ended() == tasks
        return tasks / taken_s

    return asyncio.run(work())


@asynccontextmanager
async def _opened(folder: Path, durable: str) -> AsyncIterator[Bare]:
    async with aiosqlite.connect(folder / "bare.db", isolation_level=None) as connection:
        for pragma in (*PRAGMAS, f"synchronous = {durable}"):
            await connection.execute(f"PRAGMA {pragma}")
        await connection.executescript(_SCHEMA)
        yield Bare(connection)
