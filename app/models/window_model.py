"""A list that holds a few hundred rows of however many there are: what comes at one end is forgotten at the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QObject, Signal

from app.models.columns import ROOT, Index, runs_of
from app.models.domain_looks import Looks
from app.models.paging import Paging

MOST_ROWS: Final = 300
"""Of a list that may have millions, so many are held; a view lays all of them out whenever one comes."""
CHUNK: Final = 100
"""Of which so many are forgotten at once, and asked for again when somebody comes back to them."""


class WindowModel(QAbstractTableModel):
    """Rows by the ids of their records: moved, changed, inserted and removed one by one or in runs, never reset.

    The first `head` rows are always there; those below are a window on a longer list. `more_wanted()` asks for what comes
    behind the window, `newer_wanted()` for what was forgotten before it. A subclass makes the rows, each with a `record`.
    """

    more_wanted = Signal()
    newer_wanted = Signal()

    def __init__(
        self, parent: QObject | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(parent)
        self.now = now
        self.looks: Looks = {}
        self.rows: list[Any] = []
        self.head = 0
        self.paging = Paging()
        self._is_slid = self._is_newer_asked = False

    # --- what a subclass says ------------------------------------------------------------------------------

    def make_row(self, record: Any, before: Any | None) -> Any:
        """The row of a record; `before` is the one it had, if it had one."""
        raise NotImplementedError

    # --- what is fed in ------------------------------------------------------------------------------------

    def set_looks(self, looks: Looks) -> None:
        """How domains are called and coloured, for the rows that come from now on."""
        self.looks = looks

    def show_window(self, records: Sequence[Any], *, is_first: bool, is_last: bool) -> None:
        """The window shows these: `is_first`, `is_last` say whether the list begins and ends with them."""
        heads = [row.record for row in self.rows[: self.head]]
        self.arrange(heads, records)
        self._is_slid, self._is_newer_asked = not is_first, False
        # Only now: whoever asks for more must be told where the list ends.
        self.paging.on_page(is_last=is_last)

    def append(self, records: Sequence[Any], *, is_last: bool) -> None:
        """What comes behind the window, the answer to `more_wanted`."""
        known = {row.record.id for row in self.rows}
        self._insert(len(self.rows), [record for record in records if record.id not in known])
        self.paging.on_page(is_last=is_last)

    def forget_first(self) -> Any | None:
        """Where more rows are held than should be: forgets a `CHUNK` of the first and returns the record of its last."""
        if len(self.rows) - self.head <= MOST_ROWS:
            return None
        last = self.rows[self.head + CHUNK - 1].record
        self._delete(self.head, self.head + CHUNK - 1)
        self._is_slid = True
        return last

    def keep_newer_away(self) -> None:
        """What was asked for by `newer_wanted` did not come; it may be asked for again."""
        self._is_newer_asked = False

    def clear(self) -> None:
        """No rows, and no more to ask for."""
        self.paging.on_page(is_last=True)
        self._is_slid = self._is_newer_asked = False
        self.arrange((), ())

    def arrange(self, heads: Sequence[Any], window: Sequence[Any]) -> None:
        """The rows become these, with as few changes as there are; what is in the head is not in the window as well."""
        first = {record.id for record in heads}
        target = [*heads, *(record for record in window if record.id not in first)]
        wanted = {record.id for record in target}
        gone = [place for place, row in enumerate(self.rows) if row.record.id not in wanted]
        for begin, end in reversed(runs_of(gone)):
            self._delete(begin, end)
        self.head = len(heads)
        held, place = {row.record.id for row in self.rows}, 0
        while place < len(target):
            record = target[place]
            if record.id not in held:
                end = place + 1
                while end < len(target) and target[end].id not in held:
                    end += 1
                self._insert(place, target[place:end])
                place = end
                continue
            if self.rows[place].record.id != record.id:
                self._bring(record.id, place)
            if self.rows[place].record != record:
                self.change(place, self.make_row(record, self.rows[place]))
            place += 1

    # --- what is read --------------------------------------------------------------------------------------

    @property
    def is_slid(self) -> bool:
        """Is there something before the window, which was forgotten?"""
        return self._is_slid

    @property
    def window(self) -> list[Any]:
        """The records of the window."""
        return [row.record for row in self.rows[self.head :]]

    def record_at(self, index: Index) -> Any:
        """The record of a row; None where there is no such row."""
        return self.rows[index.row()].record if index.isValid() and index.row() < len(self.rows) else None

    def places(self) -> dict[int, int]:
        """The row of each id."""
        return {row.record.id: place for place, row in enumerate(self.rows)}

    # --- Qt's side -----------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = ROOT) -> int:
        """Rows that are held."""
        return 0 if parent.isValid() else len(self.rows)

    def canFetchMore(self, parent: Index) -> bool:
        """Is there more that nobody has asked for yet, and is the end of the list in sight?"""
        return not parent.isValid() and len(self.rows) > self.head and self.paging.may_ask()

    def fetchMore(self, parent: Index) -> None:
        """Asks for what comes behind the window."""
        if self.canFetchMore(parent):
            self.paging.ask()
            self.more_wanted.emit()

    def fetch_newer(self) -> None:
        """Somebody comes near the first row: asks for what was forgotten before the window."""
        if self._is_slid and not self._is_newer_asked:
            self._is_newer_asked = True
            self.newer_wanted.emit()

    # --- rows ----------------------------------------------------------------------------------------------

    def change(self, place: int, row: Any) -> None:
        """Another content of a row."""
        if self.rows[place] != row:
            self.rows[place] = row
            self.dataChanged.emit(self.index(place, 0), self.index(place, self.columnCount() - 1))

    def _bring(self, record_id: int, place: int) -> None:
        """Moves a row up: rows before `place` are in place already, so that it can only come from further down."""
        at = next(n for n in range(place + 1, len(self.rows)) if self.rows[n].record.id == record_id)
        self.beginMoveRows(ROOT, at, at, ROOT, place)
        self.rows.insert(place, self.rows.pop(at))
        self.endMoveRows()

    def _insert(self, place: int, records: Sequence[Any]) -> None:
        if records:
            self.beginInsertRows(ROOT, place, place + len(records) - 1)
            self.rows[place:place] = [self.make_row(record, None) for record in records]
            self.endInsertRows()

    def _delete(self, first: int, last: int) -> None:
        self.beginRemoveRows(ROOT, first, last)
        del self.rows[first : last + 1]
        self.endRemoveRows()
