"""Keeps a JobsModel as the scheduler has it, asking only for what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer

from app.bridge.session import Session
from app.models.domain_looks import domain_looks
from app.models.job_figures import JOB_TAG
from app.models.jobs_model import JobsModel
from app.pages.list_feed import ListFeed
from scheduler_core import SchedulerEvent, TaskEvent

PAGE_SIZE: Final = 50
_LEAST_MS: Final = 250
_TICK_MS: Final = 5000
_MOST_SINGLE: Final = 8
"""More changed jobs than this are asked for as a page."""


class JobsFeed(ListFeed):
    """While nobody sees the list it only remembers that something changed. It ticks only while tasks run:
    the end of a job draws nearer also when nothing is told of it.
    """

    def __init__(
        self, session: Session, model: JobsModel, is_seen: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(session, is_seen, _LEAST_MS, parent)
        self._model = model
        self._dirty: set[str] = set()
        self._page_is_stale = True
        self._more_from: int | None = None
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self.links.qt(session.events.tasks_changed, self._on_events)
        self.links.qt(session.events.domains_changed, self._on_domains)
        self.links.qt(model.more_wanted, self._on_more)
        model.set_looks(domain_looks(session.plugins))
        self.wake()

    def wake(self) -> None:
        """The list can be seen now."""
        if not self.is_seen():
            return
        self.session.events.want_starts(self, True)
        if self._page_is_stale or self._dirty:
            self.refresher.request()
        if self.session.scheduler.counts.running and not self._tick.isActive():
            self._tick.start()

    def sleep(self) -> None:
        """Nobody sees the list, and nobody tells it of new tasks: it asks again when it is seen."""
        self._tick.stop()
        self.session.events.want_starts(self, False)
        self._page_is_stale = True
        self._dirty |= self._model.active_values()

    def _on_events(self, events: Sequence[SchedulerEvent]) -> None:
        for event in events:
            if isinstance(event, TaskEvent) and (value := event.tags.get(JOB_TAG)) is not None:
                self._dirty.add(value)
        self.wake()

    def _on_domains(self) -> None:
        """A pause holds back tasks of which no single one has an event."""
        self._page_is_stale = True
        self._dirty |= self._model.active_values()
        self.wake()

    def _on_tick(self) -> None:
        if not self.session.scheduler.counts.running:
            self._tick.stop()
        self._dirty |= self._model.active_values()
        self._model.tick()
        self.wake()

    def _on_more(self, offset: int) -> None:
        self._more_from = offset
        self.refresher.request()

    def thing(self) -> str:
        """What is asked for."""
        return self.tr("List of jobs")

    async def ask(self) -> None:
        """Asks for what changed: single jobs, else the newest page; and for older ones where they are wanted."""
        dirty, self._dirty = self._dirty, set()
        known = set(self._model.values())
        if self._page_is_stale or dirty - known or len(dirty) > _MOST_SINGLE:
            await self._ask_newest(dirty)
        else:
            await self._ask_single(dirty)
        if self._more_from is not None and not self.refresher.is_closed:
            await self._ask_more()

    async def _ask_newest(self, dirty: set[str]) -> None:
        self._page_is_stale = False
        try:
            newest = await self.session.scheduler.jobs(JOB_TAG, PAGE_SIZE, 0)
        except Exception:
            self._page_is_stale = True
            raise
        if self.refresher.is_closed:
            return
        self._model.show_newest(newest, is_all=len(newest) < PAGE_SIZE)
        self.loaded.emit()
        further = dirty & set(self._model.values()) - {one.value for one in newest}
        await self._ask_single(further)

    async def _ask_single(self, values: set[str]) -> None:
        for value in values:
            summary = await self.session.scheduler.job(JOB_TAG, value)
            if self.refresher.is_closed:
                return
            if summary is None:
                self._model.remove_job(value)
            else:
                self._model.update_job(summary)

    async def _ask_more(self) -> None:
        offset, self._more_from = self._more_from, None
        assert offset is not None
        try:
            older = await self.session.scheduler.jobs(JOB_TAG, PAGE_SIZE, offset)
        except Exception:
            # The model may ask again.
            self._model.append((), is_last=False)
            raise
        if not self.refresher.is_closed:
            self._model.append(older, is_last=len(older) < PAGE_SIZE)
