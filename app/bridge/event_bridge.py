"""Folds the scheduler's events into at most 20 changes a second, so that 5,000 tasks cost the screen what 50 do."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from scheduler_core import Scheduler, SchedulerEvent

MIN_INTERVAL_MS = 50

_FAILURES = frozenset({"Failed", "DeadLettered"})
_DOMAIN_CHANGES = frozenset(
    {"DomainPaused", "DomainResumed", "SchedulerPaused", "SchedulerResumed"}
)


class EventBridge(QObject):
    """Emits what happened since the last emission, never more often than every 50 ms. Idle, it has no timer.

    `tasks_changed(list[SchedulerEvent])`: the latest event of each task, oldest first.
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
        self._failed = 0
        self._domains = False
        self._last_emission_s = float("-inf")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._emit)
        self._unsubscribe = scheduler.subscribe(self._on_events)

    def close(self) -> None:
        """Stops listening and drops what was not emitted yet. Idempotent."""
        self._unsubscribe()
        self._timer.stop()
        self._latest.clear()

    def _on_events(self, events: Sequence[SchedulerEvent]) -> None:
        for event in events:
            task_id = getattr(event, "task_id", None)
            if task_id is None:
                self._domains = True
                continue
            # Re-inserting keeps the order of the last change.
            self._latest.pop(task_id, None)
            self._latest[task_id] = event
            kind = type(event).__name__
            if kind == "Completed":
                self._completed += 1
            elif kind == "DeadLettered" or (
                kind == "Failed" and not getattr(event, "will_retry", False)
            ):
                self._failed += 1
        if not self._timer.isActive():
            since_ms = (time.monotonic() - self._last_emission_s) * 1000
            self._timer.start(
                max(0, MIN_INTERVAL_MS - int(min(since_ms, MIN_INTERVAL_MS)))
            )

    def _emit(self) -> None:
        self._last_emission_s = time.monotonic()
        tasks, self._latest = list(self._latest.values()), {}
        completed, self._completed = self._completed, 0
        failed, self._failed = self._failed, 0
        domains, self._domains = self._domains, False
        if tasks:
            self.tasks_changed.emit(tasks)
        if completed or failed:
            self.finished.emit(completed, failed)
        if domains:
            self.domains_changed.emit()
