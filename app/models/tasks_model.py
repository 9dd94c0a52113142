"""Running tasks, one row each: the record, the latest progress, and how long it has run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from app.models.columns import ROOT, Index, alignment, header
from app.models.domain_looks import DomainLook, Looks, look_of, type_name
from app.models.wording import bytes_text, duration_text, moment_text, percent_text, stopwatch_text
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


class TaskColumn(IntEnum):
    """The columns, left to right."""

    TASK = 0
    DOMAIN = 1
    PROGRESS = 2
    DATA = 3
    ELAPSED = 4
    LEFT = 5
    ACTIONS = 6


_RIGHT: Final = frozenset({TaskColumn.DATA, TaskColumn.ELAPSED, TaskColumn.LEFT})


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


@dataclass
class _Row:
    record: TaskRecord
    look: DomainLook
    state: TaskProgress


class TasksModel(QAbstractTableModel):
    """Rows come and go with the tasks, in the order in which they started; only what changed is told."""

    def __init__(
        self, parent: QObject | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._looks: Looks = {}
        self._rows: list[_Row] = []

    # --- what is fed in ------------------------------------------------------------------------------------

    def set_looks(self, looks: Looks) -> None:
        """How domains are called and coloured, for the rows that come from now on."""
        self._looks = looks

    def apply_events(
        self, events: Sequence[SchedulerEvent], running: Callable[[], Sequence[TaskRecord]]
    ) -> None:
        """A batch of the event bridge. `running` is asked only when a task may have started or ended."""
        known = self._places()
        if any(not isinstance(event, Progress) or event.task_id not in known for event in events):
            self.show_running(running())
            known = self._places()
        for event in events:
            if isinstance(event, Progress) and event.task_id in known:
                self._on_progress(known[event.task_id], event)

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
                self._change(row, fresh, TaskProgress() if again else mine.state)
        if wanted:
            self.beginInsertRows(ROOT, len(self._rows), len(self._rows) + len(wanted) - 1)
            self._rows += [
                _Row(record, look_of(self._looks, record.domain), TaskProgress())
                for record in wanted.values()
            ]
            self.endInsertRows()

    def apply_estimates(self, progress: Iterable[EstimatedProgress], moved: Iterable[ByteProgress]) -> None:
        """What the scheduler reckons: fractions, ends and rates; tasks that are not here are left out."""
        known = self._places()
        for one in progress:
            if (row := known.get(one.task_id)) is not None:
                state = self._rows[row].state
                # A report of the task itself, which may be newer than the snapshot, stands.
                told = state.fraction is not None and not state.is_guess
                self._change(
                    row,
                    self._rows[row].record,
                    replace(
                        state,
                        fraction=state.fraction if told else one.fraction,
                        is_guess=not told and one.extrapolated,
                        message=state.message or one.message,
                        eta=one.eta,
                    ),
                )
        for two in moved:
            if (row := known.get(two.task_id)) is not None:
                state = self._rows[row].state
                rated = replace(
                    state,
                    bytes_done=max(state.bytes_done, two.done),
                    bytes_total=two.total if two.total is not None else state.bytes_total,
                    bytes_per_s=two.throughput,
                    eta=state.eta or two.eta,
                )
                self._change(row, self._rows[row].record, rated)

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

    def domains(self) -> set[str]:
        """The domains of what runs."""
        return {row.record.domain for row in self._rows}

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
        titles: dict[int, str] = {
            TaskColumn.TASK: self.tr("Task"),
            TaskColumn.DOMAIN: self.tr("Domain"),
            TaskColumn.PROGRESS: self.tr("Progress"),
            TaskColumn.DATA: self.tr("Data"),
            TaskColumn.ELAPSED: self.tr("Elapsed"),
            TaskColumn.LEFT: self.tr("Left"),
        }
        return header(section, orientation, role, titles, _RIGHT)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for people and screen readers, and the values behind them; all from memory."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], TaskColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == RECORD_ROLE:
            return row.record
        if role == STATE_ROLE:
            return row.state
        if role == LOOK_ROLE:
            return row.look
        if role == CAPTION_ROLE and column == TaskColumn.TASK:
            return self._caption(row)
        if role == SORT_ROLE:
            return self._sort_value(row, column)
        return self._words(row, column, role)

    def _words(self, row: _Row, column: TaskColumn, role: int) -> Any:
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row) if column == TaskColumn.TASK else self._spoken_cell(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            if column == TaskColumn.TASK:
                return row.record.label
            return row.state.message if column == TaskColumn.PROGRESS else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column, _RIGHT)
        return None

    # --- rows ----------------------------------------------------------------------------------------------

    def _places(self) -> dict[int, int]:
        return {row.record.id: place for place, row in enumerate(self._rows)}

    def _on_progress(self, row: int, event: Progress) -> None:
        state = self._rows[row].state
        told = event.fraction is not None
        changed = replace(
            state,
            fraction=event.fraction if told else state.fraction,
            is_guess=state.is_guess and not told,
            message=event.message,
            bytes_done=event.bytes_done,
            bytes_total=event.bytes_total,
        )
        self._change(row, self._rows[row].record, changed)

    def _change(self, row: int, record: TaskRecord, state: TaskProgress) -> None:
        mine = self._rows[row]
        if mine.record == record and mine.state == state:
            return
        first = TaskColumn.TASK if mine.record != record else TaskColumn.PROGRESS
        mine.record, mine.state = record, state
        self.dataChanged.emit(self.index(row, first), self.index(row, TaskColumn.LEFT))

    # --- words ---------------------------------------------------------------------------------------------

    def _text(self, row: _Row, column: TaskColumn) -> str:
        state, record = row.state, row.record
        if column == TaskColumn.TASK:
            return record.label
        if column == TaskColumn.DOMAIN:
            return row.look.title
        if column == TaskColumn.PROGRESS:
            if state.fraction is None:
                return self.tr("working")
            text = percent_text(state.fraction)
            return f"≈ {text}" if state.is_guess else text
        if column == TaskColumn.DATA:
            return self._data_text(state)
        if column == TaskColumn.ELAPSED and record.started_at is not None:
            return stopwatch_text((self._now() - record.started_at).total_seconds())
        if column == TaskColumn.LEFT and state.eta is not None:
            return duration_text(max(1.0, (state.eta - self._now()).total_seconds()))
        return ""

    def _data_text(self, state: TaskProgress) -> str:
        if state.bytes_done == 0 and state.bytes_total is None:
            return ""
        done = bytes_text(state.bytes_done)
        if state.bytes_total is None:
            return done
        return self.tr("{0} of {1}").format(done, bytes_text(state.bytes_total))

    def _caption(self, row: _Row) -> str:
        kind = type_name(row.record.task_type)
        if not row.record.retry_count:
            return kind
        return self.tr("{0} · attempt {1}").format(kind, row.record.retry_count + 1)

    def _spoken_cell(self, row: _Row, column: TaskColumn) -> str:
        text = self._text(row, column)
        guessed = column == TaskColumn.PROGRESS and row.state.is_guess and row.state.fraction is not None
        return self.tr("about {0}").format(percent_text(row.state.fraction or 0.0)) if guessed else text

    def _spoken(self, row: _Row) -> str:
        progress = self._spoken_cell(row, TaskColumn.PROGRESS)
        parts = [row.record.label, row.look.title, self._caption(row), progress]
        if row.record.started_at is not None:
            since = moment_text(row.record.started_at, self._now())
            parts.append(self.tr("started {0}").format(since))
        return ". ".join(parts)

    def _sort_value(self, row: _Row, column: TaskColumn) -> Any:
        state = row.state
        return {
            TaskColumn.TASK: row.record.label.casefold(),
            TaskColumn.DOMAIN: row.look.order,
            TaskColumn.PROGRESS: -1.0 if state.fraction is None else state.fraction,
            TaskColumn.DATA: float(state.bytes_done),
            # The one that runs longest has the earliest start.
            TaskColumn.ELAPSED: -(row.record.started_at or self._now()).timestamp(),
            TaskColumn.LEFT: float("inf") if state.eta is None else state.eta.timestamp(),
            TaskColumn.ACTIONS: row.record.id,
        }[column]
