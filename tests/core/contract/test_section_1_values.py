"""Contract, section 1: priorities, retries, budgets, schedules and what is refused. Written from the page alone."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from scheduler_core import (
    ConfigurationError,
    DependencyFailurePolicy,
    Domain,
    DomainKey,
    DuplicateStrategy,
    IoBudget,
    PermanentError,
    Priority,
    RecurringSchedule,
    RetryableError,
    RetryPolicy,
    Scheduler,
    TtlFrom,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle
from tests.core.contract.world import (
    Ingest,
    Work,
    ingest,
)
from tests.core.support import Script


async def test_retries_that_nobody_set_are_three_without_delay(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script))
    script.fails("work", *[RetryableError(f"no {n}") for n in range(9)])
    await scheduler.domain(Ingest).submit(Work())
    await run_until_idle(scheduler)
    (record,) = await scheduler.history(limit=9)
    assert (record.status, record.retry_count, record.last_error) == ("dead_letter", 3, "no 3")
    assert [attempt.error for attempt in record.attempts] == ["no 0", "no 1", "no 2", "no 3"]


def test_the_named_priorities() -> None:
    assert [int(p) for p in (Priority.REALTIME, Priority.HIGH, Priority.NORMAL)] == [0, 64, 128]
    assert [int(p) for p in (Priority.BACKGROUND, Priority.IDLE)] == [192, 255]


@pytest.mark.parametrize("wrong", [-1, 256, 1.5, "urgent", True, float("nan")])
async def test_a_priority_is_a_number_from_0_to_255(
    make_scheduler: MakeScheduler, script: Script, wrong: object
) -> None:
    scheduler = await make_scheduler(ingest(script))
    with pytest.raises((ValueError, TypeError), match="priority"):
        await scheduler.domain(Ingest).submit(Work(), priority=wrong)  # pyright: ignore[reportArgumentType]
    assert scheduler.counts.active == 0
    with pytest.raises((ValueError, TypeError)):
        Domain(Ingest, default_priority=wrong)  # pyright: ignore[reportArgumentType]


async def test_every_policy_of_retries_waits_as_it_says(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    policies = {
        "constant": (RetryPolicy.constant(3, 2.0), [2, 2, 2]),
        "linear": (RetryPolicy.linear(3, 1.0, 2.0, 4.0), [1, 3, 4]),
        "exponential": (RetryPolicy.exponential(3, 1.0, 300.0, multiplier=2.0, jitter=False), [1, 2, 4]),
        "capped": (
            RetryPolicy.exponential(max_retries=3, initial=10, max_delay=timedelta(seconds=15)),
            [10, 15, 15],
        ),
        "keyword": (RetryPolicy.linear(max_retries=2, initial=1, increment=1, max_delay=9), [1, 2]),
    }
    scheduler = await make_scheduler(ingest(script))
    for name, (policy, delays) in policies.items():
        script.fails(name, *[RetryableError("again")] * len(delays))
        began = manual_clock.time()
        await scheduler.domain(Ingest).submit(Work(name=name), retry=policy)
        await run_until_idle(scheduler, manual_clock)
        assert manual_clock.time() - began == sum(delays), name
        (record,) = await scheduler.history(limit=1)
        assert (record.label, record.status) == (name, "completed")
        starts = [attempt.started_at for attempt in record.attempts]
        assert [(b - a).total_seconds() for a, b in pairwise(starts)] == delays, name


@pytest.mark.parametrize("after", [45, 45.0, timedelta(seconds=45)])
async def test_retry_after_is_seconds_or_a_timedelta(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script, after: float | timedelta
) -> None:
    scheduler = await make_scheduler(ingest(script))
    script.fails("work", RetryableError("busy", retry_after=after))
    began = manual_clock.time()
    await scheduler.domain(Ingest).submit(Work())
    await run_until_idle(scheduler, manual_clock)
    assert manual_clock.time() - began == 45
    assert [record.status for record in await scheduler.history(limit=9)] == ["completed"]


async def test_permanent_and_other_exceptions_are_not_retried_unless_listed(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script))
    handle = scheduler.domain(Ingest)
    script.fails("permanent", PermanentError("it is gone"))
    script.fails("other", KeyError("k"))
    script.fails("listed", ConnectionResetError("reset"), OSError("os"))
    listed = RetryPolicy.constant(3, retry_on=(OSError,))
    await handle.submit_batch([Work(name="permanent"), Work(name="other")])
    await handle.submit(Work(name="listed"), retry=listed)
    await run_until_idle(scheduler)
    records = {record.label: record for record in await scheduler.history(limit=9)}
    assert {label: record.status for label, record in records.items()} == {
        "permanent": "failed",
        "other": "failed",
        "listed": "completed",
    }
    assert records["permanent"].last_error == "it is gone"
    assert "PermanentError: it is gone" in str(records["permanent"].attempts[-1].traceback)
    assert "KeyError" in str(records["other"].attempts[-1].traceback)
    assert [bool(attempt.error) for attempt in records["listed"].attempts] == [True, True, False]


def test_budgets_are_bytes_and_nothing_by_default() -> None:
    budget = IoBudget(disk_read=0, disk_write=0, net_rx=0, net_tx=0)
    assert budget == IoBudget()
    assert IoBudget(net_rx=7).net_rx == 7
    with pytest.raises(ValueError, match="disk_read"):
        IoBudget(disk_read=-1)


def test_schedules_are_made_as_the_page_says() -> None:
    assert RecurringSchedule(60) == RecurringSchedule(every=timedelta(minutes=1))
    full = RecurringSchedule(60, 5, 10)
    assert full == RecurringSchedule(every=60, max_occurrences=5, initial_delay=timedelta(seconds=10))
    assert RecurringSchedule.cron("*/5 * * * *") != RecurringSchedule.cron("*/5 * * * *", tz="Europe/Madrid")
    for schedule in (full, RecurringSchedule.cron("*/5 * * * *", tz="Europe/Madrid")):
        assert RecurringSchedule.model_validate_json(schedule.model_dump_json()) == schedule
    for wrong in (0, -1, float("nan"), timedelta(0)):
        with pytest.raises(ValueError):  # noqa: PT011
            RecurringSchedule(wrong)
    with pytest.raises(ValueError):  # noqa: PT011
        RecurringSchedule.cron("every day")


def test_the_enumerations_are_strings() -> None:
    assert [s.value for s in DuplicateStrategy] == ["skip", "supersede", "reject"]
    assert {s.value for s in DependencyFailurePolicy} == {"cancel", "fail", "ignore"}
    assert {s.value for s in TtlFrom} == {"submission", "first_attempt"}
    assert DuplicateStrategy.SKIP == "skip"


def test_two_executors_of_one_type_are_a_configuration_error(script: Script) -> None:
    domain = ingest(script)

    def declare() -> None:  # whichever of the two refuses it
        domain.executor(Work)(script.execute)
        Scheduler(store=":memory:", domains=[domain])

    with pytest.raises(ConfigurationError, match="ingest::work"):
        declare()


def test_a_key_without_a_name_or_an_executor_that_is_none(script: Script) -> None:
    with pytest.raises((TypeError, ValueError)):

        class Nameless(DomainKey):  # pyright: ignore[reportUnusedClass]
            name = ""

    with pytest.raises((TypeError, ValueError)):
        Domain(Ingest).register(Work, object())  # pyright: ignore[reportArgumentType]
