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

from app.language import said
from app.models.domain_looks import task_name
from app.models.failures_model import attempts_of
from app.models.job_figures import JOB_TAG
from app.models.wording import duration_text, moment_text
from app.theme import GRID, heading_font, small_font
from app.widgets.icons import IconLabel
from app.widgets.prose import Prose
from app.widgets.text_box import TextBox

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from app.models.domain_looks import DomainLook
    from scheduler_core import AttemptRecord, TaskHistoryRecord

_MOST_ATTEMPTS = 5
_MOST_LINES = 14


class FailureDetails(QScrollArea):
    """Shows one record, or a hint to choose one.

    All its parts are made once and told other words: Qt takes long to dress new ones, and who goes down the list with the
    arrow keys should not wait.
    """

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
        self._message = Prose("", font=heading_font(14))
        self._message.setObjectName("failure-message")
        self._facts = _Facts()
        self._attempts = _Lines(self.tr("Attempts"))
        self._trace = _Text(self.tr("Traceback"), "failure-traceback")
        self._payload = _Text(self.tr("Payload"), "failure-payload")
        self._hint = QLabel(self.tr("Select a failure to see what happened."))
        self._hint.setWordWrap(True)
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._content = QWidget()
        self._build()
        self.show_nothing()

    def show_nothing(self) -> None:
        """No failure is chosen, or several are."""
        self._record = None
        self._content.hide()
        self._hint.show()

    def show_record(self, record: TaskHistoryRecord, look: DomainLook) -> None:
        """Shows `record`."""
        if record == self._record:
            return
        self._record = record
        self._message.set_text(said(record.last_error or "", record.domain) or self.tr("It gave no reason"))
        self._facts.show_facts(self._facts_of(record, look))
        self._attempts.show_lines(self._attempts_of(record))
        self._trace.show_text(
            next((one.traceback for one in reversed(record.attempts) if one.traceback), None) or ""
        )
        self._payload.show_text(json.dumps(record.payload, indent=2, ensure_ascii=False))
        self._hint.hide()
        self._content.show()
        self.verticalScrollBar().setValue(0)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(IconLabel("failed", "failure", 20), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._message, 1)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(GRID + 4, GRID + 4, GRID + 4, GRID + 4)
        column.setSpacing(GRID)
        column.addLayout(head)
        for part in (self._facts, self._attempts, self._trace, self._payload):
            column.addWidget(part)
        column.addStretch(1)
        inner = QWidget()
        room = QVBoxLayout(inner)
        room.setContentsMargins(0, 0, 0, 0)
        room.addWidget(self._content, 1)
        room.addWidget(self._hint, 1)
        self.setWidget(inner)

    def _facts_of(self, record: TaskHistoryRecord, look: DomainLook) -> dict[str, str]:
        times = attempts_of(record)
        facts = {
            self.tr("File"): task_name(record),
            self.tr("Domain"): f"{look.title} ({record.task_type})",
            self.tr("When"): moment_text(record.completed_at, self._now()),
            self.tr("Attempts"): self.tr("none: it never ran") if times == 0 else str(times),
        }
        return facts | {
            self.tr("Job") if tag == JOB_TAG else tag: value for tag, value in record.tags.items()
        }

    def _attempts_of(self, record: TaskHistoryRecord) -> list[str]:
        if len(record.attempts) < 2:
            return []
        shown = record.attempts[-_MOST_ATTEMPTS:]
        hidden = len(record.attempts) - len(shown)
        first = [self.tr("{0} earlier ones are not shown").format(hidden)] if hidden else []
        numbered = enumerate(shown, hidden + 1)
        return first + [self._attempt_text(number, one, record) for number, one in numbered]

    def _attempt_text(self, number: int, attempt: AttemptRecord, record: TaskHistoryRecord) -> str:
        lasted_s = (attempt.ended_at - attempt.started_at).total_seconds()
        lasted = (
            duration_text(lasted_s) if lasted_s >= 1 else self.tr("{0} ms").format(round(lasted_s * 1000))
        )
        when = f"{attempt.started_at.astimezone():%H:%M:%S}"
        if attempt.error is not None and attempt.error == record.last_error:
            return f"{number}.  {when} · {lasted} · {self.tr('failed as said above')}"
        error = said(attempt.error or "", record.domain) or self.tr("interrupted")
        return f"{number}.  {when} · {lasted} · {error}"


class _Facts(QWidget):
    """Names and values below each other; as many rows are kept as were ever shown."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnMinimumWidth(0, 72)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[Prose, Prose]] = []

    def show_facts(self, facts: dict[str, str]) -> None:
        """Those that have a value."""
        shown = [(name, value) for name, value in facts.items() if value]
        for row in range(len(self._rows), len(shown)):
            pair = (Prose("", "muted"), Prose(""))
            self._rows.append(pair)
            for place, part in enumerate(pair):
                self._grid.addWidget(part, row, place)
        for row, pair in enumerate(self._rows):
            for part, text in zip(pair, shown[row] if row < len(shown) else ("", ""), strict=True):
                part.set_text(text)
                part.setVisible(row < len(shown))


class _Lines(QWidget):
    """A caption and lines of text below it; hidden when there are none."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, GRID, 0, 0)
        self._column.setSpacing(GRID)
        self._column.addWidget(_caption(title))
        self._lines: list[Prose] = []

    def show_lines(self, lines: Sequence[str]) -> None:
        """These and no others."""
        for _ in range(len(self._lines), len(lines)):
            self._lines.append(Prose(""))
            self._column.addWidget(self._lines[-1])
        for place, line in enumerate(self._lines):
            line.set_text(lines[place] if place < len(lines) else "")
            line.setVisible(place < len(lines))
        self.setVisible(bool(lines))


class _Text(QWidget):
    """A caption and a box with text below it; hidden while it is empty."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(_caption(title))
        self._box = TextBox(title, "", _MOST_LINES)
        self._box.setObjectName(name)
        column.addWidget(self._box)

    def show_text(self, text: str) -> None:
        """This."""
        self._box.set_text(text)
        self.setVisible(bool(text))


def failure_text(record: TaskHistoryRecord) -> str:
    """All of a failure as plain text, for a mail or a report."""
    parts = [
        f"{task_name(record)}: {record.last_error or ''}",
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
