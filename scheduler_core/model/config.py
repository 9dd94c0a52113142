"""The scheduler's settings, as a pydantic model that a settings window can be made from."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from scheduler_core.model.base import Frozen
from scheduler_core.model.limits import RateLimit
from scheduler_core.model.retry import RetryPolicy, Seconds
from scheduler_core.model.task import Priority

Cap = Annotated[int, Field(ge=0, le=1_000_000)]


class RetentionPolicy(Frozen):
    """What the history keeps: at most `max_count` records, none older than `max_age` seconds; None: no such limit."""

    max_count: Annotated[int, Field(ge=0)] | None = None
    max_age: Seconds | None = None


class SchedulerConfig(Frozen):
    """Limits and habits of one scheduler. Durations are seconds; a cap of 0 lets nothing start."""

    max_concurrency: Annotated[
        Cap, Field(title="Tasks at once", description="Over all domains together.")
    ] = 4
    preempt_priority: Annotated[
        int,
        Field(
            ge=0,
            le=255,
            title="Urgent from",
            description="Tasks of this priority or more urgent (a lower number) interrupt less urgent ones for a slot.",
        ),
    ] = Priority.REALTIME
    default_ttl: Annotated[
        Seconds | None,
        Field(title="Time to live", description="Seconds after which a task that has not started expires."),
    ] = None
    default_retry: RetryPolicy | None = None
    shutdown_grace: Annotated[
        Seconds,
        Field(title="Grace at shutdown", description="Seconds that running tasks get to stop; 0 is at once."),
    ] = 10.0
    expiry_sweep_interval: Annotated[
        Seconds,
        Field(
            title="Time between sweeps",
            description="Seconds between two sweeps for expired tasks, at least; none is started after its time.",
        ),
    ] = 30.0
    cancel_hook_timeout: Annotated[
        Seconds, Field(title="Cancel hook timeout", description="Seconds that an on_cancel hook may take.")
    ] = 5.0
    group_concurrency: dict[str, Cap] = {}
    default_group_concurrency: Cap | None = None
    rate_limits: Annotated[
        dict[str, RateLimit], Field(title="Rate limits", description="By qualified task type, domain::type.")
    ] = {}
    group_rate_limits: Annotated[
        dict[str, RateLimit], Field(title="Rate limits of groups", description="By group, over all domains.")
    ] = {}
    retention: Annotated[
        RetentionPolicy | None,
        Field(title="History", description="What is kept of tasks that have ended; None: all."),
    ] = None
    resource_monitoring: Annotated[
        bool, Field(title="Watch the machine", description="Measure CPU, disk and memory while tasks run.")
    ] = False
