"""Figures over time in slots of one second, for the live graphs. Qt-free; time is handed in, nothing ticks.

A slot is the whole second since the epoch. What happened within one is averaged (gauges) or summed (rates), so
that 5,000 changes a second cost what one does, the area under a graph stays true, and no average exceeds a cap.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

KEEP_S = 900
"""How much is kept: the last 15 minutes."""


def slot_of(at_s: float) -> int:
    """The slot of an instant, in epoch seconds."""
    return math.floor(at_s)


class Gauge:
    """A value that holds until it changes, or until it is not known any more. What is not known is NaN."""

    def __init__(self, keep: int = KEEP_S) -> None:
        self._closed: deque[float] = deque(maxlen=keep)
        self._keep = keep
        self._value = math.nan
        self._slot: int | None = None
        self._since_s = 0.0
        # Of the slot that is open: the sum of value times seconds, and of the seconds in which there was a value.
        self._area = 0.0
        self._known_s = 0.0

    @property
    def value(self) -> float:
        """The value in force."""
        return self._value

    def set(self, at_s: float, value: float) -> None:
        """The value is `value` from `at_s` on. A clock that went back counts as standing still."""
        if self._slot is None:
            self._slot, self._since_s = slot_of(at_s), at_s
        self._advance(self._slot, at_s)
        self._value = value

    def window(self, first: int, count: int, at_s: float) -> list[float]:
        """The means of `count` slots from `first` on; slots that have not begun by `at_s` are NaN."""
        if self._slot is None:
            return [math.nan] * count
        slot = self._advance(self._slot, at_s)
        return [self._mean(slot, wanted) for wanted in range(first, first + count)]

    def _mean(self, slot: int, wanted: int) -> float:
        if wanted == slot:
            return self._area / self._known_s if self._known_s > 0 else self._value
        back = slot - wanted
        return self._closed[-back] if 0 < back <= len(self._closed) else math.nan

    def _advance(self, slot: int, at_s: float) -> int:
        at_s = max(at_s, self._since_s)
        reached = slot_of(at_s)
        if reached > slot:
            self._hold(slot + 1.0)
            self._closed.append(self._area / self._known_s if self._known_s > 0 else math.nan)
            self._closed.extend([self._value] * min(reached - slot - 1, self._keep))
            self._slot, self._since_s = reached, float(reached)
            self._area = self._known_s = 0.0
        self._hold(at_s)
        return reached

    def _hold(self, until_s: float) -> None:
        """The value held until then."""
        if not math.isnan(self._value):
            self._area += self._value * (until_s - self._since_s)
            self._known_s += until_s - self._since_s
        self._since_s = until_s


class Rate:
    """How many things happened in each second; nothing happened in a slot that was never told of."""

    def __init__(self, keep: int = KEEP_S) -> None:
        self._keep = keep
        self._counts: dict[int, int] = {}
        self._last = 0

    def add(self, at_s: float, count: int) -> None:
        """`count` more have happened at `at_s`."""
        if count <= 0:
            return
        self._last = max(self._last, slot_of(at_s))
        self._counts[self._last] = self._counts.get(self._last, 0) + count
        if len(self._counts) > self._keep:
            self._counts = {slot: n for slot, n in self._counts.items() if slot > self._last - self._keep}

    def window(self, first: int, count: int) -> list[float]:
        """The counts of `count` slots from `first` on."""
        return [float(self._counts.get(slot, 0)) for slot in range(first, first + count)]


@dataclass(frozen=True)
class Span:
    """A stretch of time, in epoch seconds; `end_s` is None while it lasts."""

    begin_s: float
    end_s: float | None = None


class Spans:
    """Stretches that begin and end, such as pauses; those that ended longer than `keep_s` ago are forgotten."""

    def __init__(self, keep_s: float = KEEP_S) -> None:
        self._keep_s = keep_s
        self._spans: list[Span] = []

    @property
    def is_open(self) -> bool:
        """Does one last now?"""
        return bool(self._spans) and self._spans[-1].end_s is None

    def set(self, at_s: float, on: bool) -> None:
        """Begins a span, or ends the one that lasts; saying the same twice changes nothing."""
        if on and not self.is_open:
            self._spans.append(Span(at_s))
        elif not on and self.is_open:
            begin_s = self._spans.pop().begin_s
            self._spans.append(Span(begin_s, max(at_s, begin_s)))
        oldest_s = at_s - self._keep_s
        self._spans = [span for span in self._spans if span.end_s is None or span.end_s > oldest_s]

    def within(self, begin_s: float, end_s: float) -> list[tuple[float, float]]:
        """The stretches, clipped to the given time."""
        clipped = [
            (max(s.begin_s, begin_s), min(end_s if s.end_s is None else s.end_s, end_s)) for s in self._spans
        ]
        return [(begin, end) for begin, end in clipped if end > begin]
