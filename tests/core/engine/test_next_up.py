"""The head of a domain's queue, as dispatch would take it, and its schedules and failures."""

from __future__ import annotations

from scheduler_core import AgingConfig, PermanentError, RecurringSchedule, SchedulerConfig
from scheduler_core.testing import MakeScheduler, ManualClock, until
from tests.core.support import Alpha, Beta, Chore, Errand, Job, Script, alpha, beta


async def test_the_next_tasks_are_those_that_start_next(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script), config=SchedulerConfig(max_concurrency=1))
    script.holds("first")
    jobs = scheduler.domain(Alpha)
    first = await jobs.submit(Job(name="first"))
    await until(lambda: script.started == ["first"])
    await jobs.submit(Job(name="low"), priority=200)
    await jobs.submit(Chore(name="high"), priority=20)
    await jobs.submit(Job(name="early"))
    await jobs.submit(Chore(name="grouped"), group="disk")
    await jobs.submit(Job(name="later"), run_after=3600)
    await jobs.submit(Job(name="blocked"), depends_on=[first.id or 0], on_dependency_failure="cancel")
    await scheduler.domain(Beta).submit(Errand(name="other"), priority=1)
    foretold = [record.label for record in await scheduler.next_tasks(Alpha)]
    assert foretold == ["high", "early", "grouped", "low"]
    assert [record.label for record in await scheduler.next_tasks("alpha", 2)] == ["high", "early"]
    assert [record.label for record in await scheduler.next_tasks(Beta)] == ["other"]
    script.release("first")
    await scheduler.wait_idle()
    begun = [name for name in script.started if name in foretold]
    assert begun == foretold
    assert await scheduler.next_tasks(Alpha) == []


async def test_what_a_pause_holds_is_next_and_says_so(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).pause()
    await scheduler.domain(Alpha).submit_batch([Job(n=n) for n in range(700)])
    held = await scheduler.next_tasks(Alpha, 1000)
    assert [record.payload["n"] for record in held] == list(range(500))
    assert held[0].status == "paused"
    assert held[0].pause_reasons == ("alpha is paused",)


async def test_who_has_waited_long_comes_before_who_came_since(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    config = SchedulerConfig(max_concurrency=0, aging=AgingConfig(grace_period=0, aging_interval=1))
    scheduler = await make_scheduler(alpha(script), config=config)
    await scheduler.domain(Alpha).submit(Job(name="old"), priority=140)
    manual_clock.advance(60)
    await scheduler.domain(Alpha).submit(Job(name="new"), priority=130)
    assert [record.label for record in await scheduler.next_tasks(Alpha)] == ["old", "new"]


async def test_schedules_and_failures_of_one_domain(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    script.fails("bad", PermanentError("it is bad"))
    script.fails("worse", PermanentError("it is worse"))
    await scheduler.domain(Alpha).submit(Job(name="bad"))
    await scheduler.wait_idle()
    await scheduler.domain(Beta).submit(Errand(name="worse"))
    await scheduler.wait_idle()
    daily = RecurringSchedule(every=86_400, initial_delay=60)
    await scheduler.domain(Alpha).submit(Job(name="daily"), recurring=daily)
    await scheduler.domain(Beta).submit(Errand(name="hourly"), recurring=daily)
    assert [record.label for record in await scheduler.failures(domain=Alpha)] == ["bad"]
    assert [record.label for record in await scheduler.failures(domain="beta")] == ["worse"]
    assert [record.label for record in await scheduler.failures()] == ["worse", "bad"]
    assert [one.label for one in scheduler.schedules(Alpha)] == ["daily"]
    assert [one.label for one in scheduler.schedules()] == ["daily", "hourly"]


async def test_whatever_changes_a_schedule_is_told(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    heard: list[tuple[str, list[bool]]] = []

    def listen(domain: str) -> None:
        heard.append((domain, [one.is_paused for one in scheduler.schedules(domain)]))

    scheduler.schedules_changed.connect(listen)
    jobs = scheduler.domain(Alpha)
    daily = RecurringSchedule(every=86_400, initial_delay=60)
    outcome = await jobs.submit(Job(name="daily"), recurring=daily)
    assert outcome.id is not None
    await jobs.pause_recurring(outcome.id)
    await jobs.resume_recurring(outcome.id)
    await jobs.run_recurring_now(outcome.id)
    await scheduler.wait_idle()
    assert [was for _, was in heard[:3]] == [[False], [True], [False]]
    heard.clear()
    await jobs.cancel_recurring(outcome.id)
    assert heard == [("alpha", [])]
    await jobs.submit(Job(name="once"))
    await scheduler.wait_idle()
    assert heard == [("alpha", [])]
