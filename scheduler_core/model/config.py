"""The scheduler's settings, as a pydantic model that a settings window can be made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from scheduler_core.model.base import Duration, Frozen
from scheduler_core.model.limits import RateLimit
from scheduler_core.model.retry import RetryPolicy, Seconds
from scheduler_core.model.task import Priority
from scheduler_core.model.throttle import AgingConfig, SamplerConfig, ThrottlePolicy

Cap = Annotated[int, Field(ge=0, le=1_000_000)]
Weight = Annotated[int, Field(ge=1, le=1_000_000)]


class RetentionPolicy(Frozen):
    """What the history keeps: at most `max_count` records, none older than `max_age` seconds; None: no such limit."""

    max_count: Annotated[int, Field(ge=0)] | None = None
    max_age: Seconds | None = None

    if TYPE_CHECKING:  # what is given may be more than what is kept

        def __init__(self, *, max_count: int | None = None, max_age: Duration | None = None) -> None: ...


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
        Field(
            title="Grace at shutdown",
            description="Seconds that running tasks get to finish; 0 interrupts them at once.",
        ),
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
    aging: Annotated[
        AgingConfig | None,
        Field(title="Aging", description="Tasks that wait grow more urgent; None: they do not."),
    ] = None
    throttle: Annotated[
        ThrottlePolicy, Field(title="Throttle", description="Who waits while the machine is busy.")
    ] = ThrottlePolicy()
    group_concurrency: dict[str, Cap] = {}
    default_group_concurrency: Cap | None = None
    group_weights: Annotated[
        dict[str, Weight],
        Field(title="Weights of groups", description="How the slots are shared among groups that want more."),
    ] = {}
    default_group_weight: Annotated[
        Weight, Field(title="Weight of other groups", description="Also that of tasks without a group.")
    ] = 1
    group_minimum_slots: Annotated[
        dict[str, Cap],
        Field(title="Slots kept for groups", description="What a group gets before weights are looked at."),
    ] = {}
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
    bandwidth_limit: Annotated[
        float | None,
        Field(
            gt=0.0,
            allow_inf_nan=False,
            title="Bandwidth",
            description="Bytes a second, both ways together: a network that moves as much is full pressure.",
        ),
    ] = None
    resource_monitoring: Annotated[
        bool,
        Field(
            title="Watch the machine", description="Measure CPU, disk, network and memory while tasks run."
        ),
    ] = False
    sampler: SamplerConfig = SamplerConfig()

    if TYPE_CHECKING:  # what is given may be more than what is kept

        def __init__(
            self,
            *,
            max_concurrency: int = 4,
            preempt_priority: int = Priority.REALTIME,
            default_ttl: Duration | None = None,
            default_retry: RetryPolicy | None = None,
            shutdown_grace: Duration = 10.0,
            expiry_sweep_interval: Duration = 30.0,
            cancel_hook_timeout: Duration = 5.0,
            aging: AgingConfig | None = None,
            throttle: ThrottlePolicy = ...,
            group_concurrency: Mapping[str, int] = ...,
            default_group_concurrency: int | None = None,
            group_weights: Mapping[str, int] = ...,
            default_group_weight: int = 1,
            group_minimum_slots: Mapping[str, int] = ...,
            rate_limits: Mapping[str, RateLimit] = ...,
            group_rate_limits: Mapping[str, RateLimit] = ...,
            retention: RetentionPolicy | None = None,
            bandwidth_limit: float | None = None,
            resource_monitoring: bool = False,
            sampler: SamplerConfig = ...,
        ) -> None: ...
