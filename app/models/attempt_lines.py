"""The timeline of a task's attempts: one bar each, on one axis from the first start to now or to the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.models.inspection import Inspection, lasted_text
from app.models.wording import moment_text
from scheduler_core import TaskHistoryRecord, TaskStatus

MOST = 20
"""Attempts that are shown, the newest; what is older is counted."""


@dataclass(frozen=True)
class AttemptLine:
    """`begin` and `end` are fractions of the axis, 0.0 to 1.0; `token` is the theme's, `text` says all of it."""

    number: int
    text: str
    token: str
    begin: float
    end: float


def attempt_lines(shown: Inspection, now: datetime) -> list[AttemptLine]:
    """The newest attempts, oldest first; the one that runs is the last."""
    record = shown.record
    spans = [(one.started_at, one.ended_at, one.error) for one in shown.attempts]
    is_running = record.status is TaskStatus.RUNNING and record.started_at is not None
    first = len(spans) - MOST if len(spans) > MOST else 0
    spans = spans[first:]
    begins = [begin for begin, _, _ in spans]
    if is_running and record.started_at is not None:
        begins.append(record.started_at)
    if not begins:
        return []
    start = min(begins)
    whole = max(
        1e-9,
        (max(now if is_running else start, *(end for _, end, _ in spans), start) - start).total_seconds(),
    )

    def place(moment: datetime) -> float:
        return min(1.0, max(0.0, (moment - start).total_seconds() / whole))

    lines = [
        AttemptLine(
            first + n,
            _text(shown, first + n, begin, end, error, is_last=n == len(spans), now=now),
            "state-failed" if error else _good(shown, is_last=n == len(spans)),
            place(begin),
            place(end),
        )
        for n, (begin, end, error) in enumerate(spans, 1)
    ]
    if is_running and record.started_at is not None:
        number = first + len(spans) + 1
        text = _tr("{0}. Running since {1}").format(number, _clock(record.started_at, now))
        lines.append(AttemptLine(number, text, "state-running", place(record.started_at), 1.0))
    return lines


def earlier_text(lines: list[AttemptLine]) -> str:
    """How many attempts are not shown."""
    hidden = lines[0].number - 1 if lines else 0
    return _tr("{0} earlier attempts are not shown").format(hidden) if hidden else ""


def _text(
    shown: Inspection,
    number: int,
    begin: datetime,
    end: datetime,
    error: str | None,
    *,
    is_last: bool,
    now: datetime,
) -> str:
    lasted = lasted_text((end - begin).total_seconds())
    if error:
        return _tr("{0}. {1}, failed after {2}").format(number, _clock(begin, now), lasted)
    if is_last and shown.record.status is TaskStatus.COMPLETED:
        return _tr("{0}. {1}, completed after {2}").format(number, _clock(begin, now), lasted)
    return _tr("{0}. {1}, ended after {2}").format(number, _clock(begin, now), lasted)


def _good(shown: Inspection, *, is_last: bool) -> str:
    is_done = (
        is_last
        and isinstance(shown.record, TaskHistoryRecord)
        and shown.record.status is TaskStatus.COMPLETED
    )
    return "state-done" if is_done else "state-cancelled"


def _clock(moment: datetime, now: datetime) -> str:
    local = moment.astimezone()
    return f"{local:%H:%M:%S}" if local.date() == now.astimezone().date() else moment_text(moment, now)


def _tr(text: str) -> str:
    return QCoreApplication.translate("inspector", text)
