"""An urgent task that finds no slot has the least urgent running one yield its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scheduler_core import (
    Preempted,
    Priority,
    RateLimit,
    Resumed,
    SchedulerConfig,
    SchedulerEvent,
    TaskEvent,
)
from scheduler_core.testing import MakeScheduler, run_until_idle, until
from tests.core.support import Alpha, Beta, Errand, Job, Script, alpha, beta, ended, record_of


def running(script: Script) -> Callable[[], list[str]]:
    """The names of what runs now."""
    return lambda: sorted(
        name for name in script.started if script.started.count(name) > script.ended.count(name)
    )


@pytest.fixture
def holding(script: Script) -> Script:
    """Tasks that run until they are released."""
    script.holds("low", "middle", "urgent", "other", "urgent-2")
    return script


async def test_the_least_urgent_yields_and_goes_on_afterwards(
    make_scheduler: MakeScheduler, holding: Script
) -> None:
    scheduler = await make_scheduler(alpha(holding), config=SchedulerConfig(max_concurrency=2))
    heard: list[SchedulerEvent] = []
    scheduler.subscribe(heard.extend)
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="low"), priority=Priority.IDLE)
    await handle.submit(Job(name="middle"), priority=Priority.NORMAL)
    await until(lambda: running(holding)() == ["low", "middle"])
    await handle.submit(Job(name="urgent"), priority=Priority.REALTIME)
    await until(lambda: running(holding)() == ["middle", "urgent"])
    assert holding.cancelled == ["low"]
    holding.release("low", "middle", "urgent")
    await run_until_idle(scheduler)
    assert set((await ended(scheduler)).values()) == {"completed"}
    low = await record_of(scheduler, "low")
    assert (low.retry_count, len(low.attempts)) == (0, 1)
    told = [type(event) for event in heard if isinstance(event, TaskEvent) and event.label == "low"]
    assert told.count(Preempted) == told.count(Resumed) == 1


async def test_a_full_domain_yields_from_itself_only(make_scheduler: MakeScheduler, holding: Script) -> None:
    scheduler = await make_scheduler(alpha(holding, max_concurrency=1), beta(holding))
    await scheduler.domain(Beta).submit(Errand(name="other"), priority=255)
    await scheduler.domain(Alpha).submit(Job(name="low"), priority=200)
    await until(lambda: running(holding)() == ["low", "other"])
    await scheduler.domain(Alpha).submit(Job(name="urgent"), priority=0)
    await until(lambda: running(holding)() == ["other", "urgent"])
    holding.release("low", "urgent", "other")
    await run_until_idle(scheduler)


async def test_a_full_group_yields_from_itself_only(make_scheduler: MakeScheduler, holding: Script) -> None:
    config = SchedulerConfig(group_concurrency={"g": 1})
    scheduler = await make_scheduler(alpha(holding), config=config)
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="other"), priority=255)
    await handle.submit(Job(name="low"), priority=200, group="g")
    await until(lambda: running(holding)() == ["low", "other"])
    await handle.submit(Job(name="urgent"), priority=0, group="g")
    await until(lambda: running(holding)() == ["other", "urgent"])
    holding.release("low", "urgent", "other")
    await run_until_idle(scheduler)


async def test_one_that_opens_all_that_is_full_spares_another_one(
    make_scheduler: MakeScheduler, holding: Script
) -> None:
    config = SchedulerConfig(max_concurrency=2)
    scheduler = await make_scheduler(alpha(holding, max_concurrency=1), beta(holding), config=config)
    await scheduler.domain(Beta).submit(Errand(name="other"), priority=255)
    await scheduler.domain(Alpha).submit(Job(name="low"), priority=200)
    await until(lambda: running(holding)() == ["low", "other"])
    await scheduler.domain(Alpha).submit(Job(name="urgent"), priority=0)
    await until(lambda: running(holding)() == ["other", "urgent"])
    assert holding.cancelled == ["low"]
    holding.release("low", "urgent", "other")
    await run_until_idle(scheduler)


async def test_what_is_about_to_start_is_no_room_for_its_equal(
    make_scheduler: MakeScheduler, holding: Script
) -> None:
    config = SchedulerConfig(max_concurrency=3)
    scheduler = await make_scheduler(alpha(holding, max_concurrency=1), beta(holding), config=config)
    for name in ("other", "middle"):
        await scheduler.domain(Beta).submit(Errand(name=name))
    await scheduler.domain(Alpha).submit(Job(name="low"))
    await until(lambda: len(running(holding)()) == 3)
    await scheduler.domain(Alpha).submit_batch([Job(name="urgent"), Job(name="urgent-2")], priority=0)
    await until(lambda: running(holding)() == ["middle", "other", "urgent"])
    holding.release("low", "urgent", "other", "middle", "urgent-2")
    await run_until_idle(scheduler)
    assert holding.cancelled == ["low"]


async def test_nobody_yields_to_what_is_not_urgent_nor_to_its_equal(
    make_scheduler: MakeScheduler, holding: Script
) -> None:
    scheduler = await make_scheduler(alpha(holding), config=SchedulerConfig(max_concurrency=1))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="low"), priority=255)
    await until(lambda: running(holding)() == ["low"])
    await handle.submit(Job(name="middle"), priority=Priority.HIGH)
    await handle.submit(Job(name="urgent"), priority=0)
    await until(lambda: running(holding)() == ["urgent"])
    await handle.submit(Job(name="urgent-2"), priority=0)
    await until(lambda: not scheduler._engine.dispatcher.is_busy)
    assert running(holding)() == ["urgent"]
    holding.release("low", "middle", "urgent", "urgent-2")
    await run_until_idle(scheduler)
    assert holding.cancelled == ["low"]
    assert holding.started == ["low", "urgent", "urgent-2", "middle", "low"]


async def test_the_threshold_is_a_setting(make_scheduler: MakeScheduler, holding: Script) -> None:
    config = SchedulerConfig(max_concurrency=1, preempt_priority=Priority.HIGH)
    scheduler = await make_scheduler(alpha(holding), config=config)
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="low"), priority=255)
    await until(lambda: running(holding)() == ["low"])
    await handle.submit(Job(name="urgent"), priority=Priority.HIGH)
    await until(lambda: running(holding)() == ["urgent"])
    holding.release("low", "urgent")
    await run_until_idle(scheduler)


async def test_many_urgent_ones_take_all_slots(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=8))
    names = [f"low-{n}" for n in range(8)] + [f"urgent-{n}" for n in range(8)]
    script.holds(*names)
    handle = scheduler.domain(Alpha)
    await handle.submit_batch([Job(name=name) for name in names[:8]], priority=200)
    await handle.submit_batch([Job(name=name) for name in names[8:]], priority=0)
    await until(lambda: running(script)() == sorted(names[8:]))
    script.release(*names)
    await run_until_idle(scheduler)
    assert scheduler.counts.completed == 16


@pytest.mark.parametrize("gate", ["cap", "rate"])
async def test_an_urgent_task_that_something_else_holds_interrupts_nobody(
    make_scheduler: MakeScheduler, holding: Script, gate: str
) -> None:
    """Nor does it keep another urgent one behind it from having a slot."""
    scheduler = await make_scheduler(
        alpha(holding, max_concurrency=0 if gate == "cap" else None),
        beta(holding),
        config=SchedulerConfig(max_concurrency=1),
    )
    if gate == "rate":
        scheduler.set_rate_limit(Job, RateLimit.per_minute(1))
        await scheduler.domain(Alpha).submit(Job(name="taken"))
        await run_until_idle(scheduler)
    await scheduler.domain(Beta).submit(Errand(name="low"))
    await until(lambda: running(holding)() == ["low"])
    await scheduler.domain(Alpha).submit(Job(name="urgent"), priority=0)
    await scheduler.domain(Beta).submit(Errand(name="middle"))  # answered a turn of the dispatcher later
    assert holding.cancelled == []
    await scheduler.domain(Beta).submit(Errand(name="other"), priority=0)
    await until(lambda: running(holding)() == ["other"])
    assert holding.cancelled == ["low"]
    holding.release("low", "middle", "other")
    await until(lambda: scheduler.counts.completed == (4 if gate == "rate" else 3))
    assert "urgent" not in holding.started
