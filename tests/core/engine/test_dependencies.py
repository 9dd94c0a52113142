"""Tasks that wait for others, in whatever domain: met, failed, unknown, circular, and the three policies."""

from __future__ import annotations

import pytest

from scheduler_core import DependencyError, SubmitStatus
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import NO_RETRY, Alpha, Errand, Job, Script, alpha, beta, ended, labels, record_of


async def test_a_task_starts_when_what_it_depends_on_has_completed_in_another_domain(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    script.holds("first")
    first = await scheduler.domain(Alpha).submit(Job(name="first"))
    second = await scheduler.domain("beta").submit(Errand(name="second"), depends_on=[first.id or 0])
    await until(lambda: script.running == 1)
    record = await scheduler.task(second.id or 0)
    assert record is not None
    assert (record.status, record.dependencies) == ("blocked", (first.id,))
    assert labels(await scheduler.blocked_tasks()) == ["second"]
    assert await scheduler.task_dependencies(second.id or 0) == [first.id]
    assert await scheduler.task_dependents(first.id or 0) == [second.id]
    script.release("first")
    await run_until_idle(scheduler)
    assert script.started == ["first", "second"]
    assert (await record_of(scheduler, "second")).dependencies == (first.id,)


async def test_a_dependency_that_has_completed_is_met(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    first = await scheduler.domain(Alpha).submit(Job(name="first"))
    await run_until_idle(scheduler)
    await scheduler.domain(Alpha).submit(Job(name="second"), depends_on=[first.id or 0])
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"first": "completed", "second": "completed"}


@pytest.mark.parametrize(
    ("policy", "status"),
    [("cancel", "dependency_failed"), ("fail", "dependency_failed"), ("ignore", "completed")],
)
async def test_a_dependency_that_has_failed_already_is_met_by_the_policy(
    make_scheduler: MakeScheduler, script: Script, policy: str, status: str
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.fails("first", ValueError("broken pipe"))
    first = await scheduler.domain(Alpha).submit(Job(name="first"))
    await run_until_idle(scheduler)
    second = await scheduler.domain(Alpha).submit(
        Job(name="second"), depends_on=[first.id or 0], on_dependency_failure=policy
    )
    assert second.status is SubmitStatus.INSERTED
    await run_until_idle(scheduler)
    record = await record_of(scheduler, "second")
    assert record.status == status
    if status == "dependency_failed":
        assert "first" in (record.last_error or "")
        assert "broken pipe" in (record.last_error or "")
    assert scheduler.counts.active == 0


@pytest.mark.parametrize("unknown", [999, 2**62])
async def test_an_unknown_dependency_is_refused_and_nothing_is_stored(
    make_scheduler: MakeScheduler, script: Script, unknown: int
) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(DependencyError, match=str(unknown)):
        await scheduler.domain(Alpha).submit(Job(), depends_on=[unknown])
    assert scheduler.counts.active == 0
    assert (await scheduler.domain(Alpha).submit(Job())).status is SubmitStatus.INSERTED


@pytest.mark.parametrize("nonsense", [[0], [-1], [True], ["7"], [2**63], [1.0]])
async def test_what_is_no_id_is_refused(
    make_scheduler: MakeScheduler, script: Script, nonsense: list[int]
) -> None:
    handle = (await make_scheduler(alpha(script))).domain(Alpha)
    with pytest.raises(ValueError, match="depends_on"):
        await handle.submit(Job(), depends_on=nonsense)


async def test_a_task_named_twice_is_one_dependency(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    first = await handle.submit(Job(name="first"))
    await handle.submit(Job(name="second"), depends_on=[first.id or 0] * 3)
    await handle.resume()
    await run_until_idle(scheduler)
    assert script.started == ["first", "second"]


async def test_a_diamond_runs_its_foot_once_and_last(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("left", "right")
    top = (await handle.submit(Job(name="top"))).id or 0
    sides = [(await handle.submit(Job(name=name), depends_on=[top])).id or 0 for name in ("left", "right")]
    await handle.submit(Job(name="foot"), depends_on=sides)
    await until(lambda: script.running == 2)
    script.release("left")
    await until(lambda: scheduler.counts.completed == 2)
    assert scheduler.counts.blocked == 1
    script.release("right")
    await run_until_idle(scheduler)
    assert script.started == ["top", "left", "right", "foot"]


async def test_cancel_ends_all_that_follows_in_every_domain(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    handle, other = scheduler.domain(Alpha), scheduler.domain("beta")
    script.fails("first", ValueError("no"))
    script.holds("first")
    first = await handle.submit(Job(name="first"))
    second = await other.submit(Errand(name="second"), depends_on=[first.id or 0])
    third = await handle.submit(Job(name="third"), depends_on=[second.id or 0])
    await other.submit(Errand(name="fourth"), depends_on=[third.id or 0, first.id or 0])
    script.release("first")
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {
        "first": "failed",
        "second": "dependency_failed",
        "third": "dependency_failed",
        "fourth": "dependency_failed",
    }
    assert scheduler.counts.failed == 4
    assert scheduler.counts.active == 0
    assert "'first'" in ((await record_of(scheduler, "third")).last_error or "")


async def test_fail_leaves_what_follows_blocked_until_the_dead_letter_is_tried_again(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.fails("first", ValueError("no"))
    script.holds("first")
    first = await handle.submit(Job(name="first"))
    second = await handle.submit(Job(name="second"), depends_on=[first.id or 0], on_dependency_failure="fail")
    third = await handle.submit(Job(name="third"), depends_on=[second.id or 0])
    script.release("first")
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"first": "failed", "second": "dependency_failed"}
    assert scheduler.counts.blocked == 1
    again = await handle.retry_dead_letter((await record_of(scheduler, "second")).id)
    assert await scheduler.task_dependencies(third.id or 0) == [again.id]
    await run_until_idle(scheduler)
    assert script.started == ["first", "second", "third"]
    assert scheduler.counts.blocked == 0


async def test_what_ignored_a_failure_is_not_freed_by_the_retry_of_it(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.fails("first", ValueError("no"))
    script.holds("first", "open")
    first = await handle.submit(Job(name="first"))
    second = await handle.submit(Job(name="second"), depends_on=[first.id or 0], on_dependency_failure="fail")
    script.release("first")
    await run_until_idle(scheduler)
    still_open = await handle.submit(Job(name="open"))
    both = [second.id or 0, still_open.id or 0]
    last = await handle.submit(Job(name="last"), depends_on=both, on_dependency_failure="ignore")
    await handle.retry_dead_letter(second.id or 0)
    await until(lambda: script.ended == ["first", "second"])
    assert await scheduler.task_dependencies(last.id or 0) == both
    assert scheduler.counts.blocked == 1
    script.release("open")
    await run_until_idle(scheduler)
    assert script.started[-1] == "last"


async def test_ignore_runs_and_what_follows_it_too(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.fails("first", ValueError("no"))
    script.holds("first")
    first = await handle.submit(Job(name="first"))
    second = await handle.submit(
        Job(name="second"), depends_on=[first.id or 0], on_dependency_failure="ignore"
    )
    await handle.submit(Job(name="third"), depends_on=[second.id or 0])
    script.release("first")
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"first": "failed", "second": "completed", "third": "completed"}


async def test_a_cancelled_dependency_has_not_succeeded(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    first = await handle.submit(Job(name="first"))
    await handle.submit(Job(name="second"), depends_on=[first.id or 0])
    assert await handle.cancel(first.id or 0)
    assert await ended(scheduler) == {"first": "cancelled", "second": "dependency_failed"}


async def test_a_dependency_that_is_tried_again_keeps_its_dependents_waiting(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    from scheduler_core import RetryableError

    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    script.fails("first", RetryableError("once"), RetryableError("twice"))
    first = await handle.submit(Job(name="first"))
    await handle.submit(Job(name="second"), depends_on=[first.id or 0])
    await handle.resume()
    await run_until_idle(scheduler)
    assert script.started == ["first", "first", "first", "second"]


async def test_a_blocked_task_that_is_not_due_waits_for_both(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    """Its dependency is met first: from then on somebody has to watch the clock for it."""
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    first = await handle.submit(Job(name="first"))
    await handle.submit(Job(name="second"), depends_on=[first.id or 0], run_after=60)
    await run_until_idle(scheduler)
    assert script.started == ["first"]
    manual_clock.advance(61)
    await until(lambda: scheduler.counts.completed == 2)
    assert script.started == ["first", "second"]


async def test_a_blocked_task_whose_time_comes_first_waits_for_its_dependency(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("first")
    first = await handle.submit(Job(name="first"))
    await handle.submit(Job(name="second"), depends_on=[first.id or 0], run_after=60)
    await until(lambda: script.running == 1)
    manual_clock.advance(120)
    assert scheduler.counts.blocked == 1
    script.release("first")
    await run_until_idle(scheduler)
    assert script.started == ["first", "second"]


async def test_a_chain_of_a_thousand_fails_at_once(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=NO_RETRY))
    handle = scheduler.domain(Alpha)
    script.holds("0")
    script.fails("0", ValueError("no"))
    last = await handle.submit(Job(name="0"))
    for n in range(1, 1_000):
        last = await handle.submit(Job(name=str(n)), depends_on=[last.id or 0])
    script.release("0")
    await run_until_idle(scheduler)
    assert scheduler.counts.failed == 1_000
    assert scheduler.counts.active == 0
    assert len((await record_of(scheduler, "999")).last_error or "") < 5_000
