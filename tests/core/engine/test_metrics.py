"""What is counted of each task, and what is measured by the clock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from scheduler_core import (
    Histogram,
    MetricsSnapshot,
    PermanentError,
    Priority,
    RateLimit,
    RetryableError,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    TaskCounters,
    TaskStore,
    TaskTypeMetrics,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.support import Alpha, Beta, Chore, Errand, Family, Job, Script, alpha, beta, jobs


def of(scheduler: Scheduler, kind: str = "alpha::job") -> TaskTypeMetrics:
    """What is counted of one task type."""
    found = scheduler.metrics().of(kind)
    assert found is not None
    return found


def filled(histogram: Histogram) -> dict[float, int]:
    """The buckets that hold something, by their upper bounds."""
    bounds = [*histogram.bounds, float("inf")]
    return {bound: n for bound, n in zip(bounds, histogram.counts, strict=True) if n}


async def test_each_end_is_counted_by_domain_and_type(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    retry = RetryPolicy.constant(1)
    scheduler = await make_scheduler(alpha(script, default_retry=retry), beta(script))
    script.fails("twice", RetryableError("1"), RetryableError("2"))
    script.fails("never", PermanentError("no"))
    handle = scheduler.domain(Alpha)
    await handle.submit_batch([Job(name="fine"), Chore(name="never")])
    failing = await handle.submit(Job(name="twice"))
    await handle.submit(Job(name="after"), depends_on=[failing.id or 0])
    await run_until_idle(scheduler)
    await scheduler.domain(Beta).submit(Errand(), run_after=60)
    await scheduler.domain(Beta).submit(Errand(), run_after=60, on_duplicate="supersede")
    await scheduler.domain(Beta).cancel_all()
    await scheduler.domain(Beta).submit(Errand(), run_after=60, ttl=30)
    manual_clock.advance(45)
    await until(lambda: of(scheduler, "beta::errand").counters.expired == 1)
    assert of(scheduler).counters == TaskCounters(
        submitted=3,
        started=3,
        completed=1,
        failed_attempts=2,
        retried=1,
        dead_lettered=1,
        dependency_failed=1,
    )
    assert of(scheduler, "alpha::chore").counters == TaskCounters(
        submitted=1, started=1, failed=1, failed_attempts=1
    )
    assert of(scheduler, "beta::errand").counters == TaskCounters(
        submitted=3, superseded=1, cancelled=1, expired=1
    )
    assert of(scheduler, "alpha::family").counters == TaskCounters()
    assert scheduler.metrics().total.submitted == 7
    assert scheduler.metrics().of("alpha::unheard") is None


async def test_what_is_pruned_stays_counted(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit_batch(jobs(5))
    await run_until_idle(scheduler)
    assert await scheduler.prune_history(keep=1) == 4
    assert of(scheduler).counters.completed == 5


async def test_interrupted_and_preempted_attempts_are_counted(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=1))
    script.holds("low", "urgent")
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="low"), priority=Priority.IDLE)
    await until(lambda: script.started == ["low"])
    await handle.submit(Job(name="urgent"), priority=Priority.REALTIME)
    await until(lambda: script.started == ["low", "urgent"])
    await handle.pause()
    script.release("low", "urgent")
    await handle.resume()
    await run_until_idle(scheduler)
    one = of(scheduler)
    assert (one.counters.preempted, one.counters.interrupted) == (1, 1)
    assert (one.counters.started, one.counters.completed) == (4, 2)
    assert one.succeeded.count == 2, "an attempt that was told to stop took no time that says anything"


async def test_how_long_attempts_took_is_told_by_outcome(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(1)))

    async def take(task: Any, ctx: Any) -> None:
        manual_clock.advance(2 if ctx.attempt == 1 else 45)
        if ctx.attempt == 1:
            raise RetryableError("again")

    script.does("slow", take)
    await scheduler.domain(Alpha).submit(Job(name="slow"))
    await run_until_idle(scheduler)
    one = of(scheduler)
    assert (filled(one.failed), one.failed.sum) == ({2.5: 1}, 2.0)
    assert (filled(one.succeeded), one.succeeded.sum) == ({60.0: 1}, 45.0)


async def test_a_value_on_a_bound_is_below_it(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))

    async def take(task: Any, ctx: Any) -> None:
        manual_clock.advance([0, 60, 100_000][task.n])

    script.does("job", take)
    for n in range(3):
        await scheduler.domain(Alpha).submit(Job(n=n))
        await run_until_idle(scheduler)
    assert filled(of(scheduler).succeeded) == {0.005: 1, 60.0: 1, float("inf"): 1}


async def test_waiting_begins_when_nothing_but_gates_holds_the_task(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    """Not while it is not due, depends on others or waits for its retry; but while it is paused or finds no slot."""
    scheduler = await make_scheduler(
        alpha(script, default_retry=RetryPolicy.constant(1, 600)), beta(script), config=SchedulerConfig()
    )
    handle, other = scheduler.domain(Alpha), scheduler.domain(Beta)
    await other.submit(Errand(name="due"), run_after=600)
    await handle.pause()
    first = await handle.submit(Chore(name="first"))
    script.fails("second", RetryableError("again"))
    await handle.submit(Job(name="second"), depends_on=[first.id or 0])
    manual_clock.advance(200)
    await handle.resume()
    await until_quiet(scheduler)
    assert script.ended == ["first", "second"]
    assert (filled(of(scheduler, "alpha::chore").waited), filled(of(scheduler).waited)) == (
        {300.0: 1},
        {0.005: 1},
    )
    manual_clock.advance(600)
    await run_until_idle(scheduler)
    assert script.ended[2:] in (["due", "second"], ["second", "due"])
    assert filled(of(scheduler).waited) == {0.005: 2}
    assert of(scheduler, "beta::errand").waited.sum == 200.0  # it was due 600 s after its submission, not 800


async def test_the_wait_for_finalize_is_no_wait_for_a_start(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Family())
    await run_until_idle(scheduler)
    one = of(scheduler, "alpha::family")
    assert (one.counters.started, one.counters.completed) == (2, 1)
    assert (one.waited.count, one.succeeded.count) == (1, 2)


async def test_time_while_the_program_was_not_running_is_not_waited(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, tmp_path: Path
) -> None:
    script.holds("job")
    earlier = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await earlier.domain(Alpha).submit(Job())
    await until(lambda: script.started == ["job"])
    await earlier.close(0)
    assert of(earlier).counters == TaskCounters(submitted=1, started=1, interrupted=1)
    manual_clock.advance(5_000)
    script.release("job")
    later = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await run_until_idle(later)
    assert of(later).counters == TaskCounters(started=1, completed=1)
    assert filled(of(later).waited) == {0.005: 1}


async def test_what_nobody_noted_is_not_measured(
    make_scheduler: MakeScheduler, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler_core.engine.metrics._MOST_NOTED", 0)
    scheduler = await make_scheduler(alpha(script))
    first = await scheduler.domain(Alpha).submit(Job(name="first"))
    await scheduler.domain(Alpha).submit(Job(name="second"), depends_on=[first.id or 0])
    await run_until_idle(scheduler)
    assert (of(scheduler).counters.started, of(scheduler).waited.count) == (2, 1)


async def test_a_task_that_ends_unstarted_leaves_nothing_noted(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(3, 60)))
    script.fails("bad", RetryableError("again"))
    await scheduler.domain(Alpha).submit(Job(name="bad"))
    await until_quiet(scheduler)
    noted = scheduler._engine.metrics._ready_at
    assert len(noted) == 1
    await scheduler.domain(Alpha).cancel_all()
    assert noted == {}


async def test_gates_tell_how_often_they_held_back(make_scheduler: MakeScheduler, script: Script) -> None:
    config = SchedulerConfig(max_concurrency=1, rate_limits={"beta::errand": RateLimit.per_minute(1)})
    scheduler = await make_scheduler(alpha(script), beta(script), config=config)
    assert set(scheduler.metrics().held_back.values()) == {0}
    await scheduler.domain(Alpha).pause()
    await scheduler.domain(Alpha).submit(Job())
    await until_quiet(scheduler)
    held = scheduler.metrics().held_back
    assert (held["domain_paused"], held["global_cap"], held["rate_limit"]) == (1, 0, 0)
    await scheduler.domain(Beta).submit_batch([Errand(n=1), Errand(n=2)])
    await until_quiet(scheduler)
    held = scheduler.metrics().held_back
    assert (held["global_cap"], held["rate_limit"]) == (1, 1)
    await scheduler.domain(Alpha).cancel_all()
    await scheduler.domain(Beta).cancel_all()


class Heat:
    """A source of pressure."""

    name = "heat"
    value = 0.25

    def pressure(self) -> float:
        return self.value


async def test_gauges_are_of_now(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    limit = RateLimit.per_minute(6)
    config = SchedulerConfig(max_concurrency=7, group_rate_limits={"g": limit})
    domains = (alpha(script, max_concurrency=3), beta(script))
    heat = Heat()
    scheduler = await make_scheduler(*domains, config=config, pressure_sources=[heat])
    assert scheduler.metrics().pressure == 0.25
    heat.value = 0.5
    assert scheduler.metrics().pressure_by_source == {"heat": 0.5}
    script.holds("runs")
    handle = scheduler.domain(Alpha)
    runs = await handle.submit(Job(name="runs"), group="g")
    await handle.submit(Job(name="after"), depends_on=[runs.id or 0])
    await handle.submit(Job(name="later"), run_after=60)
    await scheduler.domain(Beta).pause()
    await scheduler.domain(Beta).submit_batch([Errand(n=1), Errand(n=2)])
    await handle.pause_group("z")
    await until(lambda: script.started == ["runs"])
    seen = scheduler.metrics()
    assert seen.opened_at is not None
    assert seen.opened_at.timestamp() == manual_clock.time()
    first, second = seen.domains
    assert (first.name, first.running, first.pending, first.blocked, first.max_concurrency) == (
        "alpha",
        1,
        1,
        1,
        3,
    )
    assert (second.name, second.paused, second.pending, second.max_concurrency) == ("beta", 2, 0, None)
    assert (seen.max_concurrency, seen.is_paused) == (7, False)
    assert (seen.paused_domains, seen.paused_groups) == (("beta",), ("z",))
    assert [(one.scope, one.name, one.available) for one in seen.rate_limits] == [("group", "g", 5.0)]
    assert (seen.pressure, seen.pressure_by_source) == (0.5, {"heat": 0.5})
    script.release("runs")
    await scheduler.pause_all()
    assert scheduler.metrics().is_paused
    assert seen == MetricsSnapshot.model_validate_json(seen.model_dump_json())


async def test_transactions_and_the_outcomes_in_them_are_measured(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    store = TaskStore.in_memory()
    scheduler = await make_scheduler(alpha(script), store=store, config=SchedulerConfig(max_concurrency=6))
    await scheduler.domain(Alpha).submit_batch(jobs(6))
    await run_until_idle(scheduler)
    before = scheduler.metrics()
    assert (filled(before.batches), before.batches.sum) == ({8.0: 1}, 6.0)
    await store.database.write(lambda _: manual_clock.advance(2))
    await store.database.write(lambda _: None)
    after = scheduler.metrics().commits
    assert (after.count - before.commits.count, after.sum) == (2, 2.0)


async def test_counting_sets_no_timer(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit_batch(jobs(3))
    await run_until_idle(scheduler)
    manual_clock.advance(1)  # the last counts are told
    scheduler.metrics()
    assert manual_clock.timers == []


def test_what_is_no_histogram_is_refused() -> None:
    assert Histogram(bounds=(1.0, 2.0), counts=(1, 0, 2), sum=9.0).count == 3
    for bounds, counts in (
        ((1.0, 2.0), (1, 0)),
        ((2.0, 1.0), (0, 0, 0)),
        ((1.0, 1.0), (0, 0, 0)),
        ((), (-1,)),
    ):
        with pytest.raises(ValidationError):
            Histogram(bounds=bounds, counts=counts)
