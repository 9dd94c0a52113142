"""A connection to SQLite and the thread on which it works: whole functions go there, one hop for many statements."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import TypeVar, cast

import aiosqlite

T = TypeVar("T")
SMALL = 256
"""Rows. What a database in memory does with so many takes a few milliseconds."""


class Connection(aiosqlite.Connection):
    """aiosqlite's connection and thread, with doors for whole functions."""

    async def run(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Call `function(connection)` on the database thread."""
        return cast("T", await self._execute(function, self._conn))  # pyright: ignore[reportUnknownMemberType]

    def start(
        self, function: Callable[[sqlite3.Connection], T], answer: Callable[[T], None], size: int
    ) -> None:
        """The same from now on, without anybody who waits: the loop calls `answer`. `function` must not raise.

        `size` is about how many rows it changes.
        """
        loop = asyncio.get_running_loop()

        def call() -> None:
            loop.call_soon_threadsafe(answer, function(self._conn))

        self._tx.put_nowait((None, call))  # pyright: ignore[reportUnknownMemberType]


class MemoryConnection(Connection):
    """To a database in memory, which never waits for a disk: what is small is done at once, by who asks for it.

    To hand it to the thread and back costs more than to do it. What is large goes there, and all that comes meanwhile.
    """

    _in_flight = 0
    _is_closed = False

    async def close(self) -> None:
        """Close it in the thread. Whoever waits for a turn till then is refused: two threads must not use it at once."""
        self._is_closed = True
        await super().close()

    async def run(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Call `function(connection)`, here if the thread has nothing to do. Closed meanwhile, `ProgrammingError`."""
        if not self._in_flight:
            await asyncio.sleep(0)  # who asks again and again lets others have their turn
        if self._is_closed:
            raise sqlite3.ProgrammingError("it was closed before it could answer")
        if not self._in_flight:
            return function(self._conn)
        self._in_flight += 1
        try:
            return await super().run(function)
        finally:
            self._in_flight -= 1

    def start(
        self, function: Callable[[sqlite3.Connection], T], answer: Callable[[T], None], size: int
    ) -> None:
        """The same; what is small has been done and answered when this returns."""
        if size <= SMALL and not self._in_flight:
            answer(function(self._conn))
            return
        self._in_flight += 1

        def answered(result: T) -> None:
            self._in_flight -= 1
            answer(result)

        super().start(function, answered, size)
