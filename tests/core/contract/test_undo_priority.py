"""Priorities that were changed come back, for those who still wait."""

from __future__ import annotations

import pytest

from scheduler_core import ConfigurationError, Priority, Scheduler, SchedulerConfig, TaskRecord
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Beta, Errand, Job, Script, alpha, beta

STILL = SchedulerConfig(max_concurrency=0)


async def _priorities(scheduler: Scheduler, *ids: int) -> list[int]:
    records = [await scheduler.task(one) for one in ids]
    return [record.priority for record in records if isinstance(record, TaskRecord)]


async def test_each_gets_back_the_priority_it_had(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script), config=STILL)
    handle = scheduler.domain(Alpha)
    first = await handle.submit(Job(name="first"), priority=7)
    same = await handle.submit(Job(name="same"), priority=Priority.HIGH)
    later = await handle.submit(Job(name="later"), priority=200, run_after=60)
    after = await handle.submit(Job(name="after"), priority=90, depends_on=[first.id or 0])
    other = await scheduler.domain(Beta).submit(Errand(name="other"), priority=30)
    ids = [one.id or 0 for one in (first, same, later, after, other)]
    undo = await scheduler.set_priority_for_now([*ids, 10**9, -3], Priority.HIGH)
    assert undo is not None
    assert (undo.act, undo.n) == ("priority", 4), "one had it already"
    assert await _priorities(scheduler, *ids) == [Priority.HIGH] * 5
    assert scheduler.undos == (undo,)
    manual_clock.advance(9)
    assert await scheduler.undo(undo.id) == 4
    assert await _priorities(scheduler, *ids) == [7, Priority.HIGH, 200, 90, 30]
    assert scheduler.undos == ()
    scheduler.set_max_concurrency(1)
    await run_until_idle(scheduler)
    assert script.started == ["first", "other", "same", "after"], "the order is the one it was"


async def test_what_has_started_or_was_changed_again_keeps_its_priority(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    script.holds("runs")
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=1))
    handle = scheduler.domain(Alpha)
    names = ("runs", "ends", "changes", "waits")
    scheduler.set_max_concurrency(0)
    outcomes = [await handle.submit(Job(name=name), priority=100 + n) for n, name in enumerate(names)]
    runs, ends, changes, waits = (one.id or 0 for one in outcomes)
    undo = await scheduler.set_priority_for_now([runs, ends, changes, waits], 50)
    assert undo is not None
    scheduler.set_max_concurrency(1)
    await until(lambda: script.running == 1)
    await handle.cancel(ends)
    await scheduler.set_priority([changes], 60)
    assert await scheduler.undo(undo.id) == 1
    assert await _priorities(scheduler, runs, changes, waits) == [50, 60, 103]


async def test_changes_are_taken_back_one_after_the_other(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=STILL)
    task = (await scheduler.domain(Alpha).submit(Job(name="a"), priority=1)).id or 0
    first = await scheduler.set_priority_for_now([task], 2)
    second = await scheduler.set_priority_for_now([task], 3)
    assert first is not None
    assert second is not None
    assert await scheduler.undo(second.id) == 1
    assert await _priorities(scheduler, task) == [2]
    assert await scheduler.undo(first.id) == 1
    assert await _priorities(scheduler, task) == [1]


async def test_of_priorities_nothing_is_left_when_the_time_is_over(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=STILL)
    task = (await scheduler.domain(Alpha).submit(Job(name="a"), priority=1)).id or 0
    undo = await scheduler.set_priority_for_now([task], 2, window=3)
    assert undo is not None
    manual_clock.advance(3.1)
    await until(lambda: not scheduler._engine.undoing.is_busy)
    assert await scheduler.undo(undo.id) == 0
    assert await _priorities(scheduler, task) == [2]
    marks = await scheduler._engine.store.read(
        lambda connection: connection.execute("SELECT * FROM undo_marks").fetchall()
    )
    assert marks == []


async def test_a_priority_that_changes_nothing_is_nothing_to_take_back(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=STILL)
    task = (await scheduler.domain(Alpha).submit(Job(name="a"), priority=1)).id or 0
    assert await scheduler.set_priority_for_now([task], 1) is None
    assert await scheduler.set_priority_for_now([], 1) is None
    assert await scheduler.set_priority_for_now([10**9], 1) is None
    with pytest.raises(ConfigurationError, match="256"):
        await scheduler.set_priority_for_now([task], 256)
    assert scheduler.undos == ()
