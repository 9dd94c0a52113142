"""Failures by cause: grouped as they end, counted as they come and go, tried again and cleared together."""

from __future__ import annotations

import pytest

from scheduler_core import (
    FailureCause,
    PermanentError,
    RecurringSchedule,
    Scheduler,
    SchedulerConfig,
    SubmitStatus,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import (
    NO_RETRY,
    Alpha,
    Beta,
    Chore,
    Errand,
    Job,
    Script,
    alpha,
    beta,
    ended,
    jobs,
    labels,
)


@pytest.fixture
async def scheduler(make_scheduler: MakeScheduler, script: Script) -> Scheduler:
    return await make_scheduler(
        alpha(script, default_retry=NO_RETRY),
        beta(script, default_retry=NO_RETRY),
        config=SchedulerConfig(max_concurrency=64),
    )


async def fail(scheduler: Scheduler, script: Script, count: int, prefix: str, error: str) -> list[int]:
    """So many jobs that fail once with `error`, in which {0} is their number; their ids."""
    for n in range(count):
        script.fails(f"{prefix}-{n}", PermanentError(error.format(n)))
    outcomes = await scheduler.domain(Alpha).submit_batch(jobs(count, prefix))
    await run_until_idle(scheduler)
    return [outcome.id for outcome in outcomes if outcome.id is not None]


async def counts(scheduler: Scheduler) -> dict[str, int]:
    """How many failures each cause has; they are as many as there are failures."""
    causes = await scheduler.failure_causes()
    found = {cause.text: cause.n for cause in causes}
    for cause in causes:
        assert len(await scheduler.failures(1000, cause=cause)) == cause.n
    assert sum(found.values()) == scheduler.failure_count == len(await scheduler.failures(1000))
    return found


async def the(scheduler: Scheduler, text: str) -> FailureCause:
    """The cause of this text."""
    (found,) = [cause for cause in await scheduler.failure_causes() if cause.text == text]
    return found


async def test_failures_are_grouped_by_what_went_wrong_and_by_the_type_of_task(
    scheduler: Scheduler, script: Script, manual_clock: ManualClock
) -> None:
    await fail(scheduler, script, 3, "a", "file {0}.jpg is cut off")
    manual_clock.advance(60)
    script.fails("chore", PermanentError("file 9.jpg is cut off"))
    await scheduler.domain(Alpha).submit(Chore())
    script.fails("errand", KeyError("size"))
    await scheduler.domain(Beta).submit(Errand())
    await run_until_idle(scheduler)
    manual_clock.advance(60)
    await fail(scheduler, script, 1, "late", "file 5.jpg is cut off")
    newest, *others = await scheduler.failure_causes()
    assert (newest.domain, newest.task_type, newest.text) == ("alpha", "alpha::job", "file … is cut off")
    assert (newest.n, newest.sample) == (4, "file 5.jpg is cut off")
    assert newest.labels[0] == "late-0"
    assert len(newest.labels) == 3
    assert (newest.newest - newest.oldest).total_seconds() == 120
    assert {(one.task_type, one.text, one.n) for one in others} == {
        ("alpha::chore", "file … is cut off", 1),
        ("beta::errand", "KeyError: …", 1),
    }
    assert {cause.domain for cause in await scheduler.failure_causes(domain=Beta)} == {"beta"}
    assert len(await scheduler.failure_causes(text="CUT off")) == 2
    assert await scheduler.failure_causes(text="no such text") == []


async def test_causes_are_paged_and_found_by_their_id(scheduler: Scheduler, script: Script) -> None:
    for word in ("one", "two", "three"):
        await fail(scheduler, script, 1, word, f"{word} is bad")
    first, second = await scheduler.failure_causes(2)
    (third,) = await scheduler.failure_causes(2, before_id=second.id)
    assert [cause.text for cause in (first, second, third)] == ["three is bad", "two is bad", "one is bad"]
    assert await scheduler.failure_cause(third.id) == third
    assert await scheduler.failure_cause(10**6) is None
    with pytest.raises(ValueError, match="cause"):
        await scheduler.failure_cause(-1)


async def test_a_record_names_its_cause_and_is_found_by_its_id(scheduler: Scheduler, script: Script) -> None:
    (bad,) = await fail(scheduler, script, 1, "bad", "on fire")
    good = await scheduler.domain(Alpha).submit(Job(name="good"))
    await run_until_idle(scheduler)
    assert good.id is not None
    record = await scheduler.ended_task(bad)
    assert record is not None
    assert record.cause == (await the(scheduler, "on fire")).id
    well = await scheduler.ended_task(good.id)
    assert well is not None
    assert well.cause is None
    assert await scheduler.ended_task(10**6) is None


async def test_counts_follow_all_that_becomes_of_failures(scheduler: Scheduler, script: Script) -> None:
    ids = await fail(scheduler, script, 6, "a", "disk {0} is full")
    await fail(scheduler, script, 2, "b", "no answer")
    assert await counts(scheduler) == {"disk … is full": 6, "no answer": 2}
    assert await scheduler.clear_failures(ids[:2]) == 2
    assert await counts(scheduler) == {"disk … is full": 4, "no answer": 2}
    script.fails("a-2", PermanentError("no answer"))
    await scheduler.domain(Alpha).retry_dead_letter(ids[2])
    await run_until_idle(scheduler)
    assert await counts(scheduler) == {"disk … is full": 3, "no answer": 3}
    # The same key completes: its failure wants no attention any more.
    await scheduler.domain(Alpha).submit(Job(name="a-3", n=3))
    await run_until_idle(scheduler)
    assert await counts(scheduler) == {"disk … is full": 2, "no answer": 3}
    await scheduler.prune_history(keep=2)
    assert await counts(scheduler) == {"no answer": 1}
    await scheduler.prune_history(keep=0)
    assert await counts(scheduler) == {}


async def test_a_cause_without_records_is_forgotten(scheduler: Scheduler, script: Script) -> None:
    ids = await fail(scheduler, script, 1, "a", "disk {0} is full")
    cause = await the(scheduler, "disk … is full")
    await scheduler.clear_failures(ids)

    async def kept() -> int:
        return await scheduler._engine.store.read(
            lambda connection: connection.execute("SELECT count(*) FROM causes").fetchone()[0]
        )

    assert (await kept(), await scheduler.failure_cause(cause.id)) == (1, None)
    await fail(scheduler, script, 1, "b", "another")
    await scheduler.prune_history(keep=1)
    assert await kept() == 1
    assert await counts(scheduler) == {"another": 1}


async def test_whatever_ends_badly_has_a_cause(
    scheduler: Scheduler, script: Script, manual_clock: ManualClock
) -> None:
    handle = scheduler.domain(Alpha)
    script.holds("bad")
    script.fails("bad", PermanentError("on fire"))
    bad = await handle.submit(Job(name="bad"))
    assert bad.id is not None
    await handle.submit(Job(name="waits"), depends_on=[bad.id])
    await handle.submit(Job(name="late"), run_after=100, ttl=10)
    script.release("bad")
    await until(lambda: scheduler.failure_count == 2)
    manual_clock.advance(60)
    await until(lambda: scheduler.failure_count == 3)
    found = await counts(scheduler)
    assert found.keys() >= {"on fire", "it did not start in its time"}
    (dependent,) = found.keys() - {"on fire", "it did not start in its time"}
    assert "on fire" in dependent


async def test_many_are_tried_again_in_one_transaction(scheduler: Scheduler, script: Script) -> None:
    ids = await fail(scheduler, script, 40, "a", "disk {0} is full")
    scheduler.set_max_concurrency(0)
    begun: list[str] = []
    writer = scheduler._engine.store.database._writer
    assert writer is not None
    await writer.run(
        lambda raw: raw.set_trace_callback(
            lambda text: begun.append(text) if text.startswith("BEGIN") else None
        )
    )
    outcomes = await scheduler.retry_failures([*ids, 10**9])
    assert len(begun) == 1
    assert [outcome.status for outcome in outcomes] == [SubmitStatus.INSERTED] * 40 + [SubmitStatus.REJECTED]
    assert len({outcome.id for outcome in outcomes[:40]} | set(ids)) == 80
    assert scheduler.failure_count == 0
    assert scheduler.counts.pending == 40
    again = await scheduler.retry_failures(ids[:2])
    assert [(one.status, one.id) for one in again] == [
        (SubmitStatus.DUPLICATE, outcome.id) for outcome in outcomes[:2]
    ]
    assert await scheduler.retry_failures([]) == []
    scheduler.set_max_concurrency(64)
    await run_until_idle(scheduler)
    assert scheduler.counts.completed == 40


async def test_what_did_not_fail_or_has_no_domain_is_rejected_and_the_others_are_tried(
    make_scheduler: MakeScheduler, script: Script, scheduler: Scheduler
) -> None:
    (bad,) = await fail(scheduler, script, 1, "bad", "on fire")
    good = await scheduler.domain(Alpha).submit(Job(name="good"))
    await run_until_idle(scheduler)
    assert good.id is not None
    good_one, bad_one = await scheduler.retry_failures([good.id, bad])
    assert (good_one.status, bad_one.status) == (SubmitStatus.REJECTED, SubmitStatus.INSERTED)
    await run_until_idle(scheduler)
    assert (await ended(scheduler))["bad-0"] == "completed"


async def test_who_waited_for_one_of_many_waits_for_the_new_one(scheduler: Scheduler, script: Script) -> None:
    handle = scheduler.domain(Alpha)
    script.holds("root")
    script.fails("root", PermanentError("no"))
    root = await handle.submit(Job(name="root"))
    assert root.id is not None
    middle = await handle.submit(Job(name="middle"), depends_on=[root.id], on_dependency_failure="fail")
    assert middle.id is not None
    await handle.submit(Job(name="leaf"), depends_on=[middle.id])
    script.release("root")
    await until(lambda: scheduler.failure_count == 2)
    assert [one.label for one in await scheduler.blocked_tasks()] == ["leaf"]
    await scheduler.retry_failures([root.id, middle.id])
    await run_until_idle(scheduler)
    assert script.ended[-3:] == ["root", "middle", "leaf"]


async def test_what_comes_again_anyway_comes_now(
    scheduler: Scheduler, script: Script, manual_clock: ManualClock
) -> None:
    script.fails("job", PermanentError("no"))
    first = await scheduler.domain(Alpha).submit(Job(), recurring=RecurringSchedule(60))
    await until(lambda: scheduler.failure_count == 1)
    assert first.id is not None
    (outcome,) = await scheduler.retry_failures([first.id])
    assert outcome.status is SubmitStatus.DUPLICATE
    await until(lambda: scheduler.counts.completed == 1)
    assert scheduler.failure_count == 0


async def test_all_of_a_cause_are_tried_again_once(scheduler: Scheduler, script: Script) -> None:
    """In several steps; what fails again is not tried once more."""
    await fail(scheduler, script, 1_200, "a", "disk {0} is full")
    await fail(scheduler, script, 3, "b", "no answer")
    for n in range(200):
        script.fails(f"a-{n}", PermanentError(f"disk {n} is full"))
    assert await scheduler.retry_cause(await the(scheduler, "disk … is full")) == 1_200
    await run_until_idle(scheduler)
    assert await counts_of_many(scheduler) == {"disk … is full": 200, "no answer": 3}
    assert len(script.started) == 1_200 + 3 + 1_200


async def test_all_of_a_cause_are_cleared(scheduler: Scheduler, script: Script) -> None:
    await fail(scheduler, script, 1_200, "a", "disk {0} is full")
    (kept,) = await fail(scheduler, script, 1, "b", "no answer")
    cause = await the(scheduler, "disk … is full")
    assert await scheduler.clear_cause(cause.id) == 1_200
    assert await scheduler.clear_cause(cause) == 0
    assert await scheduler.retry_cause(cause) == 0
    assert labels(await scheduler.failures()) == ["b-0"]
    assert await counts_of_many(scheduler) == {"no answer": 1}
    assert (await scheduler.failures())[0].id == kept


async def counts_of_many(scheduler: Scheduler) -> dict[str, int]:
    """How many failures each cause has; together they are all."""
    found = {cause.text: cause.n for cause in await scheduler.failure_causes()}
    assert sum(found.values()) == scheduler.failure_count
    return found
