"""What goes over the pipe between the program and a worker process."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from scheduler_core.runners.base import RunLink
from scheduler_core.runners.remote_error import PackedError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobMessage:
    """Parent to worker. `call` is (function, task, record), pickled apart: if it cannot be loaded only it fails.

    `log_level`: below it nothing need be logged.
    """

    number: int
    attempt: int
    call: bytes
    log_level: int = logging.WARNING


@dataclass(frozen=True, slots=True)
class FractionProgress:
    """0.0 to 1.0 done."""

    fraction: float
    message: str | None


@dataclass(frozen=True, slots=True)
class CountProgress:
    """So many of so many done."""

    done: int
    total: int
    message: str | None


@dataclass(frozen=True, slots=True)
class Logged:
    """Something that a function logged, in words: what it was made of need not be known in the program."""

    name: str
    level: int
    text: str
    created: float
    place: tuple[str, int, str]
    """File, line and function."""

    def log(self, task_id: int) -> None:
        """Log it in the program, as of this task."""
        logger = logging.getLogger(self.name)
        if not logger.isEnabledFor(self.level):
            return
        path, line, function = self.place
        record = logger.makeRecord(self.name, self.level, path, line, self.text, (), None, function)
        record.created, record.msecs = self.created, float(int(self.created % 1 * 1000))
        record.task_id = task_id
        logger.handle(record)


@dataclass(frozen=True, slots=True)
class Report:
    """Worker to parent: what a function has told since the last report; counters are sums, the rest the latest."""

    progress: FractionProgress | CountProgress | None = None
    bytes_total: int | None = None
    bytes_added: int = 0
    disk_read: int = 0
    disk_write: int = 0
    net_rx: int = 0
    net_tx: int = 0
    logged: tuple[Logged, ...] = ()
    left_out: int = 0
    """Lines that were too many."""

    def hand_to(self, link: RunLink) -> None:
        """Tell the engine, and log."""
        for line in self.logged:
            line.log(link.record.id)
        if self.left_out:
            log.warning("%d more lines came at once", self.left_out, extra={"task_id": link.record.id})
        if self.bytes_total is not None:
            link.set_bytes_total(self.bytes_total)
        if self.bytes_added:
            link.add_bytes(self.bytes_added)
        if self.disk_read or self.disk_write or self.net_rx or self.net_tx:
            link.record_io(self.disk_read, self.disk_write, self.net_rx, self.net_tx)
        match self.progress:
            case FractionProgress(fraction, message):
                link.progress(fraction, message)
            case CountProgress(done, total, message):
                link.progress_count(done, total, message)
            case None:
                pass


@dataclass(frozen=True, slots=True)
class ResultMessage:
    """Worker to parent: the job has ended. `report` is what was not yet told; `memo` is pickled; one of two is set."""

    report: Report | None
    memo: bytes | None
    error: PackedError | None
