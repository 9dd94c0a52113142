"""What is submitted while nothing else waits is chosen while it is stored, and claimed by the same transaction."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from scheduler_core import (
    DependencyError,
    Dispatched,
    DuplicateStrategy,
    RateLimit,
    Scheduler,
    SchedulerConfig,
    StoreFullError,
    SubmitStatus,
    Submitted,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.store.test_full_disk import fill
from tests.core.store.test_statements import watched
from tests.core.support import Alpha, Job, Script, alpha, jobs


async def test_an_idle_scheduler_stores_and_claims_in_one_transaction(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="the first makes its lane"))
    await run_until_idle(scheduler)
    transactions = await watched(scheduler)
    await handle.submit(Job(name="one"))
    await run_until_idle(scheduler)
    first, second = transactions()
    assert first == ["BEGIN", "INSERT", "INSERT", "UPDATE", "COMMIT"]
    assert "UPDATE" not in second  # its end claims nothing


async def test_it_is_told_first_that_it_came_and_then_that_it_starts(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    told: list[type[object]] = []
    scheduler.domain(Alpha).task_event.connect(lambda event: told.append(type(event)))
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert told[:2] == [Submitted, Dispatched]


async def test_of_what_is_stored_together_the_most_urgent_starts(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=1))
    handle = scheduler.domain(Alpha)
    await asyncio.gather(
        handle.submit(Job(name="later"), priority=200),
        handle.submit(Job(name="urgent"), priority=10),
        handle.submit(Job(name="soon"), priority=100),
    )
    await run_until_idle(scheduler)
    assert script.started == ["urgent", "soon", "later"]


async def test_who_waits_for_others_or_for_a_time_is_not_chosen(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("first")
    first = await handle.submit(Job(name="first"))
    await until(lambda: script.running == 1)
    await handle.submit(Job(name="after it"), depends_on=[first.id or 0])
    await handle.submit(Job(name="in a minute"), run_after=60)
    assert _slots_taken(scheduler) == 1
    assert script.started == ["first"]
    script.release("first")
    await run_until_idle(scheduler)
    manual_clock.advance(60)
    await run_until_idle(scheduler)
    assert script.started == ["first", "after it", "in a minute"]


async def test_a_duplicate_gives_back_its_slot_and_its_token(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    config = SchedulerConfig(max_concurrency=2, rate_limits={"alpha::job": RateLimit.per_minute(1, burst=2)})
    scheduler = await make_scheduler(alpha(script), config=config)
    handle = scheduler.domain(Alpha)
    script.holds("held")
    await handle.submit(Job(name="held"))
    await until(lambda: script.running == 1)
    for _ in range(5):
        again = await handle.submit(Job(name="held"), on_duplicate=DuplicateStrategy.REJECT)
        assert again.status is SubmitStatus.REJECTED
    await handle.submit(Job(name="other"))
    await until(lambda: script.started == ["held", "other"])
    script.release("held")
    await run_until_idle(scheduler)
    assert _slots_taken(scheduler) == 0


async def test_a_refused_submission_leaves_the_slot_to_those_stored_with_it(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=1))
    handle = scheduler.domain(Alpha)
    bad, good = await asyncio.gather(
        handle.submit(Job(name="bad"), depends_on=[4711], priority=0),
        handle.submit(Job(name="good")),
        return_exceptions=True,
    )
    assert isinstance(bad, DependencyError)
    assert not isinstance(good, BaseException)
    await run_until_idle(scheduler)
    assert script.started == ["good"]


async def test_what_found_no_room_on_the_disk_keeps_no_slot(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, tmp_path: Path
) -> None:
    scheduler = await make_scheduler(
        alpha(script), store=tmp_path / "a.db", config=SchedulerConfig(max_concurrency=1)
    )
    handle = scheduler.domain(Alpha)
    await handle.submit(Job(name="before"))
    await run_until_idle(scheduler)
    await fill(scheduler, True)
    with pytest.raises(StoreFullError):
        await handle.submit_batch([Job(name="x" * 1_000, n=n) for n in range(200)])
    await fill(scheduler, False)
    manual_clock.advance(1.1)
    await until(lambda: _slots_taken(scheduler) == 0)
    await handle.submit(Job(name="after"))
    await run_until_idle(scheduler)
    assert script.started == ["before", "after"]


async def test_what_is_paused_before_it_is_stored_does_not_start(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await asyncio.gather(handle.submit(Job()), handle.pause())
    await until_quiet(scheduler)
    assert script.ended == []
    assert scheduler.counts.paused == 1
    await handle.resume()
    await run_until_idle(scheduler)
    assert script.ended == ["job"]


async def test_where_groups_share_by_weight_each_is_given_its_due(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    config = SchedulerConfig(max_concurrency=4, group_weights={"heavy": 3, "light": 1})
    scheduler = await make_scheduler(alpha(script), config=config)
    handle = scheduler.domain(Alpha)
    names = [job.name for job in jobs(8)]
    for group in ("heavy", "light"):  # the first of each makes its lane
        await handle.submit(Job(name=group), group=group)
    await run_until_idle(scheduler)
    script.holds(*names)
    await asyncio.gather(
        *(handle.submit(Job(name=name), group="heavy" if name < "job-4" else "light") for name in names)
    )
    await until(lambda: script.running == 4)
    assert sorted(script.started[2:]) == ["job-0", "job-1", "job-2", "job-4"]
    script.release(*names)
    await run_until_idle(scheduler)
    assert len(script.ended) == 10


def _slots_taken(scheduler: Scheduler) -> int:
    return scheduler._engine.state.running
