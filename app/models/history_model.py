"""What has ended, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QLocale, Qt

from app.language import said
from app.models.columns import ROOT, Index, alignment, header
from app.models.domain_looks import DomainLook, look_of, task_name, type_name
from app.models.failures_model import attempts_of, short_reason
from app.models.state_words import state_text
from app.models.tasks_model import CAPTION_ROLE, LOOK_ROLE, RECORD_ROLE
from app.models.window_model import WindowModel
from app.models.wording import duration_text, moment_text, number_text
from scheduler_core import TaskHistoryRecord


class HistoryColumn(IntEnum):
    """The columns, left to right."""

    TASK = 0
    DOMAIN = 1
    STATE = 2
    ENDED = 3
    TOOK = 4
    ATTEMPTS = 5
    ACTIONS = 6


_RIGHT: Final = frozenset({HistoryColumn.TOOK, HistoryColumn.ATTEMPTS})
_SHORT_S: Final = 10.0


@dataclass(frozen=True)
class HistoryRow:
    """One row."""

    record: TaskHistoryRecord
    look: DomainLook


class HistoryModel(WindowModel):
    """A window on the history; a record never changes."""

    def make_row(self, record: TaskHistoryRecord, before: HistoryRow | None) -> HistoryRow:
        """The row of a record."""
        return HistoryRow(record, look_of(self.looks, record.domain))

    def columnCount(self, parent: Index = ROOT) -> int:
        """Cells of a record."""
        return 0 if parent.isValid() else len(HistoryColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        return header(section, orientation, role, self._titles, _RIGHT)

    def _titles(self) -> dict[int, str]:
        return {
            HistoryColumn.TASK: self.tr("Task"),
            HistoryColumn.DOMAIN: self.tr("Domain"),
            HistoryColumn.STATE: self.tr("End"),
            HistoryColumn.ENDED: self.tr("Ended"),
            HistoryColumn.TOOK: self.tr("Took"),
            HistoryColumn.ATTEMPTS: self.tr("Attempts"),
        }

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for people and screen readers, and the values behind them; all from memory."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row, column = self.rows[index.row()], HistoryColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        if role == RECORD_ROLE:
            return row.record
        if role == LOOK_ROLE:
            return row.look
        if role == CAPTION_ROLE:
            return self.caption(row.record, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row) if column == HistoryColumn.TASK else self.text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._hint(row.record, column)
        return alignment(column, _RIGHT) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def text(self, row: HistoryRow, column: HistoryColumn) -> str:
        """What a cell shows."""
        record = row.record
        if column == HistoryColumn.TASK:
            return task_name(record)
        if column == HistoryColumn.DOMAIN:
            return row.look.title
        if column == HistoryColumn.STATE:
            return state_text(record.status)
        if column == HistoryColumn.ENDED:
            return moment_text(record.completed_at, self.now())
        if column == HistoryColumn.TOOK:
            return "" if record.duration is None else took_text(record.duration)
        return number_text(attempts_of(record)) if column == HistoryColumn.ATTEMPTS else ""

    def caption(self, record: TaskHistoryRecord, column: HistoryColumn) -> str:
        """The second, quieter line of a cell: the type, and why it ended so."""
        if column == HistoryColumn.TASK:
            return type_name(record.task_type)
        return short_reason(record) if column == HistoryColumn.STATE else ""

    def _spoken(self, row: HistoryRow) -> str:
        record = row.record
        parts = [task_name(record), row.look.title, state_text(record.status), short_reason(record)]
        parts.append(self.tr("ended {0}").format(moment_text(record.completed_at, self.now())))
        return ". ".join(part.rstrip(".") for part in parts if part)

    def _hint(self, record: TaskHistoryRecord, column: HistoryColumn) -> str | None:
        if column == HistoryColumn.TASK:
            return task_name(record)
        return said(record.last_error or "", record.domain) or None if column == HistoryColumn.STATE else None


def took_text(duration_s: float) -> str:
    """How long an attempt took: "12 ms", "3.4 s", "1 h 10 min"."""
    if duration_s < 1:
        return QCoreApplication.translate("wording", "{0} ms").format(round(duration_s * 1000))
    if duration_s < _SHORT_S:
        return QCoreApplication.translate("wording", "{0} s").format(QLocale().toString(duration_s, "f", 1))
    return duration_text(duration_s)
