"""The workloads that submit, and start nothing."""

from __future__ import annotations

from scheduler_core import SubmitStatus, TaskStore
from tests.benchmarks.reference.work import Bench, Nothing
from tests.benchmarks.reference.workload import Done, Stopwatch, still

TAGS = 20


async def one_by_one(store: TaskStore, n: int) -> Done:
    """`n` different tasks, each awaited before the next."""
    async with still(store) as scheduler:
        handle = scheduler.domain(Bench)
        with Stopwatch() as watch:
            for number in range(n):
                await handle.submit(Nothing(number=number))
        return Done(watch.seconds, {"pending": handle.counts.pending})


async def duplicates(store: TaskStore, n: int) -> Done:
    """The same task `n` times: all but the first are duplicates."""
    async with still(store) as scheduler:
        handle = scheduler.domain(Bench)
        with Stopwatch() as watch:
            outcomes = [await handle.submit(Nothing(number=0)) for _ in range(n)]
        refused = sum(outcome.status is SubmitStatus.DUPLICATE for outcome in outcomes)
        return Done(watch.seconds, {"pending": handle.counts.pending, "duplicate": refused})


async def batch(store: TaskStore, n: int) -> Done:
    """`n` tasks in one call."""
    async with still(store) as scheduler:
        handle = scheduler.domain(Bench)
        with Stopwatch() as watch:
            await handle.submit_batch([Nothing(number=number) for number in range(n)])
        return Done(watch.seconds, {"pending": handle.counts.pending})


async def tagged(store: TaskStore, n: int) -> Done:
    """`n` tasks one by one, each with tags whose values no other has."""
    async with still(store) as scheduler:
        handle = scheduler.domain(Bench)
        with Stopwatch() as watch:
            for number in range(n):
                tags = {f"key-{tag}": f"value-{number}-{tag}" for tag in range(TAGS)}
                await handle.submit(Nothing(number=number), tags=tags)
        values = [len(await handle.tag_values(f"key-{tag}")) for tag in range(TAGS)]
        return Done(watch.seconds, {"pending": handle.counts.pending, "tags": sum(values)})


async def chain(store: TaskStore, n: int) -> Done:
    """`n` tasks one by one, each depending on the one before it."""
    async with still(store) as scheduler:
        handle = scheduler.domain(Bench)
        with Stopwatch() as watch:
            before: tuple[int, ...] = ()
            for number in range(n):
                outcome = await handle.submit(Nothing(number=number), depends_on=before)
                assert outcome.id is not None
                before = (outcome.id,)
        return Done(watch.seconds, {"pending": handle.counts.pending, "blocked": handle.counts.blocked})
