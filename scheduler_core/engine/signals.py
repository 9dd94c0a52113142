"""The signals of a scheduler: the facade has them, the engine emits them."""

from __future__ import annotations

from psygnal import Signal

from scheduler_core.errors import StoreError
from scheduler_core.model.snapshot import PressureReading


class SchedulerSignals:
    """Emitted on the event loop's thread."""

    paused_changed = Signal(bool)
    max_concurrency_changed = Signal(int)
    store_failed = Signal(StoreError)
    pressure_changed = Signal(PressureReading)
