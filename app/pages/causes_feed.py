"""Keeps a CausesModel as the scheduler has it, and the list of the failures of one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from app.models.domain_looks import domain_looks
from app.models.event_kinds import is_failure
from app.pages.failures_feed import FailuresFeed
from app.pages.list_feed import ListFeed

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from app.bridge.session import Session
    from app.models.causes_model import CausesModel
    from app.models.failures_model import FailuresModel
    from app.pages.errands import Errands
    from scheduler_core import SchedulerEvent

_LEAST_MS: Final = 250


class CausesFeed(ListFeed):
    """`rows` feeds the list of failures. While nobody sees them it only remembers that something changed."""

    def __init__(
        self,
        session: Session,
        causes: CausesModel,
        failures: FailuresModel,
        is_seen: Callable[[], bool],
        errands: Errands,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(session, is_seen, _LEAST_MS, parent)
        self._model = causes
        self._is_stale = True
        self._known_count = -1
        self.rows = FailuresFeed(session, failures, is_seen, self)
        causes.set_looks(domain_looks(session.plugins))
        self.links.qt(session.events.tasks_changed, self._on_events)
        # What was asked for has been done, or could not be.
        self.links.qt(session.commands.settled, self.reload)
        self.links.qt(causes.more_wanted, self.hurry)
        # Failures of a file of an earlier version get their causes behind the work.
        errands.start(self._follow_sorting(), self.thing())
        self.wake()

    @property
    def is_idle(self) -> bool:
        """Is nothing asked, and nothing to be asked?"""
        return self.refresher.is_idle and self.rows.is_idle

    def wake(self) -> None:
        """The list can be seen now."""
        count = self.session.scheduler.failure_count
        if count != self._known_count:
            self._is_stale, self._known_count = True, count
        if self.is_seen() and self._is_stale:
            self.refresher.request()
        self.rows.wake()

    def reload(self) -> None:
        """Something may have changed that has no event."""
        self._is_stale = True
        self.wake()

    def hurry(self) -> None:
        """A person waits for the answer."""
        self._is_stale = True
        self.refresher.hurry()

    def close(self) -> None:
        """Stops listening. Idempotent."""
        self.rows.close()
        super().close()

    def thing(self) -> str:
        """What is asked for."""
        return self.tr("List of failures")

    async def ask(self) -> None:
        """Asks for the causes, as many as are shown."""
        self._is_stale = False
        limit = self._model.limit
        try:
            causes = await self.session.scheduler.failure_causes(limit)
        except Exception:
            self._is_stale = True
            raise
        if not self.refresher.is_closed:
            total = self.session.scheduler.failure_count
            self._model.show_causes(causes, total, has_more=len(causes) == limit)
            self.loaded.emit()

    def _on_events(self, events: Sequence[SchedulerEvent]) -> None:
        if any(map(is_failure, events)):
            self._is_stale = True
        self.wake()

    async def _follow_sorting(self) -> None:
        await self.session.scheduler.failures_sorted()
        if not self.refresher.is_closed:
            self.reload()
