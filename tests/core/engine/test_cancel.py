"""Cancelling: what waits, what runs on the loop or in a thread, hooks, choices by predicate and tag."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from pathlib import Path
from typing import Any

import pytest

from scheduler_core import Domain, PermanentError, RetryableError, RetryPolicy, SchedulerConfig, TaskContext
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Errand, Job, Script, alpha, beta, ended, jobs, record_of


async def test_a_pending_task_ends_cancelled_and_never_runs(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    outcome = await handle.submit(Job())
    assert await handle.cancel(outcome.id or 0)
    assert not await handle.cancel(outcome.id or 0)
    await handle.resume()
    await run_until_idle(scheduler)
    assert not script.started
    record = await record_of(scheduler, "job")
    assert (record.status, record.started_at, record.attempts) == ("cancelled", None, ())
    assert scheduler.failure_count == 0


@pytest.mark.parametrize("nonsense", [0, -1, 999, 2**63, 2**70, 1.5, "1", None])
async def test_what_is_no_task_is_not_cancelled(
    make_scheduler: MakeScheduler, script: Script, nonsense: Any
) -> None:
    handle = (await make_scheduler(alpha(script))).domain(Alpha)
    assert await handle.cancel(nonsense) is False


async def test_another_domains_task_is_not_cancelled(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    script.holds("job")
    outcome = await scheduler.domain(Alpha).submit(Job())
    await until(lambda: script.running == 1)
    assert not await scheduler.domain("beta").cancel(outcome.id or 0)
    assert script.running == 1


async def test_a_running_coroutine_is_cancelled_and_waited_for(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("job")
    outcome = await handle.submit(Job())
    await until(lambda: script.running == 1)
    assert await handle.cancel(outcome.id or 0)
    assert script.cancelled == ["job"]
    assert (await record_of(scheduler, "job")).status == "cancelled"
    assert scheduler.counts.active == 0


async def test_a_thread_sees_it_and_may_raise(make_scheduler: MakeScheduler) -> None:
    domain = Domain(Alpha)
    began, seen = threading.Event(), threading.Event()

    @domain.executor(Job)
    def work(task: Job, ctx: TaskContext) -> None:
        began.set()
        while not ctx.is_cancelled:
            seen.wait(0.001)
        seen.set()
        ctx.check_cancelled()

    scheduler = await make_scheduler(domain)
    outcome = await scheduler.domain(Alpha).submit(Job())
    await until(began.is_set)
    assert await scheduler.domain(Alpha).cancel(outcome.id or 0)
    assert seen.is_set()
    assert await ended(scheduler) == {"job": "cancelled"}


async def test_whatever_it_raises_when_it_is_stopped_it_ends_cancelled(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("stay")
    for error in (ValueError("v"), RetryableError("r"), PermanentError("p"), SystemExit(3)):

        async def stubborn(task: Any, ctx: TaskContext, error: BaseException = error) -> None:
            try:
                await script.execute(Job(name="stay"), ctx)
            except asyncio.CancelledError:
                raise error from None

        script.does("job", stubborn)
        outcome = await handle.submit(Job())
        await until(lambda: script.running == 2)
        assert await handle.cancel(outcome.id or 0)
        assert (await scheduler.history())[0].status == "cancelled"
    assert scheduler.counts.active == 0


async def test_one_that_was_quicker_has_completed(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    script.holds("stay")

    async def done_anyway(task: Any, ctx: TaskContext) -> str:
        with contextlib.suppress(asyncio.CancelledError):
            await script.execute(Job(name="stay"), ctx)
        return "done"

    script.does("job", done_anyway)
    outcome = await handle.submit(Job())
    await until(lambda: script.running == 2)
    await handle.cancel(outcome.id or 0)
    assert (await record_of(scheduler, "job")).memo == "done"
    assert await ended(scheduler) == {"job": "completed"}


class Hooked:
    """Stays until it is stopped; `on_cancel` does what it is told."""

    def __init__(self, hook: Any) -> None:
        self.hook = hook
        self.calls: list[str] = []
        self.gate = asyncio.Event()

    async def execute(self, task: Job, ctx: TaskContext) -> None:
        self.calls.append("execute")
        await self.gate.wait()

    async def on_cancel(self, task: Job, ctx: TaskContext) -> None:
        self.calls.append(f"on_cancel {task.name} {ctx.is_cancelled}")
        await self.hook()


async def _nothing() -> None:
    pass


async def _for_ever() -> None:
    await asyncio.Event().wait()


async def _raises() -> None:
    raise ValueError("a broken hook")


@pytest.mark.parametrize("hook", [_nothing, _raises])
async def test_the_hook_is_called_once_when_it_is_cancelled(make_scheduler: MakeScheduler, hook: Any) -> None:
    domain, executor = Domain(Alpha), Hooked(hook)
    domain.register(Job, executor)
    scheduler = await make_scheduler(domain)
    outcome = await scheduler.domain(Alpha).submit(Job())
    await until(lambda: executor.calls == ["execute"])
    assert await scheduler.domain(Alpha).cancel(outcome.id or 0)
    assert executor.calls == ["execute", "on_cancel job True"]
    assert await ended(scheduler) == {"job": "cancelled"}


async def test_a_hook_that_hangs_is_given_up(
    make_scheduler: MakeScheduler, manual_clock: ManualClock
) -> None:
    """After `cancel_hook_timeout` of the injected clock, not sooner."""
    domain, executor = Domain(Alpha), Hooked(_for_ever)
    domain.register(Job, executor)
    scheduler = await make_scheduler(domain)
    outcome = await scheduler.domain(Alpha).submit(Job())
    await until(lambda: executor.calls == ["execute"])
    cancelling = asyncio.ensure_future(scheduler.domain(Alpha).cancel(outcome.id or 0))
    await until(lambda: len(executor.calls) == 2)
    manual_clock.advance(4.9)
    await asyncio.sleep(0)
    assert scheduler.counts.running == 1
    manual_clock.advance(0.2)
    assert await cancelling
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"job": "cancelled"}


async def test_the_hook_is_not_called_for_a_pause_or_for_what_never_ran(
    make_scheduler: MakeScheduler,
) -> None:
    domain, executor = Domain(Alpha, max_concurrency=1), Hooked(_nothing)
    domain.register(Job, executor)
    scheduler = await make_scheduler(domain)
    handle = scheduler.domain(Alpha)
    await handle.submit_batch(jobs(2))
    await until(lambda: executor.calls == ["execute"])
    await handle.pause()
    await handle.cancel_all()
    assert executor.calls == ["execute"]


async def test_a_plain_hook_runs_in_a_thread(make_scheduler: MakeScheduler) -> None:
    threads: list[str] = []

    class Plain:
        def execute(self, task: Job, ctx: TaskContext) -> None:
            threads.append("began")
            while not ctx.is_cancelled:
                threading.Event().wait(0.001)

        def on_cancel(self, task: Job, ctx: TaskContext) -> None:
            threads.append(threading.current_thread().name)

    domain = Domain(Alpha)
    domain.register(Job, Plain())
    scheduler = await make_scheduler(domain)
    outcome = await scheduler.domain(Alpha).submit(Job())
    await until(lambda: threads == ["began"])
    await scheduler.domain(Alpha).cancel(outcome.id or 0)
    assert len(threads) == 2
    assert threads[1] != threading.main_thread().name


async def test_a_task_that_does_not_stop_is_waited_for_a_while(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    """`cancel` returns after `cancel_hook_timeout`; the task ends when it ends, and its slot is taken till then."""
    scheduler = await make_scheduler(alpha(script, max_concurrency=1))
    handle = scheduler.domain(Alpha)
    gate = asyncio.Event()

    async def deaf(task: Any, ctx: TaskContext) -> None:
        while not gate.is_set():
            try:
                await gate.wait()
            except asyncio.CancelledError:
                continue

    script.does("job", deaf)
    outcome = await handle.submit(Job())
    await handle.submit(Job(name="next"))
    await until(lambda: script.running == 1)
    cancelling = asyncio.ensure_future(handle.cancel(outcome.id or 0))
    await until(lambda: 5.0 in manual_clock.timers)
    manual_clock.advance(6)
    assert await cancelling is True
    assert scheduler.counts.running == 1
    assert script.started == ["job"]
    gate.set()
    await run_until_idle(scheduler)
    assert script.started == ["job", "next"]


async def test_a_task_that_waits_for_its_retry_is_cancelled(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, default_retry=RetryPolicy.constant(3, 60)))
    handle = scheduler.domain(Alpha)
    script.fails("job", RetryableError("later"))
    outcome = await handle.submit(Job())
    await until(lambda: scheduler.counts.pending == 1 and script.ended == ["job"])
    assert await handle.cancel(outcome.id or 0)
    await run_until_idle(scheduler)
    manual_clock.advance(120)
    await run_until_idle(scheduler)
    assert script.started == ["job"]
    assert len((await record_of(scheduler, "job")).attempts) == 1


async def test_a_cancellation_that_the_program_did_not_survive_is_carried_out_at_the_next_open(
    make_scheduler: MakeScheduler, script: Script, tmp_path: Path
) -> None:
    """The task ignores it until the program has closed."""
    gate = asyncio.Event()

    async def deaf(task: Any, ctx: TaskContext) -> None:
        while not gate.is_set():
            try:
                await gate.wait()
            except asyncio.CancelledError:
                continue

    script.does("job", deaf)
    first = await make_scheduler(
        alpha(script), store=tmp_path / "a.db", config=SchedulerConfig(cancel_hook_timeout=0)
    )
    outcome = await first.domain(Alpha).submit(Job())
    await until(lambda: script.running == 1)
    await first.domain(Alpha).cancel(outcome.id or 0)
    await first.close(0)
    gate.set()
    await until(lambda: script.running == 0)
    second = await make_scheduler(alpha(script), store=tmp_path / "a.db")
    await run_until_idle(second)
    assert script.started == ["job"]
    assert await ended(second) == {"job": "cancelled"}
    assert second.recovery.requeued == 0


async def test_cancel_all_leaves_other_domains_alone(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=2), beta(script))
    handle = scheduler.domain(Alpha)
    names = [f"job-{n}" for n in range(1_200)]
    script.holds(*names, "errand")
    outcomes = await handle.submit_batch(jobs(1_200))
    await scheduler.domain("beta").submit(Errand())
    await until(lambda: script.running == 3)
    assert sorted(await handle.cancel_all()) == [outcome.id for outcome in outcomes]
    assert handle.counts.active == 0
    assert handle.counts.cancelled == 1_200
    assert scheduler.domain("beta").counts.running == 1
    script.release("errand")
    await run_until_idle(scheduler)


async def test_cancel_where_asks_about_what_a_person_sees(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    handle = scheduler.domain(Alpha)
    await handle.pause()
    await handle.submit_batch(jobs(5))
    chosen = await handle.cancel_where(
        lambda record: record.status == "paused" and record.payload["n"] % 2 == 0
    )
    assert len(chosen) == 3
    assert handle.counts.paused == 2


async def test_cancelling_a_job_reaches_every_domain(make_scheduler: MakeScheduler, script: Script) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    script.holds("job")
    await scheduler.domain(Alpha).submit(Job(), tags={"job_id": "1"})
    first = await scheduler.domain(Alpha).submit(Job(n=1), tags={"job_id": "2"})
    await scheduler.domain("beta").submit(Errand(), tags={"job_id": "1"}, depends_on=[first.id or 0])
    await until(lambda: script.running == 2)
    assert await scheduler.cancel_job("job_id", "1") == 2
    assert await scheduler.cancel_job("job_id", "none") == 0
    assert scheduler.counts.cancelled == 2
    assert scheduler.counts.running == 1


async def test_a_hook_that_blocks_its_thread_is_given_up(
    make_scheduler: MakeScheduler, manual_clock: ManualClock
) -> None:
    release, blocks = threading.Event(), threading.Event()

    class Blocking:
        async def execute(self, task: Job, ctx: TaskContext) -> None:
            await asyncio.Event().wait()

        def on_cancel(self, task: Job, ctx: TaskContext) -> None:
            blocks.set()
            release.wait(30)

    domain = Domain(Alpha)
    domain.register(Job, Blocking())
    scheduler = await make_scheduler(domain)
    outcome = await scheduler.domain(Alpha).submit(Job())
    await until(lambda: len(scheduler.active_tasks()) == 1)
    await asyncio.sleep(0)
    cancelling = asyncio.ensure_future(scheduler.domain(Alpha).cancel(outcome.id or 0))
    await until(blocks.is_set)
    manual_clock.advance(6)
    await cancelling
    await run_until_idle(scheduler)
    assert await ended(scheduler) == {"job": "cancelled"}
    release.set()
    await until(lambda: len(asyncio.all_tasks()) == 1)
