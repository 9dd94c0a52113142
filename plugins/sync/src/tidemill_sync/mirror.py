"""Brings a target up to date with the library: what is missing or older there is copied, nothing else is
touched.

Knows no scheduler. A run that is stopped anywhere, even by a power cut, is continued by the next one, for
what was copied whole is found at the target. Nothing is ever deleted from the target.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from tidemill_sync.target import Entry, MirrorTarget, OnBytes, VerifyError

MIRRORED: Final = ("content", "thumbnails")
"""The folders of the library that are mirrored."""

_CLOCK_GRAIN_S: Final = 2.0  # FAT keeps times to two seconds
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class MirrorError(Exception):
    """The mirror could not be made; another attempt may help. The message names the thing, the reason, the
    way out.
    """


class MirrorTargetError(MirrorError):
    """The target cannot be used as it is: a person has to do something."""


@dataclass(frozen=True)
class SourceFile:
    """A file of the library: its relative name, its size in bytes and when it was written (seconds)."""

    name: str
    path: Path
    size: int
    modified: float


@dataclass(frozen=True)
class MirrorReport:
    """What a run did: files copied and their bytes, files that were there already."""

    copied: int
    copied_bytes: int
    unchanged: int


@dataclass(frozen=True)
class MirrorPlan:
    """What is to be copied, smallest name first, and how many files need nothing."""

    todo: tuple[SourceFile, ...]
    unchanged: int

    @property
    def bytes_total(self) -> int:
        """The bytes that are to be copied."""
        return sum(file.size for file in self.todo)


def library_files(library: Path) -> Iterator[SourceFile]:
    """Every finished file of the library, in name order; what is still being written (a leading dot) is left
    out.

    Raises MirrorError when the library is not there.
    """
    if not library.is_dir():
        raise MirrorError(
            f"{library}: the library is not there. Connect its disk, or choose another data folder"
        )
    for top in MIRRORED:
        yield from _files_below(library, library / top)


def plan(library: Path, present: Mapping[str, Entry]) -> MirrorPlan:
    """Compares the library with what is `present` at the target: by size, and not older than the library's
    file.
    """
    files = list(library_files(library))
    todo = tuple(file for file in files if not _is_up_to_date(file, present.get(file.name)))
    return MirrorPlan(todo, len(files) - len(todo))


def run_mirror(
    library: Path,
    target: MirrorTarget,
    owner: str,
    *,
    on_plan: Callable[[MirrorPlan], None],
    on_bytes: OnBytes,
    on_file: Callable[[int], None],
) -> MirrorReport:
    """Mirrors `library` to `target` and answers what it did.

    `owner` marks this run's temporary files. `on_plan` is told what is to be done, `on_bytes` each chunk
    written, `on_file` how many files are done; each may raise to stop the run, which leaves no half file.
    Raises MirrorError (MirrorTargetError when trying again alone will not help).
    """
    folder = target.local_folder
    if folder is not None and folder.resolve().is_relative_to(library.resolve()):
        raise MirrorTargetError(
            f"{target.address}: the mirror lies in the library itself. Choose another folder"
        )
    try:
        target.prepare()
        target.sweep(owner)
        present = target.entries()
    except OSError as error:
        raise _explained(error, target) from error
    todo = plan(library, present)
    on_plan(todo)
    copied = copied_bytes = 0
    for file in todo.todo:
        if _copy(file, target, owner, on_bytes):
            copied += 1
            copied_bytes += file.size
        on_file(copied)
    return MirrorReport(copied, copied_bytes, todo.unchanged)


def _copy(file: SourceFile, target: MirrorTarget, owner: str, on_bytes: OnBytes) -> bool:
    try:
        stream = file.path.open("rb")
    except FileNotFoundError as error:
        if not file.path.parents[1].is_dir():  # not one file that was removed meanwhile: the library went
            raise _unreadable(error, file.path) from error
        return False
    except OSError as error:
        raise _unreadable(error, file.path) from error
    with stream:
        try:
            target.write(
                file.name,
                _Source(file, stream),
                owner,
                on_bytes,
                os.fstat(stream.fileno()).st_mtime_ns,
            )
        except VerifyError:
            raise MirrorError(
                f"{target.address}: {file.name} reads back differently from what was written. "
                "Check that disk, then retry"
            ) from None
        except OSError as error:
            raise _explained(error, target, file) from error
    return True


def _explained(error: OSError, target: MirrorTarget, file: SourceFile | None = None) -> MirrorError:
    where = f"{target.address}: "
    if error.errno in _FULL:
        need = f" ({file.name} needs {file.size:,} bytes)" if file else ""
        return MirrorTargetError(f"{where}the mirror's disk is full{need}. Free some space there, then retry")
    if isinstance(error, FileNotFoundError):
        return MirrorTargetError(
            f"{where}the mirror's folder is not there. Connect its disk or choose another folder"
        )
    if isinstance(error, NotADirectoryError | FileExistsError):
        return MirrorTargetError(
            f"{where}there is a file where the mirror's folder should be. Choose another folder"
        )
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return MirrorTargetError(
            f"{where}you may not write there. Change its permissions or choose another folder"
        )
    return MirrorError(f"{where}{error.strerror or error}. Check that disk, then retry")


def _is_up_to_date(file: SourceFile, entry: Entry | None) -> bool:
    return entry is not None and entry.size == file.size and entry.modified + _CLOCK_GRAIN_S >= file.modified


@dataclass(frozen=True)
class _Source:
    """The library's side of a copy, so that its failures are not taken for the target's."""

    file: SourceFile
    stream: BinaryIO

    def read(self, size: int, /) -> bytes:
        try:
            return self.stream.read(size)
        except OSError as error:
            raise _unreadable(error, self.file.path) from error


def _unreadable(error: OSError, path: Path) -> MirrorError:
    if isinstance(error, FileNotFoundError):
        return MirrorError(
            f"{path}: the library vanished while it was mirrored. Connect its disk, then retry"
        )
    return MirrorError(f"{path}: {error.strerror or error}. Check the library's disk, then retry")


def _files_below(library: Path, top: Path) -> Iterator[SourceFile]:
    def stop(error: OSError) -> None:
        raise _unreadable(error, Path(error.filename or top)) from error

    if not top.exists():
        return
    for folder, subfolders, names in os.walk(top, onerror=stop):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if name.startswith("."):
                continue
            try:
                info = path.stat()
            except FileNotFoundError:  # removed since it was listed
                continue
            except OSError as error:
                raise _unreadable(error, path) from error
            yield SourceFile(path.relative_to(library).as_posix(), path, info.st_size, info.st_mtime)
