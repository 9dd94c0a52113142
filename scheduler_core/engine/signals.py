"""The signals of a scheduler: the facade has them, the engine emits them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from psygnal import Signal

from scheduler_core.domain.handle import DomainHandle
from scheduler_core.domain.signals import SteadySignal
from scheduler_core.errors import StoreError
from scheduler_core.model.events import SchedulerEvent, TaskEvent
from scheduler_core.model.pause import Pause
from scheduler_core.model.snapshot import DomainCounts, HeldBack, PressureReading
from scheduler_core.model.throttle import ThrottlePolicy
from scheduler_core.model.undo import Undo

log = logging.getLogger(__name__)


class SchedulerSignals:
    """Emitted on the event loop's thread."""

    paused_changed = Signal(bool, signal_instance_class=SteadySignal)
    max_concurrency_changed = Signal(int, signal_instance_class=SteadySignal)
    group_changed = Signal(str, signal_instance_class=SteadySignal)
    schedules_changed = Signal(str, signal_instance_class=SteadySignal)
    pauses_changed = Signal(object, signal_instance_class=SteadySignal)
    store_failed = Signal(StoreError, signal_instance_class=SteadySignal)
    pressure_changed = Signal(PressureReading, signal_instance_class=SteadySignal)
    undos_changed = Signal(tuple, signal_instance_class=SteadySignal)
    held_back_changed = Signal(object, signal_instance_class=SteadySignal)
    throttle_changed = Signal(ThrottlePolicy, signal_instance_class=SteadySignal)
    domains_changed = Signal(tuple, signal_instance_class=SteadySignal)


def emit(signal: Any, value: object) -> None:
    """Emit a signal; what a slot raises is logged and stops nothing."""
    try:
        signal.emit(value)
    except Exception:
        log.exception("a slot of %s failed", signal.name)


class Emitter:
    """Emits the signals of the scheduler and its handles; those of tasks and counts only where somebody listens."""

    def __init__(self, signals: SchedulerSignals, handles: Mapping[str, DomainHandle[Any]]) -> None:
        self._signals = signals
        self._handles = handles

    def wants_task_events(self) -> bool:
        """Does anybody listen to the events of tasks?"""
        return any(len(handle.task_event) for handle in self._handles.values())

    def task_events(self, events: Sequence[SchedulerEvent]) -> None:
        """Each to the handle of its domain."""
        for event in events:
            if isinstance(event, TaskEvent) and (handle := self._handles.get(event.domain)) is not None:
                emit(handle.task_event, event)

    def counts(self, names: set[str], counts_of: Callable[[str], DomainCounts]) -> None:
        """The numbers of these domains have changed."""
        for name in names:
            handle = self._handles.get(name)
            if handle is not None and len(handle.counts_changed):
                emit(handle.counts_changed, counts_of(name))

    def paused(self, paused: bool) -> None:
        """The whole scheduler was paused or resumed."""
        emit(self._signals.paused_changed, paused)

    def group(self, name: str) -> None:
        """A group has another limit, weight, minimum, rate or pause."""
        emit(self._signals.group_changed, name)

    def schedules(self, domains: set[str]) -> None:
        """Tasks that come again were added, ended, paused or resumed, or have come, in these domains."""
        for name in domains:
            emit(self._signals.schedules_changed, name)

    def pauses(self, pauses: Sequence[Pause]) -> None:
        """A pause began, ended, or has another end or reason; these are in force."""
        if len(self._signals.pauses_changed):
            emit(self._signals.pauses_changed, tuple(pauses))

    def pressure(self, reading: PressureReading) -> None:
        """The machine is more, or less, busy than before."""
        emit(self._signals.pressure_changed, reading)

    def undos(self, undos: tuple[Undo, ...]) -> None:
        """These, and no others, can be taken back now."""
        emit(self._signals.undos_changed, undos)

    def held_back(self, held: HeldBack | None) -> None:
        """The throttle holds something else back than before."""
        emit(self._signals.held_back_changed, held)

    def throttle(self, policy: ThrottlePolicy) -> None:
        """Another policy says who waits while the machine is busy."""
        emit(self._signals.throttle_changed, policy)

    def domains(self) -> None:
        """These domains, and no others, are there now."""
        emit(self._signals.domains_changed, tuple(self._handles))

    def store_failed(self, error: StoreError) -> None:
        """Something could not be written; it is tried again."""
        log.error("%s", error)
        emit(self._signals.store_failed, error)
