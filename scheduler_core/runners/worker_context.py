"""What a function in a worker process gets as `ctx`, and how what it tells reaches the program."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

from scheduler_core.errors import InvalidArgumentError, InvalidStateError, TaskCancelledError
from scheduler_core.model.task import TaskRecord
from scheduler_core.runners.messages import CountProgress, FractionProgress, Report

REPORT_INTERVAL_S = 0.05
"""Reports go out at most this often: what changes between two is folded into the later."""


class Reporter:
    """Collects what one function tells and sends it at most 20 times a second, from a thread of its own.

    The thread starts with the first thing told and sleeps while there is nothing to send. What was not sent when the
    function ends goes out with its result (`close`), so that the last word is never lost and never late.
    """

    def __init__(self, send: Callable[[Report], None]) -> None:
        self._send = send
        self._condition = threading.Condition()
        self._sending = threading.Lock()
        self._pending: Report | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def tell(self, change: Callable[[Report], Report]) -> None:
        """Fold a change into the next report; ignored once the function has ended."""
        with self._condition:
            if self._closed:
                return
            was_empty = self._pending is None
            self._pending = change(self._pending or Report())
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="scheduler-reporter", daemon=True)
                self._thread.start()
            elif was_empty:
                self._condition.notify()

    def close(self, last_words: Callable[[Report | None], None]) -> None:
        """End reporting: `last_words` sends what is left, with nothing of this function's after it."""
        with self._condition:
            self._closed = True
            self._condition.notify()
        with self._sending:
            last_words(self._take())

    def _serve(self) -> None:
        while self._wait_for_something():
            with self._sending:
                report = self._take()
                if report is not None:
                    self._send(report)
            time.sleep(REPORT_INTERVAL_S)

    def _wait_for_something(self) -> bool:
        with self._condition:
            self._condition.wait_for(lambda: self._closed or self._pending is not None)
            return not self._closed

    def _take(self) -> Report | None:
        with self._condition:
            report, self._pending = self._pending, None
            return report


class WorkerContext:
    """`TaskContext` as far as it reaches into another process.

    Progress, bytes, IO and cancellation work as everywhere. `state` is always None there, because live objects do not
    travel; put what the function needs into the payload, or bind it with `functools.partial`. What needs the scheduler
    (`domain`, `spawn_child` and their like) raises `InvalidStateError`; do it in `finalize`, which runs in the program.
    """

    def __init__(
        self, record: TaskRecord, attempt: int, reporter: Reporter, is_cancelled: Callable[[], bool]
    ) -> None:
        self._record = record
        self._attempt = attempt
        self._reporter = reporter
        self._is_cancelled = is_cancelled

    @property
    def record(self) -> TaskRecord:
        """The task as it was when the attempt began."""
        return self._record

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""
        return self._attempt

    @property
    def is_cancelled(self) -> bool:
        """Has the task been told to stop? A function that does not soon is killed with its process."""
        return self._is_cancelled()

    def check_cancelled(self) -> None:
        """Raise `TaskCancelledError` if the task has been told to stop."""
        if self._is_cancelled():
            raise TaskCancelledError(self._record.label, "it was told to stop")

    def progress(self, fraction: float, message: str | None = None) -> None:
        """The function is this far, 0.0 to 1.0."""
        if not (math.isfinite(fraction) and 0.0 <= fraction <= 1.0):
            raise InvalidArgumentError("progress", f"{fraction!r} is not a fraction", "Pass 0.0 to 1.0.")
        latest = FractionProgress(float(fraction), message)
        self._reporter.tell(lambda report: replace(report, progress=latest))

    def progress_count(self, done: int, total: int, message: str | None = None) -> None:
        """The function has done so many of so many."""
        latest = CountProgress(_amount("done", done), _amount("total", total), message)
        self._reporter.tell(lambda report: replace(report, progress=latest))

    def set_bytes_total(self, total: int) -> None:
        """How many bytes the function expects to move."""
        amount = _amount("total", total)
        self._reporter.tell(lambda report: replace(report, bytes_total=amount))

    def add_bytes(self, n: int) -> None:
        """The function has moved `n` more bytes."""
        amount = _amount("n", n)
        self._reporter.tell(lambda report: replace(report, bytes_added=report.bytes_added + amount))

    def record_io(self, disk_read: int = 0, disk_write: int = 0, net_rx: int = 0, net_tx: int = 0) -> None:
        """The function has read or written so many more bytes."""
        read, written = _amount("disk_read", disk_read), _amount("disk_write", disk_write)
        received, sent = _amount("net_rx", net_rx), _amount("net_tx", net_tx)
        self._reporter.tell(
            lambda report: replace(
                report,
                disk_read=report.disk_read + read,
                disk_write=report.disk_write + written,
                net_rx=report.net_rx + received,
                net_tx=report.net_tx + sent,
            )
        )

    def state(self, kind: type[Any]) -> None:
        """Always None: live objects stay in the program's own process."""

    def domain(self, key: object) -> NoReturn:
        """Not in a worker process."""
        self._refuse("domain")

    def try_domain(self, key: object) -> NoReturn:
        """Not in a worker process."""
        self._refuse("try_domain")

    def spawn_child(self, task: object, **options: object) -> NoReturn:
        """Not in a worker process."""
        self._refuse("spawn_child")

    def spawn_children(self, tasks: object, **options: object) -> NoReturn:
        """Not in a worker process."""
        self._refuse("spawn_children")

    def spawn_sibling(self, task: object, **options: object) -> NoReturn:
        """Not in a worker process."""
        self._refuse("spawn_sibling")

    def spawn_siblings(self, tasks: object, **options: object) -> NoReturn:
        """Not in a worker process."""
        self._refuse("spawn_siblings")

    def _refuse(self, name: str) -> NoReturn:
        raise InvalidStateError(
            f"ctx.{name} in {self._record.label}",
            "the function runs in a worker process, where there is no scheduler",
            "Return what it needs as the memo and do this in `finalize`, or run the function in a thread.",
        )


def _amount(name: str, value: int) -> int:
    if value < 0:
        raise InvalidArgumentError(name, f"{value!r} is negative", "Pass 0 or more.")
    return value
