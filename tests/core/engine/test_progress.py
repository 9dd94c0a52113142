"""How far a running task is, and when it will be done: as it says, by its bytes, or by what tasks like it took."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler_core import ByteProgress, EstimatedProgress, Scheduler, TaskContext
from scheduler_core.testing import START, MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Job, Script, alpha


class Telling:
    """A scheduler with one running task that tells what a test wants told."""

    def __init__(self, scheduler: Scheduler, script: Script, clock: ManualClock, ctx: TaskContext) -> None:
        self.scheduler = scheduler
        self.ctx = ctx
        self._script = script
        self._clock = clock

    async def progress(self) -> EstimatedProgress:
        (told,) = (await self.scheduler.domain(Alpha).snapshot()).progress
        return told

    async def moved(self) -> ByteProgress:
        (told,) = (await self.scheduler.domain(Alpha).snapshot()).byte_progress
        return told

    def stream(self, seconds: int, rate: int) -> None:
        """For so many seconds, so many bytes a second."""
        for _ in range(seconds * 10):
            self._clock.advance(0.1)
            self.ctx.add_bytes(rate // 10)

    async def end(self) -> None:
        self._script.release("telling")
        await run_until_idle(self.scheduler)


async def begun(
    scheduler: Scheduler, script: Script, clock: ManualClock, usual: float | None = None
) -> Telling:
    """One task that runs; `usual` is how long the one before it took."""
    if usual is not None:

        async def work(task: Any, ctx: TaskContext) -> None:
            clock.advance(usual)

        script.does("before", work)
        await scheduler.domain(Alpha).submit(Job(name="before"))
        await run_until_idle(scheduler)
    contexts: list[TaskContext] = []

    async def tell(task: Any, ctx: TaskContext) -> None:
        contexts.append(ctx)
        await script.execute(Job(name="telling"), ctx)

    script.holds("telling")
    script.does("job", tell)
    await scheduler.domain(Alpha).submit(Job())
    await until(lambda: bool(contexts))
    return Telling(scheduler, script, clock, contexts[0])


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(START + seconds, UTC)


async def test_throughput_follows_what_comes_and_the_end_is_foreseen_by_it(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    telling = await begun(await make_scheduler(alpha(script)), script, manual_clock)
    manual_clock.advance(3_600)  # what it did before it moved bytes says nothing of their rate
    telling.ctx.set_bytes_total(100_000)
    telling.stream(10, 1_000)
    moved = await telling.moved()
    assert (moved.done, moved.total) == (10_000, 100_000)
    assert moved.throughput == pytest.approx(1_000, rel=0.02)
    assert moved.eta is not None
    assert abs(moved.eta - at(3_610 + 90)) < timedelta(seconds=2)
    progress = await telling.progress()
    assert (progress.fraction, progress.extrapolated, progress.eta) == (0.1, False, moved.eta)
    telling.stream(30, 2_000)
    assert (await telling.moved()).throughput == pytest.approx(2_000, rel=0.02)
    manual_clock.advance(15)
    assert (await telling.moved()).throughput == pytest.approx(2_000 * 0.05, rel=0.1)
    manual_clock.advance(36_000)
    moved = await telling.moved()
    assert (moved.done, moved.throughput, moved.eta) == (70_000, 0.0, None)
    await telling.end()


async def test_bytes_without_a_total_have_a_rate_and_no_end(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    telling = await begun(await make_scheduler(alpha(script)), script, manual_clock)
    assert (await telling.scheduler.snapshot()).byte_progress == ()
    telling.stream(5, 100)
    moved = await telling.moved()
    assert (moved.done, moved.total, moved.eta) == (500, None, None)
    assert moved.throughput == pytest.approx(100, rel=0.02)
    assert (await telling.progress()).fraction is None
    await telling.end()


async def test_all_bytes_moved_is_all_and_more_than_all_too(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    telling = await begun(await make_scheduler(alpha(script)), script, manual_clock)
    telling.ctx.set_bytes_total(100)
    for _ in range(2):
        telling.ctx.add_bytes(100)
        manual_clock.advance(5)
        progress = await telling.progress()
        assert (progress.fraction, progress.eta) == (1.0, at(manual_clock.monotonic()))
    assert (await telling.moved()).done == 200
    await telling.end()


async def test_an_end_that_is_years_away_is_not_foreseen(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    telling = await begun(await make_scheduler(alpha(script)), script, manual_clock)
    telling.ctx.set_bytes_total(10**30)
    telling.stream(1, 10)
    assert (await telling.moved()).eta is None
    await telling.end()


async def test_a_guess_is_by_history_never_says_done_and_gives_way_to_what_the_task_says(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    telling = await begun(await make_scheduler(alpha(script)), script, manual_clock, usual=100)
    guess = await telling.progress()
    assert (guess.fraction, guess.extrapolated, guess.eta) == (0.0, True, at(200))
    manual_clock.advance(25)
    guess = await telling.progress()
    assert (guess.fraction, guess.extrapolated, guess.eta) == (0.25, True, at(200))
    manual_clock.advance(975)
    guess = await telling.progress()
    assert (guess.fraction, guess.extrapolated, guess.eta) == (0.99, True, at(1_110))
    telling.ctx.set_bytes_total(1_000)
    telling.ctx.add_bytes(500)
    by_bytes = await telling.progress()
    assert (by_bytes.fraction, by_bytes.extrapolated) == (0.5, False)
    telling.ctx.progress(0.8, "nearly")
    told = await telling.progress()
    assert (told.fraction, told.message, told.extrapolated, told.eta) == (0.8, "nearly", False, at(1_350))
    telling.ctx.progress(1.0)
    told = await telling.progress()
    assert (told.fraction, told.extrapolated, told.eta) == (1.0, False, at(1_100))
    await telling.end()


async def test_nothing_said_and_nothing_known_is_no_number(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    telling = await begun(await make_scheduler(alpha(script)), script, manual_clock)
    manual_clock.advance(10)
    progress = await telling.progress()
    assert (progress.fraction, progress.extrapolated, progress.eta) == (None, False, None)
    telling.ctx.progress(0.001)
    assert (await telling.progress()).eta is None, "too little is done to tell"
    await telling.end()
