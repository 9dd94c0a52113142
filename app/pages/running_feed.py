"""Keeps a TasksModel as the scheduler has it; ticks once a second while something runs and somebody looks."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from app.bridge.session import Session
from app.models.domain_looks import domain_looks
from app.models.tasks_model import TasksModel
from app.pages.list_feed import ListFeed
from scheduler_core import Progress, SchedulerEvent

_TICK_MS = 1000
_SYNC_MS = 250


class RunningFeed(ListFeed):
    """While nobody sees the list it does nothing at all.

    Progress is shown at once; rows come and go at most four times a second, so that a storm of short tasks can be
    looked at. Where `is_synced` says that another will call `sync` as soon, that is waited for: one picture, not two.
    """

    def __init__(
        self,
        session: Session,
        model: TasksModel,
        is_seen: Callable[[], bool],
        parent: QObject | None = None,
        is_synced: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(session, is_seen, _TICK_MS, parent)
        self._model = model
        self._is_synced = is_synced
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._synced_s = float("-inf")
        self._sync_timer = QTimer(self)
        self._sync_timer.setSingleShot(True)
        self._sync_timer.timeout.connect(self.sync)
        self._early: dict[int, Progress] = {}
        self.links.qt(session.events.tasks_changed, self._on_events)
        self.links.qt(session.events.domains_changed, self.wake)
        # They tell of starts, too: an event of each would cost twice what the picture does.
        for handle in session.scheduler.domains():
            self.links.core(handle.counts_changed, self._on_counts)
        model.set_looks(domain_looks(session.plugins))
        self.sync()
        self.wake()

    @property
    def is_ticking(self) -> bool:
        """Does a timer run?"""
        return self._tick.isActive()

    def wake(self) -> None:
        """The list can be seen now: what happened meanwhile is made up for."""
        if self.is_seen():
            self.sync()

    def sleep(self) -> None:
        """Nobody sees the list."""
        self._tick.stop()
        self._sync_timer.stop()
        self._early.clear()

    def _on_events(self, events: Sequence[SchedulerEvent]) -> None:
        if not self.is_seen() or not self._model.apply_progress(events):
            return
        # A task may report before its row is there.
        self._early |= {event.task_id: event for event in events if isinstance(event, Progress)}
        self._sync_soon()

    def _on_counts(self, _counts: object) -> None:
        if self.is_seen():
            self._sync_soon()

    def _sync_soon(self) -> None:
        if not self._sync_timer.isActive() and not self._is_synced():
            wait_s = self._synced_s + _SYNC_MS / 1000 - time.monotonic()
            self._sync_timer.start(max(0, round(wait_s * 1000)) if wait_s > 0 else 0)

    def sync(self) -> None:
        """Shows what runs at this moment."""
        self._synced_s = time.monotonic()
        self._sync_timer.stop()
        self._model.show_running(self.session.scheduler.active_tasks())
        early, self._early = self._early, {}
        self._model.apply_progress(early.values())
        if self.is_seen():
            self._follow()

    def _follow(self) -> None:
        if self._model.rowCount() == 0:
            self._tick.stop()
        elif not self._tick.isActive():
            self._tick.start()
            self.refresher.request()

    def _on_tick(self) -> None:
        self._model.tick()
        self.refresher.request()

    def thing(self) -> str:
        """What is asked for."""
        return self.tr("Running tasks")

    async def ask(self) -> None:
        """What is reckoned from earlier runs, and how fast bytes move: only a snapshot knows."""
        snapshot = await self.session.scheduler.snapshot()
        if not self.refresher.is_closed:
            self._model.apply_estimates(snapshot.progress, snapshot.byte_progress)
