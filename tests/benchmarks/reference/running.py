"""The workloads that submit one by one and then run all: from the first submission until the last is in the history.

As in the reference, nothing starts before the last one is submitted, or how many run at once would make no difference.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from itertools import pairwise

from scheduler_core import Priority, Scheduler, SchedulerConfig, TaskStore, TypedTask
from tests.benchmarks.reference.work import Bench, Chunked, Failing, Nothing
from tests.benchmarks.reference.workload import Done, Stopwatch, still

GROUP_CAP = 500
GROUPS = 100
PRIORITIES = (Priority.IDLE, Priority.BACKGROUND, Priority.NORMAL, Priority.HIGH, Priority.REALTIME)

Do = Callable[[TaskStore, int], Awaitable[Done]]


def plain(at_once: int) -> Do:
    """`n` tasks that do nothing, so many at once."""
    return _each(Nothing, at_once)


def failing() -> Do:
    """`n` tasks that fail for good."""
    return _each(Failing, 8)


def chunked() -> Do:
    """`n` tasks that report their bytes in chunks."""
    return _each(Chunked, 8)


def grouped(groups: int) -> Do:
    """`n` tasks over so many groups, each with a cap that holds nobody back."""

    async def do(store: TaskStore, n: int) -> Done:
        names = [f"group-{number}" for number in range(groups)]
        async with still(
            store, SchedulerConfig(group_concurrency=dict.fromkeys(names, GROUP_CAP))
        ) as scheduler:
            handle = scheduler.domain(Bench)
            with Stopwatch() as watch:
                for number in range(n):
                    await handle.submit(Nothing(number=number), group=names[number * groups // n])
                await _run(scheduler, 8)
            return Done(watch.seconds, await _seen(scheduler))

    return do


async def of_all_priorities(store: TaskStore, n: int) -> Done:
    """`n` tasks of five priorities in turn, 4 at once."""
    async with still(store) as scheduler:
        handle = scheduler.domain(Bench)
        with Stopwatch() as watch:
            for number in range(n):
                await handle.submit(Nothing(number=number), priority=PRIORITIES[number % len(PRIORITIES)])
            await _run(scheduler, 4)
        ended = [record.priority for record in reversed(await scheduler.history(n))]
        wrong = sum(before > after for before, after in pairwise(ended))
        return Done(watch.seconds, {**await _seen(scheduler), "out of order": wrong})


async def chain(store: TaskStore, n: int) -> Done:
    """`n` tasks, each depending on the one before it."""
    async with still(store) as scheduler:
        handle = scheduler.domain(Bench)
        with Stopwatch() as watch:
            before: tuple[int, ...] = ()
            for number in range(n):
                outcome = await handle.submit(Nothing(number=number), depends_on=before)
                assert outcome.id is not None
                before = (outcome.id,)
            await _run(scheduler, 8)
        ids = [record.id for record in reversed(await scheduler.history(n))]
        wrong = sum(before > after for before, after in pairwise(ids))
        return Done(watch.seconds, {**await _seen(scheduler), "out of order": wrong})


async def fan_in(store: TaskStore, n: int) -> Done:
    """`n` tasks, and one that depends on all of them; all could run at once."""
    async with still(store) as scheduler:
        handle = scheduler.domain(Bench)
        with Stopwatch() as watch:
            outcomes = [await handle.submit(Nothing(number=number)) for number in range(n)]
            ids = [outcome.id for outcome in outcomes if outcome.id is not None]
            last = await handle.submit(Nothing(number=n), depends_on=ids)
            await _run(scheduler, n + 1)
        (newest,) = await scheduler.history(1)
        return Done(watch.seconds, {**await _seen(scheduler), "last": int(newest.id == last.id)})


def _each(kind: type[Nothing | Failing | Chunked], at_once: int) -> Do:
    async def do(store: TaskStore, n: int) -> Done:
        async with still(store) as scheduler:
            with Stopwatch() as watch:
                await _submit(scheduler, (kind(number=number) for number in range(n)))
                await _run(scheduler, at_once)
            return Done(watch.seconds, await _seen(scheduler))

    return do


async def _submit(scheduler: Scheduler, tasks: Iterable[TypedTask[Bench]]) -> None:
    handle = scheduler.domain(Bench)
    for task in tasks:
        await handle.submit(task)


async def _run(scheduler: Scheduler, at_once: int) -> None:
    scheduler.set_max_concurrency(at_once)
    await scheduler.wait_idle()


async def _seen(scheduler: Scheduler) -> dict[str, int]:
    counts = scheduler.counts
    named = {"active": counts.active, "completed": counts.completed, "failed": counts.failed}
    return {name: n for name, n in named.items() if n}
