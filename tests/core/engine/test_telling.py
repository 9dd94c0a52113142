"""Events come after their commit and in order; signals too; nobody who listens can hold the scheduler up."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import (
    Completed,
    DeadLettered,
    Dispatched,
    DomainCounts,
    DomainPaused,
    DomainResumed,
    EventsLost,
    Failed,
    Paused,
    PermanentError,
    Progress,
    Resumed,
    RetryableError,
    RetryPolicy,
    Scheduler,
    SchedulerEvent,
    SchedulerPaused,
    SchedulerResumed,
    Submitted,
    TaskContext,
    TaskEvent,
)
from scheduler_core.engine.event_bus import QUEUE_LIMIT
from scheduler_core.engine.telling import Teller
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.support import Alpha, Beta, Chore, Errand, Job, Script, alpha, beta, jobs


def kinds(events: list[SchedulerEvent]) -> list[str]:
    """The names of the events' classes."""
    return [type(event).__name__ for event in events]


def listen(scheduler: Scheduler) -> list[SchedulerEvent]:
    """What happens from now on."""
    heard: list[SchedulerEvent] = []
    scheduler.subscribe(heard.extend)
    return heard


async def take(events: AsyncIterator[Any], count: int) -> list[Any]:
    """The next `count` events."""
    return [await anext(events) for _ in range(count)]


async def test_a_life_is_told_in_order(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(1)))
    heard = listen(scheduler)
    script.fails("job", RetryableError("busy"))
    await scheduler.domain(Alpha).submit(Job(), tags={"job_id": "x"}, priority=7)
    await run_until_idle(scheduler)
    assert kinds(heard) == ["Submitted", "Dispatched", "Failed", "Dispatched", "Completed"]
    failed = heard[2]
    assert isinstance(failed, Failed)
    assert (failed.error, failed.will_retry, failed.retry_after) == ("busy", True, 0.0)
    assert [event.seq for event in heard] == list(range(heard[0].seq, heard[0].seq + 5))
    for event in heard:
        assert isinstance(event, TaskEvent)
        assert (event.domain, event.task_type, event.label) == ("alpha", "alpha::job", "job")
        assert (event.tags, event.base_priority, event.effective_priority) == ({"job_id": "x"}, 7, 7)
        assert type(event).model_validate_json(event.model_dump_json()) == event


async def test_an_event_is_told_after_its_commit(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    path = tmp_path / "app.db"
    scheduler = await make_scheduler(alpha(script), store=path)
    other = sqlite3.connect(path)
    seen: list[tuple[str, int, int]] = []

    def look(events: list[SchedulerEvent]) -> None:
        for event in events:
            active = other.execute("SELECT count(*) FROM tasks").fetchone()[0]
            done = other.execute("SELECT count(*) FROM history").fetchone()[0]
            seen.append((type(event).__name__, active, done))

    scheduler.subscribe(look)
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    other.close()
    assert seen == [("Submitted", 1, 0), ("Dispatched", 1, 0), ("Completed", 0, 1)]


async def test_a_listener_that_raises_disturbs_nobody(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))

    def broken(events: list[SchedulerEvent]) -> None:
        raise ValueError("no")

    scheduler.subscribe(broken)
    scheduler.domain(Alpha).counts_changed.connect(lambda _counts: 1 / 0)
    scheduler.domain(Alpha).task_event.connect(lambda _event: 1 / 0)
    heard = listen(scheduler)
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert kinds(heard) == ["Submitted", "Dispatched", "Completed"]


async def test_what_was_undone_hears_nothing(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    heard: list[SchedulerEvent] = []
    undo = scheduler.subscribe(heard.extend)
    undo()
    undo()
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert heard == []


async def test_who_wants_some_kinds_hears_of_no_others(
    make_scheduler: MakeScheduler, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    make = Teller._event

    def note(self: Teller, kind: type[Any], **more: Any) -> Any:
        made.append(kind.__name__)
        return make(self, kind, **more)

    monkeypatch.setattr(Teller, "_event", note)
    scheduler = await make_scheduler(alpha(script))
    ends: list[SchedulerEvent] = []
    pauses: list[SchedulerEvent] = []
    undo = scheduler.subscribe(ends.extend, only={Completed, Failed})
    scheduler.subscribe(pauses.extend, only=[SchedulerPaused, SchedulerResumed])
    script.fails("bad", PermanentError("no"))
    await scheduler.domain(Alpha).submit_batch([Job(), Job(name="bad")])
    await run_until_idle(scheduler)
    await scheduler.pause_all()
    await scheduler.domain(Alpha).pause()
    assert sorted(kinds(ends)) == ["Completed", "Failed"]
    assert kinds(pauses) == ["SchedulerPaused"]
    # What nobody wants is not made.
    assert sorted(made) == ["Completed", "Failed", "SchedulerPaused"]
    every = listen(scheduler)
    undo()
    await scheduler.resume_all()
    await scheduler.domain(Alpha).resume()
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert kinds(every) == ["SchedulerResumed", "DomainResumed", "Submitted", "Dispatched", "Completed"]
    assert kinds(pauses) == ["SchedulerPaused", "SchedulerResumed"]
    assert len(ends) == 2


async def test_a_base_of_events_stands_for_its_kinds(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    heard: list[SchedulerEvent] = []
    scheduler.subscribe(heard.extend, only=(TaskEvent,))
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    await scheduler.pause_all()
    assert kinds(heard) == ["Submitted", "Dispatched", "Completed"]


async def test_a_slow_reader_loses_the_oldest_and_is_told_how_many(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    events = scheduler.domain(Alpha).events()
    await scheduler.pause_all()
    await scheduler.domain(Alpha).submit_batch(jobs(QUEUE_LIMIT + 5))
    await until_quiet(scheduler)
    first = await anext(events)
    assert isinstance(first, EventsLost)
    assert first.count == 5
    following = await take(events, QUEUE_LIMIT)
    assert [event.label for event in following[:2]] == ["job-5", "job-6"]
    assert following[-1].label == f"job-{QUEUE_LIMIT + 4}"


async def test_events_of_a_domain_and_of_a_type(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    of_alpha, of_chores = scheduler.domain(Alpha).events(), scheduler.domain(Alpha).task_events(Chore)
    await scheduler.domain(Beta).submit(Errand())
    await scheduler.domain(Alpha).submit(Job())
    await scheduler.domain(Alpha).submit(Chore())
    await run_until_idle(scheduler)
    await scheduler.domain(Alpha).pause()
    told = await take(of_alpha, 7)
    assert {event.domain for event in told} == {"alpha"}
    assert isinstance(told[-1], DomainPaused)
    assert kinds(await take(of_chores, 3)) == ["Submitted", "Dispatched", "Completed"]


async def test_iterators_end_with_the_scheduler(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    events = scheduler.events()
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    reader = asyncio.ensure_future(_all(events))
    await scheduler.close()
    assert kinds(await reader) == ["Submitted", "Dispatched", "Completed"]


async def _all(events: AsyncIterator[SchedulerEvent]) -> list[SchedulerEvent]:
    return [event async for event in events]


async def test_pauses_are_told_by_events_and_signals(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    heard = listen(scheduler)
    switched: list[bool] = []
    everything: list[bool] = []
    handle.paused_changed.connect(switched.append)
    scheduler.paused_changed.connect(everything.append)
    await handle.pause()
    await handle.pause()
    await handle.resume()
    await handle.resume()
    await scheduler.pause_all()
    await scheduler.resume_all()
    assert [type(event) for event in heard] == [
        DomainPaused,
        DomainResumed,
        SchedulerPaused,
        SchedulerResumed,
    ]
    assert switched == [True, False]
    assert everything == [True, False]


async def test_an_interruption_and_its_end_are_told(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    heard = listen(scheduler)
    script.holds("job")
    await scheduler.domain(Alpha).submit(Job())
    await until(lambda: script.started == ["job"])
    await scheduler.domain(Alpha).pause()
    script.release("job")
    await scheduler.domain(Alpha).resume()
    await run_until_idle(scheduler)
    told = [type(event) for event in heard if isinstance(event, TaskEvent)]
    assert told == [Submitted, Dispatched, Paused, Resumed, Dispatched, Completed]


async def test_caps_are_told_when_they_change(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=2))
    caps: list[object] = []
    scheduler.domain(Alpha).max_concurrency_changed.connect(caps.append)
    scheduler.max_concurrency_changed.connect(caps.append)
    scheduler.domain(Alpha).set_max_concurrency(5)
    scheduler.domain(Alpha).set_max_concurrency(5)
    scheduler.domain(Alpha).set_max_concurrency(None)
    scheduler.set_max_concurrency(9)
    assert caps == [5, None, 9]


async def test_counts_are_told_at_once_and_then_thirty_times_a_second(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await scheduler.pause_all()
    manual_clock.advance(1)
    told: list[DomainCounts] = []
    handle.counts_changed.connect(told.append)
    for n in range(100):
        await handle.submit(Job(n=n))
    assert [counts.paused for counts in told] == [1]
    manual_clock.advance(1 / 30)
    assert [counts.paused for counts in told] == [1, 100]
    manual_clock.advance(1)
    assert len(told) == 2
    assert manual_clock.timers == []


async def test_who_hears_of_counts_sees_the_failure_in_its_number(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.fails("job", PermanentError("no"))
    seen: list[tuple[int, int]] = []
    handle = scheduler.domain(Alpha)
    handle.counts_changed.connect(lambda counts: seen.append((counts.failed, scheduler.failure_count)))
    script.holds("job")
    await handle.submit(Job())
    await until(lambda: script.running == 1)
    # So long after the last that it is told at once.
    manual_clock.advance(1)
    script.release("job")
    await run_until_idle(scheduler)
    manual_clock.advance(1)
    assert seen
    assert all(failed == attention for failed, attention in seen)
    assert seen[-1] == (1, 1)


async def test_progress_is_told_ten_times_a_second_the_last_of_each(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    heard = listen(scheduler)
    script.holds("end")

    async def tell(task: Any, ctx: TaskContext) -> None:
        for percent in range(50):
            ctx.progress(percent / 100)
        ctx.set_bytes_total(1000)
        ctx.add_bytes(10)
        ctx.progress_count(3, 4)
        script.started.append("told")
        await script._gates["end"].wait()

    script.does("job", tell)
    await scheduler.domain(Alpha).submit(Job())
    await until(lambda: "told" in script.started and 0.1 in manual_clock.timers)
    manual_clock.advance(0.1)
    (progress,) = [event for event in heard if isinstance(event, Progress)]
    assert (progress.fraction, progress.message) == (0.75, "3 of 4")
    assert (progress.bytes_done, progress.bytes_total) == (10, 1000)
    script.release("end")
    await run_until_idle(scheduler)


async def test_bytes_of_a_task_that_ends_with_its_first_step_are_told(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    heard = listen(scheduler)

    async def move(task: Any, ctx: TaskContext) -> None:
        ctx.add_bytes(10)
        ctx.add_bytes(20)

    script.does("job", move)
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert [event.bytes_done for event in heard if isinstance(event, Progress)] == [30]


async def test_a_dead_letter_is_told_once(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(0)))
    heard = listen(scheduler)
    script.fails("job", RetryableError("busy"))
    script.fails("other", PermanentError("never"))
    await scheduler.domain(Alpha).submit_batch([Job(), Job(name="other")])
    await run_until_idle(scheduler)
    ends = [event for event in heard if isinstance(event, DeadLettered | Failed)]
    assert [(type(event), event.error) for event in ends] == [(DeadLettered, "busy"), (Failed, "never")]


async def test_handles_turn_task_events_into_a_signal(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    heard: list[SchedulerEvent] = []
    scheduler.domain(Alpha).task_event.connect(heard.append)
    await scheduler.domain(Beta).submit(Errand())
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert kinds(heard) == ["Submitted", "Dispatched", "Completed"]
