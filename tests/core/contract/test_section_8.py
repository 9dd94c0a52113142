"""Contract, section 8: events. Written from the page alone."""

from __future__ import annotations

import asyncio
from typing import Any

import scheduler_core
from scheduler_core import (
    PermanentError,
    Priority,
    RecurringSchedule,
    RetryableError,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    SchedulerEvent,
    TaskContext,
    TaskEvent,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.contract.world import Ingest, Sort, Thumb, Work, ingest, process
from tests.core.support import Script

TASK_EVENTS = (
    "Submitted Dispatched Progress Completed Failed Preempted Paused Resumed Cancelled Superseded Expired Waiting "
    "Unblocked DependencyFailed DeadLettered RecurringSkipped RecurringCompleted"
)
OTHERS = (
    "DomainPaused DomainResumed SchedulerPaused SchedulerResumed GroupPaused GroupResumed GroupWeightChanged"
)


def test_every_event_is_there_and_those_of_tasks_carry_the_task() -> None:
    for name in TASK_EVENTS.split():
        kind = getattr(scheduler_core, name)
        assert issubclass(kind, TaskEvent)
        assert set(kind.model_fields) >= {
            "task_id",
            "task_type",
            "domain",
            "label",
            "tags",
            "base_priority",
            "effective_priority",
        }
    for name in OTHERS.split():
        kind = getattr(scheduler_core, name)
        assert issubclass(kind, SchedulerEvent)
        assert not issubclass(kind, TaskEvent)
    assert set(scheduler_core.Failed.model_fields) >= {"will_retry", "retry_after"}


class Heard(list[SchedulerEvent]):
    """What a listener was told, by the name of the kind, or about one label."""

    def kinds(self, label: str | None = None) -> list[str]:
        return [
            type(event).__name__ for event in self if label is None or getattr(event, "label", None) == label
        ]

    def one(self, kind: str, label: str | None = None) -> Any:
        (event,) = [
            event
            for event in self
            if type(event).__name__ == kind and label in {None, getattr(event, "label", None)}
        ]
        return event


def listen(scheduler: Scheduler) -> Heard:
    heard = Heard()
    scheduler.subscribe(heard.extend)
    return heard


async def test_every_event_is_told_when_it_happens(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(
        ingest(script), process(script), config=SchedulerConfig(max_concurrency=2)
    )
    handle, heard = scheduler.domain(Ingest), listen(scheduler)

    async def act(task: object, ctx: TaskContext) -> None:
        ctx.progress(0.5, "half")
        await ctx.spawn_child(Thumb(name="child"))

    script.does("sort", act)
    script.fails("flaky", RetryableError("busy", retry_after=7))
    script.fails("dead", RetryableError("busy"))
    script.fails("bad", PermanentError("no"))
    script.holds("held", "urgent")
    await handle.submit(Sort(), tags={"job": "1"}, priority=100)
    await run_until_idle(scheduler)
    assert heard.kinds("sort") == [
        "Submitted",
        "Dispatched",
        "Progress",
        "Waiting",
        "Dispatched",
        "Completed",
    ]
    event = heard.one("Progress")
    assert (event.fraction, event.message) == (0.5, "half")
    submitted = heard.one("Submitted", "sort")
    assert (submitted.domain, submitted.task_type, submitted.tags) == ("ingest", "ingest::sort", {"job": "1"})
    assert (submitted.base_priority, submitted.effective_priority) == (100, 100)

    await handle.submit(Work(name="flaky"))
    await run_until_idle(scheduler, manual_clock)
    failed = heard.one("Failed", "flaky")
    assert (failed.will_retry, failed.retry_after, failed.error) == (True, 7.0, "busy")
    await handle.submit(Work(name="dead"), retry=RetryPolicy.constant(0))
    bad = await handle.submit(Work(name="bad"))
    assert bad.id is not None
    await handle.submit(Work(name="dependent"), depends_on=[bad.id])
    await run_until_idle(scheduler)
    assert "DeadLettered" in heard.kinds("dead")
    assert heard.one("Failed", "bad").will_retry is False
    assert "DependencyFailed" in heard.kinds("dependent")

    first = await handle.submit(Work(name="first"), run_after=5)
    assert first.id is not None
    await handle.submit(Work(name="second"), depends_on=[first.id])
    manual_clock.advance(5)
    await run_until_idle(scheduler)
    assert heard.kinds("second") == ["Submitted", "Unblocked", "Dispatched", "Completed"]

    old = await handle.submit(Work(name="old"), key="k", run_after=60)
    await handle.submit(Work(name="new"), key="k", run_after=60, on_duplicate="supersede", ttl=5)
    assert "Superseded" in heard.kinds("old")
    assert heard.one("Superseded").task_id == old.id
    manual_clock.advance(40)
    await until(lambda: "Expired" in heard.kinds("new"))
    gone = await handle.submit(Work(name="gone"), run_after=60)
    assert gone.id is not None
    await handle.cancel(gone.id)
    assert heard.kinds("gone") == ["Submitted", "Cancelled"]


async def test_pauses_and_preemption_are_told(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(ingest(script), config=SchedulerConfig(max_concurrency=1))
    handle, heard = scheduler.domain(Ingest), listen(scheduler)
    script.holds("held", "urgent")
    await handle.submit(Work(name="held"))
    await until(lambda: "held" in script.started)
    await handle.submit(Work(name="urgent"), priority=Priority.REALTIME)
    await until(lambda: "urgent" in script.started)
    assert heard.kinds("held") == ["Submitted", "Dispatched", "Preempted"]
    script.release("urgent")
    await until(lambda: heard.kinds("held")[-1] == "Dispatched")
    assert heard.kinds("held")[3:] == ["Resumed", "Dispatched"]
    await handle.pause()
    await until_quiet(scheduler)
    assert heard.kinds("held")[5:] == ["Paused"]
    await handle.resume()
    await until(lambda: heard.kinds("held")[-1] == "Dispatched")
    script.release("held")
    await run_until_idle(scheduler)
    assert heard.kinds("held")[6:] == ["Resumed", "Dispatched", "Completed"]
    await scheduler.pause_all()
    await scheduler.resume_all()
    await handle.pause_group("disk")
    await handle.resume_group("disk")
    scheduler.set_group_weight("disk", 7)
    assert [kind for kind in heard.kinds() if kind in OTHERS.split()] == OTHERS.split()
    assert heard.one("DomainPaused").domain == "ingest"
    assert (heard.one("GroupPaused").group, heard.one("GroupWeightChanged").weight) == ("disk", 7)


async def test_schedules_are_told(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script))
    handle, heard = scheduler.domain(Ingest), listen(scheduler)
    script.holds("work")
    await handle.submit(Work(), recurring=RecurringSchedule(60, max_occurrences=2))
    await until(lambda: script.started == ["work"])
    manual_clock.advance(150)
    script.release("work")
    await until_quiet(scheduler)
    assert "RecurringSkipped" in heard.kinds()
    manual_clock.advance(30)
    await until(lambda: len(script.ended) == 2)
    await run_until_idle(scheduler)
    assert "RecurringCompleted" in heard.kinds()


async def test_an_event_comes_after_its_transaction(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(ingest(script))
    looks = list[asyncio.Task[object]]()
    asked = list[tuple[str, int]]()

    def look(events: list[SchedulerEvent]) -> None:
        for event in events:
            if isinstance(event, TaskEvent) and type(event).__name__ in {"Submitted", "Completed"}:
                asked.append((type(event).__name__, event.task_id))
                found = (
                    scheduler.history(limit=9)
                    if asked[-1][0] == "Completed"
                    else scheduler.task(event.task_id)
                )
                looks.append(asyncio.get_running_loop().create_task(found))  # pyright: ignore[reportArgumentType]

    scheduler.subscribe(look)
    later = await scheduler.domain(Ingest).submit(Work(name="later"), run_after=60)
    done = await scheduler.domain(Ingest).submit(Work(name="done"))
    await run_until_idle(scheduler)
    answers = dict(zip(asked, await asyncio.gather(*looks), strict=True))
    assert getattr(answers["Submitted", later.id or 0], "label", None) == "later"
    records = answers["Completed", done.id or 0]
    assert isinstance(records, list)
    assert [record.id for record in records] == [done.id]


async def test_every_event_that_was_told_goes_through_json(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(ingest(script))
    heard = listen(scheduler)
    await scheduler.domain(Ingest).submit(Work(), tags={"a": "b"})
    await run_until_idle(scheduler)
    await scheduler.pause_all()
    assert heard
    for event in heard:
        assert type(event).model_validate_json(event.model_dump_json()) == event
