"""Pauses of domains, groups and the whole scheduler: who may start, what is interrupted, what survives a restart."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import Scheduler, StoreError, TaskContext
from scheduler_core.testing import START, MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Errand, Job, Script, alpha, beta, ended, jobs, record_of


@pytest.mark.parametrize(
    ("everything", "domain", "group"), list(itertools.product([False, True], [False, True], [False, True]))
)
async def test_the_truth_table(
    make_scheduler: MakeScheduler, script: Script, everything: bool, domain: bool, group: bool
) -> None:
    """A task runs only if neither the scheduler, nor its domain, nor its group is paused."""
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    if everything:
        await scheduler.pause_all()
    if domain:
        await handle.pause()
    if group:
        await handle.pause_group("g")
    outcome = await handle.submit(Job(), group="g")
    await run_until_idle(scheduler)
    held = everything or domain or group
    assert script.started == ([] if held else ["job"])
    if not held:
        return
    record = await scheduler.task(outcome.id or 0)
    assert record is not None
    assert record.status == "paused"
    assert len(record.pause_reasons) == everything + domain + group
    assert scheduler.counts.paused == handle.counts.paused == 1
    assert (await handle.snapshot()).paused_count == (await scheduler.snapshot()).paused_count == 1
    assert scheduler.counts.pending == 0


async def test_it_resumes_when_the_last_reason_goes(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await scheduler.pause_all()
    await handle.pause()
    await handle.pause_group("g")
    await handle.submit(Job(), group="g")
    assert await handle.resume() == 0
    await run_until_idle(scheduler)
    assert await scheduler.resume_all() == 0
    await run_until_idle(scheduler)
    assert not script.started
    assert await handle.resume_group("g") == 1
    await run_until_idle(scheduler)
    assert script.started == ["job"]


async def test_resuming_a_domain_does_not_override_pause_all(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await scheduler.pause_all()
    await handle.submit(Job())
    assert await handle.resume() == 0
    await run_until_idle(scheduler)
    assert not script.started
    assert scheduler.is_paused
    assert not handle.is_paused


async def test_a_paused_domain_does_not_hold_another(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    await scheduler.domain(Alpha).pause()
    await scheduler.domain(Alpha).submit_batch(jobs(50))
    await scheduler.domain("beta").submit(Errand())
    await run_until_idle(scheduler)
    assert script.started == ["errand"]


async def test_pause_tells_how_many_it_holds_and_resume_how_many_it_frees(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1), beta(script))
    handle = scheduler.domain(Alpha)
    script.holds("job-0")
    await handle.submit_batch(jobs(3))
    await handle.submit(Job(name="later"), run_after=60)
    await scheduler.domain("beta").pause()
    await scheduler.domain("beta").submit(Errand())
    await until(lambda: script.running == 1)
    assert await handle.pause() == 4
    assert await handle.pause() == 4
    script.release("job-0")
    assert await handle.resume() == 4
    assert await handle.resume() == 0
    await run_until_idle(scheduler)
    assert await scheduler.pause_all() == 2  # the delayed one, and the errand
    assert await scheduler.resume_all() == 1  # beta is paused still


async def test_what_runs_is_interrupted_counts_no_retry_and_runs_again(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    attempts: list[int] = []

    async def note(task: Any, ctx: TaskContext) -> None:
        attempts.append(ctx.attempt)
        if len(attempts) <= 5:
            await script.execute(Job(name="stay"), ctx)

    script.holds("stay")
    script.does("job", note)
    outcome = await handle.submit(Job())
    for n in range(1, 6):
        await until(lambda n=n: len(attempts) == n and script.running == 2)
        assert await handle.pause() == 1
        assert scheduler.counts.running == 0
        record = await scheduler.task(outcome.id or 0)
        assert record is not None
        assert (record.status, record.retry_count) == ("paused", 0)
        assert not handle.active_tasks()
        await handle.resume()
    await run_until_idle(scheduler)
    assert attempts == [1] * 6
    record = await record_of(scheduler, "job")
    assert (record.status, record.retry_count, record.last_error) == ("completed", 0, None)


async def test_pause_and_resume_in_one_breath_lose_nothing(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.submit_batch(jobs(100))
    for _ in range(20):
        await handle.pause()
        await handle.resume()
        await scheduler.pause_all()
        await scheduler.resume_all()
    await run_until_idle(scheduler)
    assert scheduler.counts.completed == 100
    assert set((await ended(scheduler)).values()) == {"completed"}


async def test_a_task_may_pause_its_own_domain(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    paused: list[int] = []

    async def pause(task: Any, ctx: TaskContext) -> None:
        if not paused:
            paused.append(ctx.record.id)
            await ctx.domain(Alpha).pause()
            raise AssertionError("it is interrupted where it awaits the pause")

    told: list[bool] = []
    handle.paused_changed.connect(told.append)
    script.does("job", pause)
    await handle.submit(Job())
    await until(lambda: handle.is_paused and scheduler.counts.paused == 1)
    await handle.resume()
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"job": "completed"}
    assert told == [True, False]


async def test_pauses_survive_a_restart(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "a.db"
    first = await make_scheduler(alpha(script), beta(script), store=path)
    await first.domain(Alpha).submit(Job())
    await first.domain("beta").submit(Errand(), group="g")
    await run_until_idle(first)
    await first.domain(Alpha).pause()
    await first.domain("beta").pause_group("g")
    await first.domain(Alpha).submit(Job(n=1))
    await first.domain("beta").submit(Errand(n=1), group="g")
    await first.close()
    second = await make_scheduler(alpha(script), beta(script), store=path)
    await run_until_idle(second)
    assert second.domain(Alpha).is_paused
    assert not second.domain("beta").is_paused
    assert (await second.snapshot()).paused_groups == ("g",)
    assert second.counts.paused == 2
    await second.pause_all()
    await second.domain(Alpha).resume()
    await second.domain("beta").resume_group("g")
    await second.close()
    third = await make_scheduler(alpha(script), beta(script), store=path)
    assert third.is_paused
    assert not third.domain(Alpha).is_paused
    await third.resume_all()
    await run_until_idle(third)
    assert third.counts.completed == 4


async def test_a_timed_pause_ends_by_itself(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    told: list[bool] = []
    handle.paused_changed.connect(told.append)
    await handle.submit(Job(name="before"))
    await run_until_idle(scheduler)
    await handle.pause_for(timedelta(minutes=1))
    await handle.submit(Job())
    manual_clock.advance(59)
    await run_until_idle(scheduler)
    assert handle.is_paused
    manual_clock.advance(2)
    await until(lambda: scheduler.counts.completed == 2)
    assert told == [True, False]
    assert not handle.is_paused


async def test_two_timed_pauses_end_each_at_its_time(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    one, other = scheduler.domain(Alpha), scheduler.domain("beta")
    await one.pause_for(10)
    await other.pause_for(20)
    until_then = datetime.fromtimestamp(START, UTC) + timedelta(seconds=30)
    await one.pause_group("g", until_then)
    manual_clock.advance(11)
    await until(lambda: not one.is_paused)
    assert other.is_paused
    manual_clock.advance(10)
    await until(lambda: not other.is_paused)
    assert (await scheduler.snapshot()).paused_groups == ("g",)
    manual_clock.advance(10)
    await one.submit(Job(), group="g")
    await until(lambda: scheduler.counts.completed == 1)
    assert (await scheduler.snapshot()).paused_groups == ()


async def test_the_last_word_on_a_pause_counts(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause_for(10)
    await handle.pause()
    manual_clock.advance(60)
    await run_until_idle(scheduler)
    assert handle.is_paused
    await handle.pause_for(5)
    manual_clock.advance(6)
    await until(lambda: not handle.is_paused)


async def test_a_wall_clock_that_is_set_back_does_not_end_a_pause_early(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause_for(10)
    manual_clock.jump(-100)
    manual_clock.advance(11)
    await run_until_idle(scheduler)
    assert handle.is_paused
    manual_clock.advance(100)
    await until(lambda: not handle.is_paused)


@pytest.mark.parametrize("away", [30, 120])
async def test_a_timed_pause_over_a_restart(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, tmp_path: Path, away: int
) -> None:
    path = tmp_path / "a.db"
    first = await make_scheduler(alpha(script), store=path)
    await first.domain(Alpha).pause_for(60)
    await first.domain(Alpha).submit(Job())
    await first.close()
    manual_clock.advance(away)
    second = await make_scheduler(alpha(script), store=path)
    assert second.domain(Alpha).is_paused == (away < 60)
    manual_clock.advance(31)
    await until(lambda: second.counts.completed == 1)
    await second.close()
    third = await make_scheduler(alpha(script), store=path)
    assert not third.domain(Alpha).is_paused


async def test_a_group_is_paused_in_every_domain_and_alone(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    one, other = scheduler.domain(Alpha), scheduler.domain("beta")
    script.holds("a", "b", "free")
    await one.submit(Job(name="a"), group="g")
    await other.submit(Errand(name="b"), group="g")
    await one.submit(Job(name="free"), group="h")
    await until(lambda: script.running == 3)
    assert await one.pause_group("g") == 2
    await until(lambda: script.running == 1)
    assert sorted(script.cancelled) == ["a", "b"]
    script.release("a", "b", "free")
    assert await other.resume_group("g") == 2
    await run_until_idle(scheduler)
    assert scheduler.counts.completed == 3


@pytest.mark.parametrize("group", ["", "x" * 1025, "\ud800"])
async def test_what_is_no_group_is_refused(make_scheduler: MakeScheduler, script: Script, group: str) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    await handle.submit(Job())
    await until(lambda: script.running == 1)
    with pytest.raises(ValueError, match="group"):
        await handle.pause_group(group)
    with pytest.raises(ValueError, match="group"):
        scheduler.set_group_limit(group, 1)
    assert not script.cancelled


@pytest.mark.parametrize("duration", [-1, float("nan"), float("inf"), timedelta(seconds=-1)])
async def test_what_is_no_duration_is_refused(
    make_scheduler: MakeScheduler, script: Script, duration: float | timedelta
) -> None:
    handle = (await make_scheduler(alpha(script))).domain(Alpha)
    with pytest.raises(ValueError, match="pause of alpha"):
        await handle.pause_for(duration)
    with pytest.raises(ValueError, match="time zone"):
        await handle.pause_group("g", datetime(2030, 1, 1))  # noqa: DTZ001
    assert not handle.is_paused


async def test_a_pause_that_cannot_be_stored_is_none(make_scheduler: MakeScheduler, script: Script) -> None:
    """What `is_paused` says, what was told and what the next start will find are one."""
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job())
    await run_until_idle(scheduler)
    told: list[bool] = []
    handle.paused_changed.connect(told.append)
    await _make_store_read_only(scheduler, True)
    with pytest.raises(StoreError):
        await handle.pause()
    assert not handle.is_paused
    assert told == []
    await _make_store_read_only(scheduler, False)
    await handle.pause()
    await _make_store_read_only(scheduler, True)
    with pytest.raises(StoreError):
        await handle.resume()
    assert handle.is_paused
    assert told == [True]
    await _make_store_read_only(scheduler, False)


async def _make_store_read_only(scheduler: Scheduler, yes: bool) -> None:
    await scheduler._engine.store.read(
        lambda connection: connection.execute(f"PRAGMA query_only = {int(yes)}")
    )
