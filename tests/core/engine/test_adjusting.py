"""How urgent tasks are, as a person changes it: what waits moves at once, what runs goes on."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler_core import (
    ConfigurationError,
    DomainCounts,
    Priority,
    RecurringSchedule,
    Scheduler,
    SchedulerConfig,
    TaskContext,
)
from scheduler_core.policy.gate import first_closed
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Beta, Errand, Job, Script, alpha, beta, jobs, record_of

HOUR = 3_600.0


async def ids_of(scheduler: Scheduler, names: str, **options: Any) -> list[int]:
    """A job for each letter, in one batch."""
    outcomes = await scheduler.domain(Alpha).submit_batch([Job(name=name) for name in names], **options)
    return [outcome.id or 0 for outcome in outcomes]


async def at_rest(scheduler: Scheduler) -> None:
    """Wait until nothing more starts or is written, whatever runs."""
    engine = scheduler._engine
    parts = (engine.completion, engine.dispatcher, engine.due, engine.teller)
    await until(
        lambda: (
            not any(part.is_busy for part in parts)
            and not engine.lanes.is_refilling
            and not engine.lanes.has_open(lambda task: first_closed(engine.state, task))
        )
    )


async def priority_of(scheduler: Scheduler, task_id: int) -> int:
    """The priority that the record tells."""
    record = await scheduler.task(task_id)
    assert record is not None
    return record.priority


@pytest.mark.parametrize(
    ("chosen", "priority", "order"),
    [("c", Priority.HIGH, "cab"), ("a", Priority.IDLE, "bca"), ("bc", 0, "bca"), ("abc", 7, "abc")],
)
async def test_a_waiting_task_moves_to_its_new_place_in_line_at_once(
    make_scheduler: MakeScheduler, script: Script, chosen: str, priority: int, order: str
) -> None:
    """Up and down: also what moves down leaves the place where it stood."""
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=1))
    script.holds("first")
    await scheduler.domain(Alpha).submit(Job(name="first"), priority=0)
    await until(lambda: script.running == 1)
    ids = dict(zip("abc", await ids_of(scheduler, "abc"), strict=True))
    wanted = [ids[name] for name in chosen]
    assert await scheduler.set_priority(wanted, priority) == wanted
    assert [await priority_of(scheduler, one) for one in wanted] == [priority] * len(wanted)
    script.release("first")
    await run_until_idle(scheduler)
    assert script.started == ["first", *order]
    assert (await record_of(scheduler, chosen[0])).priority == priority


async def test_a_task_that_moved_back_and_forth_runs_once(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1))
    await scheduler.pause_all()
    (a, b) = await ids_of(scheduler, "ab")
    for priority in (200, 10, 200, 128, 0, 255):
        await scheduler.set_priority([a], priority)
    await scheduler.resume_all()
    await run_until_idle(scheduler)
    assert script.started == ["b", "a"]
    assert scheduler.counts.active == 0
    assert await scheduler.set_priority([a, b], 3) == [], "they have ended"


async def test_whoever_is_behind_the_window_moves_as_well(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    """Of a long lane only a part is in memory, and a page may be on its way that knows the old place."""
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=0))
    outcomes = await scheduler.domain(Alpha).submit_batch(jobs(3_000))
    ids = [outcome.id or 0 for outcome in outcomes]
    late = ids[2_500:2_600]
    assert await scheduler.set_priority(late, Priority.HIGH) == late
    assert await scheduler.set_priority(ids[:100], Priority.IDLE) == ids[:100]
    scheduler.set_max_concurrency(1)
    await until(lambda: len(script.started) > 150)
    after_those = [f"job-{n}" for n in range(100, 150)]
    assert script.started[:150] == [f"job-{n}" for n in range(2_500, 2_600)] + after_those
    await run_until_idle(scheduler, patience=60)
    assert len(script.started) == len(set(script.started)) == 3_000
    assert script.started[-100:] == [f"job-{n}" for n in range(100)]


async def test_thousands_move_in_one_transaction(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=0))
    outcomes = await scheduler.domain(Alpha).submit_batch(jobs(5_000))
    ids = [outcome.id or 0 for outcome in outcomes]
    words: list[str] = []
    connection: Any = scheduler._engine.store.database._writer
    await connection.run(lambda raw: raw.set_trace_callback(lambda text: words.append(text.split()[0])))
    assert await scheduler.set_priority(ids, 0) == ids
    assert words == ["BEGIN", "UPDATE", "SELECT", "COMMIT"]


async def test_a_running_task_goes_on_with_its_new_priority(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1))
    script.holds("a")
    (a,) = await ids_of(scheduler, "a")
    await until(lambda: script.running == 1)
    assert await scheduler.set_priority([a], Priority.IDLE) == [a]
    assert [record.priority for record in scheduler.active_tasks()] == [Priority.IDLE]
    assert script.running == 1
    script.release("a")
    await run_until_idle(scheduler)
    assert (await record_of(scheduler, "a")).priority == Priority.IDLE


async def test_a_running_task_that_becomes_less_urgent_may_have_to_yield(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1))
    script.holds("a", "urgent")
    (a,) = await ids_of(scheduler, "a", priority=0)
    await until(lambda: script.running == 1)
    await scheduler.domain(Alpha).submit(Job(name="urgent"), priority=0)
    await at_rest(scheduler)
    assert script.started == ["a"], "equals do not interrupt each other"
    await scheduler.set_priority([a], Priority.NORMAL)
    await until(lambda: script.started == ["a", "urgent"])
    assert script.cancelled == ["a"]
    script.release("a", "urgent")
    await run_until_idle(scheduler)
    assert script.started == ["a", "urgent", "a"]


async def test_a_task_that_becomes_urgent_may_interrupt(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1))
    script.holds("a")
    _, b = await ids_of(scheduler, "ab")
    await until(lambda: script.running == 1)
    await scheduler.set_priority([b], Priority.REALTIME)
    await until(lambda: script.ended == ["a", "b"])
    script.release("a")
    await run_until_idle(scheduler)
    assert script.started == ["a", "b", "a"]


@pytest.mark.parametrize("state", ["delayed", "blocked", "held", "waiting"])
async def test_whatever_has_not_ended_gets_the_priority_and_waits_on(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, state: str
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("before", "child")

    async def family(_: Job, ctx: TaskContext) -> None:
        await ctx.spawn_child(Job(name="child"))

    script.does("x", family if state == "waiting" else _nothing)
    (before,) = await ids_of(scheduler, ["before"])  # type: ignore[arg-type]
    match state:
        case "delayed":
            task = await handle.submit(Job(name="x"), run_after=60)
        case "blocked":
            task = await handle.submit(Job(name="x"), depends_on=[before])
        case "held":
            task = await handle.submit(Job(name="x"), recurring=RecurringSchedule(60, initial_delay=60))
            await handle.pause_recurring(task.id or 0)
        case _:
            task = await handle.submit(Job(name="x"))
            await until(lambda: scheduler.counts.waiting == 1)
    task_id = task.id or 0
    counts = scheduler.counts
    assert await scheduler.set_priority([task_id], 5) == [task_id]
    assert await priority_of(scheduler, task_id) == 5
    await at_rest(scheduler)
    assert scheduler.counts == counts
    if state == "waiting":
        child = next(record for record in scheduler.active_tasks() if record.label == "child")
        assert child.priority == Priority.NORMAL, "children keep theirs"
    script.release("before", "child")
    manual_clock.advance(61)
    if state != "held":
        await until(lambda: "x" in script.ended and scheduler.counts.completed >= 2)
        assert (await record_of(scheduler, "x")).priority == 5


async def _nothing(_: Any, __: TaskContext) -> None:
    return None


@pytest.mark.parametrize("priority", [-1, 256, "high", 1.5, None, True])
async def test_what_is_no_priority_is_refused_and_changes_nothing(
    make_scheduler: MakeScheduler, script: Script, priority: Any
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.pause_all()
    (a,) = await ids_of(scheduler, "a")
    with pytest.raises(ConfigurationError, match=r"priority of tasks: .* is no priority\. Pass 0"):
        await scheduler.set_priority([a], priority)
    assert await priority_of(scheduler, a) == Priority.NORMAL


async def test_ids_that_are_none_are_passed_over(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.pause_all()
    (a,) = await ids_of(scheduler, "a")
    odd: list[Any] = [a, a, 0, -3, 2**70, "7", None, 999]
    assert await scheduler.set_priority(odd, 3) == [a]
    assert await scheduler.start_now(odd) == []
    assert await scheduler.ignore_io(odd) == [a]
    assert await scheduler.set_priority([], 3) == await scheduler.start_now([]) == []


async def test_lists_hear_of_it_by_the_counts_of_the_domains(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    """No event of the contract tells of it, and no number changes: who shows a list looks again."""
    scheduler = await make_scheduler(alpha(script), beta(script))
    await scheduler.pause_all()
    (a,) = await ids_of(scheduler, "a")
    await scheduler.domain(Alpha).submit(Job(name="later"), run_after=60)
    (b,) = [outcome.id or 0 for outcome in await scheduler.domain(Beta).submit_batch([Errand()])]
    manual_clock.advance(1)
    heard: list[tuple[str, DomainCounts]] = []
    for handle in scheduler.domains():
        name = handle.name
        handle.counts_changed.connect(lambda counts, name=name: heard.append((name, counts)))
    await scheduler.set_priority([a], 3)
    assert [name for name, _ in heard] == ["alpha"]
    manual_clock.advance(1)
    await scheduler.set_priority([a, b], 4)
    assert sorted(name for name, _ in heard[1:]) == ["alpha", "beta"]
    manual_clock.advance(1)
    heard.clear()
    assert await scheduler.start_now([a + 1]) == [a + 1]
    assert [name for name, _ in heard] == ["alpha"]
