"""What a scheduler tells of its groups: their tasks, their limits, and that one of them has changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from scheduler_core import GroupSummary, RateLimit, Scheduler, SchedulerConfig
from scheduler_core.clock import to_datetime
from scheduler_core.testing import MakeScheduler, ManualClock, until
from tests.core.support import Alpha, Beta, Errand, Job, Script, alpha, beta


def one(scheduler: Scheduler, name: str, domain: type[Alpha | Beta] | None = None) -> GroupSummary:
    (found,) = [group for group in scheduler.groups(domain) if group.name == name]
    return found


def heard_of(scheduler: Scheduler) -> list[str]:
    heard: list[str] = []
    scheduler.group_changed.connect(heard.append)
    return heard


async def test_a_group_has_its_tasks_by_state_and_by_domain(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    script.holds("a", "b", "c", "d", "e")
    scheduler = await make_scheduler(alpha(script), beta(script))
    scheduler.set_group_limit("disk", 1)
    jobs = scheduler.domain(Alpha)
    await jobs.submit_batch([Job(name=name) for name in "abc"], group="disk")
    blocked = await jobs.submit(Job(name="d"), group="disk", depends_on=[1])
    await scheduler.domain(Beta).submit(Errand(name="e"), group="disk")
    await until(lambda: script.running == 1)
    assert blocked.id is not None
    mine, theirs = one(scheduler, "disk", Alpha), one(scheduler, "disk", Beta)
    assert (mine.running, mine.pending_count, mine.blocked_count) == (1, 2, 1)
    assert (theirs.running, theirs.pending_count, theirs.blocked_count) == (0, 1, 0)
    both = one(scheduler, "disk")
    assert (both.running, both.pending_count, both.blocked_count) == (1, 3, 1)


async def test_a_domain_keeps_the_groups_it_has_had(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    await scheduler.domain(Alpha).submit(Job(name="b"), group="b")
    await scheduler.domain(Alpha).submit(Job(name="a"), group="a")
    await scheduler.domain(Alpha).submit(Job(name="none"))
    await scheduler.wait_idle()
    assert [group.name for group in scheduler.groups("alpha")] == ["a", "b"]
    assert scheduler.groups(Beta) == []
    assert scheduler.group_names("alpha") == ["a", "b"]
    assert [group.name for group in scheduler.groups(Alpha, {"b", "none", "z"})] == ["b"]
    await scheduler.domain(Alpha).submit(Job(name="new"), group="aa")
    assert scheduler.group_names(Alpha) == ["a", "aa", "b"]
    assert scheduler.group_names(Beta) == []
    await scheduler.wait_idle()
    scheduler.set_group_weight("c", 3)
    scheduler.set_group_minimum_slots("d", 1)
    scheduler.set_group_rate_limit("e", RateLimit.per_second(1))
    assert [group.name for group in scheduler.groups(Alpha)] == ["a", "aa", "b"]
    assert [group.name for group in scheduler.groups()] == ["a", "aa", "b", "c", "d", "e"]
    assert scheduler.group_names() == ["a", "aa", "b", "c", "d", "e"]


async def test_a_group_has_its_limits_and_its_pause(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    config = SchedulerConfig(default_group_concurrency=7, default_group_weight=2)
    scheduler = await make_scheduler(alpha(script), config=config)
    await scheduler.domain(Alpha).submit(Job(), group="disk")
    await scheduler.wait_idle()
    assert one(scheduler, "disk") == GroupSummary(name="disk", max_concurrency=7, weight=2)
    rate = RateLimit.per_minute(10)
    end = to_datetime(manual_clock.time()) + timedelta(hours=1)
    scheduler.set_group_limit("disk", 3)
    scheduler.set_group_weight("disk", 5)
    scheduler.set_group_minimum_slots("disk", 1)
    scheduler.set_group_rate_limit("disk", rate)
    await scheduler.domain(Alpha).pause_group("disk", end)
    assert one(scheduler, "disk") == GroupSummary(
        name="disk",
        max_concurrency=3,
        weight=5,
        minimum_slots=1,
        rate_limit=rate,
        is_paused=True,
        paused_until=end,
    )
    await scheduler.domain(Alpha).submit(Job(n=1), group="disk")
    assert one(scheduler, "disk").paused_count == 1
    assert one(scheduler, "disk").pending_count == 0


async def test_whatever_changes_a_group_is_told_once_and_what_changes_nothing_is_not(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    heard = heard_of(scheduler)
    handle, rate = scheduler.domain(Alpha), RateLimit.per_second(2)
    soon = to_datetime(manual_clock.time()) + timedelta(hours=1)
    for _ in range(2):
        scheduler.set_group_limit("limit", 3)
        scheduler.set_group_weight("weight", 3)
        scheduler.set_group_minimum_slots("minimum", 3)
        scheduler.set_group_rate_limit("rate", rate)
        await handle.pause_group("pause")
    assert heard == ["limit", "weight", "minimum", "rate", "pause"]
    heard.clear()
    await handle.pause_group("pause", soon)
    assert one(scheduler, "pause").paused_until == soon
    await handle.resume_group("pause")
    await handle.resume_group("pause")
    for _ in range(2):
        scheduler.set_group_limit("limit", None)
        scheduler.set_group_weight("weight", None)
        scheduler.set_group_minimum_slots("minimum", None)
        scheduler.set_group_rate_limit("rate", None)
    assert heard == ["pause", "pause", "limit", "weight", "minimum", "rate"]
    scheduler.set_rate_limit(Job, rate)
    assert len(heard) == 6


async def test_the_end_of_a_timed_pause_of_a_group_is_told(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).pause_group("disk", to_datetime(manual_clock.time()) + timedelta(hours=1))
    heard = heard_of(scheduler)
    manual_clock.advance(3601)
    await until(lambda: heard == ["disk"])
    assert not one(scheduler, "disk").is_paused


async def test_after_a_restart_a_domain_has_its_groups_at_once(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    script.holds("job")
    store = tmp_path / "tasks.db"
    first = await make_scheduler(alpha(script), store=store)
    await first.domain(Alpha).pause_group("disk")
    await first.domain(Alpha).submit(Job(), group="disk")
    await first.close(0)
    second = await make_scheduler(alpha(script), store=store)
    assert second.groups(Alpha) == [GroupSummary(name="disk", paused_count=1, is_paused=True)]
