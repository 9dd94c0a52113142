"""How many tasks are in each state: kept by adding up commits, told at most 30 times a second."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from scheduler_core.clock import Clock, TimerHandle
from scheduler_core.model.lane import LaneKey
from scheduler_core.model.snapshot import DomainCounts
from scheduler_core.policy.state import DispatchState

_INTERVAL_S = 1 / 30
_RATE_WINDOW_S = 5.0
_FAILED = frozenset({"failed", "dead_letter", "dependency_failed", "expired"})
_STATES = ("pending", "running", "waiting", "blocked", "held")


class Rate:
    """Events a second, smoothed: an exponential average over about five seconds, decayed when it is read."""

    def __init__(self) -> None:
        self._value = 0.0
        self._at = 0.0

    def add(self, n: int, now: float) -> None:
        """`n` things happened at `now` (monotonic seconds)."""
        self._value = self.read(now) + n / _RATE_WINDOW_S
        self._at = now

    def read(self, now: float) -> float:
        """Things a second around `now`."""
        return self._value * math.exp(-max(0.0, now - self._at) / _RATE_WINDOW_S)


class Counts:
    """The numbers of every lane, and of every domain as a person should read them.

    `tell` is called with the names of domains whose numbers changed: at once, and then not before 1/30 s has gone by.
    """

    def __init__(
        self,
        clock: Clock,
        state: DispatchState,
        key_of: Callable[[int], LaneKey],
        tell: Callable[[set[str]], None],
    ) -> None:
        self._clock = clock
        self._state = state
        self._key_of = key_of
        self._tell = tell
        self._active: dict[int, dict[str, int]] = {}
        self._totals: dict[str, dict[str, int]] = {}
        self._lanes: dict[str, set[int]] = {}
        self._rates: dict[str, Rate] = {}
        self._changed: set[str] = set()
        self._timer: TimerHandle | None = None
        self._is_closed = False

    def load(self, active: Mapping[tuple[int, str], int], totals: Mapping[tuple[int, str], int]) -> None:
        """What the database says at open."""
        for (lane, status), n in active.items():
            self._add_active(lane, status, n)
        for (lane, status), n in totals.items():
            self._add_total(self._key_of(lane).domain, status, n)

    def apply(self, active: Mapping[tuple[int, str], int], totals: Mapping[tuple[int, str], int]) -> None:
        """Add up one commit."""
        touched: set[str] = set()
        now = self._clock.monotonic()
        for (lane, status), n in active.items():
            if n:
                touched.add(self._add_active(lane, status, n))
        for (lane, status), n in totals.items():
            domain = self._key_of(lane).domain
            self._add_total(domain, status, n)
            touched.add(domain)
            if n > 0 and (status == "completed" or status in _FAILED):
                self._rates.setdefault(domain, Rate()).add(n, now)
        self.touch(touched)

    def touch(self, domains: Iterable[str]) -> None:
        """The numbers of these domains read differently now."""
        self._changed.update(domains)
        if self._changed and self._timer is None:
            self._flush()
            if not self._is_closed:
                self._timer = self._clock.call_later(_INTERVAL_S, self._on_timer)

    def close(self) -> None:
        """Tell what was not told yet, and keep no timer; what the last commits bring is told at once."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._flush()

    def pending(self, lane: int) -> int:
        """The pending tasks of a stored lane, also those that a pause holds or that are due later."""
        return self._active[lane]["pending"] if lane in self._active else 0

    def domain(self, name: str) -> DomainCounts:
        """One domain. What a pause holds is `paused`, not pending."""
        return self._read(self._lanes.get(name, ()), self._totals.get(name, {}))

    def of_lanes(self, lanes: Iterable[int]) -> DomainCounts:
        """The active tasks of some stored lanes; what ended is not told by lanes, and is 0."""
        return self._read((lane for lane in lanes if lane in self._active), {})

    def _read(self, lanes: Iterable[int], totals: Mapping[str, int]) -> DomainCounts:
        running = pending = paused = waiting = blocked = 0
        for lane in lanes:
            active = self._active[lane]
            running += active["running"]
            waiting += active["waiting"]
            blocked += active["blocked"]
            paused += active["held"]
            if self._state.is_held(self._key_of(lane)):
                paused += active["pending"]
            else:
                pending += active["pending"]
        return DomainCounts.model_construct(
            running=running,
            pending=pending,
            paused=paused,
            waiting=waiting,
            blocked=blocked,
            completed=totals.get("completed", 0),
            failed=sum(totals.get(status, 0) for status in _FAILED),
            cancelled=totals.get("cancelled", 0),
        )

    def all(self) -> DomainCounts:
        """All domains together."""
        total = DomainCounts()
        for name in {*self._lanes, *self._totals}:
            total = total + self.domain(name)
        return total

    def held(self, keep: Callable[[LaneKey], bool]) -> int:
        """How many tasks of the lanes that `keep` accepts are pending or running."""
        return sum(
            active["pending"] + active["running"]
            for lane, active in self._active.items()
            if keep(self._key_of(lane))
        )

    def active(self) -> int:
        """How many tasks are active."""
        return sum(sum(active.values()) for active in self._active.values())

    def throughput(self, name: str) -> float:
        """Tasks that a domain finishes a second, smoothed."""
        rate = self._rates.get(name)
        return 0.0 if rate is None else rate.read(self._clock.monotonic())

    def lanes_with(self, status: str) -> list[int]:
        """The lanes that have tasks of a stored status."""
        return [lane for lane, active in self._active.items() if active[status] > 0]

    def _add_active(self, lane: int, status: str, n: int) -> str:
        active = self._active.get(lane)
        domain = self._key_of(lane).domain
        if active is None:
            active = self._active[lane] = dict.fromkeys(_STATES, 0)
            self._lanes.setdefault(domain, set()).add(lane)
        active[status] += n
        return domain

    def _add_total(self, domain: str, status: str, n: int) -> None:
        totals = self._totals.setdefault(domain, {})
        totals[status] = totals.get(status, 0) + n

    def _on_timer(self) -> None:
        self._timer = None
        if self._changed:
            self._flush()
            self._timer = self._clock.call_later(_INTERVAL_S, self._on_timer)

    def _flush(self) -> None:
        changed, self._changed = self._changed, set()
        if changed:
            self._tell(changed)
