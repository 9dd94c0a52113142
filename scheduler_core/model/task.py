"""A task as it is stored and shown, and the words for its states."""

from __future__ import annotations

import json
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Annotated, Any

from pydantic import Field

from scheduler_core.model.base import Frozen


class Priority(IntEnum):
    """How urgent: 0 is the most, 255 the least. Any int in that range may be used where one is expected."""

    REALTIME = 0
    HIGH = 64
    NORMAL = 128
    BACKGROUND = 192
    IDLE = 255


class TaskStatus(StrEnum):
    """Where a task is. The first five are active, the others are history."""

    PENDING = "pending"
    RUNNING = "running"
    PAUSED = "paused"
    WAITING = "waiting"
    BLOCKED = "blocked"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    DEPENDENCY_FAILED = "dependency_failed"
    DEAD_LETTER = "dead_letter"

    @property
    def is_active(self) -> bool:
        """Is a task of this state still to run, running, or held?"""
        return self in ACTIVE_STATUSES


ACTIVE_STATUSES = frozenset(
    {TaskStatus.PENDING, TaskStatus.RUNNING, TaskStatus.PAUSED, TaskStatus.WAITING, TaskStatus.BLOCKED}
)


class TaskOrder(StrEnum):
    """In which order active tasks are listed.

    DISPATCH: what runs, then what is to start by priority and submission, what waits for its time by that time, what is
    paused, what waits for children, what is blocked. NEWEST, OLDEST: by submission.
    """

    DISPATCH = "dispatch"
    NEWEST = "newest"
    OLDEST = "oldest"


class SubmitStatus(StrEnum):
    """What became of a submission."""

    INSERTED = "inserted"
    DUPLICATE = "duplicate"
    UPGRADED = "upgraded"
    REQUEUED = "requeued"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"


class DuplicateStrategy(StrEnum):
    """What a submission does when its key is held by an active task."""

    SKIP = "skip"
    SUPERSEDE = "supersede"
    REJECT = "reject"


class TtlFrom(StrEnum):
    """When a task's time to live begins: when it is submitted, or with its first attempt.

    From SUBMISSION, it expires if it has not started by then; once it has, it is left alone. From FIRST_ATTEMPT, it expires
    if it waits for another attempt then.
    """

    SUBMISSION = "submission"
    FIRST_ATTEMPT = "first_attempt"


class DependencyFailurePolicy(StrEnum):
    """What becomes of a task whose dependency ends in anything but success.

    CANCEL: it ends as `dependency_failed`, and its own dependents are treated alike. FAIL: it ends as
    `dependency_failed`, and its dependents stay blocked for a person to decide. IGNORE: it runs.
    """

    CANCEL = "cancel"
    FAIL = "fail"
    IGNORE = "ignore"


class SubmitOutcome(Frozen):
    """The answer to one submission. `id` is the task that now holds the key; None only when rejected."""

    status: SubmitStatus
    id: int | None


class IoBudget(Frozen):
    """Bytes a task is expected to move, or has moved."""

    disk_read: Annotated[int, Field(ge=0)] = 0
    disk_write: Annotated[int, Field(ge=0)] = 0
    net_rx: Annotated[int, Field(ge=0)] = 0
    net_tx: Annotated[int, Field(ge=0)] = 0

    def __add__(self, other: IoBudget) -> IoBudget:
        return IoBudget(
            disk_read=self.disk_read + other.disk_read,
            disk_write=self.disk_write + other.disk_write,
            net_rx=self.net_rx + other.net_rx,
            net_tx=self.net_tx + other.net_tx,
        )

    def __sub__(self, other: IoBudget) -> IoBudget:
        """What is left, never less than nothing."""
        return IoBudget(
            disk_read=max(0, self.disk_read - other.disk_read),
            disk_write=max(0, self.disk_write - other.disk_write),
            net_rx=max(0, self.net_rx - other.net_rx),
            net_tx=max(0, self.net_tx - other.net_tx),
        )

    def lane_text(self) -> str:
        """As lanes are told apart by it: each number rounded up to two significant digits, '' for nothing.

        Rounded, because a lane for each size of file would be a lane for each task; up, because a budget is a limit.
        """
        rounded = {name: _rounded_up(n) for name, n in self if n}
        return json.dumps(rounded, separators=(",", ":")) if rounded else ""


def _rounded_up(n: int) -> int:
    unit = 10 ** max(0, len(str(n)) - 2)
    return -(-n // unit) * unit


class AttemptRecord(Frozen):
    """One run of a task's executor: when, and if it failed, with what."""

    started_at: datetime
    ended_at: datetime
    error: str | None = None
    traceback: str | None = None


class TaskFields(Frozen):
    """What an active task and an ended one have in common."""

    id: int
    domain: str
    task_type: str
    key: str
    label: str
    priority: int
    status: TaskStatus
    payload: dict[str, Any]
    expected_io: IoBudget | None = None
    retry_count: int = 0
    max_retries: int = 0
    last_error: str | None = None
    created_at: datetime
    started_at: datetime | None = None
    run_at: datetime | None = None
    expires_at: datetime | None = None
    parent_id: int | None = None
    group: str | None = None
    tags: dict[str, str] = {}
    dependencies: tuple[int, ...] = ()
    pause_reasons: tuple[str, ...] = ()


class TaskRecord(TaskFields):
    """An active task. `status` is what a person should read: `paused` when its domain, group or scheduler is.

    `due_at`: it does not start before then (its `run_at`, or another attempt after a failure); None once it is due.
    """

    due_at: datetime | None = None


class TaskHistoryRecord(TaskFields):
    """A task that has ended, with the `id` that it had. `duration` is the last attempt's, seconds.

    `seq` grows with each task that ends: of two records the one with the higher is newer, whatever the clock said.
    `cause` is the id of a failure's `FailureCause`.
    """

    seq: int = 0
    cause: int | None = None
    completed_at: datetime
    duration: float | None = None
    actual_io: IoBudget | None = None
    attempts: tuple[AttemptRecord, ...] = ()
    memo: Any = None
