"""Folds the scheduler's events into at most 20 changes a second, so that 5,000 tasks cost the screen what 50 do."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.models.event_kinds import BUT_STARTS
from scheduler_core import Completed, DeadLettered, Failed, Scheduler, SchedulerEvent, TaskEvent

MIN_INTERVAL_MS = 50


class EventBridge(QObject):
    """Emits what happened since the last emission, never more often than every 50 ms. Idle, it has no timer.

    `tasks_changed(list[SchedulerEvent])`: the latest event of each task, oldest first. That a task was submitted or
    dispatched is told only while somebody wants it (`want_starts`): the core does not even make those events then.
    `finished(int, int)`: completed and failed (for good) since the last emission.
    `domains_changed()`: a domain or the whole scheduler was paused or resumed, or a limit changed.
    """

    tasks_changed = Signal(list)
    finished = Signal(int, int)
    domains_changed = Signal()

    def __init__(self, scheduler: Scheduler, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._latest: dict[int, SchedulerEvent] = {}
        self._completed = 0
        self._failed_ids: set[int] = set()
        self._domains = False
        self._last_emission_s = float("-inf")
        self._is_closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._emit)
        self._scheduler = scheduler
        self._limits: list[Any] = []
        self._follow_limits()
        scheduler.domains_changed.connect(self._follow_limits, check_nargs=False)
        self._wanting_starts: set[object] = set()
        self._unsubscribe = scheduler.subscribe(self._on_events, only=BUT_STARTS)

    def want_starts(self, who: object, wanted: bool) -> None:
        """`who` needs to hear of submissions and dispatches from now on, or does so no longer. Idempotent."""
        before = bool(self._wanting_starts)
        (self._wanting_starts.add if wanted else self._wanting_starts.discard)(who)
        if bool(self._wanting_starts) != before and not self._is_closed:
            self._unsubscribe()
            only = None if self._wanting_starts else BUT_STARTS
            self._unsubscribe = self._scheduler.subscribe(self._on_events, only)

    def close(self) -> None:
        """Stops listening and drops what was not emitted yet. Idempotent."""
        self._is_closed = True
        self._unsubscribe()
        self._scheduler.domains_changed.disconnect(self._follow_limits, missing_ok=True)
        for signal in self._limits:
            signal.disconnect(self._on_limit, missing_ok=True)
        self._timer.stop()
        self._latest.clear()

    def _on_events(self, events: Sequence[SchedulerEvent]) -> None:
        for event in events:
            if not isinstance(event, TaskEvent):
                self._domains = True
                continue
            # Re-inserting keeps the order of the last change.
            self._latest.pop(event.task_id, None)
            self._latest[event.task_id] = event
            if isinstance(event, Completed):
                self._completed += 1
            elif isinstance(event, DeadLettered) or (isinstance(event, Failed) and not event.will_retry):
                self._failed_ids.add(event.task_id)
        self._wake()

    def _follow_limits(self, *_: object) -> None:
        for signal in self._limits:
            signal.disconnect(self._on_limit, missing_ok=True)
        domains = self._scheduler.domains()
        self._limits = [
            self._scheduler.max_concurrency_changed,
            *(handle.max_concurrency_changed for handle in domains),
        ]
        for signal in self._limits:
            signal.connect(self._on_limit)

    def _on_limit(self, _limit: object) -> None:
        self._domains = True
        self._wake()

    def _wake(self) -> None:
        if not self._timer.isActive():
            since_ms = (time.monotonic() - self._last_emission_s) * 1000
            self._timer.start(max(0, MIN_INTERVAL_MS - int(min(since_ms, MIN_INTERVAL_MS))))

    def _emit(self) -> None:
        self._last_emission_s = time.monotonic()
        tasks, self._latest = list(self._latest.values()), {}
        completed, self._completed = self._completed, 0
        failed, self._failed_ids = len(self._failed_ids), set()
        domains, self._domains = self._domains, False
        if tasks:
            self.tasks_changed.emit(tasks)
        if completed or failed:
            self.finished.emit(completed, failed)
        if domains:
            self.domains_changed.emit()
