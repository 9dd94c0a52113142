"""A domain's handle as widgets see it, moved by the test, and commands that write down what they are asked."""

from __future__ import annotations

from datetime import datetime

from psygnal import Signal as PsygnalSignal
from PySide6.QtCore import QObject, Signal

from scheduler_core import DomainCounts


class Handle:
    """Says what it is told to say."""

    counts_changed = PsygnalSignal(DomainCounts)
    paused_changed = PsygnalSignal(bool)
    max_concurrency_changed = PsygnalSignal(object)

    def __init__(self, name: str = "sync", cap: int | None = 2, *, paused: bool = False) -> None:
        self.name = name
        self.max_concurrency = cap
        self.is_paused = paused
        self.counts = DomainCounts()

    def say_paused(self, paused: bool) -> None:
        self.is_paused = paused
        self.paused_changed.emit(paused)

    def say_counts(self, counts: DomainCounts) -> None:
        self.counts = counts
        self.counts_changed.emit(counts)

    def say_cap(self, cap: int | None) -> None:
        self.max_concurrency = cap
        self.max_concurrency_changed.emit(cap)


class Asked(QObject):
    """What the widgets asked for, in order."""

    settled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[object, ...]] = []

    def set_domain_on(self, name: str, on: bool) -> None:
        self.calls.append(("on", name, on))

    def pause_domain(self, name: str, until: datetime | None = None, reason: str | None = None) -> None:
        self.calls.append(("pause", name, until))

    def set_domain_concurrency(self, name: str, n: int | None) -> None:
        self.calls.append(("cap", name, n))
