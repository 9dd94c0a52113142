"""Contract, section 3: finding a domain, submitting, and what an outcome says. Written from the page alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scheduler_core import (
    DependencyFailurePolicy,
    DomainHandle,
    DuplicateStrategy,
    IoBudget,
    Priority,
    RecurringSchedule,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    SchedulerError,
    SubmitOutcome,
    SubmitStatus,
    TtlFrom,
    UnknownDomainError,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.contract.world import Ingest, Process, Sort, Thumb, Work, ingest, process, status
from tests.core.support import Script


@pytest.fixture
async def scheduler(make_scheduler: MakeScheduler, script: Script) -> Scheduler:
    return await make_scheduler(ingest(script))


@pytest.fixture
def handle(scheduler: Scheduler) -> DomainHandle[Ingest]:
    return scheduler.domain(Ingest)


async def test_a_domain_is_found_by_its_key_or_its_name(scheduler: Scheduler) -> None:
    handle = scheduler.domain(Ingest)
    assert isinstance(handle, DomainHandle)
    assert handle.name == scheduler.domain("ingest").name == "ingest"
    assert [each.name for each in scheduler.domains()] == ["ingest"]
    assert isinstance(scheduler.domains(), list)
    found = scheduler.try_domain(Ingest)
    assert found is not None
    assert found.name == "ingest"
    assert scheduler.try_domain("ingest") is not None
    assert scheduler.try_domain(Process) is None
    assert scheduler.try_domain("process") is None
    for unknown in (Process, "process"):
        with pytest.raises(UnknownDomainError, match="process") as caught:
            scheduler.domain(unknown)
        assert isinstance(caught.value, SchedulerError)


async def test_a_task_of_another_domain_is_a_type_error(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script), process(script))
    with pytest.raises(TypeError) as caught:
        await scheduler.domain(Ingest).submit(Thumb())  # pyright: ignore[reportArgumentType]
    assert isinstance(caught.value, SchedulerError)
    with pytest.raises(TypeError):
        await scheduler.domain(Ingest).submit_batch([Work(), Thumb()])  # pyright: ignore[reportArgumentType]
    assert (await scheduler.snapshot()).pending_count == 0
    assert script.started == []


async def test_all_options_at_their_defaults(handle: DomainHandle[Ingest]) -> None:
    outcome = await handle.submit(
        Work(),
        priority=None,
        key=None,
        label=None,
        tags=None,
        group=None,
        ttl=None,
        ttl_from=None,
        run_after=None,
        run_at=None,
        depends_on=(),
        on_dependency_failure=None,
        parent=None,
        fail_fast=None,
        recurring=None,
        retry=None,
        expected_io=None,
        on_duplicate=None,
    )
    assert isinstance(outcome, SubmitOutcome)
    assert outcome.status is SubmitStatus.INSERTED
    assert isinstance(outcome.id, int)


@pytest.mark.parametrize("as_text", [True, False])
async def test_every_option_at_once(
    scheduler: Scheduler, handle: DomainHandle[Ingest], manual_clock: ManualClock, as_text: bool
) -> None:
    at = datetime.fromtimestamp(manual_clock.time(), UTC) + timedelta(minutes=5)
    first = await handle.submit(Work(name="first"), run_after=3600)
    assert first.id is not None
    (outcome,) = await handle.submit_batch(
        [Work()],
        priority=70 if as_text else Priority(64),
        key="k",
        label="A label",
        tags={"a": "1"},
        group="disk",
        ttl=timedelta(hours=1) if as_text else 3600,
        ttl_from="submission" if as_text else TtlFrom.SUBMISSION,
        run_at=at,
        depends_on=[first.id],
        on_dependency_failure="ignore" if as_text else DependencyFailurePolicy.IGNORE,
        fail_fast=False,
        retry=RetryPolicy.constant(1, 2.0),
        expected_io=IoBudget(net_tx=9),
        on_duplicate="supersede" if as_text else DuplicateStrategy.SUPERSEDE,
    )
    assert outcome.id is not None
    record = await scheduler.task(outcome.id)
    assert record is not None
    assert (record.key, record.label, record.tags, record.group) == ("k", "A label", {"a": "1"}, "disk")
    assert record.priority == (70 if as_text else 64)
    assert (record.run_at, record.expires_at) == (at, record.created_at + timedelta(hours=1))
    assert (record.dependencies, record.status) == ((first.id,), "blocked")
    assert (record.max_retries, record.retry_count) == (1, 0)
    assert record.expected_io == IoBudget(net_tx=9)
    assert record.created_at.tzinfo is not None
    assert record.created_at.utcoffset() == timedelta(0)


async def test_run_after_and_run_at_start_it_then_and_not_before(
    handle: DomainHandle[Ingest], manual_clock: ManualClock, script: Script
) -> None:
    now = datetime.fromtimestamp(manual_clock.time(), UTC)
    await handle.submit(Work(name="after"), run_after=timedelta(seconds=10))
    await handle.submit(Work(name="at"), run_at=now + timedelta(seconds=20))
    manual_clock.advance(9)
    assert script.started == []
    manual_clock.advance(1)
    await until(lambda: script.started == ["after"])
    manual_clock.advance(10)
    await until(lambda: script.started == ["after", "at"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"run_at": datetime(2030, 1, 1)},  # noqa: DTZ001
        {"run_at": datetime(2030, 1, 1, tzinfo=UTC), "run_after": 3},
        {"run_after": -1},
        {"run_after": float("nan")},
        {"ttl": -1},
        {"ttl_from": "birth"},
        {"on_duplicate": "shrug"},
        {"on_dependency_failure": "shrug"},
        {"priority": 256},
        {"tags": {"k" * 65: "v"}},
        {"tags": {"k": "v" * 257}},
        {"tags": {str(n): "v" for n in range(33)}},
        {"tags": {"k": 3}},
        {"depends_on": ["1"]},
        {"depends_on": [123456]},
        {"parent": 123456},
        {"recurring": 60},
        {"retry": 3},
        {"tags": ["a"]},
        {"depends_on": 3},
        {"fail_fast": "no"},
    ],
    ids=str,
)
async def test_an_option_that_cannot_be_is_a_value_or_type_error_and_nothing_is_stored(
    scheduler: Scheduler, handle: DomainHandle[Ingest], wrong: dict[str, object]
) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)) as caught:
        await handle.submit(Work(), **wrong)  # pyright: ignore[reportArgumentType]
    assert isinstance(caught.value, SchedulerError)
    with pytest.raises((ValueError, TypeError, KeyError)):
        await handle.submit_batch([Work(name="a"), Work(name="b")], **wrong)  # pyright: ignore[reportArgumentType]
    snapshot = await scheduler.snapshot()
    assert snapshot.pending_count + snapshot.blocked_count + snapshot.running == 0
    assert await scheduler.history(limit=9) == []


async def test_a_batch_is_one_transaction_with_outcomes_in_order(
    scheduler: Scheduler, handle: DomainHandle[Ingest]
) -> None:
    first = await handle.submit(Work(name="b"), run_after=60)
    outcomes = await handle.submit_batch(
        [Work(name="a"), Work(name="b"), Work(name="c"), Work(name="a")], run_after=60
    )
    assert [outcome.status for outcome in outcomes] == ["inserted", "duplicate", "inserted", "duplicate"]
    assert outcomes[1].id == first.id
    assert outcomes[3].id == outcomes[0].id
    assert await handle.submit_batch([]) == []
    with pytest.raises(ValueError, match="payload"):
        await handle.submit_batch([Work(name="d"), Work(name="x" * (1 << 20))])
    assert (await handle.snapshot()).pending_count == 3


async def test_the_outcomes_of_a_key_that_is_taken(
    scheduler: Scheduler, handle: DomainHandle[Ingest], script: Script
) -> None:
    statuses = {status.name for status in SubmitStatus}
    assert statuses == {"INSERTED", "DUPLICATE", "UPGRADED", "REQUEUED", "SUPERSEDED", "REJECTED"}
    held = await handle.submit(Work(), run_after=60)
    assert await handle.submit(Work()) == SubmitOutcome(status=SubmitStatus.DUPLICATE, id=held.id)
    up = await handle.submit(Work(), priority=Priority.HIGH)
    assert (up.status, up.id) == ("upgraded", held.id)
    assert held.id is not None
    record = await scheduler.task(held.id)
    assert record is not None
    assert record.priority == 64
    rejected = await handle.submit(Work(), on_duplicate="reject")
    assert (rejected.status, rejected.id) == (SubmitStatus.REJECTED, None)
    newer = await handle.submit(Work(), on_duplicate="supersede", run_after=60)
    assert newer.status == "superseded"
    assert newer.id not in {None, held.id}
    assert await status(scheduler, held.id) == "superseded"
    assert await status(scheduler, newer.id) == "pending"


async def test_the_key_of_a_running_task_runs_once_more_after_it(
    scheduler: Scheduler, handle: DomainHandle[Ingest], script: Script
) -> None:
    script.holds("work")
    await handle.submit(Work())
    await until(lambda: script.started == ["work"])
    outcomes = [await handle.submit(Work()) for _ in range(3)]
    assert outcomes[0].status == "requeued"
    assert script.started == ["work"]
    script.release("work")
    await run_until_idle(scheduler)
    assert script.started == ["work", "work"]
    assert len(await scheduler.history(limit=9)) == 2


async def test_when_submit_returns_it_is_in_the_store(
    scheduler: Scheduler, handle: DomainHandle[Ingest]
) -> None:
    outcome = await handle.submit(Work(), run_after=60)
    assert outcome.id is not None
    record = await scheduler.task(outcome.id)
    assert record is not None
    assert record.id == outcome.id
    assert await scheduler.task(outcome.id + 1_000) is None


async def test_a_parent_may_be_named_in_a_submission(
    scheduler: Scheduler, handle: DomainHandle[Ingest], script: Script
) -> None:
    script.holds("parent", "child")
    parent = await handle.submit(Work(name="parent"), priority=Priority.NORMAL)
    await until(lambda: script.started == ["parent"])
    child = await handle.submit(Work(name="child"), parent=parent.id)
    script.release("parent")
    await until(lambda: "child" in script.started)
    assert child.id is not None
    record = await scheduler.task(child.id)
    assert record is not None
    assert record.parent_id == parent.id
    script.release("child")
    await run_until_idle(scheduler)
    assert await status(scheduler, parent.id) == "completed"


async def test_an_option_of_recurring_comes_again(
    scheduler: Scheduler, handle: DomainHandle[Ingest], manual_clock: ManualClock, script: Script
) -> None:
    outcome = await handle.submit(Work(), recurring=RecurringSchedule(60, max_occurrences=2))
    assert outcome.status == "inserted"
    await until(lambda: script.started == ["work"])
    await run_until_idle(scheduler)
    manual_clock.advance(60)
    await until(lambda: script.started == ["work"] * 2)
    await run_until_idle(scheduler)
    manual_clock.advance(600)
    await run_until_idle(scheduler)
    assert script.started == ["work"] * 2


async def test_another_type_of_the_same_domain_and_a_domain_by_name(
    scheduler: Scheduler, script: Script
) -> None:
    by_name = scheduler.domain("ingest")
    await by_name.submit(Sort())
    await run_until_idle(scheduler)
    assert [record.task_type for record in await scheduler.history(limit=9)] == ["ingest::sort"]


async def test_what_a_cap_of_zero_means(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(ingest(script), config=SchedulerConfig(max_concurrency=1))
    handle = scheduler.domain(Ingest)
    handle.set_max_concurrency(0)
    await handle.submit(Work())
    await run_until_idle(scheduler)
    assert script.started == []
    handle.set_max_concurrency(1)
    await until(lambda: script.started == ["work"])
