"""Who starts, and when: priority, age, caps; and nobody waits behind a task that is held."""

from __future__ import annotations

import pytest

from scheduler_core import Priority, SchedulerConfig
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Beta, Chore, Errand, Job, Script, alpha, beta, jobs

ONE = SchedulerConfig(max_concurrency=1)


async def test_the_more_urgent_first_then_the_older(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script), config=ONE)
    await scheduler.pause_all()
    handle, other = scheduler.domain(Alpha), scheduler.domain(Beta)
    await handle.submit(Job(name="3"), priority=Priority.NORMAL)
    await other.submit(Errand(name="4"), priority=Priority.NORMAL)
    await handle.submit(Chore(name="5"), priority=Priority.NORMAL, group="g")
    await handle.submit(Job(name="6"), priority=Priority.IDLE)
    await other.submit(Errand(name="2"), priority=Priority.HIGH)
    await handle.submit(Job(name="1"), priority=Priority.REALTIME)
    await scheduler.resume_all()
    await run_until_idle(scheduler)
    assert script.started == ["1", "2", "3", "4", "5", "6"]


async def test_a_batch_starts_in_its_own_order(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), config=ONE)
    await scheduler.domain(Alpha).submit_batch(jobs(300))
    await run_until_idle(scheduler)
    assert script.started == [f"job-{n}" for n in range(300)]


async def test_no_more_run_than_each_cap_lets(make_scheduler: MakeScheduler, script: Script) -> None:
    config = SchedulerConfig(max_concurrency=5, group_concurrency={"g": 2}, default_group_concurrency=1)
    scheduler = await make_scheduler(alpha(script, max_concurrency=4), beta(script), config=config)
    handle, other = scheduler.domain(Alpha), scheduler.domain(Beta)
    script.holds("job", "errand", "g", "h")
    for n in range(6):
        await handle.submit(Job(name="g", n=n), group="g")
        await handle.submit(Job(name="h", n=n), group="h")
        await handle.submit(Job(name="job", n=n))
        await other.submit(Errand(name="errand", n=n))
    await until(lambda: script.running == 5)
    assert handle.counts.running == 4
    assert script.started.count("g") == 2
    assert script.started.count("h") == 1
    assert script.started.count("job") == 1
    assert script.started.count("errand") == 1
    script.release("job", "errand", "g", "h")
    await run_until_idle(scheduler)
    assert script.most_running == 5
    assert scheduler.counts.completed == 24


async def test_caps_change_while_it_runs(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=0))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    for n in range(8):
        await handle.submit(Job(n=n), group="g")
    await run_until_idle(scheduler)
    assert not script.started
    handle.set_max_concurrency(2)
    await until(lambda: script.running == 2)
    handle.set_max_concurrency(None)
    await until(lambda: script.running == 4)
    scheduler.set_group_limit("g", 5)
    scheduler.set_max_concurrency(100)
    await until(lambda: script.running == 5)
    scheduler.set_group_limit("g", None)
    await until(lambda: script.running == 8)
    scheduler.set_max_concurrency(1)
    script.release("job")
    await run_until_idle(scheduler)
    assert scheduler.counts.completed == 8


async def test_a_lowered_cap_stops_nothing_but_the_next(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job-0", "job-1", "job-2", "job-3", "job-4")
    await handle.submit_batch(jobs(5))
    await until(lambda: script.running == 4)
    handle.set_max_concurrency(1)
    script.release("job-0", "job-1", "job-2")
    await until(lambda: scheduler.counts.completed == 3)
    assert script.running == 1
    assert not script.cancelled
    script.release("job-3")
    await until(lambda: "job-4" in script.started)
    script.release("job-4")
    await run_until_idle(scheduler)


@pytest.mark.parametrize("cap", [-1, 1.5, "2", True, 1_000_001])
async def test_what_is_no_cap_is_refused(make_scheduler: MakeScheduler, script: Script, cap: int) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(ValueError, match="alpha"):
        scheduler.domain(Alpha).set_max_concurrency(cap)
    with pytest.raises(ValueError, match="scheduler"):
        scheduler.set_max_concurrency(cap)
    with pytest.raises(ValueError, match="'g'"):
        scheduler.set_group_limit("g", cap)
    assert scheduler.max_concurrency == 4
    assert scheduler.domain(Alpha).max_concurrency is None


async def test_a_delayed_task_starts_when_it_is_due_and_not_before(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="late"), run_after=20)
    await handle.submit(Job(name="early"), run_after=10)
    await handle.submit(Job(name="now"))
    await run_until_idle(scheduler)
    assert script.started == ["now"]
    manual_clock.advance(10.5)
    await until(lambda: scheduler.counts.completed == 2)
    assert script.started == ["now", "early"]
    manual_clock.advance(10)
    await until(lambda: scheduler.counts.completed == 3)
    assert not manual_clock.timers or max(manual_clock.timers) < 1


async def test_two_thousand_that_are_due_at_once_all_start(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=500))
    await scheduler.domain(Alpha).submit_batch(jobs(2_500), run_after=10)
    await run_until_idle(scheduler)
    manual_clock.advance(11)
    await run_until_idle(scheduler)
    assert scheduler.counts.completed == 2_500


@pytest.mark.parametrize("how", ["domain", "group", "domain cap", "group cap", "delay", "dependency"])
async def test_a_crowd_that_is_held_holds_nobody_back(
    make_scheduler: MakeScheduler, script: Script, how: str
) -> None:
    """Five thousand more urgent and older tasks stand in front, whatever holds them."""
    scheduler = await make_scheduler(alpha(script), beta(script))
    handle, other = scheduler.domain(Alpha), scheduler.domain(Beta)
    options: dict[str, object] = {"priority": 0}
    match how:
        case "domain":
            await handle.pause()
        case "group":
            await handle.pause_group("g")
            options["group"] = "g"
        case "domain cap":
            handle.set_max_concurrency(0)
        case "group cap":
            scheduler.set_group_limit("g", 0)
            options["group"] = "g"
        case "delay":
            options["run_after"] = 3600
        case _:
            await other.pause()
            first = await other.submit(Errand(name="held"))
            options["depends_on"] = [first.id]
    await handle.submit_batch(jobs(5_000, "crowd"), **options)  # type: ignore[arg-type]
    if how in ("group", "group cap", "delay", "dependency"):
        await handle.submit(Job(name="free"), priority=255)
        await handle.submit(Chore(name="free too"), priority=255, group="h")
    else:
        await other.submit(Errand(name="free"), priority=255)
        await other.submit(Errand(name="free too"), priority=255, group="h")
    await run_until_idle(scheduler)
    assert sorted(script.started) == ["free", "free too"]
