"""An idle scheduler sleeps: over a minute of injected time the event loop turns for nothing and nobody asks for a timer.

Where the loop would wait for ever, the selector of these tests lets a second of injected time pass instead. So each turn of
the loop that was not such a rest was caused by something that ticks.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler_core import (
    RateLimit,
    RecurringSchedule,
    RetentionPolicy,
    RetryableError,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
)
from scheduler_core.testing import ManualClock, run_until_idle, until_quiet
from tests.core.support import Alpha, Beta, Chore, Errand, Family, Job, Script, alpha, beta, jobs

SECONDS = 60
FAR = 3600.0


class Sleep(selectors.DefaultSelector):
    """Notes how long the loop would sleep, and lets `rest` happen instead, while there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.rest: Callable[[], bool] | None = None
        """Lets time pass, and says so; False: it waits for the database, and so does the loop."""
        self.turns: list[float | None] = []

    def select(self, timeout: float | None = None) -> Any:
        if self.rest is None:
            return super().select(timeout)
        self.turns.append(timeout)
        return super().select(0 if timeout is None and self.rest() else timeout)


class Loop(asyncio.SelectorEventLoop):
    """Notes every callback that is asked for while it is watched."""

    def __init__(self) -> None:
        self.sleep = Sleep()
        self.asked: list[object] = []
        super().__init__(self.sleep)

    def call_soon(self, callback: Any, *args: Any, context: Any = None) -> asyncio.Handle:
        self._note(callback)
        return super().call_soon(callback, *args, context=context)

    def call_soon_threadsafe(self, callback: Any, *args: Any, context: Any = None) -> asyncio.Handle:
        self._note(callback)
        return super().call_soon_threadsafe(callback, *args, context=context)

    def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> asyncio.TimerHandle:
        self._note(callback)
        return super().call_at(when, callback, *args, context=context)

    def _note(self, callback: object) -> None:
        if self.sleep.rest is not None:
            self.asked.append(callback)


class Clock(ManualClock):
    """Notes every timer that is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[float] = []

    def call_later(self, delay: float, callback: Callable[[], object]) -> Any:
        self.asked.append(delay)
        return super().call_later(delay, callback)


async def rest(scheduler: Scheduler, clock: Clock, seconds: int = SECONDS) -> None:
    """Let so many seconds pass, one each time that the loop has nothing to do."""
    engine = scheduler._engine
    loop = asyncio.get_running_loop()
    assert isinstance(loop, Loop)
    for _ in range(50):
        await asyncio.sleep(0)
    over, left = loop.create_future(), seconds

    def pass_a_second() -> bool:
        nonlocal left
        if engine.store.database.is_busy or not (engine.rest.is_quiet() or engine.attempts):
            return False
        if left:
            left -= 1
            clock.advance(1)
        else:
            loop.sleep.rest = None
            over.set_result(None)
        return True

    loop.sleep.turns, loop.asked, clock.asked = [], [], []
    loop.sleep.rest = pass_a_second
    await over


Setup = Callable[[Scheduler, Script, Clock], Awaitable[object]]


async def _nothing(scheduler: Scheduler, script: Script, clock: Clock) -> None:
    pass


async def _has_worked(scheduler: Scheduler, script: Script, clock: Clock) -> None:
    await scheduler.domain(Alpha).submit_batch(jobs(200))
    await scheduler.domain(Alpha).submit(Family())
    await run_until_idle(scheduler)


async def _delayed(scheduler: Scheduler, script: Script, clock: Clock) -> None:
    await scheduler.domain(Alpha).submit_batch(jobs(20), run_after=FAR)


async def _waits_for_its_retry(scheduler: Scheduler, script: Script, clock: Clock) -> None:
    script.fails("chore", RetryableError("later", retry_after=FAR))
    await scheduler.domain(Alpha).submit(Chore())


async def _recurs(scheduler: Scheduler, script: Script, clock: Clock) -> None:
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="now", n=3), recurring=RecurringSchedule(every=FAR))
    await handle.submit(Job(name="nightly", n=4), recurring=RecurringSchedule.cron("0 3 * * *"))


async def _may_expire(scheduler: Scheduler, script: Script, clock: Clock) -> None:
    await scheduler.domain(Alpha).submit_batch(jobs(20), ttl=2 * FAR, run_after=FAR)


async def _has_expired(scheduler: Scheduler, script: Script, clock: Clock) -> None:
    """A sweep has been; the next one is for the next time to live."""
    await scheduler.domain(Alpha).submit(Job(name="brief"), ttl=1, run_after=FAR)
    await scheduler.domain(Alpha).submit(Job(name="long", n=1), ttl=FAR, run_after=FAR)
    clock.advance(2)
    await until_quiet(scheduler)
    assert scheduler.counts.failed == 1


async def _paused_for_long(scheduler: Scheduler, script: Script, clock: Clock) -> None:
    handle = scheduler.domain(Alpha)
    await handle.pause_for(FAR)
    await handle.pause_group("g", datetime.fromtimestamp(clock.time(), UTC) + timedelta(hours=2))
    await handle.submit_batch(jobs(700))
    await scheduler.domain(Beta).submit(Errand(), group="g")


async def _paused_for_good(scheduler: Scheduler, script: Script, clock: Clock) -> None:
    await scheduler.pause_all()
    await scheduler.domain(Alpha).submit_batch(jobs(700))


async def _limited_in_rate(scheduler: Scheduler, script: Script, clock: Clock) -> None:
    scheduler.set_rate_limit(Job, RateLimit(rate=1 / FAR, burst=1))
    scheduler.set_group_rate_limit("g", RateLimit(rate=1 / FAR, burst=1))
    await scheduler.domain(Alpha).submit_batch(jobs(700))
    await scheduler.domain(Alpha).submit_batch([Chore(n=n) for n in range(3)], group="g")


async def _held_by_caps(scheduler: Scheduler, script: Script, clock: Clock) -> None:
    scheduler.domain(Alpha).set_max_concurrency(0)
    scheduler.set_group_limit("g", 0)
    await scheduler.domain(Alpha).submit_batch(jobs(700))
    await scheduler.domain(Beta).submit(Errand(), group="g")


async def _blocked(scheduler: Scheduler, script: Script, clock: Clock) -> None:
    first = await scheduler.domain(Alpha).submit(Job(), run_after=FAR)
    await scheduler.domain(Alpha).submit(Chore(), depends_on=[first.id or 0])


async def _runs(scheduler: Scheduler, script: Script, clock: Clock) -> None:
    """A task that waits itself: it has told how far it is, and everybody has heard it."""

    async def waits(task: Any, ctx: Any) -> None:
        ctx.progress(0.5)
        ctx.add_bytes(10)
        await asyncio.Event().wait()

    script.does("job", waits)
    await scheduler.domain(Alpha).submit(Job())


async def _everything(scheduler: Scheduler, script: Script, clock: Clock) -> None:
    for setup in (_has_worked, _delayed, _waits_for_its_retry, _has_expired, _recurs, _limited_in_rate):
        await setup(scheduler, script, clock)
    await _blocked(scheduler, script, clock)
    await until_quiet(scheduler)
    await _paused_for_long(scheduler, script, clock)


CONFIG = SchedulerConfig(
    max_concurrency=8,
    resource_monitoring=True,
    retention=RetentionPolicy(max_count=100, max_age=FAR),
    default_retry=RetryPolicy.constant(3),
)


@pytest.mark.parametrize(
    ("setup", "config"),
    [
        *((setup, SchedulerConfig()) for setup in (_nothing, _has_worked, _delayed, _waits_for_its_retry)),
        *((setup, SchedulerConfig()) for setup in (_may_expire, _has_expired, _paused_for_long, _blocked)),
        *(
            (setup, SchedulerConfig())
            for setup in (_recurs, _paused_for_good, _limited_in_rate, _held_by_caps, _runs)
        ),
        *((setup, CONFIG) for setup in (_nothing, _has_worked, _everything)),
    ],
)
def test_nothing_wakes_up_over_a_minute(setup: Setup, config: SchedulerConfig, script: Script) -> None:
    async def live(loop: Loop) -> None:
        clock = Clock()
        async with Scheduler(
            ":memory:", [alpha(script), beta(script)], config=config, clock=clock
        ) as scheduler:
            numbers: list[object] = []
            scheduler.domain(Alpha).counts_changed.connect(numbers.append)
            scheduler.subscribe(numbers.extend)
            events = asyncio.ensure_future(anext(scheduler.domain(Beta).events()))
            await asyncio.sleep(0)
            await setup(scheduler, script, clock)
            await asyncio.sleep(0)
            if setup is not _runs:
                await until_quiet(scheduler)
            for _ in range(3):  # the last numbers, the last progress and the last reading of the machine
                clock.advance(1)
                await rest(scheduler, clock, 1)
            await rest(scheduler, clock)
            assert loop.sleep.turns == [None] * (SECONDS + 1)
            assert loop.asked == []
            assert clock.asked == []
            events.cancel()
            if setup is _runs:
                await scheduler.close(0)

    with asyncio.Runner(loop_factory=Loop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, Loop)
        runner.run(live(loop))


def test_the_next_deadline_is_the_first_thing_that_wakes_it(script: Script) -> None:
    """Of four deadlines of four kinds within the minute; in between nobody wakes."""

    async def live(loop: Loop) -> None:
        clock = Clock()
        woke: set[float] = set()
        async with Scheduler(":memory:", [alpha(script), beta(script)], clock=clock) as scheduler:
            handle = scheduler.domain(Alpha)
            began = clock.monotonic()
            await handle.submit(Job(name="delayed"), run_after=10)
            await handle.submit(Job(name="expires", n=1), run_after=FAR, ttl=20)
            await scheduler.domain(Beta).pause_for(30)
            scheduler.set_rate_limit(Chore, RateLimit(rate=1 / 40, burst=1))
            await handle.submit_batch([Chore(n=n) for n in range(2)])
            await until_quiet(scheduler)
            clock.advance(1)
            note = loop._note

            def noted(callback: object) -> None:
                if loop.sleep.rest is not None:
                    woke.add(clock.monotonic() - began)
                note(callback)

            loop._note = noted  # type: ignore[method-assign]
            await rest(scheduler, clock)
            assert {int(at) for at in woke} == {10, 20, 30, 40}
            assert script.started == ["chore", "delayed", "chore"]
            assert scheduler.counts.failed == 1
            assert not scheduler.domain(Beta).is_paused

    with asyncio.Runner(loop_factory=Loop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, Loop)
        runner.run(live(loop))
