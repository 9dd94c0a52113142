"""Contract, section 3: events and signals of a handle. Written from the page alone."""

from __future__ import annotations

import asyncio
import threading

import psygnal

from scheduler_core import Completed, DomainCounts, SchedulerEvent, Submitted, TaskEvent
from scheduler_core.testing import MakeScheduler, run_until_idle, until
from tests.core.contract.world import Ingest, Process, Sort, Thumb, Work, ingest, process
from tests.core.support import Script


async def test_events_are_read_by_async_for(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(ingest(script), process(script))
    stream = scheduler.domain(Ingest).events()
    await scheduler.domain(Process).submit(Thumb())
    await scheduler.domain(Ingest).submit(Work())
    kinds = list[str]()
    async with asyncio.timeout(10):
        async for event in stream:
            assert isinstance(event, TaskEvent)
            assert event.domain == "ingest"
            kinds.append(type(event).__name__)
            if isinstance(event, Completed):
                break
    assert kinds == ["Submitted", "Dispatched", "Completed"]


async def test_task_events_are_of_one_type_and_the_schedulers_of_all(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script), process(script))
    of_sort = scheduler.domain(Ingest).task_events(Sort)
    of_all = scheduler.events()
    await scheduler.domain(Ingest).submit_batch([Work(), Sort()])
    await scheduler.domain(Process).submit(Thumb())
    await run_until_idle(scheduler)
    async with asyncio.timeout(10):
        first = await anext(of_sort)
        assert isinstance(first, Submitted)
        assert first.task_type == "ingest::sort"
        types = set[str]()
        async for event in of_all:
            assert isinstance(event, TaskEvent)
            types.add(event.task_type)
            if len(types) == 3:
                break


async def test_signals_are_psygnals_and_come_on_the_loops_thread(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script))
    handle = scheduler.domain(Ingest)
    told = list[tuple[str, object]]()
    here = threading.get_ident()

    def listen(name: str, value: object) -> None:
        assert threading.get_ident() == here
        told.append((name, value))

    for name in ("paused_changed", "max_concurrency_changed", "counts_changed", "task_event"):
        signal = getattr(handle, name)
        assert isinstance(signal, psygnal.SignalInstance)

    @handle.paused_changed.connect
    def paused(value: bool) -> None:
        listen("paused", value)

    @handle.max_concurrency_changed.connect
    def cap(value: int) -> None:
        listen("cap", value)

    @handle.counts_changed.connect
    def counts(value: DomainCounts) -> None:
        listen("counts", value)

    @handle.task_event.connect
    def event(value: SchedulerEvent) -> None:
        listen("event", value)

    await handle.pause()
    await handle.pause()
    await handle.resume()
    handle.set_max_concurrency(3)
    await handle.submit(Work())
    await run_until_idle(scheduler)
    assert [value for name, value in told if name == "paused"] == [True, False]
    assert [value for name, value in told if name == "cap"] == [3]
    assert all(isinstance(value, DomainCounts) for name, value in told if name == "counts")
    kinds = [type(value).__name__ for name, value in told if name == "event"]
    assert [kind for kind in kinds if not kind.startswith("Domain")] == [
        "Submitted",
        "Dispatched",
        "Completed",
    ]


async def test_a_pause_of_everything_changes_what_dispatch_does_not_the_domains_own_word(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script))
    handle = scheduler.domain(Ingest)
    await scheduler.pause_all()
    assert scheduler.is_paused
    assert (await handle.snapshot()).is_paused is handle.is_paused
    await handle.pause()
    await handle.resume()
    await handle.submit(Work())
    assert (await handle.snapshot()).paused_count == 1
    assert script.started == []
    await scheduler.resume_all()
    await until(lambda: script.started == ["work"])
