"""Executors that ignore, swallow, block and close: each ends or is given up, no task is lost, and the scheduler goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import (
    InvalidStateError,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    TaskContext,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.support import NO_RETRY, Alpha, Job, Script, alpha, ended, record_of

Stop = Callable[[Scheduler, int], Awaitable[object]]


async def _pause(scheduler: Scheduler, task_id: int) -> object:
    return await scheduler.domain(Alpha).pause()


async def _cancel(scheduler: Scheduler, task_id: int) -> object:
    return await scheduler.domain(Alpha).cancel(task_id)


async def _preempt(scheduler: Scheduler, task_id: int) -> object:
    return await scheduler.domain(Alpha).submit(Job(name="urgent", n=9), priority=0)


class Deaf:
    """Ignores every cancellation until it is released, and counts them."""

    def __init__(self) -> None:
        self.told = 0
        self.gate = asyncio.Event()

    async def __call__(self, task: Any, ctx: TaskContext) -> str:
        while not self.gate.is_set():
            try:
                await self.gate.wait()
            except asyncio.CancelledError:
                self.told += 1
        return "went on"


@pytest.fixture
def deaf() -> Iterator[Deaf]:
    """One that a test that failed does not leave behind."""
    one = Deaf()
    yield one
    one.gate.set()


@pytest.mark.parametrize("stop", [_pause, _cancel, _preempt])
async def test_who_ignores_that_it_is_told_to_stop_keeps_its_slot_and_nothing_else(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, deaf: Deaf, stop: Stop
) -> None:
    """What it was asked for returns in its time; when the task ends after all, that is how it ended."""
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=2))
    handle = scheduler.domain(Alpha)
    script.does("deaf", deaf)
    script.holds("other")
    outcome = await handle.submit(Job(name="deaf"), priority=200)
    await handle.submit(Job(name="other"), priority=1)
    await until(lambda: script.running == 2)
    asked = asyncio.ensure_future(stop(scheduler, outcome.id or 0))
    await until(lambda: deaf.told == 1)

    def is_answered() -> bool:
        manual_clock.advance(0.1)  # a pause and a cancellation wait so long at most
        return asked.done()

    await until(is_answered)
    assert [record.label for record in scheduler.active_tasks()][:1] == ["deaf"]
    assert "urgent" not in script.started
    await handle.resume()
    deaf.gate.set()
    script.release("other")
    await run_until_idle(scheduler, manual_clock)
    assert scheduler.counts.active == 0
    assert (await record_of(scheduler, "deaf")).memo == "went on"
    assert set((await ended(scheduler)).values()) == {"completed"}
    assert script.started.count("deaf") == 1
    await handle.submit(Job(name="next", n=1))
    await run_until_idle(scheduler)
    assert script.started[-1] == "next"


async def test_who_never_ends_is_given_up_at_the_end_of_the_grace_and_runs_again(
    make_scheduler: MakeScheduler,
    manual_clock: ManualClock,
    script: Script,
    deaf: Deaf,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    script.does("deaf", deaf)
    first = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await first.domain(Alpha).submit(Job(name="deaf"))
    await until(lambda: script.running == 1)
    closing = asyncio.ensure_future(first.close(finish=False))
    await until(lambda: deaf.told == 1)
    manual_clock.advance(9)
    await asyncio.sleep(0)
    assert not closing.done()
    manual_clock.advance(2)
    await closing
    assert "given up after 10.0 s: deaf" in caplog.text
    assert manual_clock.timers == []
    second = await make_scheduler(alpha(Script()), store=tmp_path / "a.db")
    await run_until_idle(second)
    assert second.recovery.requeued == 1
    assert await ended(second) == {"deaf": "completed"}
    deaf.gate.set()
    await until(lambda: script.running == 0)


async def test_who_raises_instead_of_stopping_was_stopped_all_the_same(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    """An error while cleaning up after a pause is no failure of the task: it runs again."""
    scheduler = await make_scheduler(alpha(script, default_retry=NO_RETRY))
    handle = scheduler.domain(Alpha)
    first = True

    async def breaks(task: Any, ctx: TaskContext) -> None:
        nonlocal first
        if first:
            first = False
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                raise ValueError("while cleaning up") from None

    script.does("job", breaks)
    await handle.submit(Job())
    await until(lambda: script.running == 1)
    await handle.pause()
    assert handle.counts.paused == 1
    await handle.resume()
    await run_until_idle(scheduler)
    record = await record_of(scheduler, "job")
    assert (record.status, record.retry_count) == ("completed", 0)


@pytest.mark.parametrize("grace", [0, 10])
async def test_a_task_may_close_its_own_scheduler(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, tmp_path: Path, grace: float
) -> None:
    """It is interrupted like all others, the scheduler closes whole, and the task runs again at the next open."""
    scheduler = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    script.holds("other")

    async def closes(task: Any, ctx: TaskContext) -> None:
        await scheduler.close(grace, finish=False)

    script.does("job", closes)
    await scheduler.domain(Alpha).submit(Job(name="other"))
    await scheduler.domain(Alpha).submit(Job())
    await until(lambda: "job" in script.ended)
    async with asyncio.timeout(10):
        await scheduler.close()
    assert not scheduler._engine.store.database.is_open
    assert manual_clock.timers == []
    assert sorted(script.cancelled) == ["job", "other"]
    with pytest.raises(InvalidStateError):
        await scheduler.open()
    again = await make_scheduler(alpha(Script()), store=tmp_path / "a.db")
    await run_until_idle(again)
    assert again.recovery.requeued == 0  # what was interrupted was pending again before the end
    assert await ended(again) == {"job": "completed", "other": "completed"}


async def test_whoever_closes_and_is_cancelled_has_closed(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    closing = asyncio.ensure_future(scheduler.close())
    await asyncio.sleep(0)
    closing.cancel()
    await asyncio.wait([closing])
    await scheduler.close()
    assert not scheduler._engine.store.database.is_open


async def test_a_task_may_cancel_itself_and_everybody(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=2))

    async def cancels_all(task: Any, ctx: TaskContext) -> None:
        await ctx.domain(Alpha).cancel_all()
        await asyncio.Event().wait()

    script.does("job", cancels_all)
    script.holds("other")
    await scheduler.domain(Alpha).submit(Job(name="other"))
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"job": "cancelled", "other": "cancelled"}


async def test_a_task_that_waits_for_its_own_end_can_be_cancelled(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))

    async def waits(task: Any, ctx: TaskContext) -> None:
        await scheduler.wait_idle()

    script.does("job", waits)
    outcome = await scheduler.domain(Alpha).submit(Job())
    await until(lambda: script.running == 1)
    assert await scheduler.domain(Alpha).cancel(outcome.id or 0)
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"job": "cancelled"}


# What they return, and when


def _circle() -> list[object]:
    circle: list[object] = []
    circle.append(circle)
    return circle


def _deep() -> list[object]:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    return deep


class Liar(dict[str, object]):
    """A mapping that fails when it is read."""

    def items(self) -> Any:
        raise KeyError("no items")


@pytest.mark.parametrize(
    "memo",
    [object(), {1, 2}, b"bytes", float("nan"), _circle(), _deep(), {"\ud800": 1}, {(1, 2): 3}, Liar(a=1)],
    ids=["object", "set", "bytes", "NaN", "circle", "deep", "half a character", "tuple key", "liar"],
)
async def test_what_is_not_json_fails_the_task_and_nothing_else(
    make_scheduler: MakeScheduler, script: Script, memo: object
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1, default_retry=RetryPolicy.constant(3)))

    async def act(task: Any, ctx: TaskContext) -> object:
        return memo

    script.does("job", act)
    await scheduler.domain(Alpha).submit(Job())
    await scheduler.domain(Alpha).submit(Job(name="next"))
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"job": "failed", "next": "completed"}


async def test_what_an_executor_left_running_tells_of_a_task_that_has_ended(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    gate = asyncio.Event()
    left: list[asyncio.Task[None]] = []

    async def goes_on(ctx: TaskContext) -> None:
        await gate.wait()
        ctx.progress(0.5)
        ctx.add_bytes(10)
        ctx.record_io(disk_read=1)
        with pytest.raises(InvalidStateError):
            await ctx.spawn_child(Job(name="late", n=1))

    async def act(task: Any, ctx: TaskContext) -> None:
        left.append(asyncio.ensure_future(goes_on(ctx)))

    script.does("job", act)
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    gate.set()
    await left[0]
    await until_quiet(scheduler)
    manual_clock.advance(1)
    assert manual_clock.timers == []
    assert await ended(scheduler) == {"job": "completed"}
    assert scheduler.counts.active == 0
