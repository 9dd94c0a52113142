"""The last 15 minutes of one scheduler: what ran, how loaded the machine was, what finished. Qt-free."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.models.series import KEEP_S, Gauge, Rate, Spans, slot_of

SPANS_S = (30, 60, 120, 300, KEEP_S)
"""How much time the graphs show: the smallest step that holds all that happened in the last 15 minutes."""

_MOST_STEPS = 300
"""More than this on one screen is noise, and takes long to paint."""


@dataclass(frozen=True)
class Reading:
    """All three graphs at one instant. A figure that is not known is missing, or None."""

    at_s: float
    running: dict[str, float]
    cap: float | None
    pressure: float | None
    sources: dict[str, float]
    finished: float
    failed: float
    paused: bool


@dataclass(frozen=True)
class View:
    """What the graphs draw: one value a step of `step_s` whole seconds from `first` on; NaN where nothing is known.

    `stack` holds running tasks by domain, each on top of those before it; `off` when a domain was switched off.
    """

    first: int
    step_s: int
    begin_s: float
    end_s: float
    stack: dict[str, list[float]] = field(default_factory=dict)
    cap: list[float] = field(default_factory=list)
    pressure: list[float] = field(default_factory=list)
    sources: dict[str, list[float]] = field(default_factory=dict)
    finished: list[float] = field(default_factory=list)
    failed: list[float] = field(default_factory=list)
    pauses: list[tuple[float, float]] = field(default_factory=list)
    off: dict[str, list[tuple[float, float]]] = field(default_factory=dict)


class Timeline:
    """Is told what changes, when it changes, and answers for any instant of the last 15 minutes.

    `now` gives wall time in epoch seconds. `domains` are in the order in which they are stacked, lowest first.
    """

    def __init__(self, domains: Iterable[str], now: Callable[[], float]) -> None:
        self._now = now
        self._begun_s = now()
        self._running = {name: Gauge() for name in domains}
        self._cap = Gauge()
        self._pressure = Gauge()
        self._sources: dict[str, Gauge] = {}
        self._finished = Rate()
        self._failed = Rate()
        self._pauses = Spans()
        self._off = {name: Spans() for name in self._running}

    def follow(self, domains: Iterable[str]) -> None:
        """These are the domains from now on, lowest in the stack first; what is known of them is kept."""
        self._running = {name: self._running.get(name) or Gauge() for name in domains}
        self._off = {name: self._off.get(name) or Spans() for name in self._running}

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains, lowest in the stack first."""
        return tuple(self._running)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources of pressure seen so far."""
        return tuple(self._sources)

    def set_running(self, domain: str, count: int) -> None:
        """So many tasks of the domain run from now on."""
        self._running[domain].set(self._now(), count)

    def set_cap(self, cap: int) -> None:
        """The cap over all domains from now on."""
        self._cap.set(self._now(), cap)

    def set_pressure(self, pressure: float, sources: Mapping[str, float]) -> None:
        """The pressure from now on. Without a source nothing is measured; one that is silent alone counts as 0."""
        at_s = self._now()
        self._pressure.set(at_s, pressure if sources else math.nan)
        silent = 0.0 if sources else math.nan
        for name in dict.fromkeys((*self._sources, *sources)):
            self._sources.setdefault(name, Gauge()).set(at_s, sources.get(name, silent))

    def set_paused(self, paused: bool) -> None:
        """Is everything paused, from now on?"""
        self._pauses.set(self._now(), paused)

    def set_off(self, domain: str, off: bool) -> None:
        """Is this domain switched off, from now on?"""
        self._off[domain].set(self._now(), off)

    def add_finished(self, completed: int, failed: int) -> None:
        """So many tasks have just ended well, and so many have failed for good."""
        at_s = self._now()
        self._finished.add(at_s, completed)
        self._failed.add(at_s, failed)

    def span_s(self) -> int:
        """How much time there is to show: long idle before the first task is left out."""
        at_s = self._now()
        first = slot_of(at_s) - KEEP_S + 1
        rows = [
            *(gauge.window(first, KEEP_S, at_s) for gauge in self._running.values()),
            self._finished.window(first, KEEP_S),
            self._failed.window(first, KEEP_S),
        ]
        busy = (place for row in rows if (place := _first_above_zero(row)) is not None)
        paused = (int(begin - first) for begin, _ in self._pauses.within(at_s - KEEP_S, at_s))
        age = KEEP_S - min(*busy, *paused, KEEP_S, KEEP_S)
        return next((span for span in SPANS_S if age <= span), SPANS_S[-1])

    def view(self) -> View:
        """All figures up to now."""
        at_s = self._now()
        span = self.span_s()
        step_s = max(1, span // _MOST_STEPS)
        # Steps begin at multiples of their length, so that they keep their values as time goes by.
        first = (slot_of(at_s) // step_s + 1) * step_s - span

        def held(gauge: Gauge) -> list[float]:
            return _means(gauge.window(first, span, at_s), step_s)

        def happened(rate: Rate) -> list[float]:
            return _means(self._since_begin(first, rate.window(first, span)), step_s)

        stack: dict[str, list[float]] = {}
        below = [0.0] * (span // step_s)
        for name, gauge in self._running.items():
            below = stack[name] = _added(below, held(gauge))
        return View(
            first=first,
            step_s=step_s,
            begin_s=float(first),
            end_s=at_s,
            stack=stack,
            cap=held(self._cap),
            pressure=held(self._pressure),
            sources={name: held(gauge) for name, gauge in self._sources.items()},
            finished=happened(self._finished),
            failed=happened(self._failed),
            pauses=self._pauses.within(first, at_s),
            off={name: spans for name, off in self._off.items() if (spans := off.within(first, at_s))},
        )

    def _since_begin(self, first: int, values: list[float]) -> list[float]:
        """Of the time before this began nothing is known."""
        unknown = min(max(0, slot_of(self._begun_s) - first), len(values))
        return [math.nan] * unknown + values[unknown:]

    def reading(self, instant_s: float | None = None) -> Reading:
        """All figures at one instant; None: now, with what ended in the last whole second."""
        at_s = self._now()
        ended_slot = slot_of(at_s) - 1 if instant_s is None else slot_of(instant_s)
        instant_s = at_s if instant_s is None else instant_s
        slot = slot_of(instant_s)

        def one(gauge: Gauge) -> float:
            return gauge.value if instant_s == at_s else gauge.window(slot, 1, at_s)[0]

        cap, pressure = one(self._cap), one(self._pressure)
        return Reading(
            at_s=instant_s,
            running=_known((name, one(gauge)) for name, gauge in self._running.items()),
            cap=None if math.isnan(cap) else cap,
            pressure=None if math.isnan(pressure) else pressure,
            sources=_known((name, one(gauge)) for name, gauge in self._sources.items()),
            finished=self._finished.window(ended_slot, 1)[0],
            failed=self._failed.window(ended_slot, 1)[0],
            paused=bool(self._pauses.within(instant_s, instant_s + 0.001)),
        )


def _means(values: list[float], step_s: int) -> list[float]:
    """The means of every `step_s` values, of what is known of them."""
    if step_s == 1:
        return values
    means: list[float] = []
    for begin in range(0, len(values), step_s):
        known = [value for value in values[begin : begin + step_s] if not math.isnan(value)]
        means.append(sum(known) / len(known) if known else math.nan)
    return means


def _added(below: list[float], values: list[float]) -> list[float]:
    """The stack one storey higher; a domain that is not known yet adds nothing."""
    return [low + (0.0 if math.isnan(value) else value) for low, value in zip(below, values, strict=True)]


def _first_above_zero(values: Sequence[float]) -> int | None:
    return next((place for place, value in enumerate(values) if value > 0), None)


def _known(values: Iterable[tuple[str, float]]) -> dict[str, float]:
    return {name: value for name, value in values if not math.isnan(value)}
