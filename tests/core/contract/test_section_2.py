"""Contract, section 2: running. Written from the page alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from scheduler_core import (
    AgingConfig,
    ConfigurationError,
    Domain,
    Priority,
    RateLimit,
    RetentionPolicy,
    RetryPolicy,
    SamplerConfig,
    Scheduler,
    SchedulerConfig,
    SchedulerError,
    TaskContext,
    TaskStore,
    ThrottlePolicy,
)
from scheduler_core.testing import MakeScheduler, until
from tests.core.contract.world import (
    Ingest,
    Process,
    Thumb,
    Work,
    ingest,
    process,
)
from tests.core.support import Script


class SharedDb:
    """Application state."""


@pytest.mark.parametrize("kind", ["str", "path", "store", "memory"])
async def test_a_program_of_six_lines_on_the_real_clock(tmp_path: Path, script: Script, kind: str) -> None:
    path = tmp_path / "app.db"
    store = {"str": str(path), "path": path, "store": TaskStore(path), "memory": TaskStore.in_memory()}[kind]
    scheduler = Scheduler(
        store=store,
        domains=[ingest(script), process(script)],
        app_state=[SharedDb()],
        config=SchedulerConfig(max_concurrency=16),
    )
    async with scheduler as same:
        assert same is scheduler
        await scheduler.domain(Ingest).submit(Work(name="one"))
        await scheduler.domain(Process).submit(Thumb(name="two"))
        await scheduler.wait_idle()
        records = await scheduler.history(limit=10)
        assert {record.label: record.status for record in records} == {"one": "completed", "two": "completed"}
        snapshot = await scheduler.snapshot()
        assert snapshot.max_concurrency == 16
    assert path.exists() == (kind != "memory")


async def test_what_was_submitted_is_there_in_the_next_program(tmp_path: Path, script: Script) -> None:
    path = str(tmp_path / "app.db")
    async with Scheduler(store=path, domains=[ingest(script)]) as scheduler:
        await scheduler.domain(Ingest).submit(Work(name="later"), run_after=timedelta(days=1))
        done = await scheduler.domain(Ingest).submit(Work(name="now"))
        await scheduler.wait_idle()
    async with Scheduler(store=path, domains=[ingest(script)]) as scheduler:
        assert [record.id for record in await scheduler.history(limit=9)] == [done.id]
        assert (await scheduler.domain(Ingest).snapshot()).pending_count == 1
        assert (await scheduler.domain(Ingest).submit(Work(name="later"))).status == "duplicate"


def test_every_setting_has_its_name_and_its_default() -> None:
    config = SchedulerConfig()
    assert issubclass(SchedulerConfig, BaseModel)
    assert config.max_concurrency == 4
    assert config.preempt_priority == Priority.REALTIME
    assert (config.default_ttl, config.default_retry) == (None, None)
    assert (config.shutdown_grace, config.expiry_sweep_interval, config.cancel_hook_timeout) == (
        10.0,
        30.0,
        5.0,
    )
    assert isinstance(config.throttle, ThrottlePolicy)
    assert config.group_concurrency == {}
    assert config.default_group_concurrency is None
    assert (config.group_weights, config.default_group_weight, config.group_minimum_slots) == ({}, 1, {})
    assert (config.rate_limits, config.group_rate_limits) == ({}, {})
    assert (config.bandwidth_limit, config.resource_monitoring) == (None, False)
    assert config.sampler == SamplerConfig(interval=1.0, ewma_alpha=0.3)
    assert config.retention is None


FULL = SchedulerConfig(
    max_concurrency=8,
    preempt_priority=Priority.HIGH,
    default_ttl=timedelta(hours=1),
    default_retry=RetryPolicy.exponential(5, 1.0, 300.0, multiplier=2.0, jitter=False),
    shutdown_grace=timedelta(seconds=3),
    expiry_sweep_interval=timedelta(minutes=1),
    cancel_hook_timeout=timedelta(seconds=2),
    aging=AgingConfig(
        grace_period=300, aging_interval=60, max_effective_priority=Priority.HIGH, urgent_threshold=None
    ),
    throttle=ThrottlePolicy([(Priority.BACKGROUND, 0.5)]),
    group_concurrency={"disk": 2},
    default_group_concurrency=3,
    group_weights={"disk": 2},
    default_group_weight=2,
    group_minimum_slots={"disk": 1},
    rate_limits={"ingest::work": RateLimit.per_minute(60)},
    group_rate_limits={"disk": RateLimit.per_second(5, burst=10)},
    bandwidth_limit=1e6,
    resource_monitoring=True,
    sampler=SamplerConfig(interval=timedelta(seconds=2), ewma_alpha=0.5),
    retention=RetentionPolicy(max_count=100, max_age=timedelta(days=30)),
)


def test_settings_are_a_model_that_goes_through_json_and_a_schema() -> None:
    assert SchedulerConfig.model_validate_json(FULL.model_dump_json()) == FULL
    assert set(SchedulerConfig.model_json_schema()["properties"]) >= {
        "max_concurrency",
        "throttle",
        "rate_limits",
        "sampler",
        "retention",
        "aging",
    }
    assert FULL.shutdown_grace == 3.0
    with pytest.raises(ValidationError):
        FULL.max_concurrency = 3  # pyright: ignore[reportAttributeAccessIssue]


async def test_a_scheduler_runs_with_every_setting_set(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(ingest(script), config=FULL)
    await scheduler.domain(Ingest).submit(Work(), group="disk")
    await scheduler.wait_idle()
    assert [record.status for record in await scheduler.history(limit=2)] == ["completed"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_concurrency": -1},
        {"max_concurrency": "many"},
        {"max_concurrency": float("nan")},
        {"preempt_priority": 256},
        {"default_ttl": -1},
        {"shutdown_grace": -1},
        {"shutdown_grace": float("nan")},
        {"expiry_sweep_interval": -1},
        {"cancel_hook_timeout": -1},
        {"group_concurrency": {"a": -1}},
        {"default_group_concurrency": -1},
        {"group_weights": {"a": -1}},
        {"group_minimum_slots": {"a": -1}},
        {"bandwidth_limit": -1},
        {"sampler": {"interval": 0}},
        {"sampler": {"ewma_alpha": 2}},
        {"no_such_setting": 1},
        {"retention": {"max_count": -1}},
        {"aging": {"aging_interval": 0}},
    ],
)
def test_a_setting_that_cannot_be_is_a_value_error(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SchedulerConfig.model_validate(wrong)


def test_no_domain_or_two_of_one_name_is_refused_at_construction(script: Script) -> None:
    with pytest.raises(ConfigurationError) as none:
        Scheduler(store=TaskStore.in_memory(), domains=[])
    with pytest.raises(ConfigurationError, match="ingest") as two:
        Scheduler(store=TaskStore.in_memory(), domains=[ingest(script), ingest(script)])
    for caught in (none, two):
        assert isinstance(caught.value, SchedulerError)
        assert isinstance(caught.value, ValueError)


async def test_leaving_lets_what_runs_finish_within_the_grace(tmp_path: Path, script: Script) -> None:
    turns = 0

    async def act(task: object, ctx: TaskContext) -> None:
        nonlocal turns
        while turns < 50:
            await asyncio.sleep(0)
            turns += 1

    script.does("work", act)
    path, config = tmp_path / "app.db", SchedulerConfig(shutdown_grace=timedelta(seconds=30))
    async with Scheduler(store=path, domains=[ingest(script)], config=config) as scheduler:
        await scheduler.domain(Ingest).submit(Work())
        await until(lambda: script.started == ["work"])
    assert turns == 50
    assert script.cancelled == []


async def test_leaving_with_no_grace_interrupts_and_the_next_program_goes_on(
    tmp_path: Path, script: Script
) -> None:
    path = tmp_path / "app.db"
    script.holds("work")
    domains = [ingest(script)]
    async with Scheduler(store=path, domains=domains, config=SchedulerConfig(shutdown_grace=0)) as scheduler:
        await scheduler.domain(Ingest).submit(Work())
        await until(lambda: script.started == ["work"])
    assert script.cancelled == ["work"]
    script.release("work")
    async with Scheduler(store=path, domains=domains) as scheduler:
        await scheduler.wait_idle()
        (record,) = await scheduler.history(limit=2)
        assert (record.status, record.retry_count) == ("completed", 0)


async def test_a_layer_below_the_type_is_the_domain_then_the_scheduler(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    domain = Domain(Ingest, default_priority=Priority.BACKGROUND, default_group="disk")
    domain.executor(Work)(script.execute)
    scheduler = await make_scheduler(domain, process(script))
    mine = await scheduler.domain(Ingest).submit(Work(), run_after=9)
    other = await scheduler.domain(Process).submit(Thumb(), run_after=9)
    called = await scheduler.domain(Ingest).submit(Work(name="x"), run_after=9, priority=7, group="net")
    found = list[tuple[int, str | None]]()
    for outcome in (mine, other, called):
        assert outcome.id is not None
        record = await scheduler.task(outcome.id)
        assert record is not None
        found.append((record.priority, record.group))
    assert found == [(192, "disk"), (128, None), (7, "net")]
