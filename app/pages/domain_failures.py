"""A domain's page, Recent failures: the newest few, each to be tried again."""

from __future__ import annotations

from collections.abc import Sequence

from app.models.event_kinds import is_failure
from app.pages.domain_section import DomainSection, PanelPlace
from app.pages.refresher import Refresher
from app.problem import problem_from
from app.widgets.failure_row import FailureRow
from app.widgets.rows_card import RowsCard
from scheduler_core import SchedulerEvent, TaskHistoryRecord

_SHOWN = 3
_LEAST_MS = 500


class FailuresSection(DomainSection):
    """Failures that want attention; the Failures page has all of them."""

    def __init__(self, place: PanelPlace) -> None:
        super().__init__(place, "failures", self.tr("Recent failures"))
        self._records: dict[int, TaskHistoryRecord] = {}
        self.card = RowsCard[int, FailureRow](
            self._make_row,
            self.tr("Nothing went wrong. A task that fails for good stands here, with its reason."),
        )
        self.body.addWidget(self.card)
        self._refresher = Refresher(self._ask, _LEAST_MS, self._on_error, self)
        self.links.qt(place.session.events.tasks_changed, self._on_events)
        self.links.qt(place.session.commands.settled, self._request)

    @property
    def is_settled(self) -> bool:
        """Is nothing asked, and nothing to be asked?"""
        return self._refresher.is_idle

    def wake(self) -> None:
        """The page can be seen now."""
        self._refresher.hurry()

    def close_links(self) -> None:
        """Lets the session go. Idempotent."""
        super().close_links()
        self._refresher.close()

    def _make_row(self, task_id: int) -> FailureRow:
        row = FailureRow(self._records[task_id], self.place.now)
        row.retry_requested.connect(lambda record: self.place.session.commands.retry_failures([record]))
        return row

    def _on_events(self, events: Sequence[SchedulerEvent]) -> None:
        mine = self.place.handle.name
        if any(is_failure(event) and event.domain == mine for event in events):
            self._request()

    def _request(self) -> None:
        if self.place.is_seen():
            self._refresher.request()

    async def _ask(self) -> None:
        found = await self.place.session.scheduler.failures(_SHOWN + 1, domain=self.place.handle.name)
        if self._refresher.is_closed:
            return
        self._records = {record.id: record for record in found[:_SHOWN]}
        self.card.show_keys(list(self._records))
        self.offer_more(self.tr("All failures") if found else "")
        more = len(found) > _SHOWN
        self.show_figure(self.tr("the newest {0}").format(_SHOWN) if more else "")

    def _on_error(self, error: Exception) -> None:
        remedy = self.tr("Open the page again; the log has the details")
        thing = self.tr("Failures of {0}").format(self.place.title)
        self.place.session.commands.failed.emit(problem_from(error, thing=thing, remedy=remedy))
