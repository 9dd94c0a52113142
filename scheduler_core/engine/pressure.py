"""How loaded the machine is, and whatever else is watched: read while it matters, and no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, cast

from scheduler_core.clock import Clock, TimerHandle
from scheduler_core.engine.pressure_source import ReportOnce, named_sources
from scheduler_core.engine.sampler import PsutilSampler
from scheduler_core.errors import ConfigurationError
from scheduler_core.model.config import SchedulerConfig
from scheduler_core.model.pressure import ResourceSample, ResourceSampler
from scheduler_core.model.snapshot import PressureReading, Resources
from scheduler_core.model.throttle import ThrottlePolicy
from scheduler_core.policy.pressure import machine_pressure, network_pressure, smoothed

_NOTHING = PressureReading(pressure=0.0, breakdown={})


class PressureMonitor:
    """Owns the sources of pressure and the sampler.

    `reading` is the latest pressure with its sources; `resources` what the machine does, smoothed, while it is monitored.
    Everything is read once each `SamplerConfig.interval` while `is_wanted()` (tasks run, or wait for the machine to calm
    down), and `on_change` is called when the reading or the resources have changed. At rest there is no timer; `refresh`
    then reads whenever it is called, and tells nobody; what stays in the reading is what sources tell by themselves. What
    `policy()` ignores is read, and does not count. All on the event loop's thread.

    The first sample after a rest tells of the rest too, so smoothing begins with the second.
    """

    def __init__(
        self,
        clock: Clock,
        config: SchedulerConfig,
        sources: Iterable[object],
        sampler: ResourceSampler | None,
        is_wanted: Callable[[], bool],
        on_change: Callable[[], None],
        policy: Callable[[], ThrottlePolicy],
    ) -> None:
        self._clock = clock
        self._config = config
        self._bandwidth = config.bandwidth_limit
        self._policy = policy
        self._is_wanted = is_wanted
        self._on_change = on_change
        self._given = _checked(sampler)
        self._sampler: ResourceSampler | None = None
        self._need_sampler()
        self._report = ReportOnce("resource sampler", "its last numbers stay until it works")
        taken = ("cpu", "memory", "disk") if config.resource_monitoring else ()
        taken = (*taken, "network") if config.bandwidth_limit is not None else taken
        self._sources = named_sources(sources, taken)
        others = {source.name for source in self._sources}
        self._network = "network" if "network" not in others else "bandwidth"
        self._timer: TimerHandle | None = None
        self._machine: Resources | None = None
        self._basis: Resources | None = None
        """What the next sample is smoothed with."""
        self._told: tuple[PressureReading, Resources | None] = (_NOTHING, None)
        self.reading = _NOTHING

    @property
    def resources(self) -> Resources | None:
        """What the machine does; None unless `resource_monitoring` is on and there has been a sample."""
        return self._machine if self._config.resource_monitoring else None

    @property
    def throughput(self) -> Resources | None:
        """What the machine has moved while it was watched; None before a first whole interval.

        What an idle machine moves says nothing of what it can, so nobody is held back by it.
        """
        return self._basis if self._config.resource_monitoring else None

    async def prepare(self) -> None:
        """Let psutil be imported in a thread, before the first task needs it on the event loop."""
        if isinstance(self._sampler, PsutilSampler):
            await asyncio.to_thread(self._sample)

    def refresh(self) -> None:
        """Read now, if it is not done regularly: for whoever is about to look at `reading` or `resources`."""
        if self._timer is None and self._has_anything:
            self._look(None)

    def watch(self) -> None:
        """Read regularly from now on, until nobody wants it any more; nothing if nobody does now, or it is being done."""
        if self._timer is not None or not self._has_anything:
            return
        if self._is_wanted():
            self._look(None)
            self._timer = self._clock.call_later(self._config.sampler.interval, self._on_timer)
        else:
            self.reading = self._told_by_sources()
        self._tell()

    def rest(self) -> None:
        """Read no longer; what was measured is forgotten."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._machine = self._basis = None
        self.reading = self._told_by_sources()
        self._tell()

    def look_again(self) -> None:
        """A source has changed, or others count from now on: nothing is measured anew, but what is known is told."""
        self.reading = self._told_by_sources() if self._timer is None else self._read()
        self._tell()

    def set_bandwidth(self, limit: float | None) -> None:
        """Bytes a second that are full pressure from now on; None: the network is none."""
        self._bandwidth = limit
        self._need_sampler()
        self.look_again()

    @property
    def is_held_by_word(self) -> bool:
        """Does a source that tells its changes hold all that the policy may hold? Nothing need be read till it does."""
        policy = self._policy()
        return any(
            self.reading.breakdown.get(source.name, 0.0) > policy.highest
            for source in self._sources
            if source.tells_changes and source.name not in policy.ignores
        )

    def _need_sampler(self) -> None:
        if self._sampler is None and (self._config.resource_monitoring or self._bandwidth is not None):
            self._sampler = self._given or PsutilSampler(self._clock)

    @property
    def _has_anything(self) -> bool:
        return self._sampler is not None or bool(self._sources)

    def _on_timer(self) -> None:
        self._timer = None
        if not self._is_wanted():
            self.rest()
            return
        self._timer = self._clock.call_later(self._config.sampler.interval, self._on_timer)
        self._look(self._basis)
        self._basis = self._machine
        self._tell()

    def _look(self, before: Resources | None) -> None:
        sample = None if self._sampler is None else self._sample()
        if sample is not None:
            self._machine = smoothed(before, sample, self._config.sampler.ewma_alpha)
        self.reading = self._read()

    def _read(self) -> PressureReading:
        return self._reading({**self._built_in(), **{source.name: source.read() for source in self._sources}})

    def _told_by_sources(self) -> PressureReading:
        said = {source.name: source.read() for source in self._sources if source.tells_changes}
        return self._reading({name: value for name, value in said.items() if value > 0.0})

    def _reading(self, values: dict[str, float]) -> PressureReading:
        ignored = self._policy().ignores
        counted = {name: value for name, value in values.items() if name not in ignored}
        return PressureReading(pressure=max(counted.values(), default=0.0), breakdown={**counted, **values})

    def _built_in(self) -> dict[str, float]:
        machine, limit = self._machine, self._bandwidth
        if machine is None:
            return {}
        values = machine_pressure(machine) if self._config.resource_monitoring else {}
        if limit is not None:
            values[self._network] = network_pressure(machine, limit)
        return values

    def _sample(self) -> ResourceSample | None:
        assert self._sampler is not None
        try:
            said: Any = self._sampler.sample()
            sample = None if said is None else ResourceSample.model_validate(said, from_attributes=True)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - it stops neither dispatch nor the timer
            self._report.fails(f"it raised {type(error).__name__}", error)
            return None
        self._report.works()
        return sample

    def _tell(self) -> None:
        now = (self.reading, self.resources)
        if now != self._told:
            self._told = now
            self._on_change()


def _checked(sampler: ResourceSampler | None) -> ResourceSampler | None:
    given = cast("Any", sampler)
    if given is not None and (isinstance(given, type) or not callable(getattr(given, "sample", None))):
        raise ConfigurationError(
            "resource_sampler", f"{given!r} is no sampler", "Pass an object with a method sample()."
        )
    return sampler
