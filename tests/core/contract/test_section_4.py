"""Contract, section 4: inside an executor. Written from the page alone."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from scheduler_core import (
    Domain,
    InvalidStateError,
    IoBudget,
    Progress,
    RetryableError,
    SchedulerError,
    SubmitOutcome,
    TaskContext,
    TaskRecord,
    UnknownDomainError,
)
from scheduler_core.testing import MakeScheduler, run_until_idle, until, until_quiet
from tests.core.contract.world import Ingest, Process, Sort, SortExecutor, Thumb, Work, ingest, process
from tests.core.support import Script


class AppWide:
    """State of the application."""


class OfDomain(AppWide):
    """State of a domain."""


async def run(make_scheduler: MakeScheduler, script: Script, act: Any) -> Any:
    """Run `act(ctx)` in a task of ingest, to the end; answers what it returned. An error of it is raised."""
    scheduler = await make_scheduler(ingest(script), process(script))
    found, errors = list[Any](), list[BaseException]()

    async def body(task: object, ctx: TaskContext) -> None:
        try:
            found.append(await act(ctx))
        except BaseException as error:
            errors.append(error)
            raise

    script.does("work", body)
    await scheduler.domain(Ingest).submit(Work())
    await run_until_idle(scheduler)
    if errors:
        raise errors[0]
    return found[0]


async def test_the_record_and_the_attempt(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(ingest(script))
    seen = list[tuple[TaskRecord, int]]()

    async def look(task: object, ctx: TaskContext) -> None:
        seen.append((ctx.record, ctx.attempt))
        if len(seen) < 3:
            raise RetryableError("again")

    script.does("work", look)
    outcome = await scheduler.domain(Ingest).submit(Work(), tags={"a": "b"})
    await run_until_idle(scheduler)
    assert [attempt for _, attempt in seen] == [1, 2, 3]
    record = seen[0][0]
    assert isinstance(record, TaskRecord)
    assert (record.id, record.status, record.task_type) == (outcome.id, "running", "ingest::work")
    assert (record.tags, record.payload["name"]) == ({"a": "b"}, "work")


async def test_an_interruption_is_no_new_attempt(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(ingest(script))
    attempts, go = list[int](), asyncio.Event()

    async def look(task: object, ctx: TaskContext) -> None:
        attempts.append(ctx.attempt)
        await go.wait()

    script.does("work", look)
    handle = scheduler.domain(Ingest)
    await handle.submit(Work())
    await until(lambda: len(attempts) == 1)
    await handle.pause()
    await until_quiet(scheduler)
    await handle.resume()
    await until(lambda: len(attempts) == 2)
    go.set()
    await run_until_idle(scheduler)
    assert attempts == [1, 1]


async def test_state_is_the_domains_first_then_the_apps(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    app, own, found = AppWide(), OfDomain(), dict[str, list[object]]()
    scheduler = await make_scheduler(ingest(script, state=[own]), process(script), app_state=[app])

    async def look(task: Any, ctx: TaskContext) -> None:
        found[task.name] = [ctx.state(AppWide), ctx.state(OfDomain), ctx.state(dict)]

    script.does("work", look)
    script.does("thumb", look)
    await scheduler.domain(Ingest).submit(Work())
    await scheduler.domain(Process).submit(Thumb())
    await run_until_idle(scheduler)
    assert found["thumb"] == [app, None, None]
    assert found["work"][1:] == [own, None]
    assert isinstance(found["work"][0], AppWide)


async def test_other_domains_are_reached_and_an_unknown_one_is_an_error(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    async def act(ctx: TaskContext) -> list[Any]:
        with pytest.raises(UnknownDomainError):
            ctx.domain("nowhere")
        outcome = await ctx.domain(Process).submit(Thumb())
        return [ctx.domain("process").name, ctx.try_domain("nowhere"), ctx.try_domain(Process), outcome]

    name, nowhere, known, outcome = await run(make_scheduler, script, act)
    assert (name, nowhere, known.name, outcome.status) == ("process", None, "process", "inserted")
    assert "thumb" in script.ended


async def test_progress_and_bytes_are_seen_while_it_runs(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script))
    reported, go = asyncio.Event(), asyncio.Event()

    async def act(task: object, ctx: TaskContext) -> None:
        ctx.set_bytes_total(200)
        ctx.add_bytes(30)
        ctx.add_bytes(20)
        ctx.progress(0.25, "a quarter")
        ctx.progress_count(3, 4, message="three of four")
        ctx.record_io(disk_read=7)
        ctx.record_io(disk_read=1, net_tx=2)
        reported.set()
        await go.wait()

    script.does("work", act)
    stream = scheduler.events()
    outcome = await scheduler.domain(Ingest).submit(Work())
    await reported.wait()
    snapshot = await scheduler.domain(Ingest).snapshot()
    (progress,) = snapshot.progress
    assert (progress.task_id, progress.fraction) == (outcome.id, 0.75)
    (moved,) = snapshot.byte_progress
    assert (moved.task_id, moved.done, moved.total) == (outcome.id, 50, 200)
    go.set()
    await run_until_idle(scheduler)
    (record,) = await scheduler.history(limit=1)
    assert record.actual_io == IoBudget(disk_read=8, net_tx=2)
    async with asyncio.timeout(10):
        async for event in stream:
            if isinstance(event, Progress):
                assert (event.fraction, event.message) == (0.75, "three of four")
                break


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan"), float("inf")])
async def test_a_progress_that_is_no_fraction_is_a_value_error(
    make_scheduler: MakeScheduler, script: Script, wrong: float
) -> None:
    async def act(ctx: TaskContext) -> None:
        for call in (
            lambda: ctx.progress(wrong),
            lambda: ctx.add_bytes(-1),
            lambda: ctx.set_bytes_total(-1),
            lambda: ctx.record_io(disk_read=-1),
            lambda: ctx.progress_count(-1, 3),
        ):
            with pytest.raises(ValueError) as caught:  # noqa: PT011 - the type is what is promised
                call()
            assert isinstance(caught.value, SchedulerError)

    await run(make_scheduler, script, act)


async def test_a_coroutine_is_cancelled_and_a_thread_sees_it(make_scheduler: MakeScheduler) -> None:
    domain, told, here = Domain(Process), list[str](), asyncio.Event()
    loop = asyncio.get_running_loop()

    @domain.executor(Thumb)
    def thumb(task: Thumb, ctx: TaskContext) -> None:
        assert ctx.is_cancelled is False
        ctx.check_cancelled()
        loop.call_soon_threadsafe(here.set)
        while not ctx.is_cancelled:
            threading.Event().wait(0.001)
        told.append("seen")
        ctx.check_cancelled()
        told.append("not reached")

    scheduler = await make_scheduler(domain)
    outcome = await scheduler.domain(Process).submit(Thumb())
    assert outcome.id is not None
    await here.wait()
    assert await scheduler.domain(Process).cancel(outcome.id)
    await until_quiet(scheduler)
    assert told == ["seen"]
    (record,) = await scheduler.history(limit=1)
    assert record.status == "cancelled"


async def test_children_are_spawned_one_or_many_in_any_domain_and_finalize_follows(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    sorter = SortExecutor(script)
    scheduler = await make_scheduler(ingest(script, sorter), process(script))
    outcomes = list[SubmitOutcome]()

    async def act(task: object, ctx: TaskContext) -> object:
        outcomes.append(await ctx.spawn_child(Work(name="one"), label="First child", tags={"own": "1"}))
        outcomes.extend(await ctx.spawn_children([Thumb(name="two"), Thumb(name="three")]))
        return {"children": 3}

    script.does("sort", act)
    script.holds("three")
    parent = await scheduler.domain(Ingest).submit(Sort(), tags={"job": "1"})
    await until(lambda: "three" in script.started)
    await until_quiet_but(scheduler, 1)
    assert parent.id is not None
    record = await scheduler.task(parent.id)
    assert record is not None
    assert record.status == "waiting"
    assert sorter.finalized == []
    script.release("three")
    await run_until_idle(scheduler)
    assert sorter.finalized == [("sort", {"children": 3})]
    records = {record.id: record for record in await scheduler.history(limit=9)}
    assert [outcome.status for outcome in outcomes] == ["inserted"] * 3
    children = [records[outcome.id] for outcome in outcomes if outcome.id is not None]
    assert [child.parent_id for child in children] == [parent.id] * 3
    assert [child.domain for child in children] == ["ingest", "process", "process"]
    assert children[0].tags == {"job": "1", "own": "1"}
    assert children[0].label == "First child"
    assert records[parent.id].memo == {"children": 3}


async def until_quiet_but(scheduler: Any, running: int) -> None:
    """Wait until so many run."""
    await until(lambda: scheduler.counts.running == running)


async def test_siblings_have_the_same_parent_and_a_task_without_one_has_no_siblings(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script), process(script))
    caught = list[BaseException]()

    async def parent(task: object, ctx: TaskContext) -> None:
        await ctx.spawn_child(Work(name="child"))

    async def child(task: object, ctx: TaskContext) -> None:
        await ctx.spawn_sibling(Work(name="sibling"))
        await ctx.spawn_siblings([Thumb(name="a"), Thumb(name="b")])

    async def lonely(task: object, ctx: TaskContext) -> None:
        for call in (ctx.spawn_sibling(Work(name="x")), ctx.spawn_siblings([Work(name="x")])):
            try:
                await call
            except InvalidStateError as error:
                caught.append(error)

    script.does("parent", parent)
    script.does("child", child)
    script.does("lonely", lonely)
    outcome = await scheduler.domain(Ingest).submit(Work(name="parent"))
    await scheduler.domain(Ingest).submit(Work(name="lonely"))
    await run_until_idle(scheduler)
    records = {record.label: record for record in await scheduler.history(limit=9)}
    assert {label: record.parent_id for label, record in records.items()} == {
        "parent": None,
        "lonely": None,
        "child": outcome.id,
        "sibling": outcome.id,
        "a": outcome.id,
        "b": outcome.id,
    }
    assert len(caught) == 2
    assert all(isinstance(error, ValueError) for error in caught)
    assert "x" not in script.started
