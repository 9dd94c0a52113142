"""Values that leave the core: frozen, checked, and the same after a round trip through JSON."""

from __future__ import annotations

import inspect
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st
from pydantic import ValidationError

import scheduler_core
from scheduler_core import (
    ConfigurationError,
    DomainKey,
    IoBudget,
    PermanentError,
    Priority,
    RetryableError,
    RetryPolicy,
    SchedulerConfig,
    SchedulerError,
    SchedulerEvent,
    StoreError,
    TaskEvent,
    TaskTypeConfig,
    TypedTask,
)
from scheduler_core.model.base import Frozen
from scheduler_core.model.typed import TypedTask as Typed
from scheduler_core.testing import MakeScheduler, run_until_idle
from tests.core.support import Alpha, Family, Job, Script, alpha


def test_everything_public_is_importable_from_the_root() -> None:
    for name in scheduler_core.__all__:
        assert getattr(scheduler_core, name).__doc__, name
    assert sorted(scheduler_core.__all__) == list(scheduler_core.__all__)


async def test_every_event_and_view_round_trips_through_json(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    events: list[SchedulerEvent] = []
    scheduler.subscribe(events.extend)

    async def busy(task: Any, ctx: Any) -> dict[str, Any]:
        await ctx.spawn_child(Job(name="child"))
        ctx.record_io(disk_read=3)
        return {"é": [1, None]}

    script.does("family", busy)
    script.fails("bad", RetryableError("once"), ValueError("twice"))
    first = await handle.submit(Family(), tags={"job_id": "1"}, expected_io=IoBudget(net_tx=4))
    bad = await handle.submit(Job(name="bad"), tags={"job_id": "1"})
    await handle.submit(Job(name="after"), depends_on=[bad.id or 0, first.id or 0])
    await run_until_idle(scheduler)
    await handle.pause()
    await scheduler.pause_all()
    await handle.pause_group("g")
    held = await handle.submit(Job(name="held"), run_after=60, group="g")
    values: list[Frozen] = [
        *events,
        *await scheduler.history(),
        *await scheduler.jobs("job_id"),
        await scheduler.snapshot(),
        await handle.snapshot(),
        handle.counts,
        scheduler.recovery,
        await scheduler.explain(held.id or 0),
        SchedulerConfig(),
    ]
    record = await scheduler.task(held.id or 0)
    assert record is not None
    values.append(record)
    assert len({type(value) for value in values}) > 12
    for value in values:
        assert type(value).model_validate_json(value.model_dump_json()) == value
        with pytest.raises(ValidationError):
            setattr(value, next(iter(type(value).model_fields)), None)


def test_every_event_is_frozen_and_public() -> None:
    def below(kind: type[SchedulerEvent]) -> set[type[SchedulerEvent]]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    for kind in below(SchedulerEvent):
        assert kind.model_config.get("frozen")
        assert getattr(scheduler_core, kind.__name__) is kind
    assert issubclass(TaskEvent, SchedulerEvent)


def test_errors_that_an_argument_causes_are_value_or_type_errors() -> None:
    for _, kind in inspect.getmembers(scheduler_core, inspect.isclass):
        if not issubclass(kind, SchedulerError) or kind is SchedulerError:
            continue
        by_machine = issubclass(kind, StoreError) or kind is scheduler_core.TaskCancelledError
        assert issubclass(kind, ValueError | TypeError) != by_machine, kind


def test_an_error_says_thing_reason_and_way_out() -> None:
    error = ConfigurationError("the thing", "the reason", "The way out.")
    assert str(error) == "the thing: the reason. The way out."
    assert (error.thing, error.reason, error.remedy) == ("the thing", "the reason", "The way out.")
    assert str(StoreError("a", "b")) == "a: b"
    assert str(RetryableError("again", 5)) == "again"
    assert str(PermanentError("never")) == "never"


# Retry policies


def delays(policy: RetryPolicy, count: int) -> list[float]:
    return [policy.delay(n) for n in range(1, count + 1)]


def test_the_delays_of_each_kind() -> None:
    assert delays(RetryPolicy.constant(5, 3), 3) == [3, 3, 3]
    assert delays(RetryPolicy.constant(5), 2) == [0, 0]
    assert delays(RetryPolicy.linear(5, 1, 2, 6), 5) == [1, 3, 5, 6, 6]
    assert delays(RetryPolicy.exponential(9, 1, 60), 8) == [1, 2, 4, 8, 16, 32, 60, 60]
    assert delays(RetryPolicy.exponential(9, 1, 1000, multiplier=3), 4) == [1, 3, 9, 27]
    assert delays(RetryPolicy.constant(1, timedelta(minutes=2)), 1) == [120]


@given(
    retry=st.integers(1, 1_000_000),
    initial=st.floats(0, 1e9),
    multiplier=st.floats(1, 1e6),
    jitter=st.booleans(),
)
def test_no_delay_is_negative_endless_or_beyond_its_ceiling(
    retry: int, initial: float, multiplier: float, jitter: bool
) -> None:
    policy = RetryPolicy.exponential(1, initial, 3_600, multiplier, jitter)
    assert 0 <= policy.delay(retry, random.Random(1)) <= 3_600
    free = RetryPolicy.exponential(1, initial, None, multiplier, jitter)
    assert 0 <= free.delay(retry) <= 366 * 86_400


def test_jitter_draws_from_nothing_to_all() -> None:
    policy = RetryPolicy.exponential(9, 8, 100, jitter=True)
    drawn = [policy.delay(2, random.Random(n)) for n in range(300)]
    assert min(drawn) < 2
    assert max(drawn) > 14
    assert max(drawn) <= 16


@pytest.mark.parametrize(
    "make",
    [
        lambda: RetryPolicy.constant(-1),
        lambda: RetryPolicy.constant(1, -1),
        lambda: RetryPolicy.constant(1, float("nan")),
        lambda: RetryPolicy.constant(1, timedelta(seconds=-1)),
        lambda: RetryPolicy.exponential(1, 1, multiplier=0.5),
        lambda: RetryPolicy.exponential(1, float("inf")),
        lambda: RetryPolicy(retry_on=("no colon",)),
        lambda: TaskTypeConfig(priority=256),
        lambda: TaskTypeConfig(run_after=-1),
        lambda: SchedulerConfig(max_concurrency=-1),
        lambda: SchedulerConfig(shutdown_grace=-1),
        lambda: SchedulerConfig(group_concurrency={"g": -1}),
        lambda: SchedulerConfig(nonsense=1),  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
        lambda: IoBudget(disk_read=-1),
    ],
)
def test_what_cannot_be_is_refused(make: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        make()


def test_retry_on_covers_subclasses_and_survives_json() -> None:
    policy = RetryPolicy.constant(1, retry_on=(OSError, json_error()))
    again = RetryPolicy.model_validate_json(policy.model_dump_json())
    assert again == policy
    for covered in (OSError(), FileNotFoundError(), TimeoutError(), json_error()("m", "d", 0)):
        assert again.covers(covered)
    for other in (ValueError(), KeyError()):
        assert not again.covers(other)


def json_error() -> type[Exception]:
    import json

    return json.JSONDecodeError


# Names and keys


@pytest.mark.parametrize("name", ["", "1a", "a b", "a::b", "ä", "a" * 65, None, 7])
def test_what_is_no_name_of_a_domain_or_a_task(name: Any) -> None:
    with pytest.raises(ConfigurationError):
        type("Bad", (DomainKey,), {"name": name})
    with pytest.raises(ConfigurationError):

        class Bad(TypedTask[Alpha]):
            task_type = name


def test_a_domain_key_is_never_made_an_object_and_has_a_name_of_its_own() -> None:
    with pytest.raises(TypeError, match="identity"):
        Alpha()
    with pytest.raises(ConfigurationError):

        class Child(Alpha):
            pass


def test_a_task_is_frozen_and_knows_its_domain() -> None:
    job = Job(name="x")
    assert (Job.qualified_type, Job.domain_key) == ("alpha::job", Alpha)
    with pytest.raises(ValidationError):
        job.name = "y"  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue]
    assert job == Job(name="x")
    assert Typed is TypedTask


def test_priorities_are_numbers() -> None:
    assert [int(p) for p in Priority] == [0, 64, 128, 192, 255]
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    event = SchedulerEvent(at=moment)
    assert event.evolve(seq=4).seq == 4
    with pytest.raises(ValidationError):
        event.evolve(seq="four")
    assert IoBudget(disk_read=1, net_tx=2) + IoBudget(disk_read=3) == IoBudget(disk_read=4, net_tx=2)
