"""The place that is mirrored to: any fsspec file system, where a file appears whole under its name or not at
all.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol, cast

import fsspec  # pyright: ignore[reportMissingTypeStubs] - it ships none
from fsspec.implementations.local import LocalFileSystem  # pyright: ignore[reportMissingTypeStubs]

INCOMING: Final = ".incoming"
CHUNK_SIZE: Final = 1024 * 1024
_STALE_AFTER_S: Final = 24 * 3600.0

OnBytes = Callable[[int], None]
"""Told how many bytes were just handled; may raise to stop the work."""


class VerifyError(Exception):
    """What was read back from the target is not what was written to it."""


class Readable(Protocol):
    """An open file to copy from."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end."""
        ...


@dataclass(frozen=True)
class Entry:
    """A file at the target: its size in bytes and when it was last written (seconds since the epoch)."""

    size: int
    modified: float


class MirrorTarget:
    """A folder of a file system. Names are relative, with `/` between the parts."""

    def __init__(self, address: Path | str) -> None:
        """`address` is a folder, or an fsspec URL. Raises ValueError or ImportError for an unknown kind."""
        if isinstance(address, Path):  # never read as a URL, whatever its name is
            system, root = LocalFileSystem(), str(address.absolute())
        else:
            system, root = cast("tuple[Any, str]", fsspec.url_to_fs(address))  # pyright: ignore[reportUnknownMemberType]
        self._fs: Final[Any] = system
        self._root: Final[str] = root.rstrip("/") or "/"
        self.address: Final = str(address)
        self._is_local: Final = isinstance(system, LocalFileSystem)

    @property
    def local_folder(self) -> Path | None:
        """The target's folder when it is on this machine's disks, else None."""
        return Path(self._root) if self._is_local else None

    def prepare(self) -> None:
        """Makes the target's folder. Raises FileNotFoundError when the folder it should lie in is missing.

        No more than that one level is made: below the mount point of a disk that is not plugged in, a whole
        mirror would go to the wrong disk.
        """
        if self._fs.isdir(self._root):
            return
        parent = self._root.rsplit("/", 1)[0] or "/"
        if self._is_local and not self._fs.isdir(parent):
            raise FileNotFoundError(parent)
        self._fs.makedirs(self._root, exist_ok=True)

    def entries(self) -> dict[str, Entry]:
        """Every file below the target by its relative name, without what is still being written."""
        self._fs.invalidate_cache()
        found = cast("dict[str, dict[str, Any]]", self._fs.find(self._root, detail=True))
        prefix = self._root.rstrip("/") + "/"
        return {
            name.removeprefix(prefix): Entry(int(info["size"]), _modified(info))
            for name, info in found.items()
            if not name.removeprefix(prefix).startswith(f"{INCOMING}/")
        }

    def write(
        self,
        name: str,
        source: Readable,
        owner: str,
        on_bytes: OnBytes,
        modified_ns: int,
    ) -> None:
        """Copies `source` to `name`: a temporary file, read back and compared, then renamed over what was
        there.

        `modified_ns` (since the epoch) is when the source was written; a local target keeps it. `owner`
        (letters, digits and `-`) tells whose temporary file it is. Raises VerifyError, OSError, or what
        `on_bytes` raises; the target then has no temporary file left, and `name` is as it was.
        """
        temporary = f"{self._root}/{INCOMING}/{owner}-{secrets.token_hex(8)}.part"
        self._fs.makedirs(f"{self._root}/{INCOMING}", exist_ok=True)
        try:
            written = self._write_temporary(temporary, source, on_bytes)
            if self._digest(temporary) != written:
                raise VerifyError(name)
            if self._is_local:
                os.utime(temporary, ns=(modified_ns, modified_ns))
            self._publish(temporary, f"{self._root}/{name}")
        except BaseException:
            with suppress(OSError):
                self._fs.rm_file(temporary)
            raise

    def digest(self, name: str) -> str:
        """The SHA-256 of the file `name`, lower-case hex. Raises OSError."""
        return self._digest(f"{self._root}/{name}")

    def sweep(self, owner: str, now: float | None = None) -> int:
        """Removes the temporary files of `owner`'s earlier attempts and all that are a day old; answers how
        many.
        """
        limit = (time.time() if now is None else now) - _STALE_AFTER_S
        swept = 0
        for path, modified in list(self._leftovers()):
            if path.rsplit("/", 1)[-1].startswith(f"{owner}-") or modified <= limit:
                with suppress(FileNotFoundError):
                    self._fs.rm_file(path)
                    swept += 1
        return swept

    def _leftovers(self) -> Iterator[tuple[str, float]]:
        folder = f"{self._root}/{INCOMING}"
        if self._fs.isdir(folder):
            for info in cast("list[dict[str, Any]]", self._fs.ls(folder, detail=True)):
                if str(info["name"]).endswith(".part"):
                    yield str(info["name"]), _modified(info)

    def _write_temporary(self, temporary: str, source: Readable, on_bytes: OnBytes) -> str:
        digest = hashlib.sha256()
        with self._fs.open(temporary, "wb") as sink:
            while chunk := source.read(CHUNK_SIZE):
                sink.write(chunk)
                digest.update(chunk)
                on_bytes(len(chunk))
            sink.flush()
            if self._is_local:
                os.fsync(sink.fileno())
        return digest.hexdigest()

    def _digest(self, path: str) -> str:
        digest = hashlib.sha256()
        with self._fs.open(path, "rb") as stream:
            while chunk := stream.read(CHUNK_SIZE):
                digest.update(chunk)
        return digest.hexdigest()

    def _publish(self, temporary: str, final: str) -> None:
        folder = final.rsplit("/", 1)[0]
        self._fs.makedirs(folder, exist_ok=True)
        if not self._is_local:
            self._fs.mv(temporary, final)
            return
        # Not fs.mv: os.replace is one step, on every system, also over a file that is there.
        os.replace(temporary, final)
        _sync_folder(Path(folder))


def _modified(info: dict[str, Any]) -> float:
    # File systems name it as they like; one that tells nothing makes every file look old, and so copied
    # again.
    for key in ("mtime", "LastModified", "last_modified", "modified", "created"):
        match info.get(key):
            case datetime() as instant:
                return instant.timestamp()
            case float() | int() as seconds:
                return float(seconds)
            case _:
                continue
    return 0.0


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
