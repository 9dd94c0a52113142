"""The log file: rotated, readable by a person, the same for the window and the terminal."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

MAX_BYTES = 2 * 1024 * 1024
KEPT_FILES = 3
TASK_MARK = " [task {0}]"
"""What a line of a task's has behind the name of its logger; `task_logs` finds it by that."""
_FORMAT = "%(asctime)s %(levelname)-7s %(name)s%(task_mark)s: %(message)s"


class EarlyRecords(logging.Handler):
    """Keeps what is logged before the log file is open."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Logging's hook."""
        self.records.append(record)


def keep_early_records() -> EarlyRecords:
    """Keeps what is logged from now on; give it to `start_logging`."""
    early = EarlyRecords()
    root = logging.getLogger()
    root.addHandler(early)
    root.setLevel(logging.INFO)
    return early


def set_level(name: str) -> None:
    """From which level on the log tells: "debug", "info", "warning" or "error". What happens from now on."""
    logging.getLogger().setLevel(name.upper())


def start_logging(
    path: Path, early: EarlyRecords | None = None, level: int = logging.INFO
) -> Callable[[], None]:
    """Writes what is logged from `level` up to `path`, 2 MiB a file and 3 older files; returns what undoes it.

    What `early` kept comes first; warnings of the `warnings` module go there too. Raises OSError when the file cannot
    be written.
    """
    # It comes with sockets and pickle, which the first picture can do without.
    from logging.handlers import RotatingFileHandler

    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        path, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8", errors="backslashreplace"
    )
    handler.setFormatter(logging.Formatter(_FORMAT, defaults={"task_mark": ""}))
    root = logging.getLogger()
    previous_level = root.level
    root.addHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(True)
    if early is not None:
        root.removeHandler(early)
        for record in early.records:
            handler.handle(record)
        early.close()

    def stop() -> None:
        logging.captureWarnings(False)
        root.removeHandler(handler)
        root.setLevel(previous_level)
        handler.close()

    return stop
