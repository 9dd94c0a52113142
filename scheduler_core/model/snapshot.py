"""What a person or a program is shown: counts, progress, jobs, and why a task waits."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from scheduler_core.model.base import Frozen
from scheduler_core.model.limits import RateLimit
from scheduler_core.model.schedule import RecurringSchedule
from scheduler_core.model.task import IoBudget
from scheduler_core.model.throttle import AgingConfig

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


class GroupAllocation(Frozen):
    """How the slots are shared: what one group may have of them now, and has. `group` None: tasks without one."""

    group: str | None
    weight: int
    minimum_slots: int
    max_concurrency: int | None
    allocated: int
    running: int


class GroupSummary(Frozen):
    """One group at one instant. The counts are those of the domain that was asked for, else of all.

    Limit, weight, minimum slots, rate and pause hold over all domains. `max_concurrency` None: no cap; `rate_limit` None:
    as often as they like; `paused_until` None while it is paused: until somebody resumes it.
    """

    name: str
    running: int = 0
    pending_count: int = 0
    paused_count: int = 0
    waiting_count: int = 0
    blocked_count: int = 0
    max_concurrency: int | None = None
    weight: int = 1
    minimum_slots: int = 0
    rate_limit: RateLimit | None = None
    is_paused: bool = False
    paused_until: datetime | None = None


class RecurringState(Frozen):
    """A task that comes again. `id` is that of its first occurrence, `task_id` that of the active one."""

    id: int
    task_id: int
    domain: str
    task_type: str
    label: str
    schedule: RecurringSchedule
    occurrence: int
    next_at: datetime
    is_paused: bool = False


class Resources(Frozen):
    """What the machine does, smoothed: fractions of processor and memory in use, bytes a second moved.

    `disk_busy` is the fraction of time in which the busiest disk had work; None where the system does not tell.
    """

    cpu: Fraction = 0.0
    memory: Fraction = 0.0
    disk_busy: Fraction | None = None
    disk_read: float = 0.0
    disk_write: float = 0.0
    net_rx: float = 0.0
    net_tx: float = 0.0


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
    group_allocations: tuple[GroupAllocation, ...] = ()
    recurring: tuple[RecurringState, ...] = ()
    aging: AgingConfig | None = None
    resources: Resources | None = None
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


class Lift(Frozen):
    """What opens one gate for one task: the order that does it, on what, and with which number.

    `order` is the name of a method: of the scheduler, or with a `domain` of that domain's handle. `target` is the group or
    the qualified type that it is about, `value` the cap, priority or limit to set; each None where the order takes none.
    `set_rate_limit` and `set_group_rate_limit` take the limit away.
    """

    order: Literal[
        "resume_all",
        "resume",
        "resume_group",
        "resume_recurring",
        "start_now",
        "set_max_concurrency",
        "set_group_limit",
        "set_priority",
        "ignore_io",
        "set_rate_limit",
        "set_group_rate_limit",
    ]
    domain: str | None = None
    target: str | None = None
    value: int | None = None


class GateResult(Frozen):
    """What one gate says to one task: `message` is a sentence for a person, `values` the numbers behind it.

    `lift` is what opens a closed gate for this task; None where no order can, as with a task that waits for others.
    """

    name: str
    passed: bool
    message: str
    values: dict[str, Any] = {}
    lift: Lift | None = None


class Explanation(Frozen):
    """Every gate's answer for one task, in the order in which dispatch asks.

    `place` is where it stands among the tasks that only wait for a slot, from 1; `expected_start` when it should start.
    Both are None where they cannot be known.
    """

    task_id: int
    gates: tuple[GateResult, ...]
    place: int | None = None
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
    """How the tasks of one type ended. `average_duration` is that of the completed ones, seconds; None without any.

    `average_io` is what those that said so moved; None if none did.
    """

    task_type: str
    total: int
    counts: dict[str, int]
    average_duration: float | None = None
    average_io: IoBudget | None = None


class PressureReading(Frozen):
    """How loaded the machine is: 0.0 idle to 1.0 full, by source, and the highest of them.

    What the throttle policy ignores does not count for `pressure`; it comes last in `breakdown`.
    """

    pressure: Fraction
    breakdown: dict[str, float]

    @property
    def source(self) -> str | None:
        """The name of the highest source that counts; None while all of them are 0."""
        names = (name for name, value in self.breakdown.items() if value == self.pressure)
        return next(names, None) if self.pressure > 0.0 else None


class HeldBack(Frozen):
    """What the throttle holds back: tasks of `domains` wait, because `source` is at `pressure`.

    `count` is how many; where they are more than a few hundred, tasks that are due later are counted too. When pressure
    has fallen to `limit`, the first of them may start.
    """

    source: str
    pressure: Fraction
    limit: Fraction
    count: int
    domains: tuple[str, ...]
