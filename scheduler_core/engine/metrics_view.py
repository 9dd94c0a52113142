"""Everything that is counted and gauged, put together when somebody asks."""

from __future__ import annotations

from scheduler_core.clock import to_datetime
from scheduler_core.engine.counts import Counts
from scheduler_core.engine.metrics import Metrics
from scheduler_core.engine.pauses import Pauses
from scheduler_core.engine.pressure import PressureMonitor
from scheduler_core.engine.views import Views
from scheduler_core.model.metrics import DomainMetrics, MetricsSnapshot
from scheduler_core.policy.state import DispatchState


class MetricsView:
    """Reads memory, and at rest the machine's pressure, on the event loop's thread; changes nothing."""

    def __init__(
        self,
        metrics: Metrics,
        counts: Counts,
        state: DispatchState,
        pauses: Pauses,
        views: Views,
        pressure: PressureMonitor,
    ) -> None:
        self._metrics = metrics
        self._counts = counts
        self._state = state
        self._pauses = pauses
        self._views = views
        self._pressure = pressure

    def snapshot(self) -> MetricsSnapshot:
        """As it is now."""
        metrics = self._metrics
        if metrics.opened_at is not None:
            self._pressure.refresh()
        reading = self._pressure.reading
        return MetricsSnapshot(
            opened_at=None if metrics.opened_at is None else to_datetime(metrics.opened_at),
            types=metrics.types(),
            domains=tuple(self._domain(name) for name in sorted(self._state.known)),
            is_paused=self._state.paused,
            paused_groups=self._pauses.groups(),
            max_concurrency=self._state.max_concurrency,
            pressure=reading.pressure,
            pressure_by_source=reading.breakdown,
            rate_limits=self._views.rate_limits(),
            held_back=metrics.gates,
            batches=metrics.batches.shown(),
            commits=metrics.commits.shown(),
        )

    def _domain(self, name: str) -> DomainMetrics:
        counts, slots = self._counts.domain(name), self._state.domain(name)
        return DomainMetrics(
            name=name,
            running=counts.running,
            pending=counts.pending,
            paused=counts.paused,
            waiting=counts.waiting,
            blocked=counts.blocked,
            is_paused=slots.paused,
            max_concurrency=slots.cap,
        )
