"""What comes late: executors that are registered after the scheduler was made or opened, with runners of their own."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import ConfigurationError, Domain, Runner, Scheduler, TaskContext, UnknownTaskTypeError
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle
from tests.core.support import NO_RETRY, Alpha, Chore, Job, ended


class Desk(Runner):
    """A runner that notes what it is asked to do."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.fails = False

    async def start(self) -> None:
        await asyncio.sleep(0)
        self.calls.append("start")
        if self.fails:
            raise ConnectionError("no cluster")

    async def run(self, function: Any, task: Any, context: Any, link: Any) -> object:
        assert self.calls[-1] != "close"
        self.calls.append("run")
        return function(task, context)

    async def aclose(self) -> None:
        self.calls.append("close")


def work(task: Any, ctx: TaskContext) -> None:
    """Nothing to do."""


@pytest.mark.parametrize("opened", [False, True])
async def test_an_executor_that_is_registered_late_works(manual_clock: ManualClock, opened: bool) -> None:
    domain = Domain(Alpha)
    scheduler = Scheduler(":memory:", [domain], clock=manual_clock)
    if opened:
        await scheduler.open()
    handle = scheduler.domain(Alpha)
    with pytest.raises(UnknownTaskTypeError):
        handle.new_task("job")
    domain.executor(Job)(work)
    await scheduler.open()
    assert list(handle.task_types) == ["job"]
    await handle.submit(handle.new_task("job", name="by name"))
    with pytest.raises(UnknownTaskTypeError):
        await handle.submit(Chore())
    domain.executor(Chore)(work)
    await handle.submit(Chore())
    with pytest.raises(ConfigurationError, match="two executors"):
        domain.executor(Chore)(work)
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"by name": "completed", "chore": "completed"}
    await scheduler.close()


async def test_what_waits_in_the_store_runs_if_its_executor_comes_before_the_opening(
    manual_clock: ManualClock, tmp_path: Path
) -> None:
    domain = Domain(Alpha)
    domain.executor(Job)(work)
    async with Scheduler(tmp_path / "a.db", [domain], clock=manual_clock) as first:
        await first.pause_all()
        await first.domain(Alpha).submit(Job())
    late = Domain(Alpha)
    second = Scheduler(tmp_path / "a.db", [late], clock=manual_clock)
    late.executor(Job)(work)
    async with second:
        await second.resume_all()
        await run_until_idle(second)
        assert await ended(second) == {"job": "completed"}


async def test_a_runner_that_comes_late_is_started_once_before_its_first_task_and_closed(
    make_scheduler: MakeScheduler,
) -> None:
    domain, early, late = Domain(Alpha), Desk(), Desk()
    domain.executor(Chore, runner=early)(work)
    scheduler = await make_scheduler(domain)
    assert early.calls == ["start"]
    domain.executor(Job, runner=late)(work)
    assert late.calls == []
    await scheduler.domain(Alpha).submit_batch([Job(n=n) for n in range(4)])
    await scheduler.domain(Alpha).submit(Chore())
    await run_until_idle(scheduler)
    assert late.calls == ["start", "run", "run", "run", "run"]
    await scheduler.close()
    assert (early.calls, late.calls[-1]) == (["start", "run", "close"], "close")


async def test_a_late_runner_that_does_not_start_fails_its_task_and_is_asked_again(
    make_scheduler: MakeScheduler,
) -> None:
    domain, late = Domain(Alpha, default_retry=NO_RETRY), Desk()
    scheduler = await make_scheduler(domain)
    domain.executor(Job, runner=late)(work)
    late.fails = True
    await scheduler.domain(Alpha).submit(Job(name="first"))
    await run_until_idle(scheduler)
    late.fails = False
    await scheduler.domain(Alpha).submit(Job(name="second"))
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"first": "failed", "second": "completed"}
    assert late.calls == ["start", "start", "run"]
    await scheduler.close()
    assert late.calls[-1] == "close"


async def test_state_may_be_registered_before_the_opening_and_while_a_task_runs(
    manual_clock: ManualClock,
) -> None:
    domain, gate = Domain(Alpha), asyncio.Event()
    seen: list[object] = []

    @domain.executor(Job)
    async def look(task: Job, ctx: TaskContext) -> None:
        seen.append(ctx.state(int))
        await gate.wait()
        seen.append(ctx.state(str))

    scheduler = Scheduler(":memory:", [domain], clock=manual_clock)
    scheduler.register_state(5)
    async with scheduler:
        await scheduler.domain(Alpha).submit(Job())
        while not seen:
            await asyncio.sleep(0)
        scheduler.register_state("late")
        gate.set()
        await scheduler.wait_idle()
    assert seen == [5, "late"]
