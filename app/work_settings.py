"""What of the settings the scheduler works by: its config at the start, and what changes while it works. Qt-free."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Literal

from app.group_limits import apply_group_limits
from app.settings_model import AdvancedSettings, AppSettings, LimitSettings, PressureSettings, RateSetting
from app.work_names import PROGRAMS
from scheduler_core import (
    AgingConfig,
    Priority,
    RateLimit,
    RetentionPolicy,
    Scheduler,
    SchedulerConfig,
    ThrottlePolicy,
)

_ALL = 0.99
"""A condition is full pressure: it holds work back also where the machine may be as busy as it likes."""
_BYTES = 1_000_000
_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0}


def scheduler_config(settings: AppSettings) -> SchedulerConfig:
    """What the scheduler is opened with."""
    limits = settings.limits
    return SchedulerConfig(
        max_concurrency=limits.max_concurrency,
        default_group_concurrency=limits.group,
        bandwidth_limit=_bandwidth(limits),
        rate_limits={name: rate_limit(rate) for name, rate in limits.rates.items()},
        throttle=throttle_policy(settings.pressure),
        retention=_retention(settings.advanced),
        aging=aging(settings.advanced),
        resource_monitoring=True,
    )


def aging(settings: AdvancedSettings) -> AgingConfig | None:
    """How what waits long grows more urgent, if it does."""
    return AgingConfig() if settings.aging else None


def synchronous(settings: AdvancedSettings) -> Literal["NORMAL", "FULL"]:
    """What a commit of the store survives, as the store has it."""
    return "FULL" if settings.synchronous == "full" else "NORMAL"


def throttle_policy(settings: PressureSettings) -> ThrottlePolicy:
    """Who waits for what. The processor as a whole never counts: our own work would hold itself back."""
    ignored = ["cpu"]
    if not settings.slow_down:
        ignored += ["disk", "memory", PROGRAMS]  # what a person allows the network to move holds all the same
        return ThrottlePolicy([(Priority.NORMAL, _ALL)], ignored)
    ignored += [
        name
        for name, on in (("disk", settings.disk), ("memory", settings.memory), (PROGRAMS, settings.programs))
        if not on
    ]
    marks = [(Priority.BACKGROUND, settings.background / 100), (Priority.NORMAL, settings.ordinary / 100)]
    return ThrottlePolicy(marks, ignored)


def rate_limit(rate: RateSetting) -> RateLimit:
    """So many starts in each second, minute or hour, as many at once."""
    return RateLimit(rate=rate.count / _SECONDS[rate.per], burst=rate.count)


class WorkSettings:
    """Changes an open scheduler as the settings change; what is asked for is what differs from the last time.

    `slow` is given all settings too, for what takes a moment to apply.

    Caps of domains that a person takes back are those that the plugin declared, as they were when this was made.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        settings: AppSettings,
        slow: Callable[[AppSettings], None] = lambda _: None,
    ) -> None:
        self._scheduler = scheduler
        self._slow = slow
        self._before = settings
        self.declared: dict[str, int | None] = {h.name: h.max_concurrency for h in scheduler.domains()}
        """How many tasks of each domain its plugin would have run at once."""
        self._set_domain_caps(settings.limits.domains)
        apply_group_limits(scheduler, settings.limits.groups)

    def apply(self, settings: AppSettings) -> None:
        """These settings hold from now on."""
        before, self._before = self._before, settings
        scheduler, limits, old = self._scheduler, settings.limits, before.limits
        if limits.max_concurrency != old.max_concurrency:
            scheduler.set_max_concurrency(limits.max_concurrency)
        if limits.domains != old.domains:
            self._set_domain_caps(limits.domains, old.domains)
        if limits.group != old.group:
            scheduler.set_default_group_limit(limits.group)
        if limits.bandwidth != old.bandwidth:
            scheduler.set_bandwidth_limit(_bandwidth(limits))
        self._set_rates(limits.rates, old.rates)
        apply_group_limits(scheduler, limits.groups, old.groups)
        if settings.pressure != before.pressure:
            scheduler.set_throttle(throttle_policy(settings.pressure))
        if (retention := _retention(settings.advanced)) != _retention(before.advanced):
            scheduler.set_retention(retention)
        self._slow(settings)

    def domain_rebuilt(self, name: str, declared: int | None) -> None:
        """The plugin declares another cap for its domain now; that of a person holds all the same."""
        self.declared[name] = declared
        cap = self._before.limits.domains.get(name)
        self._scheduler.domain(name).set_max_concurrency(declared if cap is None else cap or None)

    def _set_domain_caps(self, caps: Mapping[str, int], before: Mapping[str, int] | None = None) -> None:
        old = before or {}
        for handle in self._scheduler.domains():
            cap = caps.get(handle.name)
            if cap != old.get(handle.name):
                handle.set_max_concurrency(self.declared[handle.name] if cap is None else cap or None)

    def _set_rates(self, rates: Mapping[str, RateSetting], before: Mapping[str, RateSetting]) -> None:
        for name in dict.fromkeys((*rates, *before)):
            rate = rates.get(name)
            if rate != before.get(name):
                self._scheduler.set_rate_limit(name, None if rate is None else rate_limit(rate))


def _bandwidth(limits: LimitSettings) -> float | None:
    return None if limits.bandwidth is None else limits.bandwidth * _BYTES


def _retention(advanced: AdvancedSettings) -> RetentionPolicy | None:
    if advanced.keep_days is None and advanced.keep_records is None:
        return None
    age = None if advanced.keep_days is None else timedelta(days=advanced.keep_days)
    return RetentionPolicy(max_count=advanced.keep_records, max_age=age)
