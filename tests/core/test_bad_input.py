"""What a caller should not pass: a clear error or nothing at all, nothing is stored, and everything goes on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from scheduler_core import (
    AgingConfig,
    DependencyError,
    Domain,
    InvalidStateError,
    RateLimit,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    TaskTypeConfig,
    UnknownTaskError,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle
from tests.core.support import Alpha, Errand, Job, Script, alpha, ended

NAIVE = datetime(2030, 1, 1)  # noqa: DTZ001 - that is what is wrong with it
NAN, ENDLESS, HUGE = float("nan"), float("inf"), 2**70
NO_IDS: list[Any] = [-1, 0, 999, HUGE, -HUGE, True, None, "x", 1.5, NAN]
NO_COUNTS: list[Any] = [-1, -HUGE, True, "x", 1.5, NAN, [1]]
NO_DURATIONS: list[Any] = [-1, -HUGE, NAN, ENDLESS, -ENDLESS, "5", b"5", True, [1], timedelta(-1)]
WRONG = (ValueError, TypeError)
"""All that a wrong argument may cause; `SchedulerError`s that it causes are one of them, too."""

Call = Callable[[Scheduler, Any], object]


async def _made(call: Call, scheduler: Scheduler, value: Any) -> object:
    answer = call(scheduler, value)
    return await answer if isinstance(answer, Awaitable) else answer


async def _goes_on(scheduler: Scheduler, script: Script) -> None:
    """Nothing was stored, and what comes now runs."""
    assert scheduler.counts.active == 0
    await scheduler.domain(Alpha).submit(Job(name="next"))
    await run_until_idle(scheduler)
    assert script.started == ["next"]


@pytest.mark.parametrize("value", NO_IDS, ids=repr)
async def test_an_id_of_nothing_finds_nothing(
    make_scheduler: MakeScheduler, script: Script, value: Any
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    assert await scheduler.task(value) is None
    assert await scheduler.task_dependencies(value) == []
    assert await scheduler.task_dependents(value) == []
    assert await scheduler.clear_failures([value]) == 0
    assert await handle.cancel(value) is False
    with pytest.raises(UnknownTaskError):
        await scheduler.explain(value)
    with pytest.raises(UnknownTaskError):
        await handle.retry_dead_letter(value)
    with pytest.raises((ValueError, DependencyError)):
        await handle.submit(Job(), depends_on=[value])
    if value is not None:
        with pytest.raises((ValueError, InvalidStateError)):
            await handle.submit(Job(), parent=value)
    await _goes_on(scheduler, script)


PAGES: list[Call] = [
    lambda scheduler, n: scheduler.history(limit=n),
    lambda scheduler, n: scheduler.history(offset=n),
    lambda scheduler, n: scheduler.history(before_id=n),
    lambda scheduler, n: scheduler.failures(limit=n),
    lambda scheduler, n: scheduler.failures(before_id=n),
    lambda scheduler, n: scheduler.jobs("k", limit=n),
    lambda scheduler, n: scheduler.jobs("k", offset=n),
    lambda scheduler, n: scheduler.tag_keys(limit=n),
    lambda scheduler, n: scheduler.domain(Alpha).dead_letter_tasks(limit=n),
    lambda scheduler, n: scheduler.domain(Alpha).dead_letter_tasks(offset=n),
    lambda scheduler, n: scheduler.prune_history(keep=n),
]


@pytest.mark.parametrize("call", PAGES)
async def test_a_page_is_of_so_many_and_from_there(
    make_scheduler: MakeScheduler, script: Script, call: Call
) -> None:
    scheduler = await make_scheduler(alpha(script))
    for value in NO_COUNTS:
        with pytest.raises(WRONG, match=r"limit|offset|before_id|keep"):
            await _made(call, scheduler, value)
    await _made(call, scheduler, HUGE)  # as good as endless
    await _goes_on(scheduler, script)


@pytest.mark.parametrize("value", NO_COUNTS, ids=repr)
async def test_no_cap_of_that_kind(make_scheduler: MakeScheduler, script: Script, value: Any) -> None:
    scheduler = await make_scheduler(alpha(script))
    calls: list[Call] = [
        lambda scheduler, n: scheduler.set_max_concurrency(n),
        lambda scheduler, n: scheduler.set_group_limit("g", n),
        lambda scheduler, n: scheduler.set_group_weight("g", n),
        lambda scheduler, n: scheduler.set_group_minimum_slots("g", n),
        lambda scheduler, n: scheduler.domain(Alpha).set_max_concurrency(n),
        lambda scheduler, n: Domain(Alpha, max_concurrency=n),
    ]
    for call in calls:
        with pytest.raises(ValueError, match=r"Pass"):
            call(scheduler, value)
    if value is not True and value != "x":
        for field in ("max_concurrency", "default_group_concurrency", "preempt_priority"):
            with pytest.raises(ValidationError):
                SchedulerConfig.model_validate({field: value})
        with pytest.raises(ValidationError):
            SchedulerConfig.model_validate({"group_concurrency": {"g": value}})
    assert scheduler.max_concurrency == 4
    await _goes_on(scheduler, script)


@pytest.mark.parametrize("value", [-1, 256, HUGE, True, "x", 1.5, NAN, ENDLESS], ids=repr)
async def test_no_priority_of_that_kind(make_scheduler: MakeScheduler, script: Script, value: Any) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(ValueError, match="is no priority"):
        await scheduler.domain(Alpha).submit(Job(), priority=value)
    with pytest.raises(ValueError, match="is no priority"):
        Domain(Alpha, default_priority=value)
    await _goes_on(scheduler, script)


@pytest.mark.parametrize("value", [-1, 0, 1, "1/s", 1.5, NAN, True, {"rate": 1, "burst": 1}], ids=repr)
async def test_no_rate_limit_of_that_kind(make_scheduler: MakeScheduler, script: Script, value: Any) -> None:
    scheduler = await make_scheduler(alpha(script))
    scheduler.set_rate_limit(Job, RateLimit.per_second(1))
    for _ in range(2):
        with pytest.raises(ValueError, match="is no RateLimit"):
            scheduler.set_rate_limit(Job, value)
        with pytest.raises(ValueError, match="is no RateLimit"):
            scheduler.set_group_rate_limit("g", value)
    assert [limit.name for limit in (await scheduler.snapshot()).rate_limits] == ["alpha::job"]
    await _goes_on(scheduler, script)


@pytest.mark.parametrize("value", [-1, 0, NAN, ENDLESS, -ENDLESS, "x", None], ids=repr)
def test_no_rate_of_that_kind(value: Any) -> None:
    for make in (RateLimit.per_second, RateLimit.per_minute):
        with pytest.raises(WRONG):
            make(value)
    with pytest.raises(WRONG):
        RateLimit.per_second(1, burst=-1)
    with pytest.raises(ValidationError):
        AgingConfig(aging_interval=NAN)


@pytest.mark.parametrize("value", NO_DURATIONS, ids=repr)
async def test_no_duration_of_that_kind(make_scheduler: MakeScheduler, script: Script, value: Any) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    with pytest.raises(WRONG, match=r"run_after of alpha::job: .* is not a duration"):
        await handle.submit(Job(), run_after=value)
    with pytest.raises(WRONG, match=r"ttl of alpha::job: .* is not a duration"):
        await handle.submit(Job(), ttl=value)
    with pytest.raises(WRONG, match=r"pause of alpha: .* is not a duration"):
        await handle.pause_for(value)
    with pytest.raises(WRONG, match=r"older_than: .* is not a duration"):
        await scheduler.prune_history(older_than=value)
    with pytest.raises(WRONG, match=r"grace: .* is not a duration"):
        await scheduler.close(value)
    with pytest.raises(WRONG, match=r"default_ttl of domain 'alpha': .* is not a duration"):
        Domain(Alpha, default_ttl=value)
    assert not handle.is_paused
    await _goes_on(scheduler, script)


@pytest.mark.parametrize("value", [-1, NAN, ENDLESS], ids=repr)
def test_no_setting_of_that_kind(value: float) -> None:
    for field in ("default_ttl", "shutdown_grace", "expiry_sweep_interval", "cancel_hook_timeout"):
        with pytest.raises(ValidationError):
            SchedulerConfig.model_validate({field: value})
    with pytest.raises(ValidationError):
        TaskTypeConfig(ttl=value)
    with pytest.raises(ValidationError):
        RetryPolicy.constant(3, value)


@pytest.mark.parametrize("value", [NAIVE, 5, 5.0, "2030-01-01", NAN, True], ids=repr)
async def test_an_instant_is_a_datetime_with_a_time_zone(
    make_scheduler: MakeScheduler, script: Script, value: Any
) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(WRONG, match=r"run_at of alpha::job: .*Pass an aware"):
        await scheduler.domain(Alpha).submit(Job(), run_at=value)
    with pytest.raises(WRONG, match=r"until of group 'g': .*Pass an aware"):
        await scheduler.domain(Alpha).pause_group("g", value)
    await _goes_on(scheduler, script)


@pytest.mark.parametrize(
    "options",
    [
        {"ttl": 1e18},
        {"ttl": 1e18, "ttl_from": "first_attempt"},
        {"ttl": timedelta.max},
        {"run_after": 1e18},
        {"run_at": datetime.max.replace(tzinfo=UTC)},
        {"run_at": datetime.max.replace(tzinfo=timezone(timedelta(hours=-14)))},
    ],
    ids=repr,
)
async def test_no_time_beyond_the_calendar_is_stored(
    make_scheduler: MakeScheduler, script: Script, options: Any
) -> None:
    """It could not be read again, and with it the page of records that it is on."""
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(ValueError, match="after the year 9999"):
        await scheduler.domain(Alpha).submit(Job(), **options)
    await _goes_on(scheduler, script)
    assert len(await scheduler.history()) == 1


async def test_the_earliest_instant_has_passed(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    earliest = datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))
    await scheduler.domain(Alpha).submit(Job(), run_at=earliest)
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"job": "completed"}


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"retry": 3}, ValueError),
        ({"retry": "x"}, ValueError),
        ({"expected_io": 5}, ValueError),
        ({"on_duplicate": "sometimes"}, ValueError),
        ({"on_dependency_failure": "x"}, ValueError),
        ({"ttl": 5, "ttl_from": "noon"}, ValueError),
        ({"depends_on": 5}, TypeError),
        ({"depends_on": "12"}, ValueError),
        ({"key": 5}, ValueError),
        ({"label": b"x"}, ValueError),
        ({"group": ""}, ValueError),
        ({"group": 5}, ValueError),
        ({"tags": {"k": 5}}, ValueError),
        ({"tags": {5: "v"}}, ValueError),
        ({"tags": {"k": "\ud800"}}, ValueError),
        ({"prioritiy": 5}, TypeError),
    ],
    ids=repr,
)
async def test_an_option_that_is_none(
    make_scheduler: MakeScheduler, script: Script, options: Any, error: type[Exception]
) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(error):
        await scheduler.domain(Alpha).submit(Job(), **options)
    with pytest.raises(error):
        await scheduler.domain(Alpha).submit_batch([Job(), Job(n=1)], **options)
    await _goes_on(scheduler, script)


@pytest.mark.parametrize("value", [None, 5, "x", Job, {}], ids=repr)
async def test_what_is_no_task(make_scheduler: MakeScheduler, script: Script, value: Any) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(TypeError, match="no task"):
        await scheduler.domain(Alpha).submit(value)
    with pytest.raises(TypeError, match="no task"):
        await scheduler.domain(Alpha).submit_batch([Job(), value])
    with pytest.raises(TypeError, match="no task"):
        await scheduler.lookup(value)
    await _goes_on(scheduler, script)


@pytest.mark.parametrize("value", [None, 5, NAN, Job(), object], ids=repr)
async def test_what_is_no_name(make_scheduler: MakeScheduler, script: Script, value: Any) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(TypeError, match="no domain"):
        scheduler.domain(value)
    with pytest.raises(TypeError, match="no domain"):
        scheduler.try_domain(value)
    with pytest.raises(TypeError, match="listener"):
        scheduler.subscribe(5)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    for only in (5, [5], [int], "Failed"):
        with pytest.raises(TypeError, match="kinds of events"):
            scheduler.subscribe(print, only)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    if not isinstance(value, Job):
        with pytest.raises(TypeError, match="task type"):
            await scheduler.history_stats(value)
        with pytest.raises(TypeError, match="task type"):
            scheduler.set_rate_limit(value, None)
    await _goes_on(scheduler, script)


async def test_filters_of_no_tag_and_of_more_than_there_can_be(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    for ask in (scheduler.task_ids_by_tags, scheduler.domain(Alpha).task_ids_by_tags):
        with pytest.raises(ValueError, match="at least one tag"):
            await ask({})
        assert await ask({f"k{n}": "v" for n in range(100)}) == []
    assert await scheduler.history(tags={}) == []
    await _goes_on(scheduler, script)


async def test_a_clock_that_goes_back_between_submit_start_and_end(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    """No duration is negative, no attempt ends before it began, and all ends."""
    scheduler = await make_scheduler(alpha(script, max_concurrency=1, default_retry=RetryPolicy.constant(2)))

    async def goes_back(task: Any, ctx: Any) -> None:
        manual_clock.jump(-100)
        if ctx.attempt < 3:
            raise ConnectionError

    script.does("job", goes_back)
    handle = scheduler.domain(Alpha)
    await handle.pause()
    await handle.submit(Job(), retry=RetryPolicy.constant(3, retry_on=(ConnectionError,)))
    manual_clock.jump(-1000)
    await handle.resume()
    await run_until_idle(scheduler, manual_clock)
    (record,) = await scheduler.history()
    assert (record.status, record.duration) == ("completed", 0.0)
    assert len(record.attempts) == 3
    assert all(attempt.ended_at >= attempt.started_at for attempt in record.attempts)
    assert (await scheduler.history_stats(Job)).average_duration == 0.0


def test_a_database_in_memory_by_sqlites_own_word(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def live() -> None:
        async with Scheduler(":memory:", [alpha(script)]) as scheduler:
            await scheduler.domain(Alpha).submit(Job())
            await scheduler.wait_idle()

    asyncio.run(live())
    assert script.started == ["job"]
    assert os.listdir(tmp_path) == []


async def test_a_task_of_a_domain_that_is_not_there(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(TypeError, match="belongs to domain 'beta'"):
        await scheduler.domain(Alpha).submit(Errand())  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="no such domain"):
        await scheduler.lookup(Errand())
    await _goes_on(scheduler, script)
