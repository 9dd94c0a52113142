"""The same no-op tasks with every gate in use, and everything about them that the scheduler can keep."""

from __future__ import annotations

import time
from collections.abc import Iterator
from enum import Enum
from itertools import islice
from pathlib import Path

from scheduler_core import AgingConfig, RateLimit, Scheduler, SchedulerConfig, TaskStore
from tests.benchmarks.noop import Noop, Nothing, noop_domain

GROUPS = 8
CHUNK = 500


class Gated(Enum):
    """Which of both is measured; the tasks come in the same number of batches."""

    NOTHING = "nothing"
    EVERYTHING = "everything"


async def gated_rate(path: Path, tasks: int, synchronous: str, what: Gated) -> float:
    """Tasks a second, from the moment at which the first may start until the last is in the history.

    With everything: in eight groups with caps, weights and minimum slots, rate limits of the type and of each group that
    never run dry, aging, two tags each, priorities of four kinds, and every fifth depends on one of the batch before.
    """
    store = TaskStore(path, synchronous=synchronous)
    everything = what is Gated.EVERYTHING
    async with Scheduler(store=store, domains=[noop_domain()], config=_config(everything)) as scheduler:
        handle = scheduler.domain(Noop)
        if everything:
            fast = RateLimit.per_second(1_000_000)
            scheduler.set_rate_limit(Nothing.qualified_type, fast)
            for group in range(GROUPS):
                scheduler.set_group_rate_limit(f"g{group}", fast)
        before: list[int] = []
        numbers = iter(range(tasks))
        for group, chunk in enumerate(_chunks(numbers)):
            work = [Nothing(number=number) for number in chunk]
            if not everything:
                await handle.submit_batch(work)
                continue
            options = {
                "group": f"g{group % GROUPS}",
                "priority": 100 + group % 4 * 20,
                "tags": {"job_id": f"{group % 3}", "kind": "bench"},
            }
            fifth = len(work) // 5
            outcomes = await handle.submit_batch(work[:fifth], depends_on=before[:1], **options)
            outcomes += await handle.submit_batch(work[fifth:], **options)
            before = [outcome.id for outcome in outcomes if outcome.id is not None]
        begun_s = time.perf_counter()
        scheduler.set_max_concurrency(64)
        await scheduler.wait_idle()
        taken_s = time.perf_counter() - begun_s
        assert handle.counts.completed == tasks
    return tasks / taken_s


def _config(everything: bool) -> SchedulerConfig:
    if not everything:
        return SchedulerConfig(max_concurrency=0)
    return SchedulerConfig(
        max_concurrency=0,
        group_concurrency={f"g{group}": 16 for group in range(GROUPS)},
        group_weights={f"g{group}": group + 1 for group in range(GROUPS)},
        group_minimum_slots={"g0": 2},
        aging=AgingConfig(),
    )


def _chunks(numbers: Iterator[int]) -> Iterator[list[int]]:
    while chunk := list(islice(numbers, CHUNK)):
        yield chunk
