"""All that is known of one failure: what it says, its attempts, the traceback, the payload and the tags."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.models.failures_model import attempts_of
from app.models.job_figures import JOB_TAG
from app.models.wording import duration_text, moment_text
from app.theme import GRID, heading_font, small_font
from app.widgets.icons import IconLabel
from app.widgets.prose import Prose
from app.widgets.text_box import TextBox

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.models.domain_looks import DomainLook
    from scheduler_core import AttemptRecord, TaskHistoryRecord

_MOST_ATTEMPTS = 5
_MOST_LINES = 14


class FailureDetails(QScrollArea):
    """Shows one record, or a hint to choose one."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self.setObjectName("failure-details")
        self.setAccessibleName(self.tr("Details of the failure"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # It lies on a card, whose ground is to be seen.
        self.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._record: TaskHistoryRecord | None = None
        self.show_nothing()

    def show_nothing(self) -> None:
        """No failure is chosen, or several are."""
        self._record = None
        hint = QLabel(self.tr("Select a failure to see what happened."))
        hint.setWordWrap(True)
        hint.setProperty("role", "muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWidget(hint)

    def show_record(self, record: TaskHistoryRecord, look: DomainLook, alike: str) -> None:
        """Shows `record`; `alike` says how many others failed for the same reason, or is empty."""
        if record == self._record:
            return
        self._record = record
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(GRID + 4, GRID + 4, GRID + 4, GRID + 4)
        column.setSpacing(GRID)
        column.addLayout(self._head(record))
        if alike:
            column.addWidget(Prose(alike, "muted"))
        column.addLayout(self._facts(record, look))
        self._add_attempts(column, record)
        trace = next((one.traceback for one in reversed(record.attempts) if one.traceback), None)
        if trace:
            self._add_text(column, self.tr("Traceback"), "failure-traceback", trace)
        payload = json.dumps(record.payload, indent=2, ensure_ascii=False)
        self._add_text(column, self.tr("Payload"), "failure-payload", payload)
        column.addStretch(1)
        self.setWidget(inner)

    def _head(self, record: TaskHistoryRecord) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(IconLabel("failed", "failure", 20), 0, Qt.AlignmentFlag.AlignTop)
        message = Prose(record.last_error or self.tr("It gave no reason"), font=heading_font(14))
        message.setObjectName("failure-message")
        row.addWidget(message, 1)
        return row

    def _facts(self, record: TaskHistoryRecord, look: DomainLook) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, 72)
        grid.setColumnStretch(1, 1)
        times = attempts_of(record)
        facts = {
            self.tr("File"): record.label,
            self.tr("Domain"): f"{look.title} ({record.task_type})",
            self.tr("When"): moment_text(record.completed_at, self._now()),
            self.tr("Attempts"): self.tr("none: it never ran") if times == 0 else str(times),
        }
        facts |= {self.tr("Job") if tag == JOB_TAG else tag: value for tag, value in record.tags.items()}
        for row, (name, value) in enumerate((name, value) for name, value in facts.items() if value):
            grid.addWidget(Prose(name, "muted"), row, 0)
            grid.addWidget(Prose(value), row, 1)
        return grid

    def _add_attempts(self, column: QVBoxLayout, record: TaskHistoryRecord) -> None:
        if len(record.attempts) < 2:
            return
        column.addWidget(_caption(self.tr("Attempts")))
        shown = record.attempts[-_MOST_ATTEMPTS:]
        if hidden := len(record.attempts) - len(shown):
            column.addWidget(Prose(self.tr("{0} earlier ones are not shown").format(hidden), "muted"))
        first = len(record.attempts) - len(shown) + 1
        for number, attempt in enumerate(shown, first):
            column.addWidget(Prose(self._attempt_text(number, attempt, record.last_error)))

    def _attempt_text(self, number: int, attempt: AttemptRecord, last_error: str | None) -> str:
        lasted_s = (attempt.ended_at - attempt.started_at).total_seconds()
        lasted = (
            duration_text(lasted_s) if lasted_s >= 1 else self.tr("{0} ms").format(round(lasted_s * 1000))
        )
        when = f"{attempt.started_at.astimezone():%H:%M:%S}"
        if attempt.error is not None and attempt.error == last_error:
            return f"{number}.  {when} · {lasted} · {self.tr('failed as said above')}"
        return f"{number}.  {when} · {lasted} · {attempt.error or self.tr('interrupted')}"

    def _add_text(self, column: QVBoxLayout, title: str, name: str, text: str) -> None:
        column.addSpacing(GRID)
        column.addWidget(_caption(title))
        box = TextBox(title, text, _MOST_LINES)
        box.setObjectName(name)
        column.addWidget(box)


def failure_text(record: TaskHistoryRecord) -> str:
    """All of a failure as plain text, for a mail or a report."""
    parts = [
        f"{record.label}: {record.last_error or ''}",
        f"{record.task_type}, {record.completed_at.astimezone():%Y-%m-%d %H:%M:%S}",
        f"attempts: {attempts_of(record)}",
    ]
    if record.tags:
        parts.append(", ".join(f"{key} = {value}" for key, value in record.tags.items()))
    trace = next((one.traceback for one in reversed(record.attempts) if one.traceback), None)
    if trace:
        parts.append(trace.rstrip())
    parts.append(json.dumps(record.payload, indent=2, ensure_ascii=False))
    return "\n".join(parts)


def _caption(text: str) -> QLabel:
    label = QLabel(text.upper())
    font = small_font()
    font.setPixelSize(11)
    font.setBold(True)
    label.setFont(font)
    label.setProperty("role", "muted")
    return label
