"""A domain's page, Schedules: what comes again, when next, to be run now, paused or ended."""

from __future__ import annotations

from app.models.wording import number_text
from app.pages.domain_section import DomainSection, PanelPlace
from app.pages.soon import Soon
from app.widgets.rows_card import RowsCard
from app.widgets.schedule_row import ScheduleRow

_MOST = 50
_LEAST_MS = 250


class SchedulesSection(DomainSection):
    """In the order in which they were set up; of very many the first fifty."""

    def __init__(self, place: PanelPlace) -> None:
        super().__init__(place, "schedules", self.tr("Schedules"))
        self._labels: dict[int, str] = {}
        empty = self.tr("No schedules. A task that comes again, every hour or every night, stands here.")
        self.card = RowsCard[int, ScheduleRow](self._make_row, empty)
        self.body.addWidget(self.card)
        self._soon = Soon(self._show, _LEAST_MS, self)
        self.links.core(place.session.scheduler.schedules_changed, self._on_schedules)
        self.links.qt(place.session.commands.settled, self._on_settled)
        self._show()

    @property
    def is_settled(self) -> bool:
        """Is nothing to be shown anew?"""
        return self._soon.is_idle

    def wake(self) -> None:
        """The page can be seen now."""
        self._show()

    def sleep(self) -> None:
        """Nobody sees the page."""
        self._soon.stop()

    def next_tick_s(self) -> float | None:
        """The time until the next one moves by itself."""
        now = self.place.now()
        waits = [row.next_tick_s(now) for row in self.card.rows.values()]
        return min((wait for wait in waits if wait is not None), default=None)

    def tick(self) -> None:
        """Shows how long it is until the next."""
        for row in self.card.rows.values():
            row.tick()

    def close_links(self) -> None:
        """Lets the session go. Idempotent."""
        super().close_links()
        self._soon.stop()
        for row in self.card.rows.values():
            row.release()

    def _make_row(self, schedule_id: int) -> ScheduleRow:
        return ScheduleRow(schedule_id, self._labels[schedule_id], self.place.orders, self.place.now)

    def _on_schedules(self, domain: str) -> None:
        if domain == self.place.handle.name and self.place.is_seen():
            self._soon.hurry()

    def _on_settled(self) -> None:
        self._show()
        for row in self.card.rows.values():
            row.settle()

    def _show(self) -> None:
        states = self.place.session.scheduler.schedules(self.place.handle.name)
        self.show_figure(number_text(len(states)) if states else "")
        shown = {state.id: state for state in states[:_MOST]}
        self._labels = {state.id: state.label for state in shown.values()}
        self.card.show_keys(list(shown))
        for schedule_id, row in self.card.rows.items():
            row.show_state(shown[schedule_id])
        self.retimed.emit()
