"""What was asked for on the command line, checked and frozen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.paths import DataPaths

if TYPE_CHECKING:
    from app.plugin_host.overrides import Override

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2


@dataclass(frozen=True)
class RunOptions:
    """The options of `tidemill run`. `take` holds absolute paths and web links.

    `started_s` is a `time.monotonic()` of the start.
    """

    paths: DataPaths
    headless: bool
    take: tuple[Path | str, ...]
    until_idle: bool
    overrides: tuple[Override, ...]
    started_s: float
