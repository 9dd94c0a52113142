"""What failed for good, newest first, loaded page by page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Signal

from app.models.causes import Cause, cause_of
from app.models.columns import ROOT, Index, alignment, header
from app.models.domain_looks import Looks, look_of, type_name
from app.models.paging import Paging
from app.models.wording import moment_text
from scheduler_core import TaskHistoryRecord

_LEADING_PATH: Final = re.compile(r"[^:]*[/\\][^:]*: (?=.)")

RECORD_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""The row's TaskHistoryRecord."""
LOOK_ROLE: Final = Qt.ItemDataRole.UserRole + 2
"""The DomainLook of the row's domain."""


class FailureColumn(IntEnum):
    """The columns, left to right."""

    MESSAGE = 0
    FILE = 1
    DOMAIN = 2
    WHEN = 3
    ATTEMPTS = 4


_RIGHT: Final = frozenset({FailureColumn.ATTEMPTS})


class FailuresModel(QAbstractTableModel):
    """Rows are inserted, changed and removed one by one or in runs; the model is never reset.

    `more_wanted(int)` asks for the failures before that one, by its id; the answer comes by `append`.
    """

    more_wanted = Signal(int)

    def __init__(
        self, parent: QObject | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._looks: Looks = {}
        self._records: list[TaskHistoryRecord] = []
        self._causes: dict[int, Cause] = {}
        self.paging = Paging()

    # --- what is fed in ------------------------------------------------------------------------------------

    def set_looks(self, looks: Looks) -> None:
        """How domains are called and coloured."""
        self._looks = looks

    def show_newest(self, records: Sequence[TaskHistoryRecord], *, is_all: bool) -> None:
        """The newest failures. Rows as new as these that are not among them are gone; with `is_all`, all others."""
        oldest = 0 if is_all or not records else records[-1].seq
        wanted = {record.id for record in records}
        self.remove([one.id for one in self._records if one.seq >= oldest and one.id not in wanted])
        place = 0
        while place < len(records):
            place += self._put(place, records)
        self.paging.on_newest(is_all=is_all, reaches_end=len(records) >= len(self._records))

    def append(self, records: Sequence[TaskHistoryRecord], *, is_last: bool) -> None:
        """Older failures, the answer to `more_wanted`."""
        oldest = self._records[-1].seq if self._records else None
        fresh = [record for record in records if oldest is None or record.seq < oldest]
        if fresh:
            self.beginInsertRows(ROOT, len(self._records), len(self._records) + len(fresh) - 1)
            self._records += fresh
            self.endInsertRows()
        # Only now: whoever asks for more must be told where the list ends.
        self.paging.on_page(is_last=is_last)

    def remove(self, ids: Iterable[int]) -> None:
        """These were cleared or are tried again; ids that are not there are left out."""
        gone = set(ids)
        for one in gone:
            self._causes.pop(one, None)
        rows = [row for row, record in enumerate(self._records) if record.id in gone]
        for first, last in reversed(_runs(rows)):
            self.beginRemoveRows(ROOT, first, last)
            del self._records[first : last + 1]
            self.endRemoveRows()

    def clear(self) -> None:
        """No rows, and no more to ask for."""
        self.paging.on_page(is_last=True)
        self.remove([record.id for record in self._records])

    # --- what is read --------------------------------------------------------------------------------------

    @property
    def records(self) -> tuple[TaskHistoryRecord, ...]:
        """What is loaded, newest first."""
        return tuple(self._records)

    def record_at(self, index: Index) -> TaskHistoryRecord | None:
        """The failure of a row."""
        return self._records[index.row()] if index.isValid() else None

    def alike(self, record: TaskHistoryRecord) -> tuple[TaskHistoryRecord, ...]:
        """What is loaded and failed for the same reason, `record` among it."""
        cause = self._cause(record)
        return tuple(one for one in self._records if self._cause(one) == cause)

    # --- Qt's side -----------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = ROOT) -> int:
        """Failures that are loaded."""
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: Index = ROOT) -> int:
        """Cells of a failure."""
        return 0 if parent.isValid() else len(FailureColumn)

    def canFetchMore(self, parent: Index) -> bool:
        """Are there older failures that nobody has asked for yet, and is the end of the list in sight?"""
        return not parent.isValid() and bool(self._records) and self.paging.may_ask()

    def fetchMore(self, parent: Index) -> None:
        """Asks for the older failures."""
        if self.canFetchMore(parent):
            self.paging.ask()
            self.more_wanted.emit(self._records[-1].id)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        titles: dict[int, str] = {
            FailureColumn.MESSAGE: self.tr("What went wrong"),
            FailureColumn.FILE: self.tr("File"),
            FailureColumn.DOMAIN: self.tr("Domain"),
            FailureColumn.WHEN: self.tr("When"),
            FailureColumn.ATTEMPTS: self.tr("Attempts"),
        }
        return header(section, orientation, role, titles, _RIGHT)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for people and screen readers, and the values behind them; all from memory."""
        if not index.isValid() or index.row() >= len(self._records):
            return None
        record, column = self._records[index.row()], FailureColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(record, column)
        if role == RECORD_ROLE:
            return record
        if role == LOOK_ROLE:
            return look_of(self._looks, record.domain)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(record) if column == FailureColumn.MESSAGE else self._text(record, column)
        if role == Qt.ItemDataRole.ToolTipRole and column in {FailureColumn.MESSAGE, FailureColumn.FILE}:
            return self._text(record, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column, _RIGHT)
        return None

    # --- rows ----------------------------------------------------------------------------------------------

    def _put(self, place: int, records: Sequence[TaskHistoryRecord]) -> int:
        """Makes the rows from `place` on those of `records`, as far as one change goes; returns how many those are."""
        here = self._records[place] if place < len(self._records) else None
        if here is not None and here.id == records[place].id:
            if here != records[place]:
                self._records[place] = records[place]
                self._causes.pop(here.id, None)
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(FailureColumn) - 1))
            return 1
        end = place + 1
        while end < len(records) and (here is None or records[end].id != here.id):
            end += 1
        self.beginInsertRows(ROOT, place, end - 1)
        self._records[place:place] = records[place:end]
        self.endInsertRows()
        return end - place

    def _cause(self, record: TaskHistoryRecord) -> Cause:
        """Worked out once a record: hundreds are compared whenever another row is selected."""
        if record.id not in self._causes:
            self._causes[record.id] = cause_of(record)
        return self._causes[record.id]

    # --- words ---------------------------------------------------------------------------------------------

    def _text(self, record: TaskHistoryRecord, column: FailureColumn) -> str:
        if column == FailureColumn.MESSAGE:
            return short_reason(record) or self.tr("It gave no reason")
        if column == FailureColumn.FILE:
            return record.label or type_name(record.task_type)
        if column == FailureColumn.DOMAIN:
            return look_of(self._looks, record.domain).title
        if column == FailureColumn.WHEN:
            return moment_text(record.completed_at, self._now())
        return str(attempts_of(record))

    def _spoken(self, record: TaskHistoryRecord) -> str:
        return ". ".join(self._text(record, column).rstrip(".") for column in list(FailureColumn)[:4])


def first_line(text: str | None) -> str:
    """The first line with something in it; empty for none."""
    return next((line.strip() for line in (text or "").splitlines() if line.strip()), "")


def short_reason(record: TaskHistoryRecord) -> str:
    """The first line of the message, without the file or path it begins with; empty for none.

    The file stands beside it, and what comes after tells more in a narrow column.
    """
    line = first_line(record.last_error)
    rest = line.removeprefix(f"{record.label}: ") if record.label else line
    if rest == line:
        path = _LEADING_PATH.match(line)
        rest = line[path.end() :] if path else line
    return rest[:1].upper() + rest[1:] if rest != line else line


def attempts_of(record: TaskHistoryRecord) -> int:
    """How often it was tried."""
    return len(record.attempts) or record.retry_count + (record.started_at is not None)


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending rows as (first, last) of each unbroken run."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
