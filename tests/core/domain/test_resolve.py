"""From a task and its options to what is stored: the layers of defaults, and every limit with nothing stored."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, ClassVar

import pytest

from scheduler_core import (
    Domain,
    InvalidTaskError,
    IoBudget,
    Priority,
    RetryableError,
    RetryPolicy,
    SchedulerConfig,
    TaskTypeConfig,
    TypedTask,
    UnknownTaskTypeError,
    WrongDomainError,
)
from scheduler_core.testing import START, MakeScheduler, run_until_idle
from tests.core.support import Alpha, Chore, Errand, Job, Script, alpha, beta, record_of


class Layered(TypedTask[Alpha]):
    task_type: ClassVar[str] = "layered"
    type_config: ClassVar[TaskTypeConfig] = TaskTypeConfig(
        priority=Priority.HIGH,
        group="of the type",
        retry=RetryPolicy.constant(7),
        run_after=60,
        expected_io=IoBudget(disk_read=5),
    )
    n: int = 0

    def display_label(self) -> str:
        return "own label"

    def default_tags(self) -> Mapping[str, str]:
        return {"layer": "type", "type": "1"}


class Plain(TypedTask[Alpha]):
    task_type: ClassVar[str] = "plain"
    n: int = 0


def layered(script: Script) -> Domain[Alpha]:
    domain = Domain(
        Alpha,
        default_priority=Priority.BACKGROUND,
        default_group="of the domain",
        default_retry=RetryPolicy.constant(5),
        default_tags={"layer": "domain", "domain": "1"},
    )
    domain.executor(Layered)(script.execute)
    domain.executor(Plain)(script.execute)
    return domain


async def test_the_most_specific_layer_wins(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(
        layered(script), config=SchedulerConfig(default_retry=RetryPolicy.constant(4))
    )
    handle = scheduler.domain(Alpha)
    await handle.pause()
    called = await handle.submit(
        Layered(n=1),
        priority=1,
        group="of the call",
        retry=RetryPolicy.constant(9),
        run_after=5,
        tags={"layer": "call"},
        label="called",
        expected_io=IoBudget(net_rx=1),
    )
    record = await scheduler.task(called.id or 0)
    assert record is not None
    assert (record.priority, record.group, record.max_retries, record.label) == (
        1,
        "of the call",
        9,
        "called",
    )
    assert record.tags == {"layer": "call", "type": "1", "domain": "1"}
    assert record.run_at == datetime.fromtimestamp(START + 5, UTC)
    assert record.expected_io == IoBudget(net_rx=1)
    typed = await scheduler.task((await handle.submit(Layered(n=2))).id or 0)
    assert typed is not None
    assert (typed.priority, typed.group, typed.max_retries, typed.label) == (
        64,
        "of the type",
        7,
        "own label",
    )
    assert typed.tags == {"layer": "type", "type": "1", "domain": "1"}
    assert typed.run_at == datetime.fromtimestamp(START + 60, UTC)
    plain = await scheduler.task((await handle.submit(Plain())).id or 0)
    assert plain is not None
    assert (plain.priority, plain.group, plain.max_retries, plain.label) == (192, "of the domain", 5, "plain")
    assert plain.tags == {"layer": "domain", "domain": "1"}


@pytest.mark.parametrize(("of_scheduler", "retries"), [(None, 3), (RetryPolicy.constant(2), 2)])
async def test_then_the_scheduler_then_what_is_built_in(
    make_scheduler: MakeScheduler, script: Script, of_scheduler: RetryPolicy | None, retries: int
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(default_retry=of_scheduler))
    script.fails("job", *[RetryableError("no")] * 10)
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert len(script.started) == retries + 1
    record = await record_of(scheduler, "job")
    assert (record.status, record.priority, record.group) == ("dead_letter", 128, None)


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"priority": -1}, "priority"),
        ({"priority": 256}, "priority"),
        ({"priority": 1.5}, "priority"),
        ({"priority": True}, "priority"),
        ({"key": "k" * 1_025}, "key"),
        ({"key": "\ud800"}, "surrogate"),
        ({"key": 7}, "key"),
        ({"label": "l" * 1_025}, "label"),
        ({"label": "\udfff"}, "surrogate"),
        ({"group": ""}, "group"),
        ({"group": "g" * 1_025}, "group"),
        ({"group": "\ud800"}, "surrogate"),
        ({"tags": {f"k{n}": "v" for n in range(33)}}, "33"),
        ({"tags": {"k" * 65: "v"}}, "65"),
        ({"tags": {"k": "v" * 257}}, "257"),
        ({"tags": {"k": "\ud800"}}, "surrogate"),
        ({"tags": {"k": 7}}, "not a string"),
        ({"run_after": -1}, "run_after"),
        ({"run_after": float("nan")}, "run_after"),
        ({"run_after": float("inf")}, "run_after"),
        ({"run_after": timedelta(seconds=-1)}, "run_after"),
        ({"run_at": datetime(2030, 1, 1)}, "time zone"),  # noqa: DTZ001
        ({"run_at": datetime(2030, 1, 1, tzinfo=UTC), "run_after": 1}, "both"),
        ({"on_duplicate": "perhaps"}, "perhaps"),
        ({"on_dependency_failure": "perhaps"}, "perhaps"),
    ],
)
async def test_what_breaks_a_limit_is_refused_in_words_and_harms_nobody(
    make_scheduler: MakeScheduler, script: Script, option: dict[str, Any], words: str
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    answers = await asyncio.gather(
        handle.submit(Job(name="bad"), **option), handle.submit(Job(name="good")), return_exceptions=True
    )
    assert isinstance(answers[0], ValueError)
    assert words in str(answers[0])
    assert not isinstance(answers[1], BaseException)
    with pytest.raises(ValueError, match=r".+"):
        await handle.submit_batch([Job(name="bad", n=n) for n in range(3)], **option)
    await run_until_idle(scheduler)
    assert script.started == ["good"]


async def test_what_is_just_within_the_limits_is_stored_whole(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    tags = {f"{n:02}" + "é" * 62: "ß" * 256 for n in range(32)}
    name = "😀" * 262_000
    outcome = await handle.submit(
        Job(name=name), key="k" * 1_024, label="l" * 1_024, group="g" * 1_024, tags=tags, priority=255
    )
    record = await scheduler.task(outcome.id or 0)
    assert record is not None
    assert (record.key, record.label, record.group) == ("k" * 1_024, "l" * 1_024, "g" * 1_024)
    assert (record.tags, record.priority, record.payload["name"]) == (tags, 255, name)


class Anything(TypedTask[Alpha]):
    task_type: ClassVar[str] = "anything"
    value: Any = None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("x" * 1_048_577, "bytes"),
        ("é" * 524_289, "bytes"),
        (float("nan"), "NaN"),
        (float("-inf"), "Infinity"),
        ([{"deep": float("nan")}], "NaN"),
        ("\ud800", "not JSON"),
        (object(), "not JSON"),
    ],
)
async def test_a_payload_that_cannot_be_stored_is_refused(
    make_scheduler: MakeScheduler, script: Script, value: Any, words: str
) -> None:
    domain = alpha(script)
    domain.executor(Anything)(script.execute)
    scheduler = await make_scheduler(domain)
    with pytest.raises(InvalidTaskError, match="payload of alpha::anything") as raised:
        await scheduler.domain(Alpha).submit(Anything(value=value))
    assert words in str(raised.value)
    assert scheduler.counts.active == 0


async def test_a_word_that_looks_like_a_number_is_a_word(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    domain = alpha(script)
    domain.executor(Anything)(script.execute)
    scheduler = await make_scheduler(domain)
    handle = scheduler.domain(Alpha)
    await handle.pause()
    for value in ("NaN", "-Infinity", "null", "\0", "'); DROP TABLE tasks; --", "\u2028"):
        outcome = await handle.submit(Anything(value=value), label=value, tags={value: value}, group=value)
        record = await scheduler.task(outcome.id or 0)
        assert record is not None
        assert (record.payload["value"], record.label, record.group) == (value, value, value)
        assert record.tags == {value: value}
        assert await handle.task_ids_by_tags({value: value}) == [outcome.id]


async def test_another_domains_task_is_a_type_error(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    handle: Any = scheduler.domain(Alpha)
    for wrong in (Errand(), "a word", None, Job):
        with pytest.raises(TypeError) as raised:
            await handle.submit(wrong)
        assert isinstance(raised.value, WrongDomainError)
    with pytest.raises(WrongDomainError):
        await handle.submit_batch([Job(), Errand()])
    assert scheduler.counts.active == 0


async def test_a_task_without_an_executor_is_refused(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(UnknownTaskTypeError, match="alpha::plain"):
        await scheduler.domain(Alpha).submit(Plain())


async def test_a_time_in_another_zone_is_the_same_instant(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    zone = timezone(timedelta(hours=5, minutes=30))
    instant = datetime.fromtimestamp(START + 100, zone)
    outcome = await scheduler.domain(Alpha).submit(Job(), run_at=instant)
    record = await scheduler.task(outcome.id or 0)
    assert record is not None
    assert record.run_at == instant
    assert record.run_at is not None
    assert record.run_at.utcoffset() == timedelta(0)


async def test_a_time_that_has_passed_is_now(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Job(), run_at=datetime(1999, 1, 1, tzinfo=UTC))
    await scheduler.domain(Alpha).submit(Chore(), run_after=0)
    await run_until_idle(scheduler)
    assert sorted(script.started) == ["chore", "job"]


async def test_a_task_is_made_by_the_name_of_its_type(make_scheduler: MakeScheduler, script: Script) -> None:
    handle = (await make_scheduler(alpha(script))).domain("alpha")
    assert set(handle.task_types) == {"job", "chore", "family"}
    await handle.submit(handle.new_task("job", name="by name"))
    with pytest.raises(UnknownTaskTypeError, match="It has"):
        handle.new_task("nothing")
    with pytest.raises(InvalidTaskError, match="n of alpha::job"):
        handle.new_task("job", n="many")
