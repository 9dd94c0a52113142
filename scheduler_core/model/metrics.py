"""What a scheduler has counted since it was opened, for a monitoring system or a person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from scheduler_core.model.base import Frozen
from scheduler_core.model.snapshot import RateLimitState

Count = Annotated[int, Field(ge=0)]

SECONDS_BUCKETS = (
    *(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
    *(30.0, 60.0, 300.0, 900.0, 3_600.0, 14_400.0, 86_400.0),
)
"""Bounds for attempts and for waiting: Prometheus' usual ones, then half a minute to a day."""

COMMIT_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds for a transaction, in seconds: from a quick disk's to one that other programs keep busy."""

BATCH_BUCKETS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1_024.0)
"""Bounds for outcomes in one transaction: each twice the one before."""


class Histogram(Frozen):
    """How often a value fell into each bucket.

    `counts[i]` are the values above `bounds[i - 1]` and at most `bounds[i]`; the last one, which has no bound, those above
    all of them. `sum` is that of the values.
    """

    bounds: tuple[float, ...]
    counts: tuple[Count, ...]
    sum: float = 0.0

    @model_validator(mode="after")
    def _has_a_count_for_each_bucket(self) -> Self:
        if len(self.counts) != len(self.bounds) + 1 or list(self.bounds) != sorted(set(self.bounds)):
            raise ValueError("a histogram has ascending bounds, and one count more than bounds")
        return self

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(self.counts)


class TaskCounters(Frozen):
    """What became of tasks and of their attempts since the scheduler was opened.

    Tasks: `submitted` were stored. `completed, failed, dead_lettered, cancelled, expired, superseded, dependency_failed`
    went to the history with that status. Attempts: `started` were dispatched, `failed_attempts` ended with an error,
    `retried` of those are followed by another one. `preempted` and `interrupted` (by a pause or by the end of the
    program) went back into line. `recurring_skipped` are times that schedules passed over.
    """

    submitted: Count = 0
    started: Count = 0
    completed: Count = 0
    failed: Count = 0
    failed_attempts: Count = 0
    retried: Count = 0
    dead_lettered: Count = 0
    cancelled: Count = 0
    expired: Count = 0
    superseded: Count = 0
    dependency_failed: Count = 0
    preempted: Count = 0
    interrupted: Count = 0
    recurring_skipped: Count = 0

    def __add__(self, other: TaskCounters) -> TaskCounters:
        mine, theirs = dict(self), dict(other)
        return TaskCounters(**{name: mine[name] + theirs[name] for name in mine})


class TaskTypeMetrics(Frozen):
    """One task type (qualified). Histograms are of seconds.

    `succeeded` and `failed` are how long attempts took that returned, or raised; one that was told to stop is in neither.
    `waited` is from when a task could start, were all gates open, to its start; time before the scheduler was opened
    does not count. The wait for `finalize` is not in it.
    """

    domain: str
    task_type: str
    counters: TaskCounters
    succeeded: Histogram
    failed: Histogram
    waited: Histogram


class DomainMetrics(Frozen):
    """How many tasks of one domain are in each state now, and its cap (None: it has none)."""

    name: str
    running: Count
    pending: Count
    paused: Count
    waiting: Count
    blocked: Count
    is_paused: bool
    max_concurrency: int | None


class MetricsSnapshot(Frozen):
    """Everything that is counted and gauged, at one instant.

    `opened_at` is None before the scheduler was opened. `held_back` is how often each gate held a lane back when dispatch
    came to it. `pressure` is what dispatch saw last, or read anew where nothing runs. `batches` is a histogram of outcomes
    in one transaction, `commits` one of the seconds that the store needed for a transaction, of whatever kind. No name in
    it is a task's id, key or tag.
    """

    opened_at: datetime | None
    types: tuple[TaskTypeMetrics, ...]
    domains: tuple[DomainMetrics, ...]
    is_paused: bool
    paused_groups: tuple[str, ...]
    max_concurrency: int
    pressure: float
    pressure_by_source: dict[str, float]
    rate_limits: tuple[RateLimitState, ...]
    held_back: dict[str, Count]
    batches: Histogram
    commits: Histogram

    @property
    def total(self) -> TaskCounters:
        """The counters of all task types together."""
        total = TaskCounters()
        for one in self.types:
            total = total + one.counters
        return total

    @property
    def paused_domains(self) -> tuple[str, ...]:
        """The domains that are paused, by name."""
        return tuple(sorted(domain.name for domain in self.domains if domain.is_paused))

    def of(self, task_type: str) -> TaskTypeMetrics | None:
        """One task type, by its qualified name; None for one that the scheduler does not know."""
        return next((one for one in self.types if one.task_type == task_type), None)
