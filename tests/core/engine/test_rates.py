"""Rate limits: how often tasks of a type or a group start, without holding back anybody else."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from pydantic import ValidationError

from scheduler_core import RateLimit, SchedulerConfig
from scheduler_core.policy.rate_limit import TokenBucket
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.support import Alpha, Beta, Chore, Errand, Job, Script, alpha, beta, jobs


async def test_a_burst_and_then_one_by_one(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    config = SchedulerConfig(max_concurrency=64, rate_limits={"alpha::job": RateLimit.per_second(2, burst=3)})
    scheduler = await make_scheduler(alpha(script), config=config)
    await scheduler.domain(Alpha).submit_batch(jobs(6))
    await until_quiet(scheduler)
    assert len(script.started) == 3
    manual_clock.advance(0.25)
    await until_quiet(scheduler)
    assert len(script.started) == 3
    manual_clock.advance(0.25)
    await until_quiet(scheduler)
    assert len(script.started) == 4
    manual_clock.advance(1)
    await until_quiet(scheduler)
    assert len(script.started) == 6
    manual_clock.advance(1)
    assert manual_clock.timers == []


async def test_a_limited_type_holds_back_nobody_else(make_scheduler: MakeScheduler, script: Script) -> None:
    config = SchedulerConfig(max_concurrency=4, rate_limits={"alpha::job": RateLimit.per_minute(1)})
    scheduler = await make_scheduler(alpha(script), beta(script), config=config)
    await scheduler.domain(Alpha).submit_batch(jobs(1000), priority=0)
    await scheduler.domain(Alpha).submit(Chore(), priority=255)
    await scheduler.domain(Beta).submit(Errand(), priority=255)
    await until_quiet(scheduler)
    assert sorted(script.started) == ["chore", "errand", "job-0"]


async def test_a_group_over_two_domains(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    config = SchedulerConfig(group_rate_limits={"api": RateLimit.per_second(1)})
    scheduler = await make_scheduler(alpha(script), beta(script), config=config)
    await scheduler.domain(Alpha).submit(Job(), group="api")
    await scheduler.domain(Beta).submit(Errand(), group="api")
    await scheduler.domain(Alpha).submit(Chore())
    await until_quiet(scheduler)
    assert sorted(script.started) == ["chore", "job"]
    await run_until_idle(scheduler, manual_clock)
    assert script.started[-1] == "errand"
    assert scheduler.counts.completed == 3


async def test_limits_change_while_tasks_wait(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=64))
    scheduler.set_rate_limit(Job, RateLimit.per_minute(1))
    await scheduler.domain(Alpha).submit_batch(jobs(10))
    await until_quiet(scheduler)
    assert len(script.started) == 1
    (state,) = (await scheduler.snapshot()).rate_limits
    assert (state.scope, state.name, state.available) == ("type", "alpha::job", 0.0)
    scheduler.set_rate_limit("alpha::job", RateLimit.per_second(2))
    manual_clock.advance(0.5)
    await until_quiet(scheduler)
    assert len(script.started) == 2
    scheduler.set_rate_limit(Job, None)
    await run_until_idle(scheduler)
    assert len(script.started) == 10
    assert (await scheduler.snapshot()).rate_limits == ()


async def test_the_rate_of_a_group_changes_while_tasks_wait(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=64))
    scheduler.set_group_rate_limit("api", RateLimit.per_minute(2, burst=1))
    await scheduler.domain(Alpha).submit_batch(jobs(5), group="api")
    await until_quiet(scheduler)
    assert len(script.started) == 1
    scheduler.set_group_rate_limit("api", None)
    await run_until_idle(scheduler)
    assert len(script.started) == 5


async def test_no_token_is_spent_on_a_task_that_another_gate_holds(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    config = SchedulerConfig(rate_limits={"alpha::job": RateLimit.per_minute(1, burst=2)})
    scheduler = await make_scheduler(alpha(script, max_concurrency=1), config=config)
    script.holds("job-0")
    await scheduler.domain(Alpha).submit_batch(jobs(3))
    await scheduler.domain(Alpha).pause()
    script.started.clear()
    (state,) = (await scheduler.snapshot()).rate_limits
    assert state.available == pytest.approx(1.0)
    script.release("job-0")
    await scheduler.domain(Alpha).resume()
    await until_quiet(scheduler)
    assert script.started == ["job-0"]


async def test_explain_says_when_the_next_token_comes(make_scheduler: MakeScheduler, script: Script) -> None:
    config = SchedulerConfig(rate_limits={"alpha::job": RateLimit.per_minute(6, burst=1)})
    scheduler = await make_scheduler(alpha(script), config=config)
    outcomes = await scheduler.domain(Alpha).submit_batch(jobs(2))
    await until_quiet(scheduler)
    gate = (await scheduler.explain(outcomes[1].id or 0)).blocking
    assert gate is not None
    assert gate.name == "rate_limit"
    assert gate.message == "alpha::job may start 6 a minute; the next in 10.0 s."
    assert gate.values["wait"] == pytest.approx(10.0)


async def test_waiting_for_a_token_is_not_idle(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    config = SchedulerConfig(rate_limits={"alpha::job": RateLimit.per_second(1)})
    scheduler = await make_scheduler(alpha(script), config=config)
    await scheduler.domain(Alpha).submit_batch(jobs(3))
    started = manual_clock.time()
    await run_until_idle(scheduler, manual_clock)
    assert scheduler.counts.completed == 3
    assert manual_clock.time() - started == pytest.approx(2)


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf")])
def test_a_rate_that_cannot_be_is_refused(bad: float) -> None:
    with pytest.raises(ValidationError):
        RateLimit.per_second(bad)


def test_a_burst_of_nothing_is_refused() -> None:
    with pytest.raises(ValidationError):
        RateLimit.per_second(1, burst=0)


@given(
    rate=st.floats(0.1, 100),
    burst=st.integers(1, 50),
    steps=st.lists(st.floats(0, 10), min_size=1, max_size=100),
)
def test_no_bucket_lets_through_more_than_it_may(rate: float, burst: int, steps: list[float]) -> None:
    bucket = TokenBucket(RateLimit.per_second(rate, burst=burst), 0.0)
    now, taken = 0.0, 0
    for step in steps:
        now += step
        while bucket.is_open(now):
            bucket.take(now)
            taken += 1
        assert taken <= burst + rate * now + 1e-6
        assert bucket.tokens(now) < 1.0
        assert bucket.is_open(now + bucket.wait(now) + 1e-6)


async def test_a_token_that_was_taken_for_nothing_goes_to_who_waits_for_it(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    """A child is chosen at the moment in which its parent fails: it does not start, and its token is there again."""
    config = SchedulerConfig(max_concurrency=2, rate_limits={"alpha::chore": RateLimit.per_minute(1)})
    scheduler = await make_scheduler(alpha(script), config=config)
    handle = scheduler.domain(Alpha)
    script.holds("parent", "other", "next", "last")
    script.fails("parent", ValueError("no"))
    parent = await handle.submit(Job(name="parent"))
    await handle.submit(Job(name="other", n=1))
    await until(lambda: script.running == 2)
    await handle.submit(Chore(name="child"), parent=parent.id)
    await handle.submit(Chore(name="waits", n=1), group="g")
    await handle.submit(Job(name="next", n=2))
    await handle.submit(Job(name="last", n=3))
    script.release("parent", "other")
    await until(lambda: len(script.started) == 5)
    assert script.started == ["parent", "other", "next", "waits", "last"]
    script.release("next", "last")
    await run_until_idle(scheduler)
