"""What a running task may touch, and what it is told when it does not fit."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from scheduler_core import Domain, IoBudget, RetryableError, TaskContext, UnknownDomainError
from scheduler_core.testing import MakeScheduler, run_until_idle, until
from tests.core.support import Alpha, Beta, Job, Script, alpha, beta, record_of


class Shared:
    def __init__(self, name: str) -> None:
        self.name = name


class Finer(Shared):
    """A subclass answers for its base."""


async def _run(make_scheduler: MakeScheduler, script: Script, action: Any, **options: Any) -> Any:
    """Run `action` as one task; what it raises is raised here."""
    caught: list[BaseException] = []

    async def guarded(task: Any, ctx: TaskContext) -> object:
        try:
            return await action(task, ctx)
        except BaseException as error:
            caught.append(error)
            raise

    script.does("job", guarded)
    state = options.pop("state", ())
    scheduler = await make_scheduler(alpha(script, state=state), beta(script), **options)
    await scheduler.domain(Alpha).submit(Job(), tags={"a": "b"}, priority=9)
    await run_until_idle(scheduler)
    if caught:
        raise caught[-1]
    return scheduler


async def test_state_of_the_domain_comes_before_the_schedulers(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    async def look(task: Any, ctx: TaskContext) -> None:
        found = ctx.state(Shared)
        assert found is not None
        assert found.name == "of the domain"
        assert ctx.state(Finer) is not None
        assert ctx.state(dict) == {"of": "the scheduler"}
        assert ctx.state(list) is None

    await _run(
        make_scheduler,
        script,
        look,
        state=[Finer("of the domain")],
        app_state=[Shared("of the scheduler"), {"of": "the scheduler"}],
    )


async def test_state_registered_later_is_found(make_scheduler: MakeScheduler, script: Script) -> None:
    seen: list[object] = []

    async def look(task: Any, ctx: TaskContext) -> None:
        seen.append(ctx.state(Shared))

    script.does("job", look)
    scheduler = await make_scheduler(alpha(script))
    shared = Shared("late")
    scheduler.register_state(shared)
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert seen == [shared]


async def test_the_record_says_what_it_is(make_scheduler: MakeScheduler, script: Script) -> None:
    async def look(task: Any, ctx: TaskContext) -> None:
        record = ctx.record
        assert (record.label, record.status, record.priority, record.tags) == (
            "job",
            "running",
            9,
            {"a": "b"},
        )
        assert (record.domain, record.task_type, record.payload) == (
            "alpha",
            "alpha::job",
            {"name": "job", "n": 0},
        )
        assert record.started_at is not None
        assert not ctx.is_cancelled
        ctx.check_cancelled()
        assert ctx.attempt == 1

    await _run(make_scheduler, script, look)


async def test_attempts_are_counted_from_one(make_scheduler: MakeScheduler, script: Script) -> None:
    attempts: list[int] = []

    async def fail_twice(task: Any, ctx: TaskContext) -> None:
        attempts.append(ctx.attempt)
        if ctx.attempt < 3:
            raise RetryableError("again")

    script.does("job", fail_twice)
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert attempts == [1, 2, 3]


async def test_other_domains_are_reached_by_key_and_by_name(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    async def look(task: Any, ctx: TaskContext) -> None:
        assert ctx.domain(Beta).name == "beta"
        found = ctx.try_domain("alpha")
        assert found is not None
        assert found.name == "alpha"
        assert ctx.try_domain("nowhere") is None
        with pytest.raises(UnknownDomainError, match="nowhere"):
            ctx.domain("nowhere")

    await _run(make_scheduler, script, look)


@pytest.mark.parametrize(
    "call",
    [
        lambda ctx: ctx.progress(1.5),
        lambda ctx: ctx.progress(-0.1),
        lambda ctx: ctx.progress(float("nan")),
        lambda ctx: ctx.progress_count(-1, 5),
        lambda ctx: ctx.progress_count(1, -5),
        lambda ctx: ctx.set_bytes_total(-1),
        lambda ctx: ctx.add_bytes(-1),
        lambda ctx: ctx.record_io(disk_read=-1),
    ],
)
async def test_what_is_no_measure_is_refused(
    make_scheduler: MakeScheduler, script: Script, call: Any
) -> None:
    async def tell(task: Any, ctx: TaskContext) -> None:
        with pytest.raises(ValueError, match="Pass 0"):
            call(ctx)

    await _run(make_scheduler, script, tell)


async def test_bytes_moved_are_added_up_from_any_thread(make_scheduler: MakeScheduler) -> None:
    domain = Domain(Alpha)

    @domain.executor(Job)
    def work(task: Job, ctx: TaskContext) -> None:
        def move() -> None:
            for _ in range(500):
                ctx.record_io(disk_read=1, net_tx=2)
                ctx.add_bytes(1)

        helpers = [threading.Thread(target=move) for _ in range(4)]
        for helper in helpers:
            helper.start()
        for helper in helpers:
            helper.join()

    scheduler = await make_scheduler(domain)
    await scheduler.domain(Alpha).submit(Job())
    await run_until_idle(scheduler)
    assert (await record_of(scheduler, "job")).actual_io == IoBudget(disk_read=2_000, net_tx=4_000)


async def test_progress_of_what_runs_is_in_the_snapshot(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    script.holds("stay")

    async def tell(task: Any, ctx: TaskContext) -> None:
        ctx.progress_count(1, 4)
        ctx.set_bytes_total(100)
        ctx.add_bytes(30)
        await script.execute(Job(name="stay"), ctx)

    script.does("job", tell)
    await scheduler.domain(Alpha).submit(Job())
    await until(lambda: script.running == 2)
    snapshot = await scheduler.snapshot()
    (progress,) = snapshot.progress
    assert (progress.fraction, progress.message, progress.extrapolated) == (0.25, "1 of 4", False)
    (moved,) = snapshot.byte_progress
    assert (moved.done, moved.total) == (30, 100)
    script.release("stay")
    await run_until_idle(scheduler)
    assert (await scheduler.snapshot()).progress == ()
