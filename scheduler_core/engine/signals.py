"""The signals of a scheduler, as the engine sees them."""

from __future__ import annotations

from typing import Protocol

from psygnal import SignalInstance


class SchedulerSignals(Protocol):
    """Emitted on the event loop's thread."""

    @property
    def paused_changed(self) -> SignalInstance: ...

    @property
    def max_concurrency_changed(self) -> SignalInstance: ...

    @property
    def store_failed(self) -> SignalInstance: ...

    @property
    def pressure_changed(self) -> SignalInstance: ...
