"""One running task as a row of the list: its record, its progress, and what its cells say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import QCoreApplication

from app.language import said
from app.models.domain_looks import DomainLook, task_name, type_name
from app.models.wording import bytes_text, duration_text, moment_text, percent_text, stopwatch_text
from scheduler_core import ByteProgress, EstimatedProgress, Progress, TaskRecord


class TaskColumn(IntEnum):
    """The columns, left to right."""

    TASK = 0
    DOMAIN = 1
    PROGRESS = 2
    DATA = 3
    ELAPSED = 4
    LEFT = 5
    ACTIONS = 6


@dataclass(frozen=True)
class TaskProgress:
    """How far a running task is, as far as is known. `is_guess`: from earlier runs, not from the task itself."""

    fraction: float | None = None
    message: str | None = None
    bytes_done: int = 0
    bytes_total: int | None = None
    bytes_per_s: float = 0.0
    eta: datetime | None = None
    is_guess: bool = False

    def reported(self, event: Progress) -> TaskProgress:
        """With what the task itself has just said."""
        told = event.fraction is not None
        return replace(
            self,
            fraction=event.fraction if told else self.fraction,
            is_guess=self.is_guess and not told,
            message=said(event.message or "", event.domain) or None,
            bytes_done=event.bytes_done,
            bytes_total=event.bytes_total,
        )

    def estimated(self, estimate: EstimatedProgress) -> TaskProgress:
        """With what the scheduler reckons; a report of the task itself, which may be newer, stands."""
        told = self.fraction is not None and not self.is_guess
        return replace(
            self,
            fraction=self.fraction if told else estimate.fraction,
            is_guess=not told and estimate.extrapolated,
            message=self.message or said(estimate.message or "") or None,
            eta=estimate.eta,
        )

    def moved(self, moved: ByteProgress) -> TaskProgress:
        """With the bytes it has moved, and how fast."""
        return replace(
            self,
            bytes_done=max(self.bytes_done, moved.done),
            bytes_total=self.bytes_total if moved.total is None else moved.total,
            bytes_per_s=moved.throughput,
            eta=self.eta or moved.eta,
        )


@dataclass(frozen=True)
class TaskRow:
    """One row; `text` and its kin say what its cells show."""

    record: TaskRecord
    look: DomainLook
    state: TaskProgress = TaskProgress()

    def text(self, column: TaskColumn, now: datetime) -> str:
        """What the cell shows."""
        state, record = self.state, self.record
        if column == TaskColumn.TASK:
            return task_name(record)
        if column == TaskColumn.DOMAIN:
            return self.look.title
        if column == TaskColumn.PROGRESS:
            return self._progress_text("≈ {0}")
        if column == TaskColumn.DATA:
            return self._data_text()
        if column == TaskColumn.ELAPSED and record.started_at is not None:
            return stopwatch_text((now - record.started_at).total_seconds())
        if column == TaskColumn.LEFT and state.eta is not None:
            return duration_text(max(1.0, (state.eta - now).total_seconds()))
        return ""

    def caption(self) -> str:
        """The second line of the task: its type, and which attempt it is."""
        kind = type_name(self.record.task_type)
        if not self.record.retry_count:
            return kind
        return _tr("{0} · attempt {1}").format(kind, self.record.retry_count + 1)

    def spoken(self, column: TaskColumn, now: datetime) -> str:
        """The cell for a screen reader; the first one tells the whole row."""
        if column == TaskColumn.PROGRESS:
            return self._progress_text(_tr("about {0}"))
        if column != TaskColumn.TASK:
            return self.text(column, now)
        parts = [
            task_name(self.record),
            self.look.title,
            self.caption(),
            self._progress_text(_tr("about {0}")),
        ]
        if self.record.started_at is not None:
            parts.append(_tr("started {0}").format(moment_text(self.record.started_at, now)))
        return ". ".join(parts)

    def sort_value(self, column: TaskColumn) -> str | float:
        """What the cell is sorted by."""
        state, started = self.state, self.record.started_at
        return {
            TaskColumn.TASK: task_name(self.record).casefold(),
            TaskColumn.DOMAIN: self.look.order,
            TaskColumn.PROGRESS: -1.0 if state.fraction is None else state.fraction,
            TaskColumn.DATA: float(state.bytes_done),
            # The one that runs longest has the earliest start.
            TaskColumn.ELAPSED: 0.0 if started is None else -started.timestamp(),
            TaskColumn.LEFT: float("inf") if state.eta is None else state.eta.timestamp(),
            TaskColumn.ACTIONS: self.record.id,
        }[column]

    def _progress_text(self, guess: str) -> str:
        if self.state.fraction is None:
            return _tr("working")
        text = percent_text(self.state.fraction)
        return guess.format(text) if self.state.is_guess else text

    def _data_text(self) -> str:
        done, total = self.state.bytes_done, self.state.bytes_total
        if done == 0 and total is None:
            return ""
        return (
            bytes_text(done)
            if total is None
            else _tr("{0} of {1}").format(bytes_text(done), bytes_text(total))
        )


def _tr(text: str) -> str:
    return QCoreApplication.translate("running", text)
