"""Disks that can be filled and emptied again: a real one where this process may mount it, and SQLite's own limit."""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from scheduler_core import TaskStore

_SIZE = 16 * 1024 * 1024
_FILLER = 4096


class SmallDisk(Protocol):
    """One disk with room for a small database."""

    @property
    def folder(self) -> Path: ...

    async def fill(self, store: TaskStore) -> None:
        """Nothing more can be written."""
        ...

    async def free(self, store: TaskStore) -> None:
        """There is room again."""
        ...


class PageLimit:
    """SQLite answers as on a full disk when the database would need one more page. Works for everybody."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def fill(self, store: TaskStore) -> None:
        # 1 is less than there are: SQLite takes as many as there are.
        await store.database.write(
            lambda connection: connection.execute("PRAGMA max_page_count = 1").fetchone()
        )

    async def free(self, store: TaskStore) -> None:
        await store.database.write(
            lambda connection: connection.execute("PRAGMA max_page_count = 1000000").fetchone()
        )


class Tmpfs:
    """A file system of 16 MiB in memory, filled with a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def fill(self, store: TaskStore) -> None:
        with (self.folder / "filler").open("ab", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(bytes(_FILLER))

    async def free(self, store: TaskStore) -> None:
        (self.folder / "filler").unlink()


@contextlib.contextmanager
def page_limit(folder: Path) -> Iterator[SmallDisk]:
    """A folder of an ordinary disk."""
    yield PageLimit(folder)


@contextlib.contextmanager
def tmpfs(folder: Path) -> Iterator[SmallDisk]:
    """Mounted at `folder` until the end. Raises `OSError` where that is not allowed."""
    libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
    if libc.mount(b"tidemill", os.fsencode(folder), b"tmpfs", 0, f"size={_SIZE}".encode()) != 0:
        raise OSError(ctypes.get_errno(), "mount")
    try:
        yield Tmpfs(folder)
    finally:
        if libc.umount2(os.fsencode(folder), 0) != 0:
            raise OSError(ctypes.get_errno(), "umount")


MakeDisk = Callable[[Path], AbstractContextManager[SmallDisk]]


def kinds_of_disk(probe: Path) -> list[MakeDisk]:
    """Those that this process can make; `probe` is an empty folder."""
    if not sys.platform.startswith("linux"):
        return [page_limit]
    try:
        with tmpfs(probe):
            return [page_limit, tmpfs]
    except (OSError, AttributeError):
        return [page_limit]
