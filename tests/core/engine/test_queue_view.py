"""A page of the active tasks is what a plain look at all of them says, in every order and with every filter."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from scheduler_core import (
    InvalidArgumentError,
    RecurringSchedule,
    Scheduler,
    SchedulerConfig,
    TaskOrder,
    TaskRecord,
    TaskStatus,
    WrongTypeError,
)
from scheduler_core.store import queue_pages
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Beta, Chore, Errand, Job, Script, alpha, beta, labels

NAMES = ("scan", "IMG_1.jpg", "img_12.JPG", "Straße", "100 %", "a\\b", "é")
TEXTS = ("img", "IMG_1", "jpg", "ss", "É", "%", "_", "\\", "none", "alpha::")
STATES = ("running", "pending", "paused", "waiting", "blocked")


async def busy(make: MakeScheduler, script: Script, draw: random.Random) -> Scheduler:
    """Tasks in every state: some run, some are to start, some later, some are held, some blocked."""
    scheduler = await make(alpha(script), beta(script), config=SchedulerConfig(max_concurrency=2))
    script.holds("held")
    handle, other = scheduler.domain(Alpha), scheduler.domain(Beta)
    running = [await handle.submit(Job(name="held", n=n)) for n in range(2)]
    await until(lambda: script.running == 2)
    for n in range(60):
        options: dict[str, Any] = {
            "priority": draw.choice([0, 64, 128, 128, 255]),
            "tags": draw.choice([{}, {"job": "1"}, {"job": "1", "x": "é"}, {"job": "2"}]),
            "run_after": draw.choice([None, None, 5, 60.5, draw.uniform(1, 100)]),
            "depends_on": draw.choice([[], [], [running[0].id]]),
            "group": draw.choice([None, None, "g", "h"]),
        }
        given = {key: value for key, value in options.items() if value is not None}
        if options["run_after"] is not None:
            del given["depends_on"]
        if draw.random() < 0.3:
            await other.submit(Errand(name=draw.choice(NAMES), n=n), **given)
        else:
            await handle.submit(draw.choice([Job, Chore])(name=draw.choice(NAMES), n=n), **given)
    ticking = await other.submit(Errand(name="comes"), recurring=RecurringSchedule(60), run_after=30)
    assert ticking.id is not None
    await other.pause_recurring(ticking.id)
    return scheduler


async def everything(scheduler: Scheduler) -> list[TaskRecord]:
    """All active tasks, one by one."""
    found = [await scheduler.task(task_id) for task_id in range(1, 200)]
    return [record for record in found if record is not None]


def by_dispatch(record: TaskRecord) -> tuple[object, ...]:
    """Where a task stands, by what its record says."""
    rank, due = STATES.index(record.status), record.due_at
    if record.status not in {"pending", "paused"}:
        return (rank, 0, 0, record.id)
    if "its schedule is paused" in record.pause_reasons:
        return (rank, 2, 0, record.id)
    return (rank, 0, record.priority, record.id) if due is None else (rank, 1, due, record.id)


def is_wanted(record: TaskRecord, options: Mapping[str, Any]) -> bool:
    """The plain look."""
    text = (options.get("text") or "").casefold()
    words = [record.label, record.key if ":" in record.key else "", record.last_error or ""]
    tags = options.get("tags") or {}
    return (
        record.status in (options.get("status") or STATES)
        and options.get("domain") in (None, record.domain)
        and options.get("task_type") in (None, record.task_type)
        and all(record.tags.get(key) == value for key, value in tags.items())
        and any(text in word.casefold() for word in words)
    )


def filters(draw: random.Random) -> Iterator[dict[str, Any]]:
    """Each alone, then some together."""
    yield {}
    yield from ({"status": [state]} for state in STATES)
    yield from ({"domain": name} for name in ("alpha", "beta", "none"))
    yield from ({"text": text} for text in TEXTS)
    yield from ({"tags": tags} for tags in ({"job": "1"}, {"job": "1", "x": "é"}, {"job": "9"}))
    for _ in range(20):
        yield {
            "status": draw.choice([None, ["pending", "blocked"], ["paused"], ["running", "pending"]]),
            "domain": draw.choice([None, "alpha", "beta"]),
            "task_type": draw.choice([None, "alpha::job", "beta::errand"]),
            "tags": draw.choice([None, {"job": "1"}]),
            "text": draw.choice([None, *TEXTS]),
        }


@pytest.mark.parametrize("seed", range(6))
async def test_a_page_of_tasks_is_what_a_plain_look_says(
    make_scheduler: MakeScheduler, script: Script, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    draw = random.Random(seed)
    monkeypatch.setattr(queue_pages, "_FEW", draw.choice([0, 2_000]))
    monkeypatch.setattr(queue_pages, "_MOST_LOOKED_AT", draw.choice([1, 10_000]))
    monkeypatch.setattr(queue_pages, "_CHUNK", draw.choice([1, 7]))
    monkeypatch.setattr(queue_pages, "_FIRST_LOOK", draw.choice([1, 1_000]))
    monkeypatch.setattr(queue_pages, "_MANY", draw.choice([1, 10_000]))
    scheduler = await busy(make_scheduler, script, draw)
    if seed % 3 == 1:
        await scheduler.domain(Alpha).pause_group("g")
    if seed % 3 == 2:
        await scheduler.domain(Beta).pause()
    records = await everything(scheduler)
    assert {record.status for record in records} >= {"running", "pending", "paused", "blocked"}
    orders = {
        TaskOrder.DISPATCH: sorted(records, key=by_dispatch),
        TaskOrder.NEWEST: sorted(records, key=lambda one: -one.id),
        TaskOrder.OLDEST: records,
    }
    for options in filters(draw):
        for order, all_of_them in orders.items():
            wanted = [record for record in all_of_them if is_wanted(record, options)]
            assert await scheduler.tasks(1_000, order=order, **options) == wanted, (options, order)
            page: list[TaskRecord] = []
            paged: list[TaskRecord] = []
            while page or not paged:
                page = await scheduler.tasks(7, page[-1] if page else None, order=order, **options)
                paged += page
                if not page:
                    break
            assert paged == wanted, (options, order)


async def test_a_text_that_few_have_is_looked_for_in_steps_between_which_others_are_answered(
    make_scheduler: MakeScheduler, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_pages, "_FIRST_LOOK", 10)
    monkeypatch.setattr(queue_pages, "_MOST_LOOKED_AT", 20)
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=0))
    await scheduler.domain(Alpha).submit_batch([Job(name=f"stone {n}", n=n) for n in range(100)])
    read, steps = scheduler._engine.store.read, list[int]()

    async def counted(work: Any) -> Any:
        steps.append(1)
        return await read(work)

    monkeypatch.setattr(scheduler._engine.store, "read", counted)
    assert labels(await scheduler.tasks(text="STONE 9")) == [
        "stone 9",
        *(f"stone {n}" for n in range(90, 100)),
    ]
    assert len(steps) == 7, "10 tasks, 5 times 20 or what is left of it, and the page"
    steps.clear()
    assert await scheduler.tasks(text="no stone") == []
    assert len(steps) == 7
    steps.clear()
    assert labels(await scheduler.tasks(3, text="stone")) == ["stone 0", "stone 1", "stone 2"]
    assert len(steps) == 2, "where all have it, the first page is near"


async def test_a_page_goes_on_behind_a_task_that_has_ended(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=0))
    handle = scheduler.domain(Alpha)
    for n in range(4):
        await handle.submit(Job(name=f"now {n}", n=n))
        await handle.submit(Job(name=f"later {n}", n=n), run_after=100 / 3 + n)
    first = await scheduler.tasks(2)
    await handle.cancel(first[-1].id)
    assert labels(await scheduler.tasks(3, first[-1])) == ["now 2", "now 3", "later 0"]
    behind = (await scheduler.tasks(5))[-1]
    assert behind.due_at is not None
    await handle.cancel(behind.id)
    assert labels(await scheduler.tasks(9, behind)) == ["later 2", "later 3"]
    await scheduler.close()


async def test_a_task_that_is_due_has_no_time_to_wait_for(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), config=SchedulerConfig(max_concurrency=0))
    await scheduler.domain(Alpha).submit(Job(name="late"), run_after=10)
    (late,) = await scheduler.tasks()
    assert late.due_at == late.run_at
    manual_clock.advance(11)
    await until(lambda: scheduler._engine.lanes.places() != [])
    (late,) = await scheduler.tasks()
    assert late.due_at is None
    assert late.run_at is not None


async def test_what_is_asked_wrongly_of_tasks_is_refused_in_words(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    with pytest.raises(InvalidArgumentError, match="none of an active task"):
        await scheduler.tasks(status=TaskStatus.COMPLETED)
    with pytest.raises(WrongTypeError, match="no TaskRecord"):
        await scheduler.tasks(after=3)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match="dispatch"):
        await scheduler.tasks(order="label")


async def test_the_history_is_filtered_by_type_and_time(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    for n in range(3):
        await scheduler.domain(Alpha).submit(Job(name=f"job {n}", n=n))
        await run_until_idle(scheduler)
        await scheduler.domain(Alpha).submit(Chore(name=f"chore {n}", n=n))
        await run_until_idle(scheduler)
        manual_clock.advance(60)
    assert labels(await scheduler.history(task_type=Job)) == ["job 2", "job 1", "job 0"]
    assert labels(await scheduler.history(task_type="alpha::chore", domain=Beta)) == []
    newest, *_, oldest = await scheduler.history(task_type=Job)
    middle = (await scheduler.history())[2].completed_at
    assert labels(await scheduler.history(since=newest.completed_at)) == ["chore 2", "job 2"]
    assert labels(await scheduler.history(until=middle)) == ["chore 0", "job 0"]
    assert labels(await scheduler.history(since=middle, until=newest.completed_at)) == ["chore 1", "job 1"]
    assert labels(await scheduler.history(until=middle, task_type=Chore)) == ["chore 0"]
    assert labels(await scheduler.history(until=oldest.completed_at)) == []
    with pytest.raises(InvalidArgumentError):
        await scheduler.history(since=middle.replace(tzinfo=None))


async def test_tasks_of_any_domain_are_cancelled_together(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    script.holds("held", "errand")
    ids = [
        outcome.id
        for outcome in (
            await scheduler.domain(Alpha).submit(Job(name="held")),
            await scheduler.domain(Beta).submit(Errand(), tags={"job_id": "1"}),
            await scheduler.domain(Beta).submit(Errand(n=2), run_after=60, tags={"job_id": "1"}),
            await scheduler.domain(Alpha).submit(Job(name="later"), run_after=60, tags={"job_id": "1"}),
        )
        if outcome.id is not None
    ]
    await until(lambda: script.running == 2)
    assert await scheduler.cancel_job("job_id", "1") == 3
    assert [record.id for record in await scheduler.tasks()] == ids[:1]
    assert script.cancelled == ["errand"]
    assert await scheduler.cancel_job("job_id", "1") == 0
