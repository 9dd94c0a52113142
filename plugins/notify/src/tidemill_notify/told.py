"""Remembers on the disk which jobs were told, so that a task that runs again does not tell again."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

_FORGET_AFTER_S: Final = 90 * 24 * 3600.0


class ToldJobs:
    """A folder with an empty file for each job that was told."""

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder

    def claim(self, job: str) -> bool:
        """True for the first caller with this job, ever; False for all others, in whatever process.

        The claim is on the disk before the message is shown: a crash between the two loses a message whose
        content the Jobs page still shows, where the other order would show one twice.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / hashlib.sha256(job.encode("utf-8", "surrogatepass")).hexdigest()
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return False
        os.fsync(descriptor)
        os.close(descriptor)
        return True

    def forget_old(self, now: float | None = None) -> None:
        """Removes what is older than 90 days; `now` in seconds since the epoch. Never raises for a missing
        folder.
        """
        limit = (time.time() if now is None else now) - _FORGET_AFTER_S
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < limit:
                    path.unlink()
