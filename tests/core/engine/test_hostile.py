"""Executors and callers that do what nobody should: each harms itself alone, and the scheduler goes on."""

from __future__ import annotations

import asyncio
import gc
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import RetryableError, RetryPolicy, Scheduler, SchedulerConfig, StoreError, TaskContext
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.support import Alpha, Chore, Errand, Job, Script, alpha, beta, ended, jobs, record_of


class Mute(Exception):
    """An error that cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError("no words")

    __repr__ = __str__


class MuteRetryable(RetryableError):
    def __str__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize("error", [Mute(), MuteRetryable("x"), ExceptionGroup("many", [Mute()])])
async def test_an_error_without_words_ends_the_attempt(
    make_scheduler: MakeScheduler, script: Script, error: Exception
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1, default_retry=RetryPolicy.constant(0)))
    script.fails("job", error)
    await scheduler.domain(Alpha).submit(Job())
    await scheduler.domain(Alpha).submit(Job(name="next"))
    await run_until_idle(scheduler)
    assert script.started == ["job", "next"]
    record = await record_of(scheduler, "job")
    assert record.status in ("failed", "dead_letter")
    assert type(error).__name__ in (record.last_error or "")


async def test_an_endless_message_is_cut(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.fails("job", ValueError("x" * 5_000_000))
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    record = await record_of(scheduler, "job")
    assert 1_000 < len(record.last_error or "") < 20_000
    assert len(record.attempts[0].traceback or "") < 40_000


@pytest.mark.parametrize(
    ("after", "delay"),
    [(timedelta(seconds=30), 30.0), (30, 30.0), (0, 0.0), (timedelta(0), 0.0)],
)
async def test_retry_after_takes_every_kind_of_duration(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, after: Any, delay: float
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(1, 600)))
    script.fails("job", RetryableError("later", retry_after=after))
    await scheduler.domain(Alpha).submit(Job())
    if delay:
        await until_quiet(scheduler)
        manual_clock.advance(delay - 1)
        await until_quiet(scheduler)
        assert script.started == ["job"]
        manual_clock.advance(2)
    await run_until_idle(scheduler)
    assert script.started == ["job", "job"]


@pytest.mark.parametrize(
    "after", ["soon", -5, float("nan"), float("inf"), timedelta(days=-1), object(), 1e300]
)
async def test_a_retry_after_that_is_no_duration_is_left_out(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, after: Any
) -> None:
    """The attempt failed and may be tried again: the policy says when."""
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(1, 60)))
    script.fails("job", RetryableError("later", retry_after=after))
    await scheduler.domain(Alpha).submit(Job())
    await until_quiet(scheduler)
    assert script.started == ["job"]
    manual_clock.advance(61)
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"job": "completed"}


async def test_an_executor_that_cancels_itself_fails(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))

    async def cancels_itself(task: Any, ctx: TaskContext) -> None:
        current = asyncio.current_task()
        assert current is not None
        current.cancel()
        await asyncio.sleep(0)

    async def cancels_itself_late(task: Any, ctx: TaskContext) -> None:
        current = asyncio.current_task()
        assert current is not None
        current.cancel()

    script.does("one", cancels_itself)
    script.does("two", cancels_itself_late)
    await scheduler.domain(Alpha).submit(Job(name="one"))
    await scheduler.domain(Alpha).submit(Job(name="two"))
    await run_until_idle(scheduler)
    found = await ended(scheduler)
    assert found["one"] == "failed"
    assert found["two"] in ("failed", "completed")
    assert scheduler.counts.active == 0


async def test_an_executor_that_leaves_after_the_scheduler_has_closed_disturbs_nobody(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    gate = asyncio.Event()

    async def deaf(task: Any, ctx: TaskContext) -> None:
        while not gate.is_set():
            try:
                await gate.wait()
            except asyncio.CancelledError:
                continue
        ctx.progress(0.5)

    script.does("job", deaf)
    scheduler = await make_scheduler(alpha(script))
    failed: list[StoreError] = []
    scheduler.store_failed.connect(failed.append)
    await scheduler.domain(Alpha).submit(Job())
    await until(lambda: script.running == 1)
    await scheduler.close(0)
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        gate.set()
        await until(lambda: script.running == 0)
        for _ in range(20):
            await asyncio.sleep(0)
    assert manual_clock.timers == []
    assert failed == []
    assert not caplog.records


@pytest.mark.parametrize("option", [{"run_after": 1e18}, {"run_after": timedelta(days=999_999_999)}])
async def test_a_time_beyond_the_calendar_is_refused(
    make_scheduler: MakeScheduler, script: Script, option: dict[str, Any]
) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(ValueError, match="run_after"):
        await scheduler.domain(Alpha).submit(Job(), **option)
    assert scheduler.counts.active == 0


async def test_a_reader_that_goes_away_is_forgotten(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    reader = handle.events()
    await handle.submit(Job())
    async for event in reader:
        assert event.at is not None
        break
    del reader
    gc.collect()
    assert not scheduler._engine.bus.is_heard


async def test_who_listens_after_the_end_hears_that_it_is_over(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.close()
    assert [event async for event in scheduler.events()] == []
    assert [event async for event in scheduler.domain(Alpha).task_events(Job)] == []


async def test_a_retry_that_waits_is_explained(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(1, 60)))
    script.fails("job", RetryableError("later"))
    outcome = await scheduler.domain(Alpha).submit(Job())
    await until_quiet(scheduler)
    blocking = (await scheduler.explain(outcome.id or 0)).blocking
    assert blocking is not None
    assert blocking.name == "run_at"


@pytest.mark.parametrize("text", ["Übersicht", "übersicht", "ÜBERSICHT", "sich", "straße.JPG", "Straße.jpg"])
async def test_history_is_searched_in_any_letters(
    make_scheduler: MakeScheduler, script: Script, text: str
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Job(name="Übersicht Straße.jpg"))
    await scheduler.domain(Alpha).submit(Job(name="other"))
    await run_until_idle(scheduler)
    assert [record.label for record in await scheduler.history(text=text)] == ["Übersicht Straße.jpg"]


async def test_a_scheduler_that_was_never_opened_says_so(script: Script) -> None:
    scheduler = Scheduler(":memory:", [alpha(script)])
    with pytest.raises(StoreError, match="not open"):
        await scheduler.domain(Alpha).submit(Job())
    await scheduler.close()
    await scheduler.wait_idle()


async def test_nothing_is_accepted_after_close(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Job())
    await scheduler.close()
    for _ in range(3):
        with pytest.raises(StoreError, match="not open"):
            await scheduler.domain(Alpha).submit(Job(n=1))
        with pytest.raises(StoreError, match="not open"):
            await scheduler.domain(Alpha).pause()
    assert not scheduler.domain(Alpha).is_paused


async def test_an_idle_scheduler_sets_no_timer(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(
        alpha(script), beta(script), config=SchedulerConfig(resource_monitoring=False)
    )
    await scheduler.domain(Alpha).submit_batch(jobs(20))
    await scheduler.domain(Alpha).submit(Chore(), run_after=1)
    await scheduler.domain("beta").submit(Errand())
    manual_clock.advance(2)
    await run_until_idle(scheduler)
    await until(lambda: scheduler.counts.completed == 22)
    manual_clock.advance(1)  # the numbers are told, and nothing follows
    assert manual_clock.timers == []


async def test_an_idle_scheduler_wakes_the_loop_for_nothing(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit_batch(jobs(5))
    await run_until_idle(scheduler)
    manual_clock.advance(1)
    loop: Any = asyncio.get_running_loop()
    for _ in range(20):
        await asyncio.sleep(0)
    assert not loop._ready
    assert not [timer for timer in loop._scheduled if not timer.cancelled()]


async def test_tasks_may_flood_their_own_domain(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=2))

    async def flood(task: Any, ctx: TaskContext) -> None:
        if task.n < 3:
            handle = ctx.domain(Alpha)
            await asyncio.gather(
                *(handle.submit(Job(name="job", n=task.n + 1), key=f"{ctx.record.id}-{k}") for k in range(5))
            )

    script.does("job", flood)
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert scheduler.counts.completed == 1 + 5 + 25 + 125


async def test_two_schedulers_may_not_share_a_file_by_another_name(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "a.db")
    await make_scheduler(alpha(script), store=tmp_path / "a.db")
    with pytest.raises(StoreError, match="another scheduler"):
        await make_scheduler(alpha(script), store=tmp_path / "link.db")
