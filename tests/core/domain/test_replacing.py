"""A domain that takes the place of the one of its name while tasks wait and run."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from scheduler_core import (
    ConfigurationError,
    Domain,
    RetryableError,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    TaskContext,
    UnknownDomainError,
)
from scheduler_core.runners.base import PlainFunction, RunLink, Runner
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.support import Alpha, Chore, Job, Script, alpha, beta

ONE = SchedulerConfig(max_concurrency=1)


class Here(Runner):
    """Runs functions at once, where they are; notes its life."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.release = asyncio.Event()
        self.is_asked = False

    async def start(self) -> None:
        self.calls.append("start")

    async def run(self, function: PlainFunction, task: object, context: object, link: RunLink) -> object:
        self.is_asked = True
        await self.release.wait()
        self.calls.append("run")
        return function(cast("Any", task), cast("Any", context))

    async def aclose(self) -> None:
        self.calls.append("close")


def words(said: list[str], word: str, runner: Runner | None = None, **options: Any) -> Domain[Alpha]:
    """Domain alpha: its jobs say `word`."""
    domain = Domain(Alpha, **options)
    domain.executor(Job, runner=runner)(lambda task, ctx: said.append(f"{task.name} {word}"))
    return domain


async def test_what_starts_from_then_on_is_done_its_way_and_what_runs_goes_on(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    old, new = Script(), Script()
    scheduler = await make_scheduler(alpha(old), config=ONE)
    handle = scheduler.domain(Alpha)
    old.holds("first")
    await handle.submit(Job(name="first"))
    await handle.submit(Job(name="second"))
    await until(lambda: old.running == 1)
    scheduler.replace_domain(alpha(new))
    assert scheduler.domain(Alpha) is handle
    old.release("first")
    await run_until_idle(scheduler)
    assert (old.ended, new.ended) == (["first"], ["second"])


async def test_its_defaults_hold_for_what_is_submitted_from_then_on(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(
        alpha(script, default_retry=RetryPolicy.constant(1), default_tags={"a": "1"})
    )
    handle = scheduler.domain(Alpha)
    before = handle.submit_batch([Job(name="old", n=1)])
    scheduler.replace_domain(alpha(script, default_retry=RetryPolicy.constant(3), default_tags={"a": "2"}))
    await before
    script.fails("new", *[RetryableError("again")] * 9)
    new = await handle.submit(Job(name="new"))
    await run_until_idle(scheduler, manual_clock)
    ended = {record.label: record for record in await scheduler.history()}
    assert ended["new"].retry_count == 3
    assert dict(ended["new"].tags) == {"a": "2"}
    assert new.id is not None


async def test_a_running_task_keeps_the_state_it_began_with(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    seen: list[str | None] = []

    async def looks(task: Job, ctx: TaskContext) -> None:
        seen.append(ctx.state(str))
        await waiting.wait()
        seen.append(ctx.state(str))

    waiting = asyncio.Event()
    scheduler = await make_scheduler(alpha(script, state=["old"]))
    script.does("x", looks)
    await scheduler.domain(Alpha).submit(Job(name="x"))
    await until(lambda: len(seen) == 1)
    scheduler.replace_domain(alpha(script, state=["new"]))
    waiting.set()
    await run_until_idle(scheduler)
    await scheduler.domain(Alpha).submit(Job(name="x"))
    await run_until_idle(scheduler)
    assert seen == ["old", "old", "new", "new"]


async def test_its_cap_holds_unless_another_was_set(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=2))
    handle = scheduler.domain(Alpha)
    heard: list[int | None] = []
    handle.max_concurrency_changed.connect(heard.append)
    scheduler.replace_domain(alpha(script, max_concurrency=3))
    assert (handle.max_concurrency, heard) == (3, [3])
    handle.set_max_concurrency(7)
    scheduler.replace_domain(alpha(script, max_concurrency=4))
    assert handle.max_concurrency == 7


async def test_a_higher_cap_lets_more_start_at_once(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1))
    script.holds("a", "b")
    await scheduler.domain(Alpha).submit_batch([Job(name="a"), Job(name="b")])
    await until(lambda: script.running == 1)
    scheduler.replace_domain(alpha(script, max_concurrency=2))
    await until(lambda: script.running == 2)
    script.release("a", "b")


async def test_a_runner_that_nothing_uses_any_more_is_closed_when_its_last_task_is_over(
    make_scheduler: MakeScheduler,
) -> None:
    old, new, said = Here(), Here(), list[str]()
    scheduler = await make_scheduler(words(said, "old", old), config=ONE)
    handle = scheduler.domain(Alpha)
    await handle.submit_batch([Job(name="a"), Job(name="b")])
    await until(lambda: old.is_asked)
    scheduler.replace_domain(words(said, "new", new))
    for _ in range(20):
        await asyncio.sleep(0)
    assert old.calls == ["start"], "it still has work"
    new.release.set()
    old.release.set()
    await run_until_idle(scheduler)
    assert said == ["a old", "b new"]
    assert old.calls == ["start", "run", "close"]
    await scheduler.close()
    assert old.calls.count("close") == 1
    assert new.calls == ["start", "run", "close"]


async def test_a_runner_that_is_used_on_stays_open(make_scheduler: MakeScheduler) -> None:
    runner, said = Here(), list[str]()
    runner.release.set()
    scheduler = await make_scheduler(words(said, "old", runner))
    scheduler.replace_domain(words(said, "new", runner))
    await scheduler.domain(Alpha).submit(Job(name="a"))
    await run_until_idle(scheduler)
    assert runner.calls == ["start", "run"]
    assert said == ["a new"]


async def test_a_scheduler_that_closes_waits_for_no_runner_that_is_to_be_closed(
    make_scheduler: MakeScheduler,
) -> None:
    old, said = Here(), list[str]()
    scheduler = await make_scheduler(words(said, "old", old))
    await scheduler.domain(Alpha).submit(Job(name="a"))
    await until(lambda: old.is_asked)
    scheduler.replace_domain(words(said, "new"))
    await scheduler.close(0, finish=False)
    assert old.calls == ["start", "close"]


async def test_a_domain_that_is_not_there_or_lacks_an_executor_is_refused(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(UnknownDomainError, match="beta"):
        scheduler.replace_domain(beta(script))
    with pytest.raises(ConfigurationError, match="alpha::chore"):
        scheduler.replace_domain(words([], "less"))
    with pytest.raises(ConfigurationError, match="no Domain"):
        scheduler.replace_domain(cast("Domain[Alpha]", "alpha"))
    await scheduler.domain(Alpha).submit(Chore(name="x"))
    await run_until_idle(scheduler)
    assert script.ended == ["x"], "all is as before"


async def test_a_domain_may_be_replaced_before_the_scheduler_opens(script: Script) -> None:
    said: list[str] = []
    scheduler = Scheduler(":memory:", [words(said, "old", Here())])
    scheduler.replace_domain(words(said, "new"))
    async with scheduler:
        await scheduler.domain(Alpha).submit(Job(name="a"))
        await until_quiet(scheduler)
    assert said == ["a new"]
