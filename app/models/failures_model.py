"""What failed for good, newest first, loaded page by page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Signal

from app.language import said
from app.models.columns import ROOT, Index, alignment, header, runs_of
from app.models.domain_looks import Looks, look_of, task_name, type_name
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


MOST_ROWS: Final = 600
"""Of a list that may have millions, so many are held; a view lays all of them out whenever one comes."""
CHUNK: Final = 200
"""Of which so many are forgotten at once, and asked for again when somebody comes back to them."""


class FailuresModel(QAbstractTableModel):
    """Rows are inserted, changed and removed one by one or in runs; the model is never reset.

    `more_wanted(int)` asks for the failures before that one, by its id; the answer comes by `append`. As many as come
    below are forgotten above: then `is_slid`, and `newer_wanted(int | None)` asks for `CHUNK` failures before that one
    (None: for the newest); the answer comes by `prepend`.
    """

    more_wanted = Signal(int)
    newer_wanted = Signal(object)

    def __init__(
        self, parent: QObject | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._looks: Looks = {}
        self._records: list[TaskHistoryRecord] = []
        # The ids of the last rows of the chunks that were forgotten above, the newest first.
        self._above: list[int] = []
        self._is_newer_asked = False
        self._is_of_one_cause = False
        self.paging = Paging()

    # --- what is fed in ------------------------------------------------------------------------------------

    def set_looks(self, looks: Looks) -> None:
        """How domains are called and coloured."""
        self._looks = looks

    def set_of_one_cause(self, of_one_cause: bool) -> None:
        """Do all have one cause? Then the tasks are what tells rows apart."""
        self._is_of_one_cause = of_one_cause
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, FailureColumn.MESSAGE, FailureColumn.MESSAGE)

    def show_newest(self, records: Sequence[TaskHistoryRecord], *, is_all: bool) -> None:
        """The newest failures. Rows as new as these that are not among them are gone; with `is_all`, all others."""
        oldest = 0 if is_all or not records or self._is_apart(records) else records[-1].seq
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
            self._insert(len(self._records), fresh)
            self._forget_above()
        # Only now: whoever asks for more must be told where the list ends.
        self.paging.on_page(is_last=is_last)

    def prepend(self, records: Sequence[TaskHistoryRecord]) -> None:
        """Newer failures, the answer to `newer_wanted`."""
        self._is_newer_asked = False
        if not self._above:
            return
        last = self._above[-1]
        reaches = len(records) < CHUNK or any(record.id == last for record in records)
        if len(self._above) == 1 and not reaches:
            # So many came meanwhile that what is held does not follow on them any more.
            self._above.clear()
            self.show_newest(records, is_all=False)
            return
        newest = self._records[0].seq if self._records else 0
        self._insert(0, [record for record in records if record.seq > newest])
        self._above.pop()
        if len(self._records) > MOST_ROWS:
            self._delete(MOST_ROWS - CHUNK, len(self._records) - 1)
            self.paging.on_page(is_last=False)

    def keep_newer_away(self) -> None:
        """What was asked for by `newer_wanted` did not come; it may be asked for again."""
        self._is_newer_asked = False

    def remove(self, ids: Iterable[int]) -> None:
        """These were cleared or are tried again; ids that are not there are left out."""
        gone = set(ids)
        rows = [row for row, record in enumerate(self._records) if record.id in gone]
        for first, last in reversed(runs_of(rows)):
            self._delete(first, last)

    def clear(self) -> None:
        """No rows, and no more to ask for."""
        self.paging.on_page(is_last=True)
        self._above.clear()
        self._is_newer_asked = False
        if self._records:
            self._delete(0, len(self._records) - 1)

    # --- what is read --------------------------------------------------------------------------------------

    @property
    def records(self) -> tuple[TaskHistoryRecord, ...]:
        """What is loaded, newest first."""
        return tuple(self._records)

    @property
    def is_slid(self) -> bool:
        """Are there newer failures than the first row, which were forgotten?"""
        return bool(self._above)

    def record_at(self, index: Index) -> TaskHistoryRecord | None:
        """The failure of a row."""
        return self._records[index.row()] if index.isValid() else None

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

    def fetch_newer(self) -> None:
        """Somebody comes near the first row: asks for those above it that were forgotten."""
        if self._above and not self._is_newer_asked:
            self._is_newer_asked = True
            self.newer_wanted.emit(self._above[-2] if len(self._above) > 1 else None)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        return header(section, orientation, role, self._titles, _RIGHT)

    def _titles(self) -> dict[int, str]:
        return {
            FailureColumn.MESSAGE: self.tr("Task") if self._is_of_one_cause else self.tr("What went wrong"),
            FailureColumn.FILE: self.tr("File"),
            FailureColumn.DOMAIN: self.tr("Domain"),
            FailureColumn.WHEN: self.tr("When"),
            FailureColumn.ATTEMPTS: self.tr("Attempts"),
        }

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
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(FailureColumn) - 1))
            return 1
        end = place + 1
        while end < len(records) and (here is None or records[end].id != here.id):
            end += 1
        self._insert(place, records[place:end])
        return end - place

    def _is_apart(self, newest: Sequence[TaskHistoryRecord]) -> bool:
        """May there be others between these and what is held? So many came that they do not reach down to it."""
        return bool(self._records) and newest[-1].seq > self._records[0].seq

    def _forget_above(self) -> None:
        while len(self._records) > MOST_ROWS:
            self._above.append(self._records[CHUNK - 1].id)
            self._delete(0, CHUNK - 1)

    def _insert(self, place: int, records: Sequence[TaskHistoryRecord]) -> None:
        if records:
            self.beginInsertRows(ROOT, place, place + len(records) - 1)
            self._records[place:place] = records
            self.endInsertRows()

    def _delete(self, first: int, last: int) -> None:
        self.beginRemoveRows(ROOT, first, last)
        del self._records[first : last + 1]
        self.endRemoveRows()

    # --- words ---------------------------------------------------------------------------------------------

    def _text(self, record: TaskHistoryRecord, column: FailureColumn) -> str:
        if column == FailureColumn.MESSAGE:
            return short_reason(record) or self.tr("It gave no reason")
        if column == FailureColumn.FILE:
            return task_name(record) or type_name(record.task_type)
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
    line = first_line(said(record.last_error or "", record.domain))
    rest = line.removeprefix(f"{record.label}: ") if record.label else line
    if rest == line:
        path = _LEADING_PATH.match(line)
        rest = line[path.end() :] if path else line
    return rest[:1].upper() + rest[1:] if rest != line else line


def attempts_of(record: TaskHistoryRecord) -> int:
    """How often it was tried."""
    return len(record.attempts) or record.retry_count + (record.started_at is not None)
