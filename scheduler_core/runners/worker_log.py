"""What a function in a worker process logs goes to the program, which logs it again under the same name and level."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Generator
from dataclasses import replace

from scheduler_core.runners.messages import Logged, Report
from scheduler_core.runners.worker_context import Reporter

MOST_LINES = 200
"""Of more lines than this between two reports the others are counted, not kept."""


@contextlib.contextmanager
def sent_log(reporter: Reporter, level: int) -> Generator[None]:
    """Within it what is logged from `level` up is told to the reporter."""
    sender, root = _Sender(reporter), logging.getLogger()
    root.setLevel(level)
    root.addHandler(sender)
    try:
        yield
    finally:
        root.removeHandler(sender)


class _Sender(logging.Handler):
    def __init__(self, reporter: Reporter) -> None:
        super().__init__()
        self._reporter = reporter

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = self.format(record)
        except Exception:  # noqa: BLE001 - an argument of the author's may fail at being text
            self.handleError(record)
            return
        place = (record.pathname, record.lineno, record.funcName or "")
        line = Logged(record.name, record.levelno, text, record.created, place)

        def fold(report: Report) -> Report:
            if len(report.logged) >= MOST_LINES:
                return replace(report, left_out=report.left_out + 1)
            return replace(report, logged=(*report.logged, line))

        self._reporter.tell(fold)
