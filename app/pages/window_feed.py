"""Keeps a WindowModel as the scheduler has it: a window on a list of any length, each page asked for behind a record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer

from app.bridge.session import Session
from app.models.domain_looks import domain_looks
from app.models.task_wish import TaskWish
from app.models.window_model import CHUNK, MOST_ROWS, WindowModel
from app.pages.list_feed import ListFeed

PAGE_SIZE: Final = 60
_LEAST_MS: Final = 250
_STORM_MS: Final = 500
"""So often a list is shown anew of which nothing is left each time: nobody reads that, and the window must answer."""
_SEARCH_MS: Final = 2_000
"""So often a search is made again while tasks come and go: it may have to look at many."""


class WindowFeed(ListFeed):
    """While nobody sees the list it only remembers that something changed.

    A subclass says in `question` what is asked, and calls `note_change` when the answer may be another.
    """

    def __init__(
        self,
        session: Session,
        model: WindowModel,
        wish: TaskWish,
        is_seen: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(session, is_seen, _LEAST_MS, parent)
        self.wish = wish
        self.model = model
        # What the window begins behind, and before that what the chunks above it begin behind; None: the whole list.
        self._starts: list[Any] = [None]
        self._is_stale = True
        self._is_more_wanted = self._is_newer_wanted = self._is_other_wish = False
        self._search_timer = QTimer(self)
        self._search_timer.setSingleShot(True)
        self._search_timer.timeout.connect(self._ask_again)
        self.links.qt(model.more_wanted, self._on_more)
        self.links.qt(model.newer_wanted, self._on_newer)
        # What was asked for has been done, or could not be.
        self.links.qt(session.commands.settled, self.note_change)
        model.set_looks(domain_looks(session.plugins))

    async def question(self, limit: int, after: Any) -> Sequence[Any]:
        """What is wanted, `limit` records behind `after`, or the first."""
        raise NotImplementedError

    async def all_of(self, limit: int, after: Any) -> Sequence[Any]:
        """What is wanted, also of what the window does not show: `limit` records behind `after`, or the first."""
        return await self.question(limit, after)

    def before_shown(self) -> None:
        """What a subclass shows in the same picture as an answer."""

    @property
    def is_searching(self) -> bool:
        """Is it not known yet what there is of what is wanted now?"""
        return self._is_other_wish

    @property
    def is_idle(self) -> bool:
        """Is nothing asked, and nothing to be asked?"""
        return super().is_idle and not self._search_timer.isActive()

    def note_change(self) -> None:
        """The answer may be another now."""
        self._is_stale = True
        if not self.is_seen() or self._search_timer.isActive():
            return
        if self.wish.text and not self._is_other_wish:
            self._search_timer.start(_SEARCH_MS)
        else:
            self.refresher.request()

    def set_wish(self, wish: TaskWish) -> None:
        """A person wants to see other tasks."""
        self.wish = wish
        self._is_other_wish = self._is_stale = True
        self._is_more_wanted = self._is_newer_wanted = False
        self._starts = [None]
        self._search_timer.stop()
        if self.is_seen():
            self.refresher.hurry()

    def wake(self) -> None:
        """The list can be seen now: what happened meanwhile is made up for."""
        if self.is_seen() and self._is_stale:
            self.refresher.request()

    def sleep(self) -> None:
        """Nobody sees the list."""
        self._search_timer.stop()

    async def ask(self) -> None:
        """Asks for what is in the window, and for what comes before or behind it where that is wanted."""
        if self._is_newer_wanted:
            await self._ask_newer()
        elif self._is_stale:
            await self._ask_window(max(PAGE_SIZE, min(len(self.model.window), MOST_ROWS)))
        if self._is_more_wanted and not self.refresher.is_closed:
            await self._ask_more()

    def _ask_again(self) -> None:
        if self.is_seen():
            self.refresher.request()

    def _on_more(self) -> None:
        self._is_more_wanted = True
        self.refresher.hurry()

    def _on_newer(self) -> None:
        self._is_newer_wanted = True
        self.refresher.hurry()

    async def _ask_newer(self) -> None:
        self._is_newer_wanted = False
        if len(self._starts) > 1:
            self._starts.pop()
        await self._ask_window(MOST_ROWS if len(self._starts) > 1 else MOST_ROWS - CHUNK)

    async def _ask_window(self, limit: int) -> None:
        wish, start = self.wish, self._starts[-1]
        self._is_stale = False
        try:
            records = await self.question(limit, start)
        except Exception:
            self._is_stale = True
            self.model.keep_newer_away()
            self.before_shown()
            raise
        if self._is_wanted(wish):
            self._is_other_wish = False
            self._keep_calm(records)
            self.before_shown()
            self.model.show_window(records, is_first=start is None, is_last=len(records) < limit)
            self.loaded.emit()

    async def _ask_more(self) -> None:
        self._is_more_wanted = False
        wish, window = self.wish, self.model.window
        try:
            records = await self.question(PAGE_SIZE, window[-1] if window else self._starts[-1])
        except Exception:
            self.model.append((), is_last=False)  # it may be asked for again
            raise
        if self._is_wanted(wish):
            self.model.append(records, is_last=len(records) < PAGE_SIZE)
            if (last := self.model.forget_first()) is not None:
                self._starts.append(last)
            self.loaded.emit()

    def _keep_calm(self, records: Sequence[Any]) -> None:
        held = {record.id for record in self.model.window}
        is_storm = bool(held) and bool(records) and not any(record.id in held for record in records)
        self.refresher.set_least(_STORM_MS if is_storm else _LEAST_MS)

    def _is_wanted(self, wish: TaskWish) -> bool:
        """Does anybody want what was asked for with this wish?"""
        return not self.refresher.is_closed and wish == self.wish
