"""Running tasks, one row each: the record, the latest progress, and how long it has run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from app.models.columns import ROOT, Index, alignment, header
from app.models.domain_looks import Looks, look_of, task_name
from app.models.task_row import TaskColumn, TaskProgress, TaskRow
from scheduler_core import ByteProgress, EstimatedProgress, Progress, SchedulerEvent, TaskRecord

RECORD_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""The row's TaskRecord."""
STATE_ROLE: Final = Qt.ItemDataRole.UserRole + 2
"""The row's TaskProgress."""
LOOK_ROLE: Final = Qt.ItemDataRole.UserRole + 3
"""The DomainLook of the row's domain."""
CAPTION_ROLE: Final = Qt.ItemDataRole.UserRole + 4
"""The second, quieter line of the task's cell."""
SORT_ROLE: Final = Qt.ItemDataRole.UserRole + 5
"""What a cell is sorted by."""


_RIGHT: Final = frozenset({TaskColumn.DATA, TaskColumn.ELAPSED, TaskColumn.LEFT})


class TasksModel(QAbstractTableModel):
    """Rows come and go with the tasks, in the order in which they started; only what changed is told."""

    def __init__(
        self, parent: QObject | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._looks: Looks = {}
        self._rows: list[TaskRow] = []

    # --- what is fed in ------------------------------------------------------------------------------------

    def set_looks(self, looks: Looks) -> None:
        """How domains are called and coloured, for the rows that come from now on."""
        self._looks = looks

    def apply_progress(self, events: Iterable[SchedulerEvent]) -> bool:
        """What running tasks report. Returns whether others may run now: a task started, ended or is not known."""
        known = self._places()
        may_differ = False
        for event in events:
            row = known.get(event.task_id) if isinstance(event, Progress) else None
            if row is None or not isinstance(event, Progress):
                may_differ = True
            else:
                mine = self._rows[row]
                self._change(row, replace(mine, state=mine.state.reported(event)))
        return may_differ

    def show_running(self, records: Sequence[TaskRecord]) -> None:
        """These run now and no others."""
        wanted = {record.id: record for record in records}
        for row in reversed(range(len(self._rows))):
            if self._rows[row].record.id not in wanted:
                self.beginRemoveRows(ROOT, row, row)
                del self._rows[row]
                self.endRemoveRows()
        for row, mine in enumerate(self._rows):
            fresh = wanted.pop(mine.record.id)
            if fresh != mine.record:
                again = fresh.started_at != mine.record.started_at
                self._change(row, TaskRow(fresh, mine.look, TaskProgress() if again else mine.state))
        if wanted:
            self.beginInsertRows(ROOT, len(self._rows), len(self._rows) + len(wanted) - 1)
            self._rows += [TaskRow(record, look_of(self._looks, record.domain)) for record in wanted.values()]
            self.endInsertRows()

    def apply_estimates(self, progress: Iterable[EstimatedProgress], moved: Iterable[ByteProgress]) -> None:
        """What the scheduler reckons: fractions, ends and rates; tasks that are not here are left out."""
        known = self._places()
        for estimate in progress:
            if (row := known.get(estimate.task_id)) is not None:
                mine = self._rows[row]
                self._change(row, replace(mine, state=mine.state.estimated(estimate)))
        for rate in moved:
            if (row := known.get(rate.task_id)) is not None:
                mine = self._rows[row]
                self._change(row, replace(mine, state=mine.state.moved(rate)))

    def tick(self) -> None:
        """Time has passed: what shows it is to be drawn again."""
        if self._rows:
            self.dataChanged.emit(
                self.index(0, TaskColumn.ELAPSED),
                self.index(len(self._rows) - 1, TaskColumn.LEFT),
                [Qt.ItemDataRole.DisplayRole],
            )

    def clear(self) -> None:
        """Nothing runs that anybody knows of."""
        self.show_running(())

    # --- what is read --------------------------------------------------------------------------------------

    def record_at(self, index: Index) -> TaskRecord | None:
        """The task of a row."""
        return self._rows[index.row()].record if index.isValid() else None

    # --- Qt's side -----------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = ROOT) -> int:
        """Running tasks."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        """Cells of a task."""
        return 0 if parent.isValid() else len(TaskColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        return header(section, orientation, role, self._titles, _RIGHT)

    def _titles(self) -> dict[int, str]:
        return {
            TaskColumn.TASK: self.tr("Task"),
            TaskColumn.DOMAIN: self.tr("Domain"),
            TaskColumn.PROGRESS: self.tr("Progress"),
            TaskColumn.DATA: self.tr("Data"),
            TaskColumn.ELAPSED: self.tr("Elapsed"),
            TaskColumn.LEFT: self.tr("Left"),
        }

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for people and screen readers, and the values behind them; all from memory."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], TaskColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text(column, self._now())
        if role == RECORD_ROLE:
            return row.record
        if role == STATE_ROLE:
            return row.state
        if role == LOOK_ROLE:
            return row.look
        if role == CAPTION_ROLE and column == TaskColumn.TASK:
            return row.caption()
        if role == SORT_ROLE:
            return row.sort_value(column)
        return self._words(row, column, role)

    def _words(self, row: TaskRow, column: TaskColumn, role: int) -> Any:
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken(column, self._now())
        if role == Qt.ItemDataRole.ToolTipRole:
            if column == TaskColumn.TASK:
                return task_name(row.record)
            return row.state.message if column == TaskColumn.PROGRESS else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column, _RIGHT)
        return None

    # --- rows ----------------------------------------------------------------------------------------------

    def _places(self) -> dict[int, int]:
        return {row.record.id: place for place, row in enumerate(self._rows)}

    def _change(self, row: int, changed: TaskRow) -> None:
        mine = self._rows[row]
        if mine == changed:
            return
        first = TaskColumn.TASK if mine.record != changed.record else TaskColumn.PROGRESS
        self._rows[row] = changed
        self.dataChanged.emit(self.index(row, first), self.index(row, TaskColumn.LEFT))
