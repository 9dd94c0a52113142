"""A machine that slept, and a clock that is set: every deadline is met when its time has come, once, and none before it."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import (
    AgingConfig,
    Clock,
    RateLimit,
    RecurringSchedule,
    RetentionPolicy,
    RetryableError,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    StoreError,
    SystemClock,
)
from scheduler_core.clock import TimerHandle
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from scheduler_core.timerfd import watch_clock
from tests.core.support import Alpha, Chore, Job, Script, alpha, beta, ended, jobs

HOUR = 3600.0


async def test_delayed_tasks_slept_through_run_at_once_each_once(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    """More than one batch of deadlines, and one that is still to come."""
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=64))
    handle = scheduler.domain(Alpha)
    for part in range(5):
        await handle.submit_batch(jobs(300, f"part-{part}"), run_after=60 * (part + 1))
    await handle.submit(Job(name="later"), run_after=2 * HOUR)
    await until_quiet(scheduler)
    manual_clock.sleep(timedelta(hours=1))
    await run_until_idle(scheduler)
    assert len(script.started) == len(set(script.started)) == 1_500
    assert manual_clock.monotonic() == 0.0
    manual_clock.advance(1)  # the numbers are told
    assert manual_clock.timers == [pytest.approx(HOUR - 1)]
    manual_clock.advance(HOUR)
    await run_until_idle(scheduler)
    assert script.started[-1] == "later"


async def test_a_retry_slept_through_is_tried_once(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(5, 60)))
    script.fails("job", RetryableError("one"), RetryableError("two"))
    await scheduler.domain(Alpha).submit(Job())
    await until_quiet(scheduler)
    manual_clock.sleep(24 * HOUR)
    await until_quiet(scheduler)
    assert script.started == ["job", "job"]


async def test_a_schedule_that_was_slept_through_catches_up_once(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    """Not once a missed period; then it goes on at its pace."""
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Job(), recurring=RecurringSchedule(every=60, initial_delay=60))
    await until_quiet(scheduler)
    manual_clock.sleep(24 * HOUR + 30)
    await until_quiet(scheduler)
    assert script.started == ["job"]
    manual_clock.advance(60)
    await until_quiet(scheduler)
    assert script.started == ["job", "job"]
    manual_clock.advance(60)
    await until_quiet(scheduler)
    assert script.started == ["job", "job", "job"]


async def test_times_to_live_slept_through_are_over(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=0))
    handle = scheduler.domain(Alpha)
    await handle.submit_batch(jobs(1_500, "short"), ttl=60)
    await handle.submit_batch(jobs(3, "long"), ttl=2 * HOUR)
    await until_quiet(scheduler)
    manual_clock.sleep(HOUR)
    await until_quiet(scheduler)
    assert Counter((await ended(scheduler)).values()) == {"expired": 1_500}
    manual_clock.sleep(HOUR)
    await until_quiet(scheduler)
    assert scheduler.counts.active == 0


async def test_timed_pauses_slept_through_end_each_once(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    handle = scheduler.domain(Alpha)
    told: list[bool] = []
    handle.paused_changed.connect(told.append)
    await handle.pause_for(600)
    await handle.pause_group("g", datetime.fromtimestamp(manual_clock.time(), UTC) + timedelta(hours=3))
    await scheduler.domain("beta").pause_for(HOUR)
    await handle.submit(Job())
    manual_clock.sleep(HOUR)
    await run_until_idle(scheduler)
    assert (handle.is_paused, scheduler.domain("beta").is_paused) == (False, False)
    assert told == [True, False]
    assert script.started == ["job"]
    assert (await scheduler.snapshot()).paused_groups == ("g",)
    manual_clock.sleep(2 * HOUR)
    await run_until_idle(scheduler)
    assert (await scheduler.snapshot()).paused_groups == ()


async def test_what_grew_too_old_in_a_suspend_goes(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    config = SchedulerConfig(retention=RetentionPolicy(max_age=24 * HOUR))
    scheduler = await make_scheduler(alpha(script), config=config)
    await scheduler.domain(Alpha).submit_batch(jobs(3))
    await run_until_idle(scheduler)
    manual_clock.sleep(23 * HOUR)
    await until_quiet(scheduler)
    assert len(await scheduler.history()) == 3
    manual_clock.sleep(2 * HOUR)
    await until(lambda: scheduler.counts.completed == 0)
    assert await scheduler.history() == []


async def test_history_is_not_looked_at_before_its_time(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No timer sleeps longer than six hours; what wakes before the deadline asks the clock, not the database."""
    config = SchedulerConfig(retention=RetentionPolicy(max_age=30 * 24 * HOUR))
    scheduler = await make_scheduler(alpha(script), config=config)
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    pruned: list[object] = []
    monkeypatch.setattr(scheduler._engine.pruner, "_start", lambda: pruned.append(1))
    manual_clock.advance(29 * 24 * HOUR)
    assert not pruned
    manual_clock.advance(2 * 24 * HOUR)
    assert len(pruned) == 1


async def test_a_rate_limit_counts_the_time_asleep(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    """Two an hour, a night's sleep: what a burst holds starts, not what a night would."""
    config = SchedulerConfig(
        rate_limits={"alpha::job": RateLimit(rate=2 / HOUR, burst=2)},
        group_rate_limits={"g": RateLimit(rate=1 / HOUR, burst=1)},
    )
    scheduler = await make_scheduler(alpha(script), config=config)
    handle = scheduler.domain(Alpha)
    await handle.submit_batch(jobs(10))
    await handle.submit_batch([Chore(n=n) for n in range(3)], group="g")
    await until_quiet(scheduler)
    assert Counter(name[:3] for name in script.started) == {"job": 2, "cho": 1}
    manual_clock.sleep(HOUR / 2)
    await until_quiet(scheduler)
    assert Counter(name[:3] for name in script.started) == {"job": 3, "cho": 1}
    manual_clock.sleep(8 * HOUR)
    await until_quiet(scheduler)
    assert Counter(name[:3] for name in script.started) == {"job": 5, "cho": 2}
    manual_clock.jump(-8 * HOUR)  # a clock set back neither takes tokens nor gives them
    await until_quiet(scheduler)
    assert len(script.started) == 7
    manual_clock.advance(HOUR / 2)
    await until_quiet(scheduler)
    assert Counter(name[:3] for name in script.started) == {"job": 6, "cho": 2}


async def test_a_task_grows_more_urgent_while_the_machine_sleeps(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    """And less so again, when the clock is set back."""
    config = SchedulerConfig(max_concurrency=1, aging=AgingConfig())
    scheduler = await make_scheduler(alpha(script), config=config)
    handle = scheduler.domain(Alpha)
    script.holds("first", "second")
    await handle.submit(Job(name="first"), priority=1)
    await until(lambda: script.running == 1)
    await handle.submit(Job(name="second"), priority=2)
    await handle.submit(Job(name="old"), priority=192)
    manual_clock.sleep(3 * HOUR)
    await handle.submit(Chore(name="new"), priority=100)
    manual_clock.jump(-3 * HOUR)
    manual_clock.jump(3 * HOUR)
    script.release("first", "second")
    await run_until_idle(scheduler)
    assert script.started == ["first", "second", "old", "new"]
    await handle.pause()
    await handle.submit(Job(name="old", n=1), priority=192)
    await handle.submit(Chore(name="new", n=1), priority=100)
    manual_clock.sleep(3 * HOUR)
    manual_clock.jump(-3 * HOUR)
    await handle.resume()
    await run_until_idle(scheduler)
    assert script.started[-2:] == ["new", "old"]


async def test_a_clock_set_back_lets_nothing_start_early_and_nothing_hang(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    handle = scheduler.domain(Alpha)
    await scheduler.domain("beta").pause_for(100)
    await handle.submit(Job(name="delayed"), run_after=100)
    await handle.submit(Job(name="brief", n=1), ttl=100, run_after=1000)
    await until_quiet(scheduler)
    manual_clock.jump(-HOUR)
    manual_clock.advance(200)  # the old timers are over, their instants are not
    await until_quiet(scheduler)
    assert not script.started
    assert scheduler.domain("beta").is_paused
    assert scheduler.counts.active == 2
    manual_clock.jump(HOUR)
    await run_until_idle(scheduler)
    assert script.started == ["delayed"]
    assert not scheduler.domain("beta").is_paused
    assert await ended(scheduler) == {"delayed": "completed", "brief": "expired"}


async def test_a_clock_set_back_for_good_is_waited_for(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Job(), run_after=100)
    await until_quiet(scheduler)
    manual_clock.jump(-HOUR)
    assert manual_clock.timers[-1] == pytest.approx(HOUR + 100)
    manual_clock.advance(HOUR + 100)
    await run_until_idle(scheduler)
    assert script.started == ["job"]


class Mute:
    """A clock of three methods, as `Clock` asks for: it tells nobody that it jumped."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock

    def time(self) -> float:
        return self._clock.time()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def call_later(self, delay: float, callback: Callable[[], None]) -> TimerHandle:
        return self._clock.call_later(delay, callback)


async def test_a_program_tells_that_the_machine_woke_where_the_clock_does_not(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    clock: Clock = Mute(manual_clock)
    scheduler = await make_scheduler(alpha(script), clock=clock)
    await scheduler.domain(Alpha).submit(Job(), run_after=60)
    await until_quiet(scheduler)
    manual_clock.sleep(HOUR)
    for _ in range(20):
        await asyncio.sleep(0)
    assert not script.started
    scheduler.clock_changed()
    scheduler.clock_changed()
    await run_until_idle(scheduler)
    assert script.started == ["job"]


async def test_nothing_comes_of_a_jump_before_open_and_after_close(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Job(), run_after=60)
    await scheduler.close()
    manual_clock.sleep(HOUR)
    scheduler.clock_changed()
    assert manual_clock.timers == []
    assert manual_clock._watchers == {}


async def test_a_jump_while_a_batch_of_deadlines_is_on_its_way(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, tmp_path: Path
) -> None:
    scheduler = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    handle = scheduler.domain(Alpha)
    await handle.submit_batch(jobs(50, "first"), run_after=60)
    await handle.submit_batch(jobs(50, "second"), run_after=600)
    await until_quiet(scheduler)
    manual_clock.sleep(60)
    manual_clock.sleep(600)
    manual_clock.jump(-30)
    await run_until_idle(scheduler)
    assert len(script.started) == len(set(script.started)) == 100


# The system's own clock


def _watching() -> list[int]:
    """The descriptors of this process that wait for the clock."""
    found: list[int] = []
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(FileNotFoundError):  # the one that lists them
            if os.readlink(f"/proc/self/fd/{name}") == "anon_inode:[timerfd]":
                found.append(int(name))
    return found


def _reader(fd: int) -> Any:
    """What the loop calls when `fd` is readable, None if it does not wait for it."""
    loop: Any = asyncio.get_running_loop()
    key = loop._selector.get_map().get(fd)
    return None if key is None else key.data[0]._callback


async def test_the_systems_clock_is_watched_and_nothing_is_left(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    assert _watching() == []
    undo = SystemClock().watch_jumps(lambda: None)
    (fd,) = _watching()
    assert _reader(fd) is not None
    undo()
    assert (_watching(), _reader(fd)) == ([], None)
    undo()
    scheduler = await make_scheduler(alpha(script), clock=SystemClock())
    (fd,) = _watching()
    await scheduler.close()
    assert (_watching(), _reader(fd)) == ([], None)


async def test_a_scheduler_that_does_not_open_watches_nothing(script: Script, tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError):
        await Scheduler(tmp_path / "a.db", [alpha(script)]).open()
    assert _watching() == []


async def test_where_the_system_cannot_nothing_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler_core.timerfd.sys.platform", "win32")
    watch_clock(lambda: None)()
    monkeypatch.undo()

    def refuse() -> int:
        raise OSError(1, "not here")

    monkeypatch.setattr("scheduler_core.timerfd._armed", refuse)
    watch_clock(lambda: None)()
    monkeypatch.undo()

    def no_readers(*_: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(asyncio.get_running_loop(), "add_reader", no_readers)
    watch_clock(lambda: None)()
    assert _watching() == []


async def test_a_descriptor_that_says_the_clock_was_set_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the machine is not set for a test: a read that fails as it does then (ECANCELED), and one too early."""
    heard: list[int] = []
    undo = watch_clock(lambda: heard.append(1))
    look = _reader(_watching()[0])
    look()  # nothing to read: EAGAIN
    assert not heard

    def cancelled(fd: int, n: int) -> bytes:
        raise OSError(125, "Operation canceled")

    monkeypatch.setattr("scheduler_core.timerfd.os.read", cancelled)
    look()
    assert len(heard) == 1
    monkeypatch.undo()
    undo()
