"""What a workload is: its name, the reference's figure, and how it is done and timed."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import NamedTuple

from scheduler_core import Scheduler, SchedulerConfig, TaskStore
from tests.benchmarks.reference.work import bench_domain


class Done(NamedTuple):
    """How many seconds it took, and what was there afterwards, counted outside that time."""

    seconds: float
    seen: Mapping[str, int]


@dataclass(frozen=True)
class Workload:
    """One figure of the reference. `do(store, n)` does it with `n` tasks and a store of its own.

    `expected(n)` is what is seen afterwards. `dispatches`: does it run tasks?
    """

    what: str
    reference_ms: float
    tasks: int
    do: Callable[[TaskStore, int], Awaitable[Done]]
    expected: Callable[[int], Mapping[str, int]]
    dispatches: bool = False


class Stopwatch:
    """Measures what is done inside of `with`."""

    seconds = 0.0

    def __enter__(self) -> Stopwatch:
        self._begun_s = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._begun_s


def still(store: TaskStore, config: SchedulerConfig | None = None) -> AbstractAsyncContextManager[Scheduler]:
    """A scheduler that starts nothing before its cap is raised."""
    held = (config or SchedulerConfig()).model_copy(update={"max_concurrency": 0})
    return Scheduler(store=store, domains=[bench_domain()], config=held)
