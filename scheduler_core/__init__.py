"""A multi-domain task scheduler on asyncio and SQLite. Everything public is imported from here."""

from __future__ import annotations

from scheduler_core.clock import (
    Clock,
    SystemClock,
)
from scheduler_core.domain.context import (
    TaskContext,
)
from scheduler_core.domain.discovery import (
    DiscoveredPlugin,
    DiscoveryResult,
    PluginError,
    discover_plugins,
    load_plugin,
)
from scheduler_core.domain.domain import (
    Domain,
)
from scheduler_core.domain.handle import (
    DomainHandle,
)
from scheduler_core.domain.plugin import (
    DomainPlugin,
    DropHandler,
    DropReceipt,
    HealthReport,
    PluginServices,
)
from scheduler_core.errors import (
    ConfigurationError,
    DependencyError,
    ForeignDatabaseError,
    InvalidStateError,
    InvalidTaskError,
    NewerSchemaError,
    NotADatabaseError,
    PermanentError,
    RetryableError,
    SchedulerError,
    StoreError,
    StoreFullError,
    StoreInUseError,
    StoreNotWritableError,
    TaskCancelledError,
    UnknownDomainError,
    UnknownTaskError,
    UnknownTaskTypeError,
    WrongDomainError,
)
from scheduler_core.model.config import (
    SchedulerConfig,
)
from scheduler_core.model.events import (
    Cancelled,
    Completed,
    DeadLettered,
    DependencyFailed,
    Dispatched,
    DomainPaused,
    DomainResumed,
    EventsLost,
    Failed,
    GroupPaused,
    GroupResumed,
    Paused,
    Progress,
    Resumed,
    SchedulerEvent,
    SchedulerPaused,
    SchedulerResumed,
    Submitted,
    Superseded,
    TaskEvent,
    Unblocked,
    Waiting,
)
from scheduler_core.model.retry import (
    RetryPolicy,
)
from scheduler_core.model.snapshot import (
    ByteProgress,
    DomainCounts,
    DomainSnapshot,
    EstimatedProgress,
    Explanation,
    GateResult,
    JobStage,
    JobSummary,
    PressureReading,
    RecoveryReport,
    SchedulerSnapshot,
)
from scheduler_core.model.task import (
    AttemptRecord,
    DependencyFailurePolicy,
    DuplicateStrategy,
    IoBudget,
    Priority,
    SubmitOutcome,
    SubmitStatus,
    TaskHistoryRecord,
    TaskRecord,
    TaskStatus,
)
from scheduler_core.model.typed import (
    DomainKey,
    TaskTypeConfig,
    TypedTask,
)
from scheduler_core.runners.base import (
    Runner,
)
from scheduler_core.runners.process import (
    ProcessRunner,
)
from scheduler_core.runners.thread import (
    ThreadRunner,
)
from scheduler_core.scheduler import (
    Scheduler,
)
from scheduler_core.store.task_store import (
    TaskStore,
)

__all__ = [
    "AttemptRecord",
    "ByteProgress",
    "Cancelled",
    "Clock",
    "Completed",
    "ConfigurationError",
    "DeadLettered",
    "DependencyError",
    "DependencyFailed",
    "DependencyFailurePolicy",
    "DiscoveredPlugin",
    "DiscoveryResult",
    "Dispatched",
    "Domain",
    "DomainCounts",
    "DomainHandle",
    "DomainKey",
    "DomainPaused",
    "DomainPlugin",
    "DomainResumed",
    "DomainSnapshot",
    "DropHandler",
    "DropReceipt",
    "DuplicateStrategy",
    "EstimatedProgress",
    "EventsLost",
    "Explanation",
    "Failed",
    "ForeignDatabaseError",
    "GateResult",
    "GroupPaused",
    "GroupResumed",
    "HealthReport",
    "InvalidStateError",
    "InvalidTaskError",
    "IoBudget",
    "JobStage",
    "JobSummary",
    "NewerSchemaError",
    "NotADatabaseError",
    "Paused",
    "PermanentError",
    "PluginError",
    "PluginServices",
    "PressureReading",
    "Priority",
    "ProcessRunner",
    "Progress",
    "RecoveryReport",
    "Resumed",
    "RetryPolicy",
    "RetryableError",
    "Runner",
    "Scheduler",
    "SchedulerConfig",
    "SchedulerError",
    "SchedulerEvent",
    "SchedulerPaused",
    "SchedulerResumed",
    "SchedulerSnapshot",
    "StoreError",
    "StoreFullError",
    "StoreInUseError",
    "StoreNotWritableError",
    "SubmitOutcome",
    "SubmitStatus",
    "Submitted",
    "Superseded",
    "SystemClock",
    "TaskCancelledError",
    "TaskContext",
    "TaskEvent",
    "TaskHistoryRecord",
    "TaskRecord",
    "TaskStatus",
    "TaskStore",
    "TaskTypeConfig",
    "ThreadRunner",
    "TypedTask",
    "Unblocked",
    "UnknownDomainError",
    "UnknownTaskError",
    "UnknownTaskTypeError",
    "Waiting",
    "WrongDomainError",
    "discover_plugins",
    "load_plugin",
]
