"""One SQLite file: opened with care, migrated, and written by group commit.

What waits to be written when the database thread becomes free goes into one transaction, whoever asked for it; each
is answered after the commit. An operation that fails is undone with the others of its transaction, which are then
done one by one, so that a bad one harms nobody.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from scheduler_core.errors import (
    NotADatabaseError,
    StoreError,
    StoreFullError,
    StoreInUseError,
    StoreNotWritableError,
)
from scheduler_core.store.catalogue import searched_text
from scheduler_core.store.connection import Connection, MemoryConnection
from scheduler_core.store.file_checks import check_file, check_owner, take_lock
from scheduler_core.store.schema import APPLICATION_ID, load_migrations, statements_of, version_of

log = logging.getLogger(__name__)

_CHECKPOINT_PAGES = 2_000
"""8 MB. A page that was written often meanwhile goes into the database once, and the disk is waited for less often."""

T = TypeVar("T")
R_co = TypeVar("R_co", covariant=True)


class Operation(Protocol[R_co]):
    """A piece of a transaction. It may run twice, so it changes nothing but the database."""

    def __call__(self, connection: sqlite3.Connection, /) -> R_co: ...


class _Ticket(Generic[T]):
    """An operation in the queue, and who waits for it."""

    __slots__ = ("future", "on_commit", "on_seal", "operation", "size")

    def __init__(
        self,
        operation: Operation[T],
        future: asyncio.Future[T],
        on_seal: Callable[[], None] | None,
        on_commit: Callable[[T], None] | None,
        size: Callable[[], int],
    ) -> None:
        self.size = size
        self.operation = operation
        self.future = future
        self.on_seal = on_seal
        self.on_commit = on_commit


class Database:
    """Opens, migrates, reads and writes one file, or a database in memory (`path` None)."""

    def __init__(self, path: Path | None, *, synchronous: str = "NORMAL") -> None:
        self.path = path
        self._synchronous = synchronous
        self._writer: Connection | None = None
        self._reader: Connection | None = None
        self._lock: sqlite3.Connection | None = None
        self._queue: list[_Ticket[Any]] = []
        self.is_writing = False
        """Is a transaction under way?"""
        self._is_to_begin = False
        self._waiters: list[asyncio.Future[None]] = []
        # Until `measure`: it is always 0.0, and that is told to nobody.
        self._now: Callable[[], float] = float
        self._on_transaction: Callable[[float], object] = float

    @property
    def name(self) -> str:
        """How messages call it."""
        return f"database {self.path}" if self.path is not None else "database in memory"

    @property
    def is_open(self) -> bool:
        """Can it be written?"""
        return self._writer is not None

    @property
    def is_busy(self) -> bool:
        """Is something written, or does it wait to be?"""
        return self.is_writing or bool(self._queue)

    async def open(self) -> None:
        """Take the lock, check, migrate. Raises a `StoreError` that names the file; the file is then as it was."""
        if self._writer is not None:
            return
        try:
            if self.path is not None:
                check_file(self.path)
                self._lock = await asyncio.to_thread(take_lock, self.path)
                await asyncio.to_thread(check_owner, self.path)
            writer = await self._connect()
            self._writer = writer
            await writer.run(lambda connection: self._prepare(connection))
            self._reader = writer if self.path is None else await self._connect()
        except BaseException as error:
            await self.close()
            if isinstance(error, sqlite3.Error):
                raise self.explain(error) from error
            raise

    async def set_synchronous(self, level: str) -> None:
        """Write with this value of SQLite's pragma from the next transaction on. Raises `StoreError`."""
        if self._writer is None:
            raise self._not_open()
        try:
            # A transaction is one function on that thread: this comes between two.
            await self._writer.run(lambda connection: connection.execute(f"PRAGMA synchronous = {level}"))
        except sqlite3.Error as error:
            raise self.explain(error) from error
        self._synchronous = level

    def measure(self, now: Callable[[], float], tell: Callable[[float], object]) -> None:
        """From now on tell how many seconds, by `now`, each transaction takes until its commit is known here."""
        self._now, self._on_transaction = now, tell

    async def close(self) -> None:
        """Write what waits, then close. Idempotent."""
        await self.wait_written()
        reader, writer = self._reader, self._writer
        self._reader = self._writer = None
        if reader is not None and reader is not writer:
            await reader.close()
        if writer is not None:
            await writer.close()
        if self._lock is not None:
            lock, self._lock = self._lock, None
            lock.close()

    def write(
        self,
        operation: Operation[T],
        *,
        on_seal: Callable[[], None] | None = None,
        on_commit: Callable[[T], None] | None = None,
        size: Callable[[], int] = lambda: 1,
    ) -> asyncio.Future[T]:
        """Queue `operation` for the next transaction; the future holds its answer after the commit.

        `on_seal` is called when the transaction begins: until then whoever queued it may still add to the operation. What
        it queues itself goes into the same transaction, behind all others.
        `size` then tells about how many rows it will change.
        `on_commit` is called with the answer before anybody who awaits the future goes on, and even if nobody does.
        Cancelling the future changes nothing. Raises `StoreError` through the future.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        if self._writer is None:
            future.set_exception(self._not_open())
            return future
        self._queue.append(_Ticket(operation, future, on_seal, on_commit, size))
        self._begin_soon()
        return future

    def begin(self) -> None:
        """Begin the next transaction now, if none is under way, and not in the next turn of the loop.

        Not from within what a transaction tells (`on_commit`), nor where others may have more to add to it.
        """
        self._begin()

    async def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run `query` on the reading connection: it sees every commit that was answered before the call."""
        if self._reader is None:
            raise self._not_open()
        try:
            return await self._reader.run(query)
        except sqlite3.Error as error:
            raise (self.explain(error) if self._reader else self._not_open()) from error

    async def wait_written(self) -> None:
        """Wait until nothing waits to be written."""
        while self.is_busy:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter

    def _begin_soon(self) -> None:
        if not self.is_writing and not self._is_to_begin:
            self._is_to_begin = True
            asyncio.get_running_loop().call_soon(self._begin)

    def _begin(self) -> None:
        self._is_to_begin = False
        writer = self._writer
        if writer is None or self.is_writing or not self._queue:
            return
        self.is_writing = True
        for ticket in self._queue:  # it may grow meanwhile
            if ticket.on_seal is not None:
                _tell(ticket.on_seal)
        tickets, self._queue = self._queue, []
        begun = self._now()
        writer.start(
            lambda connection: _transact(connection, tickets),
            lambda answers: self._answer(tickets, answers, begun),
            sum(ticket.size() for ticket in tickets),
        )

    def _answer(
        self, tickets: list[_Ticket[Any]], answers: list[tuple[Any, Exception | None]], begun: float
    ) -> None:
        self._on_transaction(self._now() - begun)
        for ticket, (answer, error) in zip(tickets, answers, strict=True):
            if error is None and ticket.on_commit is not None:
                _tell(ticket.on_commit, answer)
            if ticket.future.done():
                continue
            if error is None:
                ticket.future.set_result(answer)
            else:
                ticket.future.set_exception(
                    self.explain(error) if isinstance(error, sqlite3.Error) else error
                )
        self.is_writing = False
        # Not now: who was answered may ask for more before the next transaction begins.
        if self._queue:
            self._begin_soon()
        elif self._waiters:
            waiters, self._waiters = self._waiters, []
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)

    async def _connect(self) -> Connection:
        target = ":memory:" if self.path is None else str(self.path)

        def connector() -> sqlite3.Connection:
            connection = sqlite3.connect(
                target,
                isolation_level=None,
                timeout=5.0,
                cached_statements=256,
                check_same_thread=self.path is not None,
            )
            connection.execute("PRAGMA temp_store = MEMORY")
            # SQLite's own lower() knows ASCII only.
            connection.create_function("searched", 3, searched_text, deterministic=True)
            return connection

        connection = Connection(connector, 64) if self.path is not None else MemoryConnection(connector, 64)
        await connection
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        migrations = load_migrations()
        version = version_of(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        connection.execute("PRAGMA cache_size = -16384")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        if version == len(migrations):
            # Opening for writing is only certain once something was written.
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(f"PRAGMA user_version = {version}")
            connection.execute("COMMIT")
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            for number, script in enumerate(migrations[version:], start=version + 1):
                for statement in statements_of(script):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise

    def _not_open(self) -> StoreError:
        return StoreError(self.name, "it is not open", "Open the scheduler first.")

    def explain(self, error: sqlite3.Error) -> StoreError:
        """What SQLite says, as an error that names the file, the reason and the way out."""
        code = getattr(error, "sqlite_errorname", "") or ""
        if code.startswith("SQLITE_FULL"):
            return StoreFullError(
                self.name, "the disk is full", "Make room on the disk; nothing that was stored is lost."
            )
        if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
            return StoreNotWritableError(
                self.name,
                f"it cannot be written ({error})",
                "Give write permission to the file and its folder.",
            )
        if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            return NotADatabaseError(
                self.name,
                f"it is damaged or no SQLite database ({error})",
                "Restore a copy, or choose another file.",
            )
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return StoreInUseError(
                self.name, "another program holds it locked", "End that program, then try again."
            )
        return StoreError(self.name, f"SQLite says: {error}", "Check the disk, then try again.")


def _transact(
    connection: sqlite3.Connection, tickets: list[_Ticket[Any]]
) -> list[tuple[Any, Exception | None]]:
    """All in one transaction; if one fails, each in its own."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        answers: list[tuple[Any, Exception | None]] = [
            (ticket.operation(connection), None) for ticket in tickets
        ]
        connection.execute("COMMIT")
    except Exception as error:  # noqa: BLE001 - each caller is answered with its own
        _roll_back(connection)
        if len(tickets) == 1:
            return [(None, error)]
        return [_transact(connection, [ticket])[0] for ticket in tickets]
    return answers


def _tell(listener: Callable[..., None], *answer: Any) -> None:
    """What listens to transactions must not keep the others from their answers."""
    try:
        listener(*answer)
    except Exception:
        log.exception("what listens to a transaction failed")


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")
