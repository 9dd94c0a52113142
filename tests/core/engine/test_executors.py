"""Whatever an author's code does, its attempt ends with an outcome and the scheduler goes on."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest

from scheduler_core import (
    Completed,
    ConfigurationError,
    Domain,
    InvalidStateError,
    PermanentError,
    ProcessRunner,
    RetryableError,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    SchedulerEvent,
    SystemClock,
    TaskContext,
    TaskStatus,
)
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Errand, Job, Script, alpha, beta, ended, record_of


@pytest.mark.parametrize(
    "error",
    [
        ValueError("odd"),
        SystemExit(3),
        KeyboardInterrupt(),
        asyncio.CancelledError(),
        GeneratorExit(),
        StopIteration(),
        MemoryError(),
    ],
)
async def test_whatever_is_raised_ends_the_attempt_and_nothing_else(
    make_scheduler: MakeScheduler, script: Script, error: BaseException
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.fails("bad", error)
    await scheduler.domain(Alpha).submit_batch([Job(name="bad"), Job(name="good")])
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"bad": "failed", "good": "completed"}
    (attempt,) = (await record_of(scheduler, "bad")).attempts
    assert type(error).__name__ in (attempt.error or "") + (attempt.traceback or "")


async def test_a_failure_keeps_message_and_traceback_of_the_authors_code(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.fails("bad", PermanentError("the file is cut off"))
    await scheduler.domain(Alpha).submit(Job(name="bad"))
    await run_until_idle(scheduler)
    record = await record_of(scheduler, "bad")
    assert (record.status, record.last_error) == (TaskStatus.FAILED, "the file is cut off")
    assert record.attempts[0].error == "the file is cut off"
    trace = record.attempts[0].traceback or ""
    assert "in execute" in trace
    assert "runner.py" not in trace


async def test_half_characters_in_a_message_are_kept_readable(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.fails("bad", PermanentError("odd\udcff.jpg: no"))
    await scheduler.domain(Alpha).submit(Job(name="bad"))
    await run_until_idle(scheduler)
    assert (await record_of(scheduler, "bad")).last_error == "odd\\udcff.jpg: no"


@pytest.mark.parametrize("value", [object(), {1, 2}, float("nan"), b"bytes", "\ud800"])
async def test_a_memo_that_is_not_json_fails_the_task(
    make_scheduler: MakeScheduler, script: Script, value: object
) -> None:
    scheduler = await make_scheduler(alpha(script))

    async def give(task: Any, ctx: TaskContext) -> object:
        return value

    script.does("job", give)
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    record = await record_of(scheduler, "job")
    assert record.status is TaskStatus.FAILED
    assert "not JSON" in (record.last_error or "")


async def test_a_memo_is_kept(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))

    async def give(task: Any, ctx: TaskContext) -> object:
        return {"found": [1, 2.5, None, "ü"]}

    script.does("job", give)
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert (await record_of(scheduler, "job")).memo == {"found": [1, 2.5, None, "ü"]}


async def test_retries_are_counted_and_the_attempts_kept(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.linear(5, 10, 5)))
    script.fails("job", RetryableError("busy"), RetryableError("still busy"))
    seen: list[int] = []

    async def note(task: Any, ctx: TaskContext) -> None:
        seen.append(ctx.attempt)

    script.does("job", note)
    started = manual_clock.time()
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler, manual_clock)
    record = await record_of(scheduler, "job")
    assert record.status is TaskStatus.COMPLETED
    assert record.retry_count == 2
    assert [attempt.error for attempt in record.attempts] == ["busy", "still busy", None]
    assert seen == [3]
    assert manual_clock.time() - started == 10 + 15


async def test_retry_after_overrides_the_policy(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(1, 1000)))
    script.fails("job", RetryableError("later", retry_after=7))
    started = manual_clock.time()
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler, manual_clock)
    assert manual_clock.time() - started == 7
    assert await ended(scheduler) == {"job": "completed"}


async def test_used_up_retries_are_a_dead_letter_and_it_can_be_tried_again(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(2)))
    script.fails("job", *[RetryableError("busy")] * 3)
    handle = scheduler.domain(Alpha)
    await handle.submit(Job())
    await run_until_idle(scheduler)
    (letter,) = await handle.dead_letter_tasks()
    assert (letter.status, letter.retry_count, len(letter.attempts)) == (TaskStatus.DEAD_LETTER, 2, 3)
    assert scheduler.failure_count == 1
    outcome = await handle.retry_dead_letter(letter.id)
    assert outcome.id not in (None, letter.id)
    assert scheduler.failure_count == 0
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"job": "completed"}
    with pytest.raises(InvalidStateError):
        await handle.retry_dead_letter((await record_of(scheduler, "job")).id)


async def test_errors_that_retry_on_lists_are_retried_and_others_are_not(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    policy = RetryPolicy.constant(1, retry_on=(OSError,))
    scheduler = await make_scheduler(alpha(script, default_retry=policy))
    script.fails("covered", FileNotFoundError("gone"))
    script.fails("other", ValueError("no"))
    await scheduler.domain(Alpha).submit_batch([Job(name="covered"), Job(name="other")])
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"covered": "completed", "other": "failed"}


async def test_a_plain_function_runs_in_a_thread_of_its_own(make_scheduler: MakeScheduler) -> None:
    domain = Domain(Alpha)
    threads: list[int] = []

    @domain.executor(Job)
    def work(task: Job, ctx: TaskContext) -> None:
        threads.append(threading.get_ident())
        ctx.progress(0.5, "half")
        ctx.add_bytes(10)
        ctx.record_io(disk_read=10)

    scheduler = await make_scheduler(domain)
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert threads != [threading.get_ident()]
    record = (await scheduler.history())[0]
    assert record.actual_io is not None
    assert record.actual_io.disk_read == 10


async def test_a_task_whose_type_is_gone_fails_with_words(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Any
) -> None:
    path = tmp_path / "app.db"
    first = await make_scheduler(alpha(script), store=path)
    await first.pause_all()
    await first.domain(Alpha).submit(Job())
    await first.close()
    scheduler = await make_scheduler(Domain(Alpha), beta(script), store=path)
    await scheduler.domain("beta").submit(Errand())
    await scheduler.resume_all()
    await run_until_idle(scheduler)
    record = await record_of(scheduler, "job")
    assert "no executor" in (record.last_error or "")
    assert (await ended(scheduler))["errand"] == "completed"


async def test_a_payload_that_fits_no_more_fails_with_words(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Any
) -> None:
    path = tmp_path / "app.db"
    first = await make_scheduler(alpha(script), store=path)
    await first.pause_all()
    await first.domain(Alpha).submit(Job())
    await first.close()
    import sqlite3

    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE tasks SET payload = ?", (json.dumps({"n": "many"}),))
    connection.close()
    scheduler = await make_scheduler(alpha(script), store=path)
    await scheduler.resume_all()
    await run_until_idle(scheduler)
    assert "does not fit Job" in ((await record_of(scheduler, "job")).last_error or "")


async def test_a_domain_that_is_gone_keeps_its_tasks_paused_until_it_is_back(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Any
) -> None:
    path = tmp_path / "app.db"
    first = await make_scheduler(alpha(script), beta(script), store=path)
    await first.pause_all()
    outcome = await first.domain(Alpha).submit(Job())
    await first.close()
    second = await make_scheduler(beta(script), store=path)
    await second.resume_all()
    await run_until_idle(second)
    record = await second.task(outcome.id or 0)
    assert record is not None
    assert (record.status, record.pause_reasons) == (TaskStatus.PAUSED, ("domain alpha is not there",))
    assert second.counts.paused == 1
    await second.close()
    third = await make_scheduler(alpha(script), store=path)
    await run_until_idle(third)
    assert await ended(third) == {"job": "completed"}


async def test_close_lets_what_runs_finish_within_the_grace_and_interrupts_the_rest(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, tmp_path: Any
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=2), store=tmp_path / "a.db")
    script.holds("short", "long")
    await scheduler.domain(Alpha).submit_batch([Job(name=name) for name in ("short", "long", "next")])
    await until(lambda: script.running == 2)
    closing = asyncio.ensure_future(scheduler.close(10))
    await until(lambda: 10.0 in manual_clock.timers)
    script.release("short")
    await until(lambda: scheduler.counts.completed == 1)
    assert script.cancelled == []
    manual_clock.advance(10)
    await closing
    assert script.cancelled == ["long"]
    assert script.started == ["short", "long"], "nothing more starts"


async def test_an_error_in_the_block_does_not_wait_for_what_runs(script: Script, tmp_path: Any) -> None:
    script.holds("job")

    async def fails() -> None:
        async with Scheduler(tmp_path / "a.db", [alpha(script)], clock=ManualClock()) as scheduler:
            await scheduler.domain(Alpha).submit(Job())
            await until(lambda: script.running == 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert script.cancelled == ["job"]


async def test_close_interrupts_what_runs_and_it_goes_on_at_the_next_open(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Any
) -> None:
    path = tmp_path / "app.db"
    first = await make_scheduler(alpha(script), store=path)
    script.holds("job")
    await first.domain(Alpha).submit(Job())
    await until(lambda: script.started == ["job"])
    await first.close(finish=False)
    assert script.cancelled == ["job"]
    script.release("job")
    second = await make_scheduler(alpha(script), store=path)
    assert (second.recovery.requeued, second.recovery.pending) == (0, 1)
    await run_until_idle(second)
    record = await record_of(second, "job")
    assert (record.status, record.retry_count) == (TaskStatus.COMPLETED, 0)


async def test_an_executor_that_ignores_cancellation_is_given_up_at_close_and_run_again(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock, tmp_path: Any
) -> None:
    path = tmp_path / "app.db"
    first = await make_scheduler(alpha(script), store=path, config=SchedulerConfig(shutdown_grace=10))
    stop = asyncio.Event()

    async def stubborn(task: Any, ctx: TaskContext) -> None:
        while not stop.is_set():
            try:
                await stop.wait()
            except asyncio.CancelledError:
                continue

    script.does("job", stubborn)
    await first.domain(Alpha).submit(Job())
    await until(lambda: script.started == ["job"])
    closing = asyncio.ensure_future(first.close(finish=False))
    await until(lambda: 10.0 in manual_clock.timers)
    manual_clock.advance(10)
    await closing
    stop.set()
    await until(lambda: script.ended == ["job"])
    second = await make_scheduler(alpha(script), store=path)
    assert second.recovery.requeued == 1
    await run_until_idle(second)
    assert script.started == ["job", "job"]


def test_what_cannot_be_an_executor_is_refused(script: Script) -> None:
    domain = Domain(Alpha)
    with pytest.raises(ConfigurationError, match="execute"):
        domain.register(Job, object())
    domain.executor(Job)(script.execute)
    with pytest.raises(ConfigurationError, match="two executors"):
        domain.executor(Job)(script.execute)
    with pytest.raises(TypeError, match="beta"):
        domain.register(Errand, script)  # pyright: ignore[reportArgumentType]


def fail_there(task: Job, ctx: TaskContext) -> None:
    """Runs in a worker process."""
    raise PermanentError(f"{task.name} is bad")


async def test_the_traceback_of_a_worker_is_the_authors_alone(make_scheduler: MakeScheduler) -> None:
    domain = Domain(Alpha)
    domain.executor(Job, runner=ProcessRunner())(fail_there)
    scheduler = await make_scheduler(domain, clock=SystemClock())
    await scheduler.domain(Alpha).submit(Job())
    async with asyncio.timeout(30):
        await scheduler.wait_idle()
    (attempt,) = (await record_of(scheduler, "job")).attempts
    trace = attempt.traceback or ""
    assert trace.startswith("Traceback (most recent call last):")
    assert "in fail_there" in trace
    assert "job is bad" in trace
    assert "RemoteTraceback" not in trace


async def test_no_duration_is_negative_when_the_clock_is_set_back(
    make_scheduler: MakeScheduler, script: Script, manual_clock: ManualClock
) -> None:
    scheduler = await make_scheduler(alpha(script))
    heard: list[SchedulerEvent] = []
    scheduler.subscribe(heard.extend)

    async def set_back(task: Any, ctx: TaskContext) -> None:
        manual_clock.jump(-3600)

    script.does("job", set_back)
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert (await record_of(scheduler, "job")).duration == 0.0
    assert [event.duration for event in heard if isinstance(event, Completed)] == [0.0]
