"""One SQLite file: opened with care, migrated, and written by group commit.

What waits to be written when the database thread becomes free goes into one transaction, whoever asked for it; each
is answered after the commit. An operation that fails is undone with the others of its transaction, which are then
done one by one, so that a bad one harms nobody.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, cast

import aiosqlite

from scheduler_core.errors import (
    ForeignDatabaseError,
    NewerSchemaError,
    NotADatabaseError,
    StoreError,
    StoreFullError,
    StoreInUseError,
    StoreNotWritableError,
)
from scheduler_core.store.catalogue import searched_text

log = logging.getLogger(__name__)

T = TypeVar("T")
R_co = TypeVar("R_co", covariant=True)

APPLICATION_ID = 0x5449_4445
"""'TIDE' in `PRAGMA application_id`: tells our files from those of other programs."""


class Operation(Protocol[R_co]):
    """A piece of a transaction. It may run twice, so it changes nothing but the database."""

    def __call__(self, connection: sqlite3.Connection, /) -> R_co: ...


class _Ticket(Generic[T]):
    """An operation in the queue, and who waits for it."""

    __slots__ = ("future", "on_commit", "on_seal", "operation")

    def __init__(
        self,
        operation: Operation[T],
        future: asyncio.Future[T],
        on_seal: Callable[[], None] | None,
        on_commit: Callable[[T], None] | None,
    ) -> None:
        self.operation = operation
        self.future = future
        self.on_seal = on_seal
        self.on_commit = on_commit


class Connection(aiosqlite.Connection):
    """aiosqlite's connection and thread, with doors for whole functions: one hop, many statements."""

    async def run(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Call `function(connection)` on the database thread."""
        return cast("T", await self._execute(function, self._conn))  # pyright: ignore[reportUnknownMemberType]

    def start(self, function: Callable[[sqlite3.Connection], T], answer: Callable[[T], None]) -> None:
        """The same from now on, without anybody who waits: the loop calls `answer`. `function` must not raise."""
        loop = asyncio.get_running_loop()

        def call() -> None:
            loop.call_soon_threadsafe(answer, function(self._conn))

        self._tx.put_nowait((None, call))  # pyright: ignore[reportUnknownMemberType]


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
                self._lock = await asyncio.to_thread(_take_lock, self.path)
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
    ) -> asyncio.Future[T]:
        """Queue `operation` for the next transaction; the future holds its answer after the commit.

        `on_seal` is called when the transaction begins: until then whoever queued it may still add to the operation.
        `on_commit` is called with the answer before anybody who awaits the future goes on, and even if nobody does.
        Cancelling the future changes nothing. Raises `StoreError` through the future.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        if self._writer is None:
            future.set_exception(StoreError(self.name, "it is not open", "Open the scheduler first."))
            return future
        self._queue.append(_Ticket(operation, future, on_seal, on_commit))
        self._begin_soon()
        return future

    async def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run `query` on the reading connection: it sees every commit that was answered before the call."""
        if self._reader is None:
            raise StoreError(self.name, "it is not open", "Open the scheduler first.")
        try:
            return await self._reader.run(query)
        except sqlite3.Error as error:
            raise self.explain(error) from error

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
        tickets, self._queue = self._queue, []
        for ticket in tickets:
            if ticket.on_seal is not None:
                ticket.on_seal()
        begun = self._now()
        writer.start(
            lambda connection: _transact(connection, tickets),
            lambda answers: self._answer(tickets, answers, begun),
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
            connection = sqlite3.connect(target, isolation_level=None, timeout=5.0, cached_statements=256)
            connection.execute("PRAGMA temp_store = MEMORY")
            # SQLite's own lower() knows ASCII only.
            connection.create_function("searched", 3, searched_text, deterministic=True)
            return connection

        connection = Connection(connector, 64)
        await connection
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        migrations = load_migrations()
        version = _version(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        connection.execute("PRAGMA cache_size = -16384")
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


def check_file(path: Path) -> None:
    """Refuse what cannot be a database of ours before SQLite touches it."""
    name = f"database {path}"
    if path.is_dir():
        raise NotADatabaseError(name, "it is a folder", "Pass the path of a file.")
    if path.exists() and not path.is_file():  # opening a pipe would wait for its other end
        raise NotADatabaseError(name, "it is no file, but a pipe or a device", "Pass the path of a file.")
    if not path.parent.is_dir():
        raise StoreNotWritableError(name, f"its folder {path.parent} is not there", "Make the folder first.")
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreNotWritableError(
            name,
            f"it cannot be read ({error.strerror or error})",
            "Give read and write permission to the file.",
        ) from error
    # https://www.sqlite.org/fileformat.html, "The Database Header"
    if head and head != b"SQLite format 3\0":
        raise NotADatabaseError(
            name, "it is not a SQLite database", "Choose another file; this one was not touched."
        )


def check_owner(path: Path) -> None:
    """Refuse a database that another program or a newer version made, through a connection that cannot write.

    A writing one would, when it closes, bring the log of a program that died into the file.
    """
    if not path.exists() or path.stat().st_size == 0:
        return
    name, known = f"database {path}", len(load_migrations())
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        version = _version(connection)
        owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
        is_blank = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    finally:
        connection.close()
    if owner != APPLICATION_ID and not (is_blank and owner == version == 0):
        raise ForeignDatabaseError(
            name, "it is a SQLite database of another program", "Choose another file for the scheduler."
        )
    if version > known:
        raise NewerSchemaError(
            name,
            f"it was written by a newer version (schema {version}; this one knows {known})",
            "Install the newer version, or choose another file.",
        )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def load_migrations() -> list[str]:
    """The scripts in `migrations/`, in the order of their numbers."""
    folder = resources.files("scheduler_core.store").joinpath("migrations")
    scripts = sorted((entry.name, entry) for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [entry.read_text("utf-8") for _, entry in scripts]


def statements_of(script: str) -> list[str]:
    """The statements of a script whose comments and texts hold no semicolon (`executescript` would commit)."""
    without_comments = re.sub(r"--[^\n]*", "", script)
    return [statement for part in without_comments.split(";") if (statement := part.strip())]


def _take_lock(path: Path) -> sqlite3.Connection:
    """An exclusive transaction on a file of its own beside the database: the system drops it with the process."""
    target = path.resolve()  # one file has one lock, whatever link leads to it
    lock_path = target.with_name(target.name + ".lock")
    connection = sqlite3.connect(lock_path, isolation_level=None, timeout=0, check_same_thread=False)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        if (error.sqlite_errorname or "").startswith("SQLITE_BUSY"):
            raise StoreInUseError(
                f"database {path}",
                "another scheduler has it open",
                "End that program, or choose another file.",
            ) from error
        raise
    return connection


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


def _tell(on_commit: Callable[[Any], None], answer: Any) -> None:
    """What listens to commits must not keep the others from their answers."""
    try:
        on_commit(answer)
    except Exception:
        log.exception("what follows a commit failed")


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")
