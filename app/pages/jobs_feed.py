"""Keeps a JobsModel as the scheduler has it, asking only for what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.session import Session
from app.models.domain_looks import domain_looks
from app.models.jobs_filter import JobsWish
from app.models.jobs_model import JobsModel, Placed
from app.pages.list_feed import ListFeed
from scheduler_core import JobSummary, SchedulerEvent, TaskEvent

PAGE_SIZE: Final = 50
SCAN_SIZE: Final = 50
"""Jobs that are looked at in one go for those that are wanted."""
_LEAST_MS: Final = 250
_TICK_MS: Final = 5000
_DRIFT: Final = 50
"""So many may have come since the places of jobs were noted, and are asked for in addition."""
_MOST_SINGLE: Final = 8
"""More changed jobs than this are asked for as a page."""


class JobsFeed(ListFeed):
    """While nobody sees the list it only remembers that something changed. It ticks only while tasks run, and asks
    nothing then: the end of a job draws nearer also when nothing is told of it.

    The jobs are the values of `tag`. `keys_known(list[str])`: the keys of tags that are in use.
    """

    keys_known = Signal(list)

    def __init__(
        self,
        session: Session,
        model: JobsModel,
        tag: str,
        wish: JobsWish,
        is_seen: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(session, is_seen, _LEAST_MS, parent)
        self._model = model
        self._tag = tag
        self._keys = set[str]()
        self._are_keys_stale = True
        self._dirty: set[str] = set()
        self._page_is_stale = True
        self._wish = wish
        self._is_other_wish = False
        self._next = 0
        self._is_more_wanted = False
        self._newer_from: int | None = None
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self.links.qt(session.events.tasks_changed, self._on_events)
        self.links.qt(session.events.domains_changed, self._on_domains)
        self.links.qt(model.more_wanted, self._on_more)
        self.links.qt(model.newer_wanted, self._on_newer)
        model.set_looks(domain_looks(session.plugins))
        self.wake()

    @property
    def is_searching(self) -> bool:
        """May there be more of the jobs that are wanted?"""
        return self._is_other_wish or self._model.paging.has_more

    def wake(self) -> None:
        """The list can be seen now."""
        if not self.is_seen():
            return
        self.session.events.want_starts(self, True)
        if self._page_is_stale or self._dirty or self._are_keys_stale:
            self.refresher.request()
        if self.session.scheduler.counts.running and not self._tick.isActive():
            self._tick.start()

    def sleep(self) -> None:
        """Nobody sees the list, and nobody tells it of new tasks: it asks again when it is seen."""
        self._tick.stop()
        self.session.events.want_starts(self, False)
        self._page_is_stale = True
        self._are_keys_stale = True
        self._dirty |= self._model.active_values()

    def _on_events(self, events: Sequence[SchedulerEvent]) -> None:
        for event in events:
            if not isinstance(event, TaskEvent):
                continue
            if (value := event.tags.get(self._tag)) is not None:
                self._dirty.add(value)
            if not self._keys.issuperset(event.tags):
                self._keys.update(event.tags)
                self._are_keys_stale = True
        self.wake()

    def _on_domains(self) -> None:
        """A pause holds back tasks of which no single one has an event."""
        self._page_is_stale = True
        self._dirty |= self._model.active_values()
        self.wake()

    def _on_tick(self) -> None:
        """It counts down by what is known: what changes that has an event."""
        if not self.session.scheduler.counts.running:
            self._tick.stop()
        self._model.tick()

    def set_wish(self, wish: JobsWish) -> None:
        """A person wants to see other jobs: what is there and is none of them goes at once, the others are looked for."""
        self._wish = wish
        self._is_other_wish = self._page_is_stale = True
        self._model.keep_only(wish.accepts)
        if self.is_seen():
            self.refresher.hurry()

    def _on_more(self) -> None:
        self._is_more_wanted = True
        self.refresher.hurry()

    def _on_newer(self, place: int) -> None:
        self._newer_from = place
        self.refresher.hurry()

    def thing(self) -> str:
        """What is asked for."""
        return self.tr("List of jobs")

    async def ask(self) -> None:
        """Asks for what changed: single jobs, else the newest page; and for those above or below where they are wanted."""
        if self._are_keys_stale:
            await self._ask_keys()
            if self.refresher.is_closed:
                return
        dirty, self._dirty = self._dirty, set()
        known = set(self._model.values())
        is_changed = self._page_is_stale or dirty - known or len(dirty) > _MOST_SINGLE
        # Who is far down looks at what is there; the newest are asked for when they come back.
        if self._is_other_wish or (is_changed and not self._model.is_slid):
            await self._ask_newest(dirty)
        else:
            await self._ask_single(dirty & known)
        if self._newer_from is not None and not self.refresher.is_closed:
            await self._ask_newer()
        if self._is_more_wanted and not self.refresher.is_closed:
            await self._ask_more()

    async def _ask_keys(self) -> None:
        self._are_keys_stale = False
        try:
            keys = await self.session.scheduler.tag_keys()
        except Exception:
            self._are_keys_stale = True
            raise
        if not self.refresher.is_closed:
            self._keys.update(keys)
            self.keys_known.emit(keys)

    async def _page(self, limit: int, offset: int) -> list[JobSummary] | None:
        """Some jobs, newest first; None when nobody wants them any more."""
        wish = self._wish
        jobs = await self.session.scheduler.jobs(self._tag, limit, offset)
        return None if self.refresher.is_closed or wish != self._wish else jobs

    async def _ask_newest(self, dirty: set[str]) -> None:
        self._page_is_stale = False
        try:
            newest = await self._page(PAGE_SIZE, 0)
        except Exception:
            self._page_is_stale = True
            raise
        if newest is None:
            return
        again, self._is_other_wish = self._is_other_wish or self._is_apart(newest), False
        show = self._model.show_again if again else self._model.show_newest
        show([one for one in newest if self._wish.accepts(one)], is_all=len(newest) < PAGE_SIZE)
        if again or self._next == 0:
            self._next = len(newest)
        self.loaded.emit()
        further = dirty & set(self._model.values()) - {one.value for one in newest}
        await self._ask_single(further)

    def _is_apart(self, newest: Sequence[JobSummary]) -> bool:
        """May there be others between these and what is held? So many came that they do not reach down to it."""
        known = set(self._model.values())
        return self._wish.is_all and bool(known) and not any(one.value in known for one in newest)

    async def _ask_single(self, values: set[str]) -> None:
        for value in values:
            summary = await self.session.scheduler.job(self._tag, value)
            if self.refresher.is_closed:
                return
            if summary is None or not self._wish.accepts(summary):
                self._model.remove_job(value)
            else:
                self._model.update_job(summary)

    async def _ask_more(self) -> None:
        """Looks through older jobs until a page of those is found that are wanted."""
        self._is_more_wanted = False
        found = 0
        while True:
            try:
                older = await self._page(SCAN_SIZE, self._next)
            except Exception:
                # The model may ask again.
                self._model.append((), is_last=False)
                raise
            if older is None:
                return
            placed = self._placed(older, self._next)
            self._next += len(older)
            is_last = len(older) < SCAN_SIZE
            found += len(placed)
            is_done = is_last or found >= PAGE_SIZE
            self._model.append(placed, is_last=is_last, is_done=is_done)
            self.loaded.emit()
            if is_done:
                return

    async def _ask_newer(self) -> None:
        """Looks upwards from the first row until a page of those is found that were forgotten."""
        end, self._newer_from = self._newer_from, None
        assert end is not None
        below = next(iter(self._model.values()), "")
        found = 0
        while True:
            begin = max(0, end - SCAN_SIZE)
            try:
                newer = await self._page(end - begin + _DRIFT, begin)
            except Exception:
                self._model.keep_newer_away()
                raise
            if newer is None:
                return
            values = [one.value for one in newer]
            if below not in values:
                # It is gone, or too many came meanwhile: the way back to the top is to begin there.
                self.set_wish(self._wish)
                return
            placed = self._placed(newer[: values.index(below)], begin)
            found += len(placed)
            is_done = begin == 0 or found >= PAGE_SIZE
            if is_done or placed:
                self._model.prepend(placed, is_top=begin == 0)
            if is_done:
                self.loaded.emit()
                return
            end, below = begin, values[0]

    def _placed(self, jobs: Sequence[JobSummary], first: int) -> list[Placed]:
        return [(place, one) for place, one in enumerate(jobs, first) if self._wish.accepts(one)]
