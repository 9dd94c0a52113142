"""What a person or a program is shown: counts, progress, jobs, and why a task waits."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from scheduler_core.model.base import Frozen
from scheduler_core.model.limits import RateLimit

Fraction = Annotated[float, Field(ge=0.0, le=1.0)]


class DomainCounts(Frozen):
    """How many tasks are in each state. The last three are totals over the history; `failed` includes dead letters."""

    running: int = 0
    pending: int = 0
    paused: int = 0
    waiting: int = 0
    blocked: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def active(self) -> int:
        """All that is not history."""
        return self.running + self.pending + self.paused + self.waiting + self.blocked

    def __add__(self, other: DomainCounts) -> DomainCounts:
        mine, theirs = dict(self), dict(other)
        return DomainCounts(**{name: mine[name] + theirs[name] for name in mine})


class EstimatedProgress(Frozen):
    """How far a running task is. `extrapolated`: guessed from earlier runs of its type, at most 0.99."""

    task_id: int
    task_type: str
    domain: str
    label: str
    fraction: Fraction | None = None
    message: str | None = None
    extrapolated: bool = False
    eta: datetime | None = None


class ByteProgress(Frozen):
    """Bytes a running task has moved, of how many, and its smoothed rate in bytes a second."""

    task_id: int
    task_type: str
    label: str
    done: int
    total: int | None = None
    throughput: float = 0.0
    eta: datetime | None = None


class DomainSnapshot(Frozen):
    """One domain at one instant. `throughput` is tasks finished a second, smoothed."""

    name: str
    running: int
    pending_count: int
    paused_count: int
    waiting_count: int
    blocked_count: int
    is_paused: bool
    max_concurrency: int | None
    progress: tuple[EstimatedProgress, ...] = ()
    byte_progress: tuple[ByteProgress, ...] = ()
    throughput: float = 0.0


class RateLimitState(Frozen):
    """One rate limit at one instant: what it is and how many starts it would let through at once."""

    scope: Literal["type", "group"]
    name: str
    limit: RateLimit
    available: float


class SchedulerSnapshot(Frozen):
    """The whole scheduler at one instant."""

    running: int
    pending_count: int
    paused_count: int
    waiting_count: int
    blocked_count: int
    is_paused: bool
    max_concurrency: int
    progress: tuple[EstimatedProgress, ...] = ()
    byte_progress: tuple[ByteProgress, ...] = ()
    throughput: float = 0.0
    pressure: float = 0.0
    pressure_breakdown: dict[str, float] = {}
    paused_groups: tuple[str, ...] = ()
    rate_limits: tuple[RateLimitState, ...] = ()
    domains: tuple[DomainSnapshot, ...] = ()


class JobStage(Frozen):
    """One task type within a job: counts by state."""

    domain: str
    task_type: str
    counts: dict[str, int]


class JobSummary(Frozen):
    """One value of a tag over all domains: `counts` by state, `progress` as the finished fraction, and an estimate."""

    tag: str
    value: str
    total: int
    counts: dict[str, int]
    progress: Fraction
    eta: datetime | None = None
    stages: tuple[JobStage, ...] = ()


class GateResult(Frozen):
    """What one gate says to one task: `message` is a sentence for a person, `values` the numbers behind it."""

    name: str
    passed: bool
    message: str
    values: dict[str, Any] = {}


class Explanation(Frozen):
    """Every gate's answer for one task, in the order in which dispatch asks."""

    task_id: int
    gates: tuple[GateResult, ...]
    expected_start: datetime | None = None

    @property
    def blocking(self) -> GateResult | None:
        """The first gate that is closed, or None."""
        return next((gate for gate in self.gates if not gate.passed), None)


class RecoveryReport(Frozen):
    """What was found at open: tasks that were running when the last run ended, and how many are still to do."""

    requeued: int = 0
    pending: int = 0
    expired: int = 0


class HistoryStats(Frozen):
    """How the tasks of one type ended. `average_duration` is that of the completed ones, seconds; None without any."""

    task_type: str
    total: int
    counts: dict[str, int]
    average_duration: float | None = None


class PressureReading(Frozen):
    """How loaded the machine is: 0.0 idle to 1.0 full, by source, and the highest of them."""

    pressure: Fraction
    breakdown: dict[str, float]
