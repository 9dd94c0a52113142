"""Measures how loaded the machine is, while tasks run and no longer."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from scheduler_core.clock import Clock, TimerHandle
from scheduler_core.model.snapshot import PressureReading

_INTERVAL_S = 1.0
_ALPHA = 0.3
_MEMORY_FREE_OF_CARE = 0.7
"""Memory in use below this fraction is no pressure: systems fill it with caches."""


class MachineSampler:
    """One reading a second by psutil, smoothed (exponentially weighted, alpha 0.3).

    cpu: the fraction of all cores that is busy. disk: the fraction of time in which the busiest disk had work, where the
    system tells (Linux). memory: how far use has gone from 70 % to 100 %.
    """

    def __init__(
        self, clock: Clock, is_wanted: Callable[[], bool], tell: Callable[[PressureReading], None]
    ) -> None:
        self._clock = clock
        self._is_wanted = is_wanted
        self._tell = tell
        self._timer: TimerHandle | None = None
        self._smoothed: dict[str, float] = {}
        self._disks: dict[str, int] = {}
        self._at = 0.0
        self.reading = PressureReading(pressure=0.0, breakdown={})

    @staticmethod
    def prepare() -> None:
        """Import what measures: up to 0.3 s, so in a thread, before the first task needs it on the event loop."""
        importlib.import_module("psutil")

    def run(self) -> None:
        """Measure from now on, until nobody wants it any more; the first reading comes a second later."""
        if self._timer is None:
            self._measure()
            self._timer = self._clock.call_later(_INTERVAL_S, self._on_timer)

    def rest(self) -> None:
        """Measure no longer; what was measured is forgotten."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._smoothed = {}
            self._publish()

    def _on_timer(self) -> None:
        if not self._is_wanted():
            self.rest()
            return
        for source, value in self._measure().items():
            before = self._smoothed.get(source, value)
            self._smoothed[source] = before + _ALPHA * (value - before)
        self._publish()
        self._timer = self._clock.call_later(_INTERVAL_S, self._on_timer)

    def _publish(self) -> None:
        values = {source: min(1.0, max(0.0, value)) for source, value in self._smoothed.items()}
        self.reading = PressureReading(pressure=max(values.values(), default=0.0), breakdown=values)
        self._tell(self.reading)

    def _measure(self) -> dict[str, float]:
        import psutil

        now = self._clock.monotonic()
        elapsed, self._at = now - self._at, now
        values = {"cpu": psutil.cpu_percent(None) / 100.0}
        used = psutil.virtual_memory().percent / 100.0
        values["memory"] = max(0.0, used - _MEMORY_FREE_OF_CARE) / (1.0 - _MEMORY_FREE_OF_CARE)
        busy = self._disk_busy(elapsed)
        if busy is not None:
            values["disk"] = busy
        return values

    def _disk_busy(self, elapsed: float) -> float | None:
        import psutil

        counters = psutil.disk_io_counters(perdisk=True)
        times = {name: int(getattr(counter, "busy_time", -1)) for name, counter in counters.items()}
        before, self._disks = self._disks, times
        if elapsed <= 0 or not before or any(ms < 0 for ms in times.values()):
            return None
        return max(
            ((times[name] - before[name]) / 1000.0 / elapsed for name in times if name in before), default=0.0
        )
