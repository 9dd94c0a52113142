"""Who holds the event loop is named: each step of an `async def` executor is timed, and nothing else suffers for long."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from scheduler_core import Domain, Scheduler, SystemClock, TaskContext, TaskStore
from scheduler_core.engine.steps import SLOW_STEP_S
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Family, FamilyExecutor, Job, Script, alpha, ended, record_of


async def test_who_holds_the_loop_is_named_and_everything_goes_on(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    """Timers that came due meanwhile fire, other tasks run, and no duration is wrong."""
    scheduler = await make_scheduler(alpha(script))

    async def holds_the_loop(task: Any, ctx: TaskContext) -> None:
        await asyncio.sleep(0)
        manual_clock._move_to(manual_clock.monotonic() + 60)  # time passes, and the loop cannot turn
        await asyncio.sleep(0)

    script.does("greedy", holds_the_loop)
    await scheduler.domain(Alpha).submit(Job(name="delayed", n=1), run_after=30)
    await scheduler.domain(Alpha).submit(Job(name="brief", n=2), run_after=90, ttl=30)
    with caplog.at_level(logging.WARNING):
        await scheduler.domain(Alpha).submit(Job(name="greedy"))
        await until(lambda: "greedy" in script.ended)
        manual_clock.advance(0)
        await run_until_idle(scheduler, manual_clock)
    (warning,) = [record.getMessage() for record in caplog.records]
    assert warning.startswith("greedy (alpha::job) held the event loop for 60.00 s in one step")
    assert "plain `def`" in warning
    assert await ended(scheduler) == {"greedy": "completed", "delayed": "completed", "brief": "expired"}
    assert (await record_of(scheduler, "greedy")).duration == 60.0


@pytest.mark.parametrize("step", ["first", "last", "after an error", "finalize"])
async def test_each_kind_of_step_is_watched(
    make_scheduler: MakeScheduler,
    manual_clock: ManualClock,
    script: Script,
    caplog: pytest.LogCaptureFixture,
    step: str,
) -> None:
    def hold() -> None:
        manual_clock._move_to(manual_clock.monotonic() + SLOW_STEP_S + 0.01)

    async def act(task: Any, ctx: TaskContext) -> None:
        if step == "first":
            hold()
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(future.set_exception, ValueError("awaited in vain"))
        try:
            await future
        except ValueError:
            if step == "after an error":
                hold()
                await asyncio.sleep(0)
        if step == "last":
            hold()

    class Finalizes(FamilyExecutor):
        async def finalize(self, task: Family, memo: object, ctx: TaskContext) -> None:
            if step == "finalize":
                hold()

    domain = Domain(Alpha)
    domain.register(Family, Finalizes(script))
    script.does("family", act)
    scheduler = await make_scheduler(domain)
    await scheduler.domain(Alpha).submit(Family())
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"family": "completed"}
    assert len([record for record in caplog.records if "held the event loop" in record.getMessage()]) == 1


async def test_who_holds_the_loop_again_and_again_does_not_fill_the_log(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    async def act(task: Any, ctx: TaskContext) -> None:
        for n in range(100):
            manual_clock._move_to(manual_clock.monotonic() + 0.3 + n / 1000)
            await asyncio.sleep(0)

    script.does("job", act)
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert len(caplog.records) == 1


async def test_waiting_is_not_holding(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    script.holds("job")
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Job())
    await until(lambda: script.running == 1)
    manual_clock.advance(3600)
    script.release("job")
    await run_until_idle(scheduler)
    assert not caplog.records


async def test_the_real_clock_is_read(script: Script, caplog: pytest.LogCaptureFixture) -> None:
    """`SystemClock` hands out the system's own functions: they are read twice a step."""
    clock = SystemClock()
    scheduler = Scheduler(TaskStore.in_memory(), [alpha(script)], clock=clock)

    async def act(task: Any, ctx: TaskContext) -> None:
        began = clock.monotonic()
        while clock.monotonic() - began < SLOW_STEP_S * 1.1:
            pass

    script.does("job", act)
    async with scheduler:
        await scheduler.domain(Alpha).submit(Job())
        await scheduler.wait_idle()
    assert "job (alpha::job) held the event loop for" in caplog.text
