"""The head of a queue: who comes next, and what holds each back, as far as is known without asking. Few rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from app.models.columns import ROOT, Index, alignment, header
from app.models.domain_looks import task_name, type_name
from app.models.wording import moment_text
from scheduler_core import TaskRecord

CAPTION_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""The second, quieter line of the task's cell."""


class NextColumn(IntEnum):
    """The columns, left to right."""

    TASK = 0
    STATE = 1
    SINCE = 2
    ACTIONS = 3


class NextTasksModel(QAbstractTableModel):
    """Rows are inserted and removed one by one, so that a selection stays with its task."""

    def __init__(
        self, parent: QObject | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._records: list[TaskRecord] = []

    def show(self, records: Sequence[TaskRecord]) -> None:
        """These come next, in this order."""
        wanted = {record.id for record in records}
        for row in reversed(range(len(self._records))):
            if self._records[row].id not in wanted:
                self._remove(row)
        for row, record in enumerate(records):
            if row < len(self._records) and self._records[row].id == record.id:
                if self._records[row] != record:
                    self._records[row] = record
                    self.dataChanged.emit(self.index(row, 0), self.index(row, NextColumn.ACTIONS))
                continue
            # It stands further below, if anywhere: its priority was raised.
            for place in range(row + 1, len(self._records)):
                if self._records[place].id == record.id:
                    self._remove(place)
                    break
            self.beginInsertRows(ROOT, row, row)
            self._records.insert(row, record)
            self.endInsertRows()

    def record_at(self, index: Index) -> TaskRecord | None:
        """The task of a row."""
        return self._records[index.row()] if index.isValid() else None

    def rowCount(self, parent: Index = ROOT) -> int:
        """How many are shown."""
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: Index = ROOT) -> int:
        """Cells of a task."""
        return 0 if parent.isValid() else len(NextColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        return header(section, orientation, role, self._titles, ())

    def _titles(self) -> dict[int, str]:
        return {
            NextColumn.TASK: self.tr("Task"),
            NextColumn.STATE: self.tr("State"),
            NextColumn.SINCE: self.tr("Since"),
        }

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for people and screen readers."""
        if not index.isValid() or index.row() >= len(self._records):
            return None
        record, column = self._records[index.row()], NextColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(record, column)
        if role == CAPTION_ROLE and column == NextColumn.TASK:
            return self._caption(record)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == NextColumn.TASK:
            texts = (self._text(record, one) for one in (NextColumn.TASK, NextColumn.STATE))
            return ". ".join((*texts, self._caption(record)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return task_name(record) if column == NextColumn.TASK else self._text(record, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column, ())
        return None

    def _text(self, record: TaskRecord, column: NextColumn) -> str:
        if column == NextColumn.TASK:
            return task_name(record)
        if column == NextColumn.STATE:
            return self._state(record)
        if column == NextColumn.SINCE:
            return moment_text(record.created_at, self._now())
        return ""

    def _state(self, record: TaskRecord) -> str:
        if record.pause_reasons:
            return self.tr("paused")
        if record.retry_count:
            return self.tr("waits for attempt {0}").format(record.retry_count + 1)
        return self.tr("waiting")

    def _caption(self, record: TaskRecord) -> str:
        kind = type_name(record.task_type)
        return kind if record.group is None else self.tr("{0} · group {1}").format(kind, record.group)

    def _remove(self, row: int) -> None:
        self.beginRemoveRows(ROOT, row, row)
        del self._records[row]
        self.endRemoveRows()
