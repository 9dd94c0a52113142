"""Contract, section 3: pausing, cancelling, caps and views through a handle. Written from the page alone."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta

import pytest

from scheduler_core import (
    DomainHandle,
    DomainSnapshot,
    PermanentError,
    RecurringSchedule,
    RetryableError,
    Scheduler,
    SchedulerConfig,
    SchedulerError,
    SubmitOutcome,
    TaskRecord,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until, until_quiet
from tests.core.contract.world import Ingest, Process, Thumb, Work, ingest, process, status
from tests.core.support import Script


@pytest.fixture
async def scheduler(make_scheduler: MakeScheduler, script: Script) -> Scheduler:
    return await make_scheduler(ingest(script), process(script))


@pytest.fixture
def handle(scheduler: Scheduler) -> DomainHandle[Ingest]:
    return scheduler.domain(Ingest)


def words(text: str) -> list[str]:
    return text.split()


def works(count: int) -> list[Work]:
    return [Work(name=f"w{n}") for n in range(count)]


async def test_every_name_of_the_handle_is_there_and_a_coroutine_if_it_touches_the_store(
    handle: DomainHandle[Ingest],
) -> None:
    coroutines = words(
        "submit submit_batch pause resume pause_for cancel cancel_all cancel_where snapshot "
        "dead_letter_tasks retry_dead_letter tag_values count_by_tag task_ids_by_tags "
        "tag_keys_by_prefix count_by_tag_key_prefix task_ids_by_tag_key_prefix "
        "cancel_by_tag_key_prefix pause_recurring resume_recurring cancel_recurring pause_group "
        "resume_group"
    )
    assert [name for name in coroutines if not inspect.iscoroutinefunction(getattr(handle, name))] == []
    for name in ("active_tasks", "set_max_concurrency", "events", "task_events"):
        assert not inspect.iscoroutinefunction(getattr(handle, name)), name
    assert (handle.name, handle.is_paused, handle.max_concurrency) == ("ingest", False, None)


async def test_every_name_of_the_scheduler_is_there_and_a_coroutine_if_it_touches_the_store(
    scheduler: Scheduler,
) -> None:
    coroutines = words(
        "pause_all resume_all snapshot task history history_stats lookup task_dependencies "
        "task_dependents blocked_tasks prune_history jobs cancel_job explain"
    )
    assert [name for name in coroutines if not inspect.iscoroutinefunction(getattr(scheduler, name))] == []
    plain = words(
        "domain try_domain domains active_tasks set_max_concurrency set_group_limit "
        "set_group_weight set_group_minimum_slots set_rate_limit set_group_rate_limit "
        "register_state events"
    )
    assert [name for name in plain if inspect.iscoroutinefunction(getattr(scheduler, name))] == []
    assert scheduler.is_paused is False


async def test_pause_says_how_many_and_so_does_resume(
    scheduler: Scheduler, handle: DomainHandle[Ingest], script: Script
) -> None:
    handle.set_max_concurrency(1)
    script.holds("w0")
    await handle.submit_batch(works(4))
    await until(lambda: script.started == ["w0"])
    assert await handle.pause() == 4
    assert handle.is_paused is True
    await until(lambda: script.cancelled == ["w0"])
    await until_quiet(scheduler)
    snapshot = await handle.snapshot()
    assert (snapshot.running, snapshot.pending_count, snapshot.paused_count) == (0, 0, 4)
    assert snapshot.is_paused is True
    script.release("w0")
    assert await handle.resume() == 4
    await run_until_idle(scheduler)
    records = await scheduler.history(limit=9)
    assert [(record.status, record.retry_count) for record in records] == [("completed", 0)] * 4
    assert await handle.pause() == 0


@pytest.mark.parametrize("duration", [60, 60.0, timedelta(minutes=1)])
async def test_a_timed_pause_ends_by_itself(
    handle: DomainHandle[Ingest], manual_clock: ManualClock, script: Script, duration: float | timedelta
) -> None:
    await handle.pause_for(duration)
    assert handle.is_paused
    await handle.submit(Work())
    manual_clock.advance(59)
    assert handle.is_paused
    manual_clock.advance(1)
    await until(lambda: script.started == ["work"])
    assert not handle.is_paused


async def test_caps_are_read_and_set(
    scheduler: Scheduler, handle: DomainHandle[Ingest], script: Script
) -> None:
    names = [f"w{n}" for n in range(9)]
    script.holds(*names)
    handle.set_max_concurrency(2)
    assert handle.max_concurrency == 2
    await handle.submit_batch(works(9))
    await until(lambda: len(script.started) == 2)
    handle.set_max_concurrency(3)
    await until(lambda: len(script.started) == 3)
    scheduler.set_max_concurrency(5)
    handle.set_max_concurrency(9)
    await until(lambda: len(script.started) == 5)
    assert script.running == 5
    assert (await scheduler.snapshot()).max_concurrency == 5
    script.release(*names)
    await run_until_idle(scheduler)
    for wrong in (-1, 1.5, "3", True):
        with pytest.raises((ValueError, TypeError)) as caught:
            handle.set_max_concurrency(wrong)  # pyright: ignore[reportArgumentType]
        assert isinstance(caught.value, SchedulerError)
        with pytest.raises((ValueError, TypeError)):
            scheduler.set_max_concurrency(wrong)  # pyright: ignore[reportArgumentType]


async def test_cancel_answers_whether_it_did(
    scheduler: Scheduler, handle: DomainHandle[Ingest], script: Script
) -> None:
    script.holds("running")
    running = await handle.submit(Work(name="running"))
    waiting = await handle.submit(Work(name="waiting"), run_after=60)
    foreign = await scheduler.domain(Process).submit(Thumb(), run_after=60)
    await until(lambda: script.started == ["running"])
    assert running.id
    assert waiting.id
    assert foreign.id
    assert await handle.cancel(foreign.id) is False
    assert await status(scheduler, foreign.id) == "pending"
    assert await handle.cancel(999_999) is False
    assert await handle.cancel(waiting.id) is True
    assert await handle.cancel(waiting.id) is False
    assert await handle.cancel(running.id) is True
    await until(lambda: script.cancelled == ["running"])
    await until_quiet(scheduler)
    assert await status(scheduler, running.id) == "cancelled"
    assert await status(scheduler, waiting.id) == "cancelled"


async def test_cancel_all_and_cancel_where(
    scheduler: Scheduler, handle: DomainHandle[Ingest], script: Script
) -> None:
    script.holds("w0")
    outcomes = await handle.submit_batch(works(1))
    outcomes += await handle.submit_batch(works(5)[1:], run_after=60)
    other = await scheduler.domain(Process).submit(Thumb(), run_after=60)
    seen = list[object]()

    def odd(record: TaskRecord) -> bool:
        seen.append(record)
        return record.label in {"w1", "w3"}

    cancelled = await handle.cancel_where(odd)
    assert sorted(cancelled) == [outcomes[1].id, outcomes[3].id]
    assert {type(each) for each in seen} == {TaskRecord}
    assert len(seen) == 5
    rest = await handle.cancel_all()
    assert sorted(rest) == sorted(each.id for each in (outcomes[0], outcomes[2], outcomes[4]) if each.id)
    await until_quiet(scheduler)
    assert {record.status for record in await scheduler.history(limit=9)} == {"cancelled"}
    assert await status(scheduler, other.id) == "pending"
    assert await handle.cancel_all() == []


async def test_the_snapshot_of_a_domain(handle: DomainHandle[Ingest], script: Script) -> None:
    script.holds("w0")
    await handle.submit(Work(name="w0"))
    first = await handle.submit(Work(name="w1"), run_after=60)
    assert first.id is not None
    await handle.submit(Work(name="w2"), depends_on=(first.id,))
    await until(lambda: script.started == ["w0"])
    snapshot = await handle.snapshot()
    assert isinstance(snapshot, DomainSnapshot)
    assert snapshot.name == "ingest"
    assert (snapshot.pending_count, snapshot.blocked_count) == (1, 1)
    assert (snapshot.paused_count, snapshot.waiting_count) == (0, 0)
    (active,) = handle.active_tasks()
    assert isinstance(active, TaskRecord)
    assert (active.label, active.status) == ("w0", "running")
    script.release("w0")


async def test_dead_letters_are_listed_and_tried_again(
    scheduler: Scheduler, handle: DomainHandle[Ingest], script: Script
) -> None:
    for name in ("w0", "w1", "w2"):
        script.fails(name, *[RetryableError("no")] * 4)
    script.fails("failed", PermanentError("no"))
    for work in [*works(3), Work(name="failed")]:
        await handle.submit(work)
    await run_until_idle(scheduler)
    letters = await handle.dead_letter_tasks(limit=10, offset=0)
    assert {record.label for record in letters} == {"w0", "w1", "w2"}
    assert {record.status for record in letters} == {"dead_letter"}
    page = await handle.dead_letter_tasks(2, 2)
    assert [record.label for record in page] == [letters[2].label]
    assert await scheduler.domain(Process).dead_letter_tasks(10, 0) == []
    outcome = await handle.retry_dead_letter(letters[0].id)
    assert isinstance(outcome, SubmitOutcome)
    await run_until_idle(scheduler)
    newest = (await scheduler.history(limit=1))[0]
    assert (newest.label, newest.status, newest.payload) == (
        letters[0].label,
        "completed",
        letters[0].payload,
    )
    with pytest.raises((ValueError, KeyError)) as caught:
        await handle.retry_dead_letter(999_999)
    assert isinstance(caught.value, SchedulerError)
    with pytest.raises(ValueError):  # noqa: PT011 - another domain's record
        await scheduler.domain(Process).retry_dead_letter(letters[1].id)


async def test_tags_are_queried(scheduler: Scheduler, handle: DomainHandle[Ingest]) -> None:
    async def put(name: str, tags: dict[str, str]) -> int:
        outcome = await handle.submit(Work(name=name), tags=tags, run_after=60)
        assert outcome.id is not None
        return outcome.id

    a = await put("a", {"album": "x", "job:1": "y"})
    b = await put("b", {"album": "x", "job:2": "y"})
    c = await put("c", {"album": "z", "job%": "y"})
    d = await put("d", {"job_": "y"})
    await scheduler.domain(Process).submit(Thumb(), tags={"album": "other"}, run_after=60)
    assert sorted(await handle.tag_values("album")) == ["x", "z"]
    assert await handle.count_by_tag("album") == {"x": 2, "z": 1}
    assert await handle.count_by_tag("album", status="pending") == {"x": 2, "z": 1}
    assert await handle.count_by_tag("album", "running") == {}
    assert await handle.task_ids_by_tags({"album": "x"}) == [a, b]
    assert await handle.task_ids_by_tags({"album": "x", "job:2": "y"}, status="pending") == [b]
    assert await handle.task_ids_by_tags({"album": "x"}, status="blocked") == []
    assert sorted(await handle.tag_keys_by_prefix("job")) == ["job%", "job:1", "job:2", "job_"]
    assert await handle.tag_keys_by_prefix("job_") == ["job_"]
    assert await handle.count_by_tag_key_prefix("job") == 4
    assert await handle.count_by_tag_key_prefix("job:", status="pending") == 2
    assert await handle.count_by_tag_key_prefix("job%") == 1
    assert sorted(await handle.task_ids_by_tag_key_prefix("job")) == [a, b, c, d]
    assert await handle.task_ids_by_tag_key_prefix("job:", "pending") == [a, b]
    assert await handle.cancel_by_tag_key_prefix("job%") == [c]
    assert await status(scheduler, c) == "cancelled"
    assert await handle.cancel_by_tag_key_prefix("job:") == [a, b]
    assert await status(scheduler, d) == "pending"
    for wrong in ("shrug", 3):
        with pytest.raises((ValueError, TypeError)) as caught:
            await handle.count_by_tag("album", wrong)  # pyright: ignore[reportArgumentType]
        assert isinstance(caught.value, SchedulerError)


async def test_a_schedule_is_paused_resumed_and_cancelled(
    scheduler: Scheduler, handle: DomainHandle[Ingest], manual_clock: ManualClock, script: Script
) -> None:
    outcome = await handle.submit(Work(), recurring=RecurringSchedule(60, initial_delay=60))
    assert outcome.id is not None
    await handle.pause_recurring(outcome.id)
    assert await status(scheduler, outcome.id) == "paused"
    manual_clock.advance(600)
    await until_quiet(scheduler)
    assert script.started == []
    await handle.resume_recurring(outcome.id)
    manual_clock.advance(60)
    await until(lambda: script.started == ["work"])
    await until_quiet(scheduler)
    (state,) = (await scheduler.snapshot()).recurring
    assert state.id == outcome.id
    await handle.cancel_recurring(outcome.id)
    manual_clock.advance(600)
    await until_quiet(scheduler)
    assert script.started == ["work"]
    assert (await scheduler.snapshot()).recurring == ()


async def test_a_group_is_paused_until_it_is_resumed_or_until_then(
    scheduler: Scheduler, handle: DomainHandle[Ingest], manual_clock: ManualClock, script: Script
) -> None:
    await handle.pause_group("disk")
    await handle.submit(Work(name="in"), group="disk")
    await handle.submit(Work(name="out"))
    await until(lambda: script.started == ["out"])
    assert "disk" in (await scheduler.snapshot()).paused_groups
    await handle.resume_group("disk")
    await until(lambda: script.started == ["out", "in"])
    until_then = datetime.fromtimestamp(manual_clock.time(), UTC) + timedelta(seconds=30)
    await handle.pause_group("disk", until=until_then)
    await handle.submit(Work(name="later"), group="disk")
    manual_clock.advance(29)
    await until_quiet(scheduler)
    assert "later" not in script.started
    manual_clock.advance(1)
    await until(lambda: "later" in script.started)


async def test_state_is_registered_late(make_scheduler: MakeScheduler, script: Script) -> None:
    class Late:
        pass

    late = Late()
    scheduler = await make_scheduler(ingest(script), config=SchedulerConfig(max_concurrency=1))
    found = list[object]()

    async def look(task: object, ctx: object) -> None:
        found.append(ctx.state(Late))  # pyright: ignore[reportAttributeAccessIssue]

    script.does("work", look)
    await scheduler.domain(Ingest).submit(Work())
    await run_until_idle(scheduler)
    scheduler.register_state(late)
    await scheduler.domain(Ingest).submit(Work())
    await run_until_idle(scheduler)
    assert found == [None, late]
