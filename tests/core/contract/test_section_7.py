"""Contract, section 7: views. Written from the page alone."""

from __future__ import annotations

import ast
import inspect
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import BaseModel

from scheduler_core import (
    AgingConfig,
    DomainSnapshot,
    Explanation,
    GateResult,
    IoBudget,
    JobSummary,
    Priority,
    RateLimit,
    RecurringSchedule,
    RetentionPolicy,
    RetryPolicy,
    SamplerConfig,
    Scheduler,
    SchedulerConfig,
    SchedulerSnapshot,
    SubmitOutcome,
    TaskContext,
    TaskHistoryRecord,
    TaskRecord,
    TaskTypeConfig,
    ThrottlePolicy,
)
from scheduler_core.testing import START, MakeScheduler, ManualClock, run_until_idle, until
from tests.core.contract.world import Ingest, Process, Thumb, Work, ingest, process
from tests.core.support import Script

TASK = (
    "id domain task_type key label priority status payload expected_io retry_count max_retries last_error created_at "
    "started_at run_at expires_at parent_id group tags dependencies pause_reasons"
)
COUNTS = "running pending_count paused_count waiting_count blocked_count is_paused max_concurrency"
FIELDS: dict[type[BaseModel], str] = {
    DomainSnapshot: f"name {COUNTS} progress byte_progress throughput",
    SchedulerSnapshot: f"{COUNTS} progress byte_progress throughput pressure pressure_breakdown paused_groups rate_limits "
    "group_allocations recurring aging resources",
    TaskRecord: TASK,
    TaskHistoryRecord: f"{TASK} completed_at duration actual_io attempts memo",
    JobSummary: "tag value total counts progress eta",
    Explanation: "task_id gates expected_start",
    GateResult: "name passed message values",
    AgingConfig: "grace_period aging_interval max_effective_priority urgent_threshold",
    RetentionPolicy: "max_count max_age",
    SubmitOutcome: "status id",
}


@pytest.mark.parametrize("kind", FIELDS)
def test_every_view_has_the_fields_of_the_contract_and_is_frozen(kind: type[BaseModel]) -> None:
    assert set(FIELDS[kind].split()) - set(kind.model_fields) == set()
    assert kind.model_config.get("frozen") is True


def test_the_defaults_of_aging_throttle_and_retention() -> None:
    assert AgingConfig() == AgingConfig(
        grace_period=300, aging_interval=60, max_effective_priority=Priority.HIGH, urgent_threshold=None
    )
    assert ThrottlePolicy() == ThrottlePolicy([(Priority.BACKGROUND, 0.50), (Priority.NORMAL, 0.75)])
    assert RetentionPolicy() == RetentionPolicy(max_count=None, max_age=None)
    for wrong in ([(300, 0.5)], [(0, 1.5)], [(0, float("nan"))]):
        with pytest.raises(ValueError, match="thresholds"):
            ThrottlePolicy(wrong)


VALUES: list[BaseModel] = [
    RetryPolicy.exponential(5, 1.0, 300.0, multiplier=2.0, jitter=False),
    RetryPolicy.linear(5, 1.0, 2.0, 9.0),
    RetryPolicy.constant(3, timedelta(seconds=2)),
    IoBudget(disk_read=1, net_tx=2),
    RecurringSchedule(60, max_occurrences=3, initial_delay=5),
    RecurringSchedule.cron("*/5 * * * *", tz="Asia/Tokyo"),
    RateLimit.per_minute(60),
    RateLimit.per_second(3, burst=9),
    ThrottlePolicy([(Priority.BACKGROUND, 0.5)]),
    AgingConfig(grace_period=timedelta(minutes=1)),
    RetentionPolicy(max_count=3, max_age=timedelta(days=1)),
    TaskTypeConfig(priority=3, ttl=9, on_duplicate="reject", retry=RetryPolicy.constant(1)),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_every_value_goes_through_json(value: BaseModel) -> None:
    assert type(value).model_validate_json(value.model_dump_json()) == value
    assert type(value).model_validate(value.model_dump()) == value


async def test_every_live_view_goes_through_json(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    config = SchedulerConfig(
        aging=AgingConfig(),
        group_weights={"disk": 2},
        rate_limits={"ingest::work": RateLimit.per_minute(60)},
        resource_monitoring=True,
    )
    scheduler = await make_scheduler(
        ingest(script), process(script), config=config, pressure_sources=[lambda: 0.2]
    )
    handle = scheduler.domain(Ingest)
    reported = list[int]()

    async def act(task: object, ctx: TaskContext) -> object:
        ctx.progress(0.5, "half")
        ctx.set_bytes_total(10)
        ctx.add_bytes(5)
        ctx.record_io(net_rx=3)
        await ctx.spawn_child(Thumb(name="child"))
        reported.append(1)
        await script.execute(Work(name="held"), ctx)
        return {"memo": [1]}

    script.does("work", act)
    script.holds("held", "child")
    script.fails("bad", ValueError("it is bad"))
    await handle.submit(Work(), tags={"job": "1"}, group="disk", expected_io=IoBudget(disk_read=1))
    await handle.submit(Work(name="bad"), tags={"job": "1"})
    await handle.submit(Work(name="again"), recurring=RecurringSchedule(60, initial_delay=60))
    later = await handle.submit(Work(name="later"), tags={"job": "1"}, run_after=9)
    await until(lambda: reported == [1] and "bad" in script.ended)
    await handle.pause_group("net")
    assert later.id is not None
    found: list[BaseModel] = [
        await handle.snapshot(),
        await scheduler.snapshot(),
        *scheduler.active_tasks(),
        *await scheduler.jobs("job", 9, 0),
        await scheduler.explain(later.id),
    ]
    script.release("held", "child")
    await run_until_idle(scheduler)
    found += [*await scheduler.history(limit=9), await scheduler.history_stats("ingest::work")]
    assert {type(each).__name__ for each in found} >= {"TaskHistoryRecord", "TaskRecord", "JobSummary"}
    for each in found:
        assert type(each).model_validate_json(each.model_dump_json()) == each


async def test_progress_is_what_is_reported_else_what_the_history_tells_at_most_099(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script))
    handle = scheduler.domain(Ingest)
    script.holds("first", "second")
    await handle.submit(Work(name="first"))
    await until(lambda: "first" in script.started)
    (unknown,) = (await handle.snapshot()).progress
    assert unknown.fraction is None
    manual_clock.advance(100)
    script.release("first")
    await run_until_idle(scheduler)
    await handle.submit(Work(name="second"))
    await until(lambda: "second" in script.started)
    manual_clock.advance(25)
    (progress,) = (await handle.snapshot()).progress
    assert (progress.fraction, progress.extrapolated) == (0.25, True)
    assert progress.eta == datetime.fromtimestamp(START + 200, UTC)
    manual_clock.advance(1000)
    (progress,) = (await handle.snapshot()).progress
    assert progress.fraction == 0.99
    script.release("second")


async def test_throughput_is_what_was_finished_a_second(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script), process(script))
    for second in range(60):
        for n in range(2):
            await scheduler.domain(Ingest).submit(Work(name=f"{second} {n}"))
        await run_until_idle(scheduler)
        manual_clock.advance(1)
    assert (await scheduler.domain(Ingest).snapshot()).throughput == pytest.approx(2.0, rel=0.3)
    assert (await scheduler.domain(Process).snapshot()).throughput == 0.0
    assert (await scheduler.snapshot()).throughput == pytest.approx(2.0, rel=0.3)


async def test_an_explanation_says_when_it_is_known(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(ingest(script))
    outcome = await scheduler.domain(Ingest).submit(Work(), run_after=90)
    assert outcome.id is not None
    found = await scheduler.explain(outcome.id)
    assert found.expected_start == datetime.fromtimestamp(START + 90, UTC)
    (closed,) = [gate for gate in found.gates if not gate.passed]
    assert closed.values
    assert closed.message.endswith(".")
    await scheduler.pause_all()
    assert (await scheduler.explain(outcome.id)).expected_start is None


async def test_a_record_tells_what_was_submitted_and_what_became_of_it(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script))
    script.holds("work")
    outcome = await scheduler.domain(Ingest).submit(
        Work(), key="k", label="L", group="g", tags={"a": "b"}, ttl=60, retry=RetryPolicy.constant(0)
    )
    await until(lambda: script.started == ["work"])
    (record,) = scheduler.active_tasks()
    now = datetime.fromtimestamp(START, UTC)
    assert (record.id, record.domain, record.task_type) == (outcome.id, "ingest", "ingest::work")
    assert (record.key, record.label, record.group, record.tags) == ("k", "L", "g", {"a": "b"})
    assert (record.payload, record.status) == ({"name": "work", "album": None}, "running")
    assert (record.created_at, record.started_at) == (now, now)
    assert (record.expires_at, record.parent_id) == (now + timedelta(seconds=60), None)
    assert (record.dependencies, record.pause_reasons, record.last_error) == ((), (), None)
    manual_clock.advance(5)
    script.release("work")
    await run_until_idle(scheduler)
    (ended,) = await scheduler.history(limit=2)
    assert (ended.completed_at, ended.duration) == (now + timedelta(seconds=5), 5.0)
    shared = set(TaskRecord.model_fields) - {"status", "due_at"}  # what has ended waits for no time
    assert {name: getattr(ended, name) for name in shared} == {name: getattr(record, name) for name in shared}


@pytest.mark.parametrize(
    "kind", [TaskTypeConfig, SchedulerConfig, AgingConfig, RetentionPolicy, SamplerConfig]
)
def test_what_a_type_checker_takes_for_a_model_is_what_the_model_has(kind: type[BaseModel]) -> None:
    (declared,) = [
        node
        for node in ast.walk(ast.parse(inspect.getsource(kind)))
        if isinstance(node, ast.FunctionDef) and node.name == "__init__"
    ]
    told = {
        argument.arg: default
        for argument, default in zip(declared.args.kwonlyargs, declared.args.kw_defaults, strict=True)
    }
    assert set(told) == set(kind.model_fields)
    for name, default in told.items():
        if isinstance(default, ast.Constant) and default.value is not ...:
            assert kind.model_fields[name].default == default.value, name


def test_the_scheduler_takes_what_the_contract_shows() -> None:
    names = set(inspect.signature(Scheduler).parameters)
    assert names >= {"store", "domains", "app_state", "config", "pressure_sources", "resource_sampler"}
