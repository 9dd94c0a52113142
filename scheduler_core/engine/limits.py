"""Caps and rates, changed while tasks run: the gate's numbers first, then whoever waits for that gate is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from scheduler_core.clock import Clock
from scheduler_core.domain.handle import DomainHandle
from scheduler_core.engine.dispatcher import Dispatcher
from scheduler_core.engine.lanes import Lanes
from scheduler_core.engine.sharing import Sharing
from scheduler_core.engine.signals import SchedulerSignals, emit
from scheduler_core.model.limits import RateLimit
from scheduler_core.policy.gate import Lot
from scheduler_core.policy.rate_limit import TokenBucket
from scheduler_core.policy.state import DispatchState


class Limits:
    """How many tasks may run at once, and how often they may start."""

    def __init__(
        self,
        clock: Clock,
        state: DispatchState,
        lanes: Lanes,
        dispatcher: Dispatcher,
        handles: Mapping[str, DomainHandle[Any]],
        signals: SchedulerSignals,
        sharing: Sharing,
        own_caps: Iterable[str],
    ) -> None:
        self._clock = clock
        self._state = state
        self._lanes = lanes
        self._dispatcher = dispatcher
        self._handles = handles
        self._signals = signals
        self._sharing = sharing
        self._own_caps = set(own_caps)
        """The groups that were given a cap of their own."""

    def set_domain_cap(self, domain: str, cap: int | None) -> None:
        """Change the domain's own cap."""
        slots = self._state.domain(domain)
        if slots.cap != cap:
            slots.cap = cap
            self._lanes.wake(Lot("domain", domain))
            self._dispatcher.wake()
            if (
                handle := self._handles.get(domain)
            ) is not None:  # else it has gone, and comes back with its own cap
                emit(handle.max_concurrency_changed, cap)

    def set_group_cap(self, group: str, cap: int | None) -> None:
        """Change a group's cap; None: that of groups without one of their own."""
        (self._own_caps.discard if cap is None else self._own_caps.add)(group)
        slots = self._state.group(group)
        wanted = self._state.default_group_cap if cap is None else cap
        if slots.cap != wanted:
            slots.cap = wanted
            self._lanes.wake(Lot("group", group))
            self._dispatcher.wake()
            emit(self._signals.group_changed, group)

    def set_default_group_cap(self, cap: int | None) -> None:
        """Change the cap of all groups that were not given one of their own; None: they have none."""
        self._state.default_group_cap = cap
        for name, slots in self._state.groups.items():
            if name not in self._own_caps and slots.cap != cap:
                slots.cap = cap
                self._lanes.wake(Lot("group", name))
        self._dispatcher.wake()

    def set_group_weight(self, group: str, weight: int | None) -> None:
        """Change a group's weight."""
        if self._sharing.set_weight(group, weight):
            self._dispatcher.wake()
            emit(self._signals.group_changed, group)

    def set_group_minimum(self, group: str, slots: int | None) -> None:
        """Change a group's minimum slots."""
        if self._sharing.set_minimum(group, slots):
            self._dispatcher.wake()
            emit(self._signals.group_changed, group)

    def set_rate(self, scope: Literal["type", "group"], name: str, limit: RateLimit | None) -> None:
        """Change how often tasks of a type or a group may start; None: as often as they like."""
        buckets = self._state.type_rates if scope == "type" else self._state.group_rates
        before, now = buckets.get(name), self._clock.monotonic()
        is_new = limit != (None if before is None else before.limit)
        if limit is None:
            buckets.pop(name, None)
        elif name in buckets:
            buckets[name].change(limit, now)
        else:
            buckets[name] = TokenBucket(limit, now)
        self._lanes.wake(Lot("type rate" if scope == "type" else "group rate", name))
        self._dispatcher.wake()
        if is_new and scope == "group":
            emit(self._signals.group_changed, name)

    def slept(self, seconds: float) -> None:
        """The machine slept: no task started meanwhile, and the tokens of that time are there."""
        for name, bucket in self._state.type_rates.items():
            bucket.slept(seconds)
            self._lanes.wake(Lot("type rate", name))
        for name, bucket in self._state.group_rates.items():
            bucket.slept(seconds)
            self._lanes.wake(Lot("group rate", name))

    def set_global_cap(self, cap: int) -> None:
        """Change the cap over all domains."""
        if self._state.max_concurrency != cap:
            self._state.max_concurrency = cap
            self._dispatcher.wake()
            emit(self._signals.max_concurrency_changed, cap)
