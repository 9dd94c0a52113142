"""Causes of failures, one row each, below one row for all failures; they keep their places while somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractListModel, QObject, Qt, Signal

from app.language import said
from app.models.cause_words import cause_title, count_text, names_text, sample_text
from app.models.columns import ROOT, Index, runs_of
from app.models.domain_looks import Looks, look_of
from app.models.wording import moment_text, number_text

if TYPE_CHECKING:
    from scheduler_core import FailureCause

CAUSE_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""The row's FailureCause; None for the row of all failures."""
LOOK_ROLE: Final = Qt.ItemDataRole.UserRole + 2
"""The DomainLook of the cause's domain; None for the row of all failures."""
COUNT_ROLE: Final = Qt.ItemDataRole.UserRole + 3
"""How many failures there are, as text."""
CAPTION_ROLE: Final = Qt.ItemDataRole.UserRole + 4
"""When the last of them failed, and what the newest are called."""

SAMPLE_ROLE: Final = Qt.ItemDataRole.UserRole + 5
"""The newest error as it is, where the title leaves something out of it."""

PAGE: Final = 50
MOST_CAUSES: Final = 1_000
"""So many are held; the others come when these are dealt with."""


class CausesModel(QAbstractListModel):
    """The first row is that of all failures; it is there while there is any.

    `more_wanted()` asks for more causes than `limit`, which has grown by then; the answer comes by `show_causes`.
    """

    more_wanted = Signal()

    def __init__(
        self, parent: QObject | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._looks: Looks = {}
        self._causes: list[FailureCause] = []
        self._total = 0
        self._is_shown = False
        self._has_more = False
        self._kept: set[int] = set()
        self.limit = PAGE

    # --- what is fed in ------------------------------------------------------------------------------------

    def set_looks(self, looks: Looks) -> None:
        """How domains are called and coloured."""
        self._looks = looks

    def keep(self, ids: Iterable[int]) -> None:
        """These causes stay, with no failures, also when all of theirs are gone: one of them is being tried."""
        self._kept = set(ids)

    def show_causes(self, causes: Sequence[FailureCause], total: int, *, has_more: bool) -> None:
        """The causes, the newest first, and how many failures there are. New ones come above, others stay in place."""
        self._has_more = has_more and self.limit < MOST_CAUSES
        self._show_total(total, is_shown=total > 0 or bool(self._kept))
        if not self._is_shown:
            return
        by_id = {cause.id: cause for cause in causes}
        for first, last in reversed(
            runs_of([row for row, one in enumerate(self._causes) if self._is_gone(one, by_id)])
        ):
            self.beginRemoveRows(ROOT, first + 1, last + 1)
            del self._causes[first : last + 1]
            self.endRemoveRows()
        known = {cause.id for cause in self._causes}
        below = max((place for place, cause in enumerate(causes) if cause.id in known), default=-1)
        self._insert(len(self._causes), [cause for cause in causes[below + 1 :] if cause.id not in known])
        self._insert(0, [cause for cause in causes[: max(0, below)] if cause.id not in known])
        for row, cause in enumerate(self._causes):
            fresh = by_id.get(cause.id) or cause.evolve(n=0)
            if fresh != cause:
                self._causes[row] = fresh
                self._tell(row + 1)

    def clear(self) -> None:
        """No rows."""
        self._kept.clear()
        self.limit = PAGE
        self._has_more = False
        self._show_total(0, is_shown=False)

    # --- what is read --------------------------------------------------------------------------------------

    @property
    def causes(self) -> tuple[FailureCause, ...]:
        """What is shown, from above."""
        return tuple(self._causes)

    @property
    def total(self) -> int:
        """How many failures there are of all causes."""
        return self._total

    @property
    def has_more(self) -> bool:
        """Are there causes that are not shown?"""
        return self._has_more

    def cause_at(self, index: Index) -> FailureCause | None:
        """The cause of a row; None for the row of all failures."""
        return self._causes[index.row() - 1] if index.isValid() and index.row() > 0 else None

    def row_of(self, cause_id: int) -> int | None:
        """The row of a cause."""
        return next((row for row, one in enumerate(self._causes, 1) if one.id == cause_id), None)

    # --- Qt's side -----------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = ROOT) -> int:
        """The causes and the row of all."""
        return 0 if parent.isValid() or not self._is_shown else 1 + len(self._causes)

    def canFetchMore(self, parent: Index) -> bool:
        """Are there causes that nobody has asked for yet?"""
        return not parent.isValid() and self._has_more

    def fetchMore(self, parent: Index) -> None:
        """Asks for them."""
        if self.canFetchMore(parent):
            self._has_more = False
            self.limit = min(MOST_CAUSES, self.limit + 2 * PAGE)
            self.more_wanted.emit()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for people and screen readers, and the values behind them; all from memory."""
        if not index.isValid() or index.row() > len(self._causes):
            return None
        cause = self.cause_at(index)
        if role == CAUSE_ROLE:
            return cause
        if role == Qt.ItemDataRole.DisplayRole:
            return self.tr("All failures") if cause is None else cause_title(cause)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(cause)
        if role == COUNT_ROLE:
            return number_text(self._total if cause is None else cause.n)
        if cause is None:
            return None
        if role == LOOK_ROLE:
            return look_of(self._looks, cause.domain)
        if role == CAPTION_ROLE:
            return " · ".join(filter(None, (moment_text(cause.newest, self._now()), names_text(cause))))
        if role == SAMPLE_ROLE:
            return sample_text(cause) if cause.n > 1 else ""
        return said(cause.sample, cause.domain) if role == Qt.ItemDataRole.ToolTipRole else None

    # --- rows ----------------------------------------------------------------------------------------------

    def _is_gone(self, cause: FailureCause, found: dict[int, FailureCause]) -> bool:
        return cause.id not in found and cause.id not in self._kept

    def _show_total(self, total: int, *, is_shown: bool) -> None:
        """How many there are of all; and whether there are rows."""
        if self._is_shown and not is_shown:
            self.beginRemoveRows(ROOT, 0, len(self._causes))
            self._causes.clear()
            self._is_shown, self._total = False, 0
            self.endRemoveRows()
        elif is_shown and not self._is_shown:
            self.beginInsertRows(ROOT, 0, 0)
            self._is_shown, self._total = True, total
            self.endInsertRows()
        elif is_shown and total != self._total:
            self._total = total
            self._tell(0)

    def _insert(self, place: int, causes: list[FailureCause]) -> None:
        if causes:
            self.beginInsertRows(ROOT, place + 1, place + len(causes))
            self._causes[place:place] = causes
            self.endInsertRows()

    def _tell(self, row: int) -> None:
        self.dataChanged.emit(self.index(row), self.index(row))

    def _spoken(self, cause: FailureCause | None) -> str:
        if cause is None:
            return ". ".join((self.tr("All failures"), count_text(self._total)))
        look = look_of(self._looks, cause.domain)
        when = moment_text(cause.newest, self._now())
        return ". ".join((cause_title(cause).rstrip("."), look.title, count_text(cause.n), when))
