"""The signals of a scheduler: the facade has them, the engine emits them."""

from __future__ import annotations

import logging
from typing import Any

from psygnal import Signal

from scheduler_core.domain.signals import SteadySignal
from scheduler_core.errors import StoreError
from scheduler_core.model.snapshot import PressureReading

log = logging.getLogger(__name__)


class SchedulerSignals:
    """Emitted on the event loop's thread."""

    paused_changed = Signal(bool, signal_instance_class=SteadySignal)
    max_concurrency_changed = Signal(int, signal_instance_class=SteadySignal)
    store_failed = Signal(StoreError, signal_instance_class=SteadySignal)
    pressure_changed = Signal(PressureReading, signal_instance_class=SteadySignal)


def emit(signal: Any, value: object) -> None:
    """Emit a signal; what a slot raises is logged and stops nothing."""
    try:
        signal.emit(value)
    except Exception:
        log.exception("a slot of %s failed", signal.name)
