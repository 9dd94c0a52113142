"""May this file be opened as ours? Asked before anything is written to it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from scheduler_core.errors import (
    ForeignDatabaseError,
    NewerSchemaError,
    NotADatabaseError,
    StoreInUseError,
    StoreNotWritableError,
)
from scheduler_core.store.schema import APPLICATION_ID, load_migrations, version_of


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
        version = version_of(connection)
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


def take_lock(path: Path) -> sqlite3.Connection:
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
