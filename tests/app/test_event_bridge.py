"""Five thousand tasks cost the screen what fifty do, and an idle scheduler costs nothing."""

from __future__ import annotations

import time

from PySide6.QtCore import QCoreApplication, QTimer

from app.bridge.event_bridge import EventBridge
from scheduler_core import Completed, Scheduler, TaskEvent, TaskStore
from tests.app.qt_loop import run_on_qt
from tests.app.tiny_domain import Fail, Nothing, Tiny, tiny_domain


def is_ticking(bridge: EventBridge) -> bool:
    return any(timer.isActive() for timer in bridge.findChildren(QTimer))


async def wait_quiet(bridge: EventBridge) -> None:
    import asyncio

    while is_ticking(bridge):
        await asyncio.sleep(0)


def test_a_storm_is_folded_into_twenty_changes_a_second_and_nothing_is_lost(qapp: QCoreApplication) -> None:
    batches: list[list[TaskEvent]] = []
    finished: list[tuple[int, int]] = []

    async def storm() -> float:
        async with Scheduler(store=TaskStore.in_memory(), domains=[tiny_domain()]) as scheduler:
            bridge = EventBridge(scheduler)
            bridge.tasks_changed.connect(batches.append)
            bridge.finished.connect(lambda done, failed: finished.append((done, failed)))
            started_s = time.monotonic()
            await scheduler.domain(Tiny).submit_batch([Nothing(number=n) for n in range(2000)])
            await scheduler.domain(Tiny).submit_batch([Fail(number=n) for n in range(20)])
            await scheduler.wait_idle()
            await wait_quiet(bridge)
            took_s = time.monotonic() - started_s
            bridge.close()
            return took_s

    took_s = run_on_qt(qapp, storm())
    assert len(batches) <= 20 * took_s + 2
    assert sum(done for done, _ in finished) == 2000
    assert sum(failed for _, failed in finished) == 20
    for batch in batches:
        assert len({event.task_id for event in batch}) == len(batch)
    last = {event.task_id: event for batch in batches for event in batch}
    assert sum(isinstance(event, Completed) for event in last.values()) == 2000


def test_pausing_tells_that_domains_changed(qapp: QCoreApplication) -> None:
    told: list[bool] = []

    async def pause() -> None:
        async with Scheduler(store=TaskStore.in_memory(), domains=[tiny_domain()]) as scheduler:
            bridge = EventBridge(scheduler)
            bridge.domains_changed.connect(lambda: told.append(scheduler.domain(Tiny).is_paused))
            await scheduler.domain(Tiny).pause()
            await wait_quiet(bridge)
            scheduler.domain(Tiny).set_max_concurrency(3)
            await wait_quiet(bridge)
            bridge.close()

    run_on_qt(qapp, pause())
    assert told == [True, True]


def test_idle_and_closed_it_has_no_timer(qapp: QCoreApplication) -> None:
    async def idle() -> None:
        async with Scheduler(store=TaskStore.in_memory(), domains=[tiny_domain()]) as scheduler:
            bridge = EventBridge(scheduler)
            assert not is_ticking(bridge)
            await scheduler.domain(Tiny).submit(Nothing(number=1))
            bridge.close()
            assert not is_ticking(bridge)
            await scheduler.wait_idle()
            assert not is_ticking(bridge)
            bridge.close()

    run_on_qt(qapp, idle())


def test_a_domain_that_comes_later_is_followed_too(qapp: QCoreApplication) -> None:
    told: list[str] = []

    async def script() -> None:
        async with Scheduler(store=TaskStore.in_memory(), domains=[tiny_domain()]) as scheduler:
            bridge = EventBridge(scheduler)
            bridge.domains_changed.connect(lambda: told.append("changed"))
            await scheduler.remove_domain(Tiny)
            handle = await scheduler.add_domain(tiny_domain())
            await wait_quiet(bridge)
            told.clear()
            handle.set_max_concurrency(3)
            await wait_quiet(bridge)
            assert told == ["changed"]
            bridge.close()
            handle.set_max_concurrency(4)
            assert not is_ticking(bridge)

    run_on_qt(qapp, script())
