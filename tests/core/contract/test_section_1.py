"""Contract, section 1: declaring work. Written from the page alone."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

import pytest
from pydantic import HttpUrl, ValidationError

from scheduler_core import (
    Domain,
    IoBudget,
    Priority,
    ProcessRunner,
    RecurringSchedule,
    RetryPolicy,
    SchedulerConfig,
    TaskContext,
    TaskTypeConfig,
    TypedTask,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.contract.world import (
    Fetch,
    Ingest,
    Process,
    Sort,
    SortExecutor,
    Thumb,
    Work,
    ingest,
    process,
    which_process,
)
from tests.core.support import Script


async def test_the_example_of_the_page_works_as_written(make_scheduler: MakeScheduler) -> None:
    domain = Domain(
        Ingest,
        max_concurrency=4,
        default_priority=Priority.NORMAL,
        default_retry=None,
        default_group=None,
        default_ttl=None,
        default_tags={},
        state=[],
    )
    seen = list[str]()

    @domain.executor(Fetch)
    async def fetch(task: Fetch, ctx: TaskContext) -> None:
        seen.append(f"{task.url.host} {ctx.record.task_type} {threading.get_ident() == here}")

    here = threading.get_ident()
    scheduler = await make_scheduler(domain)
    outcome = await scheduler.domain(Ingest).submit(Fetch(url=HttpUrl("https://example.org/x")))
    await run_until_idle(scheduler)
    assert seen == ["example.org ingest::fetch True"]
    (record,) = await scheduler.history(limit=10)
    assert (record.id, record.task_type, record.domain) == (outcome.id, "ingest::fetch", "ingest")
    assert record.payload == {"url": "https://example.org/x"}


def test_the_decorator_hands_the_function_back() -> None:
    domain = Domain(Ingest)

    async def fetch(task: Fetch, ctx: TaskContext) -> None: ...

    assert domain.executor(Fetch)(fetch) is fetch


def test_a_payload_is_a_frozen_pydantic_model() -> None:
    task = Fetch.model_validate({"url": "https://example.org/a"})
    assert Fetch.model_validate_json(task.model_dump_json()) == task
    with pytest.raises(ValidationError):
        task.url = HttpUrl("https://example.org/b")  # pyright: ignore[reportAttributeAccessIssue]


async def test_without_a_key_it_is_a_sha_256_of_type_and_payload(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script))
    handle = scheduler.domain(Ingest)
    outcomes = await handle.submit_batch([Work(name="a"), Work(name="b"), Sort(name="a")], run_after=60)
    keys = list[str]()
    for outcome in outcomes:
        assert outcome.id is not None
        record = await scheduler.task(outcome.id)
        assert record is not None
        keys.append(record.key)
    assert len(set(keys)) == 3
    assert all(len(bytes.fromhex(key)) == 32 for key in keys)
    assert (await handle.submit(Work(name="a"))).status == "duplicate"


class Named(TypedTask[Ingest]):
    """Has a key, a label and tags of its own."""

    task_type: ClassVar[str] = "named"
    path: str = "x"

    def dedup_key(self) -> str | None:
        return f"path:{self.path}"

    def display_label(self) -> str | None:
        return f"Sorting {self.path}"

    def default_tags(self) -> Mapping[str, str]:
        return {"layer": "type", "path": self.path}


async def test_key_label_and_tags_of_the_task_and_of_the_call(make_scheduler: MakeScheduler) -> None:
    domain = Domain(Ingest, default_tags={"layer": "domain", "of": "ingest"})
    domain.executor(Named)(_nothing)
    scheduler = await make_scheduler(domain)
    handle = scheduler.domain(Ingest)
    plain = await handle.submit(Named(path="p"), run_after=60)
    called = await handle.submit(
        Named(path="p"), key="mine", label="Mine", tags={"layer": "call"}, run_after=60
    )
    assert plain.id is not None
    assert called.id is not None
    first, second = await scheduler.task(plain.id), await scheduler.task(called.id)
    assert first is not None
    assert second is not None
    assert (first.key, first.label) == ("path:p", "Sorting p")
    assert first.tags == {"layer": "type", "of": "ingest", "path": "p"}
    assert (second.key, second.label) == ("mine", "Mine")
    assert second.tags == {"layer": "call", "of": "ingest", "path": "p"}


async def _nothing(task: object, ctx: TaskContext) -> None: ...


async def test_a_plain_function_runs_in_a_worker_thread(make_scheduler: MakeScheduler) -> None:
    domain = Domain(Process)

    @domain.executor(Thumb)
    def thumb(task: Thumb, ctx: TaskContext) -> int:
        return threading.get_ident()

    scheduler = await make_scheduler(domain)
    await scheduler.domain(Process).submit(Thumb())
    await run_until_idle(scheduler)
    (record,) = await scheduler.history(limit=1)
    assert isinstance(record.memo, int)
    assert record.memo != threading.get_ident()


async def test_a_process_runner_runs_it_in_another_process(make_scheduler: MakeScheduler) -> None:
    domain = Domain(Process)
    domain.executor(Thumb, runner=ProcessRunner())(which_process)
    scheduler = await make_scheduler(domain)
    await scheduler.domain(Process).submit(Thumb())
    await run_until_idle(scheduler, patience=60)
    (record,) = await scheduler.history(limit=1)
    assert record.status == "completed"
    assert str(record.memo).split(":")[0] != str(os.getpid())


class OnlyExecute:
    """The least that may be registered."""

    def __init__(self) -> None:
        self.names = list[str]()

    async def execute(self, task: Work, ctx: TaskContext) -> None:
        self.names.append(task.name)


class PlainMethods:
    """The same in plain methods, which run in threads."""

    def __init__(self) -> None:
        self.finalized: list[object] = []

    def execute(self, task: Sort, ctx: TaskContext) -> dict[str, int]:
        return {"n": 1}

    def finalize(self, task: Sort, memo: object, ctx: TaskContext) -> None:
        self.finalized.append(memo)

    def on_cancel(self, task: Sort, ctx: TaskContext) -> None: ...


async def test_an_object_with_execute_alone_or_with_plain_methods(make_scheduler: MakeScheduler) -> None:
    domain, only, plain = Domain(Ingest), OnlyExecute(), PlainMethods()
    domain.register(Work, only)
    domain.register(Sort, plain)
    scheduler = await make_scheduler(domain)
    await scheduler.domain(Ingest).submit_batch([Work(name="w"), Sort()])
    await run_until_idle(scheduler)
    assert only.names == ["w"]
    assert plain.finalized == [{"n": 1}]
    assert {record.status for record in await scheduler.history(limit=9)} == {"completed"}


async def test_finalize_gets_the_memo_and_on_cancel_the_task(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    sorter = SortExecutor(script)
    scheduler = await make_scheduler(ingest(script, sorter))
    handle = scheduler.domain(Ingest)

    async def memo(task: Sort, ctx: TaskContext) -> object:
        return {"found": [1, 2]}

    script.does("good", memo)
    script.holds("bad")
    await handle.submit(Sort(name="good"))
    bad = await handle.submit(Sort(name="bad"))
    assert bad.id is not None
    await until(lambda: "bad" in script.started and sorter.finalized == [("good", {"found": [1, 2]})])
    assert await handle.cancel(bad.id) is True
    await until(lambda: sorter.cancelled == ["bad"])
    await run_until_idle(scheduler)
    (record,) = await scheduler.history(limit=9, status="cancelled")
    assert record.id == bad.id


class Configured(TypedTask[Ingest]):
    """Sets every field of `TaskTypeConfig` but the schedule."""

    task_type: ClassVar[str] = "configured"
    type_config: ClassVar[TaskTypeConfig] = TaskTypeConfig(
        priority=Priority.HIGH,
        group="disk",
        ttl=timedelta(minutes=10),
        ttl_from="submission",
        retry=RetryPolicy.constant(7, 2.0),
        expected_io=IoBudget(disk_read=5),
        on_duplicate="reject",
        run_after=timedelta(seconds=30),
        fail_fast=False,
    )
    n: int = 0


async def test_every_field_of_the_type_config_counts(make_scheduler: MakeScheduler) -> None:
    domain = Domain(Ingest, default_priority=Priority.IDLE, default_group="domain", default_ttl=5)
    domain.executor(Configured)(_nothing)
    scheduler = await make_scheduler(domain)
    handle = scheduler.domain(Ingest)
    outcome = await handle.submit(Configured())
    assert outcome.id is not None
    record = await scheduler.task(outcome.id)
    assert record is not None
    assert (record.priority, record.group, record.max_retries) == (Priority.HIGH, "disk", 7)
    assert record.expected_io == IoBudget(disk_read=5)
    assert record.expires_at == record.created_at + timedelta(minutes=10)
    assert record.run_at == record.created_at + timedelta(seconds=30)
    again = await handle.submit(Configured())
    assert (again.status, again.id) == ("rejected", None)


def test_all_fields_of_the_type_config_are_optional() -> None:
    assert set(TaskTypeConfig.model_fields) >= {
        "priority",
        "group",
        "ttl",
        "ttl_from",
        "retry",
        "expected_io",
        "on_duplicate",
        "run_after",
        "recurring",
        "fail_fast",
    }
    assert TaskTypeConfig() == TaskTypeConfig(priority=None)
    assert TaskTypeConfig(priority=3).priority == 3


class Hourly(TypedTask[Ingest]):
    """Comes again by its type."""

    task_type: ClassVar[str] = "hourly"
    type_config: ClassVar[TaskTypeConfig] = TaskTypeConfig(recurring=RecurringSchedule(timedelta(hours=1)))


async def test_a_type_may_come_again_by_itself(
    make_scheduler: MakeScheduler, manual_clock: ManualClock
) -> None:
    domain, runs = Domain(Ingest), list[int]()

    @domain.executor(Hourly)
    async def hourly(task: Hourly, ctx: TaskContext) -> None:
        runs.append(ctx.record.id)

    scheduler = await make_scheduler(domain)
    await scheduler.domain(Ingest).submit(Hourly())
    await until(lambda: len(runs) == 1)
    await run_until_idle(scheduler)
    manual_clock.advance(3600)
    await until(lambda: len(runs) == 2)


async def test_ttl_and_retry_fall_through_the_layers(make_scheduler: MakeScheduler, script: Script) -> None:
    config = SchedulerConfig(default_ttl=100, default_retry=RetryPolicy.constant(1))
    scheduler = await make_scheduler(
        ingest(script, default_ttl=timedelta(seconds=50), default_retry=RetryPolicy.constant(2)),
        process(script),
        config=config,
    )
    by_domain = await scheduler.domain(Ingest).submit(Work(), run_after=1)
    by_call = await scheduler.domain(Ingest).submit(
        Work(name="call"), run_after=1, ttl=timedelta(seconds=20), retry=RetryPolicy.constant(5)
    )
    by_scheduler = await scheduler.domain(Process).submit(Thumb(), run_after=1)
    for outcome, ttl, retries in ((by_domain, 50, 2), (by_call, 20, 5), (by_scheduler, 100, 1)):
        assert outcome.id is not None
        record = await scheduler.task(outcome.id)
        assert record is not None
        assert record.expires_at is not None
        assert (record.expires_at - record.created_at).total_seconds() == ttl
        assert record.max_retries == retries
