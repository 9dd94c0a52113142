"""A slot that raises harms nobody: not the emitter, not the slots behind it, not the next emission."""

from __future__ import annotations

import gc
import logging

import pytest
from psygnal import Signal

from scheduler_core.domain.signals import SteadySignal
from scheduler_core.testing import MakeScheduler, run_until_idle
from tests.core.support import Alpha, Job, Script, alpha


class Emitter:
    changed = Signal(int, signal_instance_class=SteadySignal)


def _raise(value: object) -> None:
    raise RuntimeError("a slot is broken")


def test_every_slot_is_called_and_what_one_raises_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    emitter, heard = Emitter(), list[int]()
    emitter.changed.connect(_raise)
    emitter.changed.connect(heard.append)
    with caplog.at_level(logging.ERROR):
        emitter.changed.emit(1)
        emitter.changed.emit(2)
    assert heard == [1, 2]
    assert "changed" in caplog.text
    assert "a slot is broken" in caplog.text


def test_a_slot_may_disconnect_itself_and_emit_again() -> None:
    emitter, heard = Emitter(), list[int]()

    def once(value: int) -> None:
        emitter.changed.disconnect(once)
        emitter.changed.emit(value + 1)

    emitter.changed.connect(once)
    emitter.changed.connect(heard.append)
    emitter.changed.emit(1)
    assert heard == [2, 1]


def test_a_slot_whose_object_is_gone_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    class Listener:
        def hear(self, value: int) -> None:
            raise AssertionError("it is gone")

    emitter, listener = Emitter(), Listener()
    emitter.changed.connect(listener.hear)
    del listener
    gc.collect()
    emitter.changed.emit(1)
    assert not caplog.records


async def test_broken_slots_on_every_signal_stop_nothing(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    heard: list[object] = []
    for signal in (
        handle.paused_changed,
        handle.max_concurrency_changed,
        handle.counts_changed,
        handle.task_event,
        scheduler.paused_changed,
        scheduler.max_concurrency_changed,
    ):
        signal.connect(_raise)
        signal.connect(lambda _, name=signal.name: heard.append(name), check_nargs=False)
    await handle.pause()
    await handle.submit(Job())
    await handle.resume()
    handle.set_max_concurrency(2)
    scheduler.set_max_concurrency(3)
    await scheduler.pause_all()
    await scheduler.resume_all()
    await run_until_idle(scheduler)
    assert scheduler.counts.completed == 1
    assert set(heard) == {"paused_changed", "max_concurrency_changed", "counts_changed", "task_event"}
    assert heard.count("paused_changed") == 4
    assert heard.count("max_concurrency_changed") == 2
