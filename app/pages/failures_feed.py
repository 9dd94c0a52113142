"""Keeps a FailuresModel as the scheduler has it, asking only when something failed or was mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from PySide6.QtCore import QObject

from app.bridge.session import Session
from app.models.domain_looks import domain_looks
from app.models.event_kinds import is_failure
from app.models.failures_model import CHUNK, FailuresModel
from app.pages.list_feed import ListFeed
from scheduler_core import SchedulerEvent, TaskHistoryRecord

PAGE_SIZE: Final = 50
_LEAST_MS: Final = 250
_LARGEST_PAGE: Final = 500


class FailuresFeed(ListFeed):
    """Of one cause, or of all; of none until `show` says which. While nobody sees the list it only remembers that
    something changed.
    """

    def __init__(
        self,
        session: Session,
        model: FailuresModel,
        is_seen: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(session, is_seen, _LEAST_MS, parent)
        self._model = model
        self._is_open = False
        self._cause: int | None = None
        self._is_stale = True
        self._all_stale = True
        self._known_count = -1
        self._more_before: int | None = None
        self._newer_before: tuple[int | None] | None = None
        self._mended: set[int] = set()
        self.links.qt(session.events.tasks_changed, self._on_events)
        # What was asked for has been done, or could not be.
        self.links.qt(session.commands.settled, self.reload)
        self.links.qt(model.more_wanted, self._on_more)
        self.links.qt(model.newer_wanted, self._on_newer)
        model.set_looks(domain_looks(session.plugins))
        self.wake()

    def show(self, cause: int | None) -> None:
        """The failures of this cause from now on, or of all (None)."""
        if self._is_open and cause == self._cause:
            return
        self._is_open, self._cause = True, cause
        self._model.clear()
        self._more_before = self._newer_before = None
        self._is_stale = self._all_stale = True
        if self.is_seen():
            self.refresher.hurry()

    def show_nothing(self) -> None:
        """No failures."""
        self._is_open = False
        self._model.clear()

    def wake(self) -> None:
        """The list can be seen now."""
        if not self._is_open:
            return
        self._look_at_count()
        # Who is far down looks at what is there; the newest are asked for when they come back.
        if self.is_seen() and self._is_stale and not self._model.is_slid:
            self.refresher.request()

    def leave_out(self, ids: Iterable[int]) -> None:
        """These are being cleared or tried again: they are gone for the person, whatever the store still says."""
        self._mended |= set(ids)
        self._model.remove(self._mended)
        if self._model.rowCount() == 0 and self._model.is_slid:
            self._model.clear()
            self.reload()

    def reload(self) -> None:
        """A person did something that may have mended failures: all that is loaded is asked for again."""
        self._mended.clear()
        self._is_stale = self._all_stale = True
        self.wake()

    def _on_events(self, events: Sequence[SchedulerEvent]) -> None:
        if any(map(is_failure, events)):
            self._is_stale = True
        self.wake()

    def _look_at_count(self) -> None:
        """Expiry and clearing have no event of their own here; the count is kept in memory and costs nothing."""
        count = self.session.scheduler.failure_count
        if count != self._known_count:
            self._is_stale = True
            self._all_stale = self._all_stale or count < self._known_count
            self._known_count = count

    def _on_more(self, before_id: int) -> None:
        self._more_before = before_id
        self.refresher.hurry()

    def _on_newer(self, before_id: int | None) -> None:
        self._newer_before = (before_id,)
        self.refresher.hurry()

    def thing(self) -> str:
        """What is asked for."""
        return self.tr("List of failures")

    async def ask(self) -> None:
        """Asks for the newest, or for all that is loaded; and for those above or below where they are wanted."""
        if self._newer_before is not None:
            await self._ask_newer(*self._newer_before)
        if self._is_stale and not self._model.is_slid and self._is_wanted(self._cause):
            await self._ask_newest()
        if self._more_before is not None and self._is_wanted(self._cause):
            await self._ask_more()

    async def _ask_newest(self) -> None:
        loaded = self._model.rowCount()
        limit = max(PAGE_SIZE, min(loaded, _LARGEST_PAGE) if self._all_stale else 0)
        self._is_stale = self._all_stale = False
        cause = self._cause
        try:
            newest = await self.session.scheduler.failures(limit, cause=cause)
        except Exception:
            self._is_stale = self._all_stale = True
            raise
        if self._is_wanted(cause):
            self._model.show_newest(self._wanted(newest), is_all=len(newest) < limit)
            self.loaded.emit()

    async def _ask_newer(self, before_id: int | None) -> None:
        self._newer_before = None
        cause = self._cause
        try:
            newer = await self.session.scheduler.failures(CHUNK, before_id=before_id, cause=cause)
        except Exception:
            self._model.keep_newer_away()
            raise
        if self._is_wanted(cause):
            self._model.prepend(self._wanted(newer))
            self.loaded.emit()

    async def _ask_more(self) -> None:
        before_id, self._more_before = self._more_before, None
        cause = self._cause
        try:
            older = await self.session.scheduler.failures(PAGE_SIZE, before_id=before_id, cause=cause)
        except Exception:
            # The model may ask again.
            self._model.append((), is_last=False)
            raise
        if self._is_wanted(cause):
            self._model.append(self._wanted(older), is_last=len(older) < PAGE_SIZE)
            self.loaded.emit()

    def _is_wanted(self, cause: int | None) -> bool:
        """Are failures of this cause what is to be shown?"""
        return self._is_open and cause == self._cause and not self.refresher.is_closed

    def _wanted(self, records: Sequence[TaskHistoryRecord]) -> list[TaskHistoryRecord]:
        return [record for record in records if record.id not in self._mended]
