"""The queue: what runs, with its progress, and below it what waits, in the order in which it is to start."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import Qt

from app.models.columns import ROOT, Index, alignment, header
from app.models.domain_looks import look_of, task_name
from app.models.state_words import pause_reasons_text, priority_text, state_text, waiting_text
from app.models.task_row import TaskColumn, TaskProgress, TaskRow
from app.models.tasks_model import CAPTION_ROLE, LOOK_ROLE, RECORD_ROLE, STATE_ROLE
from app.models.window_model import WindowModel
from app.models.wording import bytes_text, moment_text
from scheduler_core import (
    ByteProgress,
    EstimatedProgress,
    Progress,
    SchedulerEvent,
    TaskRecord,
    TaskStatus,
)


class QueueColumn(IntEnum):
    """The columns, left to right."""

    TASK = 0
    DOMAIN = 1
    STATE = 2
    DATA = 3
    PRIORITY = 4
    TIME = 5
    LEFT = 6
    ACTIONS = 7


_RIGHT: Final = frozenset({QueueColumn.DATA, QueueColumn.TIME, QueueColumn.LEFT})
_OF_RUNNING: Final = {
    QueueColumn.STATE: TaskColumn.PROGRESS,
    QueueColumn.DATA: TaskColumn.DATA,
    QueueColumn.TIME: TaskColumn.ELAPSED,
    QueueColumn.LEFT: TaskColumn.LEFT,
}


class QueueModel(WindowModel):
    """What runs is the head; what waits is the window. A task that starts moves up."""

    # --- what is fed in ------------------------------------------------------------------------------------

    def make_row(self, record: TaskRecord, before: TaskRow | None) -> TaskRow:
        """The row of a task; progress is kept as long as the same attempt runs."""
        look = look_of(self.looks, record.domain)
        again = before is None or before.record.started_at != record.started_at
        return TaskRow(record, look, TaskProgress() if again or before is None else before.state)

    def apply_progress(self, events: Iterable[SchedulerEvent]) -> bool:
        """What running tasks report. Returns whether others may run now: a task started, ended or is not known."""
        known = self._running_places()
        may_differ = False
        for event in events:
            place = known.get(event.task_id) if isinstance(event, Progress) else None
            if place is None or not isinstance(event, Progress):
                may_differ = True
            else:
                row = self.rows[place]
                self.change(place, replace(row, state=row.state.reported(event)))
        return may_differ

    def show_running(self, records: Sequence[TaskRecord], ended: Collection[int] = ()) -> None:
        """These run now and no others; those that were there keep their places. What has `ended` waits no longer."""
        wanted = {record.id: record for record in records}
        kept = [wanted.pop(row.record.id) for row in self.rows[: self.head] if row.record.id in wanted]
        waiting = [record for record in self.window if record.id not in ended]
        self.arrange([*kept, *wanted.values()], waiting)

    def apply_estimates(self, progress: Iterable[EstimatedProgress], moved: Iterable[ByteProgress]) -> None:
        """What the scheduler reckons: fractions, ends and rates; tasks that are not here are left out."""
        known = self._running_places()
        for estimate in progress:
            if (place := known.get(estimate.task_id)) is not None:
                row = self.rows[place]
                self.change(place, replace(row, state=row.state.estimated(estimate)))
        for rate in moved:
            if (place := known.get(rate.task_id)) is not None:
                row = self.rows[place]
                self.change(place, replace(row, state=row.state.moved(rate)))

    def tick(self) -> None:
        """Time has passed: what shows it is to be drawn again."""
        if self.head:
            first, last = self.index(0, QueueColumn.TIME), self.index(self.head - 1, QueueColumn.LEFT)
            self.dataChanged.emit(first, last, [Qt.ItemDataRole.DisplayRole])

    def _running_places(self) -> dict[int, int]:
        return {row.record.id: place for place, row in enumerate(self.rows[: self.head])}

    # --- Qt's side -----------------------------------------------------------------------------------------

    def columnCount(self, parent: Index = ROOT) -> int:
        """Cells of a task."""
        return 0 if parent.isValid() else len(QueueColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        return header(section, orientation, role, self._titles, _RIGHT)

    def _titles(self) -> dict[int, str]:
        return {
            QueueColumn.TASK: self.tr("Task"),
            QueueColumn.DOMAIN: self.tr("Domain"),
            QueueColumn.STATE: self.tr("State"),
            QueueColumn.DATA: self.tr("Data"),
            QueueColumn.PRIORITY: self.tr("Priority"),
            QueueColumn.TIME: self.tr("Time"),
            QueueColumn.LEFT: self.tr("Left"),
        }

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for people and screen readers, and the values behind them; all from memory."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row, column = self.rows[index.row()], QueueColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        if role == RECORD_ROLE:
            return row.record
        if role == STATE_ROLE:
            return row.state
        if role == LOOK_ROLE:
            return row.look
        if role == CAPTION_ROLE and column == QueueColumn.TASK:
            return row.caption()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._hint(row, column)
        return alignment(column, _RIGHT) if role == Qt.ItemDataRole.TextAlignmentRole else None

    # --- words ---------------------------------------------------------------------------------------------

    def rate_text(self, row: TaskRow) -> str:
        """How fast a task moves its data; empty where that is not known."""
        return self.tr("{0}/s").format(bytes_text(row.state.bytes_per_s)) if row.state.bytes_per_s > 0 else ""

    def text(self, row: TaskRow, column: QueueColumn) -> str:
        """What a cell shows."""
        record = row.record
        if column == QueueColumn.TASK:
            return task_name(record)
        if column == QueueColumn.DOMAIN:
            return row.look.title
        if column == QueueColumn.PRIORITY:
            return priority_text(record.priority)
        now = self.now()
        if record.status is TaskStatus.RUNNING:
            return row.text(_OF_RUNNING[column], now) if column in _OF_RUNNING else ""
        if column == QueueColumn.STATE:
            return waiting_text(record, now)
        if column == QueueColumn.TIME:
            return self.tr("since {0}").format(moment_text(record.created_at, now))
        return ""

    def _spoken(self, row: TaskRow, column: QueueColumn) -> str:
        """The cell for a screen reader; the first one tells the whole row."""
        if column != QueueColumn.TASK:
            return self.text(row, column)
        record = row.record
        if record.status is TaskStatus.RUNNING:
            parts = [row.spoken(TaskColumn.TASK, self.now())]
        else:
            parts = [task_name(record), row.look.title, row.caption(), waiting_text(record, self.now())]
        return ". ".join([*parts, self.tr("Priority: {0}").format(priority_text(record.priority))])

    def _hint(self, row: TaskRow, column: QueueColumn) -> str | None:
        if column == QueueColumn.TASK:
            return task_name(row.record)
        if column == QueueColumn.STATE:
            if row.record.status is TaskStatus.RUNNING:
                return row.state.message
            return pause_reasons_text(row.record, row.look) or state_text(row.record.status)
        return None
