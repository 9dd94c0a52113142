"""The library's content: each file once, under the SHA-256 of what is in it.

A file appears under its final name whole and on the disk, or not at all: it is written in `.incoming/`,
synced, renamed, and its folder synced. What a killed run leaves in `.incoming/` is swept by its next attempt
(the names begin with the owner's id), and by age at the next start.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import stat
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from tidemill_ingest.paths import shown

CHUNK_SIZE: Final = 1024 * 1024
_STALE_AFTER_S: Final = 24 * 3600.0
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

OnBytes = Callable[[int], None]
"""Told how many bytes were just read or written; may raise to stop the work."""


class SourceError(Exception):
    """The file cannot be read as it should. The message names it, the reason and the way out."""


class SourceChangedError(SourceError):
    """The file changed while it was read: somebody is still writing it. Worth another attempt."""


class LibraryFullError(Exception):
    """The library's disk is full. The message says how much was needed where."""


@dataclass(frozen=True)
class Stored:
    """Where a content lies: its digest (lower-case hex), its path, and whether this call put it there."""

    sha256: str
    path: Path
    is_new: bool


class ContentStore:
    """`library/content`: `ab/<sha256>.<extension>`, `ab` being the first two digits. Safe to use from many
    threads.
    """

    def __init__(self, library: Path) -> None:
        self.root: Final = library / "content"
        self._incoming: Final = self.root / ".incoming"
        # One lock a folder: two files with the same content, taken at once, are written once.
        self._locks: Final = tuple(threading.Lock() for _ in range(256))

    def find(self, sha256: str) -> Path | None:
        """The path of a stored content, under whatever extension it came; None when it is not there."""
        try:
            with os.scandir(self._folder(sha256)) as listing:
                return next(
                    (Path(entry.path) for entry in listing if entry.name.split(".")[0] == sha256),
                    None,
                )
        except FileNotFoundError:
            return None

    def put(self, source: BinaryIO, name: str, extension: str, owner: str, on_bytes: OnBytes) -> Stored:
        """Stores what `source`, an open ordinary file, holds; does nothing when the same content is there
        already.

        `name` is what messages call it, `owner` tells whose temporary file it is (digits and letters). The
        file is read twice, to hash and to copy (the second time mostly from memory): a content that is there
        already costs no write, and a file that somebody is still writing is noticed. `on_bytes` gets the
        bytes hashed.

        Raises SourceChangedError, SourceError, LibraryFullError, or what `on_bytes` raises.
        """
        self.sweep(owner)
        sha256 = _digest(source, name, on_bytes)
        with self._locks[int(sha256[:2], 16)]:
            present = self.find(sha256)
            if present is not None:
                return Stored(sha256, present, is_new=False)
            return Stored(
                sha256,
                self._write(source, name, sha256, extension, owner, on_bytes),
                is_new=True,
            )

    def sweep(self, owner: str) -> None:
        """Removes what an earlier attempt of `owner` left behind. Never raises."""
        for path in self._leftovers():
            if path.name.startswith(f"{owner}-"):
                path.unlink(missing_ok=True)

    def sweep_stale(self, now: float | None = None) -> int:
        """Removes temporary files a day old and older (`now`: seconds since the epoch); answers how many."""
        limit = (time.time() if now is None else now) - _STALE_AFTER_S
        swept = 0
        for path in self._leftovers():
            with contextlib.suppress(FileNotFoundError):  # its own task may be sweeping it just now
                if path.stat().st_mtime <= limit:
                    path.unlink()
                    swept += 1
        return swept

    def _leftovers(self) -> list[Path]:
        return list(self._incoming.glob("*.part")) if self._incoming.is_dir() else []

    def _folder(self, sha256: str) -> Path:
        return self.root / sha256[:2]

    def _write(
        self,
        source: BinaryIO,
        name: str,
        sha256: str,
        extension: str,
        owner: str,
        on_bytes: OnBytes,
    ) -> Path:
        folder = self._folder(sha256)
        final = folder / (f"{sha256}.{extension}" if extension else sha256)
        temporary = self._incoming / f"{owner}-{secrets.token_hex(8)}.part"
        try:
            self._incoming.mkdir(parents=True, exist_ok=True)
            if not folder.is_dir():
                folder.mkdir()
                sync_folder(self.root)
            with temporary.open("xb") as target:
                copied = _copy(source, target, name, on_bytes)
                target.flush()
                os.fsync(target.fileno())
            if copied != sha256:
                raise SourceChangedError(
                    f"{shown(name)}: it changed while it was read. Take it again when it is whole"
                )
            os.replace(temporary, final)
            sync_folder(folder)
        except OSError as error:
            if error.errno in _FULL:
                raise LibraryFullError(
                    f"{shown(name)}: the library's disk ({shown(self.root)}) is full. "
                    "Free some space there, then retry"
                ) from error
            raise
        finally:
            temporary.unlink(missing_ok=True)
        return final


def open_source(path: Path) -> BinaryIO:
    """Opens the ordinary file `path` for reading. Raises SourceError when it is not there, not readable or a
    device.
    """
    # Non-blocking: opening a pipe that took a file's place must not wait for a writer for ever.
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    )
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise SourceError(
            f"{shown(path.name)}: it is no longer there ({shown(path)}). Put it back, then retry"
        ) from None
    except PermissionError:
        raise SourceError(
            f"{shown(path.name)}: you are not allowed to read it ({shown(path)}). "
            "Change its permissions, then retry"
        ) from None
    except OSError as error:
        raise SourceError(
            f"{shown(path.name)}: {error.strerror} ({shown(path)}). Check the disk, then retry"
        ) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise SourceError(f"{shown(path.name)}: it is not an ordinary file ({shown(path)}). Leave it out")
    return os.fdopen(descriptor, "rb", buffering=0)


def sync_folder(folder: Path) -> None:
    """Makes a rename in `folder` survive a power cut. Does nothing where that cannot be asked (Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(source: BinaryIO, name: str, on_bytes: OnBytes) -> str:
    digest = hashlib.sha256()
    source.seek(0)
    while chunk := _read(source, name):
        digest.update(chunk)
        on_bytes(len(chunk))
    return digest.hexdigest()


def _copy(source: BinaryIO, target: BinaryIO, name: str, on_bytes: OnBytes) -> str:
    digest = hashlib.sha256()
    source.seek(0)
    while chunk := _read(source, name):
        target.write(chunk)
        digest.update(chunk)
        on_bytes(0)  # the bytes were counted when they were hashed; this is only a chance to stop
    return digest.hexdigest()


def _read(source: BinaryIO, name: str) -> bytes:
    try:
        return source.read(CHUNK_SIZE)
    except OSError as error:
        raise SourceError(
            f"{shown(name)}: {error.strerror} while reading it. Check its disk, then retry"
        ) from error
