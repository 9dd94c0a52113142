"""What happened, told after the transaction that made it true has committed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from scheduler_core.model.base import Frozen
from scheduler_core.model.task import TaskStatus


class SchedulerEvent(Frozen):
    """Base of all events. `seq` grows by one with each event of a scheduler; `at` is wall time, UTC."""

    seq: int = 0
    at: datetime


class TaskEvent(SchedulerEvent):
    """Base of the events about one task."""

    task_id: int
    task_type: str
    domain: str
    label: str
    tags: dict[str, str] = {}
    base_priority: int
    effective_priority: int


class Submitted(TaskEvent):
    """A task was stored; `status` is pending, or blocked by its dependencies."""

    status: TaskStatus = TaskStatus.PENDING


class Dispatched(TaskEvent):
    """An attempt has been claimed and starts now."""

    attempt: int = 1


class Progress(TaskEvent):
    """A running task reported how far it is; several reports in a short time are told as one, the last.

    What it reported last is told also if it ends at once.
    """

    fraction: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    message: str | None = None
    bytes_done: int = 0
    bytes_total: int | None = None


class Completed(TaskEvent):
    """A task ended well. `duration` is the last attempt's, seconds."""

    duration: float = 0.0


class Failed(TaskEvent):
    """An attempt failed; with `will_retry` it is tried again in `retry_after` seconds."""

    error: str
    will_retry: bool
    retry_after: float | None = None


class DeadLettered(TaskEvent):
    """A task failed and has used up its retries."""

    error: str


class Paused(TaskEvent):
    """A running task was interrupted by a pause and will run again."""


class Preempted(TaskEvent):
    """A running task was interrupted to make room for an urgent one, and will run again."""


class Resumed(TaskEvent):
    """A task that was interrupted runs again."""


class Cancelled(TaskEvent):
    """A task was cancelled."""


class SetAside(TaskEvent):
    """A task is in no list any more: it will be cancelled, unless that is undone."""


class BroughtBack(TaskEvent):
    """A task that was set aside stands where it stood."""


class TakenBack(TaskEvent):
    """A retry was undone before it started: the task is gone, and the record that it came from is as it was."""


class Superseded(TaskEvent):
    """A newer submission took the place of this one."""


class Expired(TaskEvent):
    """A task did not start in its time."""


class Waiting(TaskEvent):
    """A task's own work is done and it waits for its children."""


class Unblocked(TaskEvent):
    """The last dependency of a task is met."""


class DependencyFailed(TaskEvent):
    """A task ended because one it depends on did not succeed."""

    error: str


class RecurringSkipped(TaskEvent):
    """A schedule passed over `count` of its times, because its last occurrence had not ended by then."""

    schedule_id: int
    count: int = 1


class RecurringCompleted(TaskEvent):
    """A schedule has had all its occurrences; `task_id` was the last of them."""

    schedule_id: int
    occurrences: int


class DomainPaused(SchedulerEvent):
    """A domain was paused."""

    domain: str


class DomainResumed(SchedulerEvent):
    """A domain was resumed."""

    domain: str


class SchedulerPaused(SchedulerEvent):
    """The whole scheduler was paused."""

    kind: Literal["scheduler_paused"] = "scheduler_paused"


class SchedulerResumed(SchedulerEvent):
    """The whole scheduler was resumed."""

    kind: Literal["scheduler_resumed"] = "scheduler_resumed"


class GroupPaused(SchedulerEvent):
    """A group was paused."""

    group: str


class GroupResumed(SchedulerEvent):
    """A group was resumed."""

    group: str


class GroupWeightChanged(SchedulerEvent):
    """A group has another weight; None: that of groups without one of their own."""

    group: str
    weight: int | None


class EventsLost(SchedulerEvent):
    """A slow reader of `events()` missed `count` older events."""

    count: int
