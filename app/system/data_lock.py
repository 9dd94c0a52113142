"""One process at a time works on a data folder, window or terminal. Qt-free."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import IO

from app.problem import KnownError

_LOOKING_S = 0.02


class DataFolderInUseError(KnownError):
    """Another Tidemill works on the data folder."""

    def __init__(self, root: Path, pid: str) -> None:
        who = f"another Tidemill (process {pid})" if pid else "another Tidemill"
        super().__init__(
            f"Data folder {root}",
            f"{who} is working in it",
            "Use that one, end it first, or choose another folder with --data-dir",
        )


class DataLock:
    """A lock on `<root>/.lock` that the system drops by itself when the process ends, however it ends."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._file: IO[str] | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock."""
        return self._file is not None

    def acquire(self) -> None:
        """Takes the lock; idempotent. Raises DataFolderInUseError, or OSError when the file cannot be made."""
        if self._file is not None:
            return
        file = (self._root / ".lock").open("a+", encoding="ascii", errors="replace")
        try:
            _lock_soon(file)
        except OSError:
            file.seek(0)
            pid = file.read(20).strip()
            file.close()
            raise DataFolderInUseError(self._root, pid) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Gives the lock back; idempotent."""
        if self._file is not None:
            self._file.close()
            self._file = None


def is_in_use(root: Path) -> bool:
    """Is another process working on the data folder just now?"""
    try:
        # Read and write, but never made: `a` would leave a file in a folder that nobody works in.
        with (root / ".lock").open("r+", encoding="ascii") as file:
            _lock(file)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _lock_soon(file: IO[str]) -> None:
    """Once more after a moment: somebody who starts may only be looking whether it is in use."""
    try:
        _lock(file)
    except OSError:
        time.sleep(_LOOKING_S)
        _lock(file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        # Far behind the text, because Windows locks bytes against reading too.
        file.seek(1 << 20)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
