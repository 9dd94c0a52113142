"""Domains that come and go while the scheduler works."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from scheduler_core import (
    AgingConfig,
    ConfigurationError,
    Domain,
    InvalidStateError,
    Scheduler,
    SchedulerConfig,
    StoreFullError,
    SubmitStatus,
    TaskContext,
    TaskStatus,
    UnknownDomainError,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.domain.test_replacing import Here, words
from tests.core.store.test_full_disk import fill
from tests.core.support import NO_RETRY, Alpha, Beta, Errand, Job, Script, alpha, beta, ended, record_of


async def test_what_waited_for_a_domain_goes_on_when_it_comes(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    first = await make_scheduler(alpha(script), beta(script), store=tmp_path / "a.db")
    first.set_max_concurrency(0)
    await first.domain(Beta).submit(Errand())
    await first.close()
    second = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await until_quiet(second)
    assert (script.started, second.try_domain(Beta)) == ([], None)
    told: list[tuple[str, ...]] = []
    second.domains_changed.connect(told.append)
    handle = await second.add_domain(beta(script, max_concurrency=3))
    assert told == [("alpha", "beta")]
    assert second.domain(Beta) is handle
    assert (handle.name, handle.max_concurrency, handle.is_paused) == ("beta", 3, False)
    await handle.submit(Errand(name="new"))
    await run_until_idle(second)
    assert script.started == ["errand", "new"]
    assert [domain.name for domain in second.metrics().domains] == ["alpha", "beta"]


async def test_what_runs_is_interrupted_and_waits_until_its_domain_is_back(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    handle, other = scheduler.domain(Alpha), scheduler.domain(Beta)
    script.holds("runs", "goes on")
    await handle.submit(Job(name="runs"))
    await handle.submit(Job(name="later"), run_after=60)
    await other.submit(Errand(name="goes on"))
    await until(lambda: script.running == 2)
    told: list[tuple[str, ...]] = []
    scheduler.domains_changed.connect(told.append)
    assert await scheduler.remove_domain(Alpha) == 2
    assert script.cancelled == ["runs"]
    assert told == [("beta",)]
    assert [one.name for one in scheduler.domains()] == ["beta"]
    assert scheduler.try_domain("alpha") is None
    assert (handle.counts.running, handle.counts.paused, handle.is_paused) == (0, 2, True)
    script.release("runs", "goes on")
    await run_until_idle(scheduler)
    assert script.ended == ["runs", "goes on"]
    assert await scheduler.add_domain(alpha(script)) is handle, "who holds it need not ask for it again"
    await run_until_idle(scheduler)
    record = await record_of(scheduler, "runs")
    assert (str(record.status), record.retry_count, len(record.attempts)) == ("completed", 0, 1)
    assert handle.counts.pending == 1


async def test_what_is_about_to_start_does_not(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    await asyncio.gather(scheduler.domain(Alpha).submit(Job()), scheduler.remove_domain("alpha"))
    await until_quiet(scheduler)
    assert script.ended == []
    assert scheduler.counts.paused == 1
    await scheduler.add_domain(alpha(script))
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"job": "completed"}


async def test_a_domain_that_is_gone_takes_no_tasks(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    handle = scheduler.domain(Alpha)
    script.fails("fails", RuntimeError("no"))
    await handle.submit(Job(name="fails"), retry=NO_RETRY)
    await run_until_idle(scheduler)
    failure = await record_of(scheduler, "fails")
    await scheduler.remove_domain(Alpha)
    with pytest.raises(UnknownDomainError, match="removed"):
        await handle.submit(Job())
    with pytest.raises(UnknownDomainError, match="removed"):
        await handle.submit_batch([Job()])
    with pytest.raises(UnknownDomainError, match="There are: beta"):
        scheduler.domain(Alpha)
    with pytest.raises(UnknownDomainError, match="removed"):
        await handle.retry_dead_letter(failure.id)
    (outcome,) = await scheduler.retry_failures([failure.id])
    assert outcome.status is SubmitStatus.REJECTED
    await scheduler.add_domain(alpha(script))
    (outcome,) = await scheduler.retry_failures([failure.id])
    assert outcome.status is SubmitStatus.INSERTED
    await run_until_idle(scheduler)
    assert script.started == ["fails", "fails"]


async def test_a_cap_that_is_set_while_it_is_away_ends_when_it_comes_back(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=2), beta(script))
    handle = scheduler.domain(Alpha)
    await scheduler.remove_domain(Alpha)
    handle.set_max_concurrency(7)
    assert handle.max_concurrency == 7
    await scheduler.add_domain(alpha(script, max_concurrency=3))
    assert handle.max_concurrency == 3


async def test_a_pause_of_it_is_kept_while_it_is_away(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    handle = scheduler.domain(Alpha)
    await handle.pause_for(timedelta(minutes=1))
    await handle.submit(Job())
    await scheduler.remove_domain(Alpha)
    await scheduler.add_domain(alpha(script))
    assert handle.is_paused
    await scheduler.remove_domain(Alpha)
    manual_clock.advance(61)
    await until_quiet(scheduler)
    assert script.started == [], "its pause is over, but it is not there"
    await scheduler.add_domain(alpha(script))
    await run_until_idle(scheduler)
    assert script.started == ["job"]


async def test_a_pause_that_ends_lets_nothing_start_of_a_domain_that_never_came(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, tmp_path: Path
) -> None:
    first = await make_scheduler(alpha(script), beta(script), store=tmp_path / "a.db")
    await first.domain(Alpha).pause_for(60)
    await first.domain(Alpha).submit(Job())
    await first.close()
    second = await make_scheduler(beta(script), store=tmp_path / "a.db")
    manual_clock.advance(61)
    await until_quiet(second)
    assert second.pauses() == []
    (waiting,) = await second.tasks()
    assert (waiting.status, waiting.pause_reasons) == (TaskStatus.PAUSED, ("domain alpha is not there",))
    assert script.started == []


async def test_nobody_ages_while_its_domain_is_away(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    config = SchedulerConfig(max_concurrency=1, aging=AgingConfig(grace_period=0, aging_interval=60))
    scheduler = await make_scheduler(alpha(script), beta(script), config=config)
    scheduler.set_max_concurrency(0)
    await scheduler.domain(Alpha).submit(Job(), priority=205)
    await scheduler.remove_domain(Alpha)
    manual_clock.advance(600)
    await scheduler.domain(Beta).submit(Errand(), priority=200)
    await scheduler.add_domain(alpha(script))
    scheduler.set_max_concurrency(1)
    await run_until_idle(scheduler)
    assert script.started == ["errand", "job"]


async def test_what_is_submitted_while_its_domain_goes_does_not_age_either(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    config = SchedulerConfig(max_concurrency=1, aging=AgingConfig(grace_period=0, aging_interval=60))
    scheduler = await make_scheduler(alpha(script), beta(script), config=config)
    late = scheduler.domain(Alpha).submit(Job(), priority=205, group="nobody had it before")
    _, outcome = await asyncio.gather(scheduler.remove_domain(Alpha), late)
    assert outcome.status is SubmitStatus.INSERTED
    manual_clock.advance(600)
    scheduler.set_max_concurrency(0)
    await scheduler.domain(Beta).submit(Errand(), priority=200)
    await scheduler.add_domain(alpha(script))
    scheduler.set_max_concurrency(1)
    await run_until_idle(scheduler)
    assert script.started == ["errand", "job"]


async def test_what_does_not_stop_ends_as_it_likes(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    release = asyncio.Event()

    async def stubborn(task: Any, ctx: TaskContext) -> str:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue
        return "done"

    script.does("job", stubborn)
    await scheduler.domain(Alpha).submit(Job())
    await until(lambda: script.running == 1)
    assert await scheduler.remove_domain(Alpha, grace=0) == 1
    assert scheduler.counts.running == 1
    release.set()
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"job": "completed"}


async def test_whatever_depends_on_it_waits_too(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    await scheduler.domain(Alpha).pause()
    first = await scheduler.domain(Alpha).submit(Job())
    await scheduler.remove_domain(Alpha)
    await scheduler.domain(Beta).submit(Errand(), depends_on=[first.id or 0])
    await until_quiet(scheduler)
    assert scheduler.counts.blocked == 1
    await (await scheduler.add_domain(alpha(script))).resume()
    await run_until_idle(scheduler)
    assert script.started == ["job", "errand"]


async def test_its_runner_is_closed_with_it_and_the_next_one_starts(make_scheduler: MakeScheduler) -> None:
    old, new, said = Here(), Here(), list[str]()
    old.release.set()
    new.release.set()
    scheduler = await make_scheduler(words(said, "old", old))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="a"))
    await run_until_idle(scheduler)
    await scheduler.remove_domain(Alpha)
    await until(lambda: old.calls == ["start", "run", "close"])
    await scheduler.add_domain(words(said, "new", new))
    await handle.submit(Job(name="b"))
    await run_until_idle(scheduler)
    assert said == ["a old", "b new"]
    await scheduler.close()
    assert new.calls == ["start", "run", "close"]


async def test_a_scheduler_that_closes_meanwhile_sees_it_through(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    script.holds("job")
    await scheduler.domain(Alpha).submit(Job())
    await until(lambda: script.running == 1)
    leaving = asyncio.ensure_future(scheduler.remove_domain(Alpha))
    await asyncio.sleep(0)
    await scheduler.close(finish=False)
    assert await asyncio.wait_for(leaving, 5) == 1
    assert scheduler.try_domain(Alpha) is None


async def test_a_domain_can_go_and_come_from_within_a_task(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))

    async def leave(task: Any, ctx: TaskContext) -> None:
        if scheduler.try_domain(Alpha) is not None:
            await scheduler.remove_domain(Alpha)

    script.does("job", leave)
    await scheduler.domain(Alpha).submit(Job())
    await until(lambda: scheduler.try_domain(Alpha) is None)
    await until_quiet(scheduler)
    await scheduler.add_domain(alpha(Script()))
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"job": "completed"}


async def test_who_does_not_wait_for_it_to_go_does_not_stop_it(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    release = asyncio.Event()

    async def slow(task: Any, ctx: TaskContext) -> None:
        try:
            await release.wait()
        finally:
            await release.wait()

    script.does("job", slow)
    handle = scheduler.domain(Alpha)
    await handle.submit(Job())
    await until(lambda: script.running == 1)
    going = asyncio.create_task(scheduler.remove_domain(Alpha, grace=60))
    await until(lambda: scheduler.try_domain(Alpha) is None)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    release.set()
    assert await scheduler.add_domain(alpha(script)) is handle
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"job": "completed"}


async def test_who_comes_twice_or_goes_unknown_is_told(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(ConfigurationError, match="replace_domain"):
        await scheduler.add_domain(alpha(script))
    with pytest.raises(ConfigurationError, match="no Domain"):
        await scheduler.add_domain(cast("Domain[Alpha]", "alpha"))
    with pytest.raises(UnknownDomainError, match="There are: alpha"):
        await scheduler.remove_domain(Beta)
    with pytest.raises(TypeError, match="no domain"):
        await scheduler.remove_domain(cast("str", 7))
    await scheduler.remove_domain("alpha")
    with pytest.raises(UnknownDomainError, match="There are: none"):
        await scheduler.remove_domain("alpha")


async def test_only_an_open_scheduler_lets_domains_come_and_go(script: Script) -> None:
    scheduler = Scheduler(":memory:", [alpha(script)])
    with pytest.raises(InvalidStateError, match="not open"):
        await scheduler.add_domain(beta(script))
    with pytest.raises(InvalidStateError, match="not open"):
        await scheduler.remove_domain(Alpha)


async def test_a_full_disk_leaves_it_where_it_was(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    scheduler = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    handle = scheduler.domain(Alpha)
    for n in range(300):  # so many lanes that their clocks need room
        await handle.submit(Job(name="held", n=n), group=f"group {n}", run_after=3600)
    await fill(scheduler, True)
    with pytest.raises(StoreFullError):
        await scheduler.remove_domain(Alpha)
    await fill(scheduler, False)
    assert scheduler.domain(Alpha) is handle
    await handle.submit(Job(name="now"))
    await until(lambda: script.ended == ["now"])
