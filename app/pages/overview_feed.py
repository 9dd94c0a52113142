"""Brings what the scheduler says to the Overview's cards and graphs; ticks only while there is something to see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.session import Session
from app.widgets.domain_card import DomainCard
from app.work_names import CONDITIONS, PROGRAMS
from scheduler_core import Dispatched, DomainCounts, PressureReading, Progress, SchedulerEvent, TaskEvent

_SHOWN_WHEN_THEY_COUNT = (*CONDITIONS, PROGRAMS)
_TICK_MS = 1000
_COUNTED_MS = 100
_SOON_MS = 50
_SETTLE_TICKS = 3


class OverviewFeed(QObject):
    """Made for one session; `timeline` is the session's, and is filled from then on. `moved()` asks the graphs to draw,
    `counted()` to say anew what runs, which the cards say at once. `marks_changed(tuple)`: other marks of pressure
    hold, see `marks`.

    While tasks run it ticks once a second, and three times more after the last, so that the graphs come to rest at 0.
    Idle, it has no timer.
    """

    moved = Signal()
    counted = Signal()
    marks_changed = Signal(object)

    def __init__(self, session: Session, cards: Sequence[DomainCard], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._cards = {card.domain: card for card in cards}
        self.timeline = session.timeline
        self.timeline.follow(card.domain for card in cards)
        self._rest_ticks = 0
        self._undo: list[Callable[[], object]] = []
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.moved)
        self._count = QTimer(self)
        self._count.setSingleShot(True)
        self._count.setInterval(_COUNTED_MS)
        self._count.timeout.connect(self.counted)
        self._connect()

    @property
    def is_ticking(self) -> bool:
        """Does a timer run?"""
        return self._tick.isActive()

    @property
    def marks(self) -> tuple[tuple[int, float], ...]:
        """Pairs of a priority and the pressure above which its tasks wait, lowest pressure first."""
        pairs = self._session.scheduler.throttle.thresholds
        return tuple(sorted(pairs, key=lambda pair: pair[1]))

    def close(self) -> None:
        """Stops listening. Idempotent."""
        undo, self._undo = self._undo, []
        for step in undo:
            step()
        self._tick.stop()
        self._soon.stop()
        self._count.stop()

    def _connect(self) -> None:
        scheduler, events = self._session.scheduler, self._session.events
        for handle in scheduler.domains():
            self._follow(handle.counts_changed, self._counts_of(handle.name))
            self._counts_of(handle.name)(handle.counts)
            self._follow(handle.paused_changed, self._off_of(handle.name))
            self._off_of(handle.name)(handle.is_paused)
        self._follow(scheduler.max_concurrency_changed, self._on_cap)
        self._follow(scheduler.paused_changed, self._on_paused)
        self._follow(scheduler.pressure_changed, self._on_pressure)
        self._follow(scheduler.throttle_changed, self._on_throttle)
        self._on_cap(scheduler.max_concurrency)
        self._on_paused(scheduler.is_paused)
        for signal, slot in ((events.tasks_changed, self._on_tasks), (events.finished, self._on_finished)):
            signal.connect(slot)
            self._undo.append(lambda signal=signal, slot=slot: signal.disconnect(slot))

    def _follow(self, signal: Any, slot: Callable[[Any], None]) -> None:
        signal.connect(slot, check_nargs=False)
        self._undo.append(lambda: signal.disconnect(slot, missing_ok=True))

    def _counts_of(self, domain: str) -> Callable[[DomainCounts], None]:
        def on_counts(counts: DomainCounts) -> None:
            self.timeline.set_running(domain, counts.running)
            # Not started anew each time: in a storm of counts it would never come.
            if not self._count.isActive():
                self._count.start()
            self._wake()

        return on_counts

    def _off_of(self, domain: str) -> Callable[[bool], None]:
        def on_paused(paused: bool) -> None:
            self.timeline.set_off(domain, paused)
            self._hurry()

        return on_paused

    def _on_cap(self, cap: int) -> None:
        self.timeline.set_cap(cap)
        self._hurry()

    def _on_paused(self, paused: bool) -> None:
        self.timeline.set_paused(paused)
        self._hurry()

    def _hurry(self) -> None:
        """Somebody has changed something and looks whether it holds: it is shown with the next frame."""
        self._soon.start(0)

    def _on_pressure(self, reading: PressureReading) -> None:
        known = self.timeline.sources
        # A condition that never held, and what is not watched, are no lines of the graph.
        sources = {
            name: value
            for name, value in reading.breakdown.items()
            if value > 0 or name in known or name not in _SHOWN_WHEN_THEY_COUNT
        }
        self.timeline.set_pressure(reading.pressure, sources)
        # While work only waits, nothing else asks the graphs to draw.
        if not self._tick.isActive() and not self._soon.isActive():
            self._soon.start(_SOON_MS)

    def _on_throttle(self, _policy: object) -> None:
        self.marks_changed.emit(self.marks)
        self._hurry()

    def _on_finished(self, completed: int, failed: int) -> None:
        self.timeline.add_finished(completed, failed)
        self._wake()

    def _on_tasks(self, events: Sequence[SchedulerEvent]) -> None:
        for event in events:
            if not isinstance(event, TaskEvent) or (card := self._cards.get(event.domain)) is None:
                continue
            if isinstance(event, Progress):
                card.figures.set_progress(event.task_id, event.fraction)
            elif not isinstance(event, Dispatched):
                card.figures.set_progress(event.task_id, None)

    def _wake(self) -> None:
        if not self._tick.isActive() and (self._runs() or self._rest_ticks == 0):
            self._rest_ticks = _SETTLE_TICKS
            self._tick.start()
            if not self._soon.isActive():
                self._soon.start(_SOON_MS)

    def _runs(self) -> bool:
        return any(handle.counts.running for handle in self._session.scheduler.domains())

    def _on_tick(self) -> None:
        self._rest_ticks = _SETTLE_TICKS if self._runs() else self._rest_ticks - 1
        for card in self._cards.values():
            card.refresh()
        self.moved.emit()
        if self._rest_ticks <= 0:
            self._rest_ticks = 0
            self._tick.stop()
