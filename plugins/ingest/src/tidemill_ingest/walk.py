"""Finds the files of a folder that is dropped, without ever following a link round in circles or out of it.

What is taken: every ordinary file, and a link to an ordinary file that lies inside the folder. What is left
out: hidden files and folders (a leading dot), what systems leave behind (`Thumbs.db`, `desktop.ini`, ...),
links to folders (their contents are met where they lie), links that point outside or nowhere, devices,
sockets and pipes, and Tidemill's own folders, so that a dropped library does not feed itself. The dropped
path itself may be hidden or a link: it was named on purpose.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tidemill_ingest.paths import shown

SYSTEM_NAMES: Final = frozenset(
    {
        "thumbs.db",
        "desktop.ini",
        "$recycle.bin",
        "system volume information",
        "lost+found",
        "__macosx",
    }
)


class OwnFolderError(ValueError):
    """The dropped path lies in Tidemill's own folders."""


@dataclass(frozen=True)
class Found:
    """A file to take."""

    path: Path


@dataclass(frozen=True)
class Unreadable:
    """A folder or file that could not be looked at, with a message that names it and the reason."""

    path: Path
    message: str


def walk(
    root: Path, own: Iterable[Path] = (), passed_by: Iterable[Path] = ()
) -> Iterator[Found | Unreadable]:
    """The files at and below `root`, in name order folder by folder, lazily; `root` may be a file.

    Folders in `own` and `passed_by` are left out when they are met. Trouble below `root` is yielded and the
    walk goes on. Raises OSError when `root` itself cannot be looked at, OwnFolderError when it lies inside
    one of `own`.
    """
    info = root.stat()
    guarded = _identities(own)
    real = Path(os.path.realpath(root))
    if any(_identity(folder) in guarded for folder in (real, *real.parents)):
        raise OwnFolderError(
            f"{shown(root)}: it belongs to Tidemill's own data, which is already in the library. "
            "Drop another folder"
        )
    if not stat.S_ISDIR(info.st_mode):
        if stat.S_ISREG(info.st_mode):
            yield Found(root)
        else:
            yield Unreadable(root, f"{shown(root)}: it is neither a file nor a folder")
        return
    yield from _walk_folder(root, real, guarded | _identities(passed_by))


def _walk_folder(root: Path, real_root: Path, guarded: set[tuple[int, int]]) -> Iterator[Found | Unreadable]:
    # A stack and not recursion: a folder may be nested deeper than Python's calls may be.
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield _unreadable(folder, error)
            continue
        below: list[Path] = []
        for entry in entries:
            if entry.name.startswith(".") or entry.name.lower() in SYSTEM_NAMES:
                continue
            path = Path(entry.path)
            try:
                if entry.is_dir(follow_symlinks=False):
                    if _identity(path) not in guarded:
                        below.append(path)
                elif _is_takeable(entry, real_root):
                    yield Found(path)
            except OSError as error:
                yield _unreadable(path, error)
        pending.extend(reversed(below))


def _is_takeable(entry: os.DirEntry[str], real_root: Path) -> bool:
    if not entry.is_symlink():
        return entry.is_file(follow_symlinks=False)
    # realpath ends on a loop instead of following it; is_file() of a loop or of a dead link is false.
    target = Path(os.path.realpath(entry.path))
    return target.is_relative_to(real_root) and target.is_file()


def _identities(folders: Iterable[Path]) -> set[tuple[int, int]]:
    return {identity for folder in folders if (identity := _identity(folder)) is not None}


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        info = path.stat()
    except OSError:
        return None
    return (info.st_dev, info.st_ino)


def _unreadable(path: Path, error: OSError) -> Unreadable:
    if isinstance(error, FileNotFoundError):
        reason = "it vanished while it was read. Put it back and drop it again"
    elif isinstance(error, PermissionError):
        reason = "you are not allowed to read it. Change its permissions and drop it again"
    else:
        reason = f"{error.strerror or type(error).__name__}. Check the disk and drop it again"
    return Unreadable(path, f"{shown(path)}: {reason}")
