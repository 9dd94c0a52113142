"""A thin facade that owns lifetimes: what it is asked, the engine's parts do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from os import PathLike
from types import TracebackType
from typing import Any, Self, TypeVar, cast, overload

from scheduler_core.clock import Clock, SystemClock
from scheduler_core.domain import names
from scheduler_core.domain.domain import Domain, checked_cap, checked_name
from scheduler_core.domain.handle import DomainHandle
from scheduler_core.domain.resolve import Resolver
from scheduler_core.engine.engine import Engine
from scheduler_core.engine.loop_thread import LoopThread
from scheduler_core.engine.signals import SchedulerSignals
from scheduler_core.errors import (
    ConfigurationError,
    InvalidStateError,
    UnknownDomainError,
    UnknownTaskError,
    WrongDomainError,
)
from scheduler_core.model.base import is_id, seconds, whole
from scheduler_core.model.config import SchedulerConfig
from scheduler_core.model.events import SchedulerEvent
from scheduler_core.model.limits import RateLimit
from scheduler_core.model.metrics import MetricsSnapshot
from scheduler_core.model.pressure import AnyPressureSource, ResourceSampler
from scheduler_core.model.snapshot import (
    DomainCounts,
    Explanation,
    HistoryStats,
    JobSummary,
    RecoveryReport,
    SchedulerSnapshot,
)
from scheduler_core.model.task import TaskHistoryRecord, TaskRecord, TaskStatus
from scheduler_core.model.typed import DomainKey, TypedTask
from scheduler_core.store.task_store import TaskStore

K = TypeVar("K", bound=DomainKey)


class Scheduler(SchedulerSignals):
    """Runs the tasks of several domains from one store.

    `store` is a path or a `TaskStore`; `app_state` are objects that executors get by type from `ctx.state`. Use it as
    `async with Scheduler(...)`, or `open` and `close` it. One object serves one opening.

    Signals, emitted on the event loop's thread: `paused_changed(bool)`, `max_concurrency_changed(int)`,
    `store_failed(StoreError)` when something could not be written (it is tried again), `pressure_changed(PressureReading)`
    when it has changed, read once each `sampler.interval` while tasks run or wait for it to fall.

    `pressure_sources` are objects with `pressure()`, functions that return 0.0 to 1.0, or pairs of a name and one of these.
    `resource_sampler` measures in the place of psutil, where `resource_monitoring` or a `bandwidth_limit` asks for it.
    """

    def __init__(
        self,
        store: str | PathLike[str] | TaskStore,
        domains: Sequence[Domain[Any]],
        *,
        app_state: Sequence[object] = (),
        config: SchedulerConfig | None = None,
        clock: Clock | None = None,
        pressure_sources: Iterable[AnyPressureSource] = (),
        resource_sampler: ResourceSampler | None = None,
    ) -> None:
        self._config = names.checked_config(config)
        self._domains = names.domains_by_name(domains)
        task_store = store if isinstance(store, TaskStore) else TaskStore(store)
        self._engine = Engine(
            task_store,
            clock or SystemClock(),
            self._domains,
            self._config,
            self,
            list(app_state),
            pressure_sources,
            resource_sampler,
        )
        self._loop_thread = LoopThread()
        self._was_opened = False
        self._is_open = False
        self._closing: asyncio.Task[None] | None = None

    # Life

    async def open(self) -> None:
        """Open the store, migrate, recover, dispatch. Idempotent while open.

        Raises `StoreError` with the file named, or `InvalidStateError` after `close`.
        """
        if self._is_open:
            return
        if self._was_opened:
            raise InvalidStateError("scheduler", "it has been closed", "Make a new one.")
        self._loop_thread.bind()
        await self._engine.open()
        self._was_opened = self._is_open = True

    async def close(self, grace: float | timedelta | None = None, *, finish: bool = True) -> None:
        """Start nothing more, let what runs finish for at most `grace` (else `shutdown_grace`) seconds, close. Idempotent.

        What has not finished by then is interrupted and goes back into line; what does not stop either is recovered at
        the next open. With `finish` False everything is interrupted at once, and has the grace to stop. 0: no wait.
        Closing goes on if the caller is cancelled: it may be a task of this scheduler, which is interrupted.
        """
        wait = self._config.shutdown_grace if grace is None else seconds(grace, "grace")
        if self._is_open:
            self._is_open = False
            closing = self._engine.close(wait, asyncio.current_task(), finish=finish)
            self._closing = asyncio.get_running_loop().create_task(closing)
        if self._closing is not None:
            await asyncio.shield(self._closing)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close(finish=error is None)

    @property
    def recovery(self) -> RecoveryReport:
        """What was found at open."""
        return self._engine.recovery

    async def wait_idle(self) -> None:
        """Returns when nothing runs and nothing could: what is left is paused, blocked, held by a cap of 0, or not due.

        A retry that waits for its delay is waited for, and so is a task that waits for a token or a calmer machine.
        """
        await self._engine.rest.wait_idle()

    def clock_changed(self) -> None:
        """The machine woke, or its clock was set: every deadline is looked at again, at once. On the event loop's thread.

        On Linux the scheduler notices this by itself. A program on another system calls it when that tells it so; without
        it, what came due in a suspend is noticed when its timer, which stood still meanwhile, fires. Harmless at any time.
        """
        self._engine.jumps.look()

    def register_state(self, state: object) -> None:
        """Add an object that executors get by type from `ctx.state`."""
        self._engine.app_state.append(state)

    # Domains

    @overload
    def domain(self, key: type[K]) -> DomainHandle[K]: ...
    @overload
    def domain(self, key: str) -> DomainHandle[Any]: ...
    def domain(self, key: type[DomainKey] | str) -> DomainHandle[Any]:
        """The handle of a domain, by key or name. Raises `UnknownDomainError`."""
        handle = self._engine.handles.get(names.domain_name(key))
        if handle is None:
            known = ", ".join(sorted(self._engine.handles)) or "none"
            raise UnknownDomainError(
                f"domain {names.domain_name(key)!r}", "there is no such domain", f"There are: {known}."
            )
        return handle

    @overload
    def try_domain(self, key: type[K]) -> DomainHandle[K] | None: ...
    @overload
    def try_domain(self, key: str) -> DomainHandle[Any] | None: ...
    def try_domain(self, key: type[DomainKey] | str) -> DomainHandle[Any] | None:
        """The handle of a domain, by key or name, or None."""
        return self._engine.handles.get(names.domain_name(key))

    def domains(self) -> list[DomainHandle[Any]]:
        """All handles, in the order in which the domains were given."""
        return list(self._engine.handles.values())

    # Pausing and limits

    @property
    def is_paused(self) -> bool:
        """Is everything paused, by `pause_all`?"""
        return self._engine.state.paused

    async def pause_all(self) -> int:
        """Hold every domain; how many tasks that holds. Survives a restart."""
        return await self._engine.control.pause("scheduler", "")

    async def resume_all(self) -> int:
        """End `pause_all`; how many tasks nothing else holds. Domains that are paused stay so."""
        return await self._engine.control.resume("scheduler", "")

    @property
    def max_concurrency(self) -> int:
        """How many tasks may run at once over all domains."""
        return self._engine.state.max_concurrency

    def set_max_concurrency(self, n: int) -> None:
        """Change the cap over all domains; what runs goes on. Raises `ConfigurationError` (a `ValueError`)."""
        cap = checked_cap(n, "max_concurrency of the scheduler")
        if cap is None:
            raise ConfigurationError(
                "max_concurrency of the scheduler", "None is no number", "Pass 0 to 1,000,000."
            )
        self._engine.limits.set_global_cap(cap)

    def set_group_limit(self, group: str, n: int | None) -> None:
        """How many tasks of a group may run at once, in all domains together; None: `default_group_concurrency`."""
        cap = checked_cap(n, f"limit of group {group!r}")
        self._engine.limits.set_group_cap(checked_name(group, "group to limit"), cap)

    def set_group_weight(self, group: str, n: int | None) -> None:
        """How large a group's share of the slots is, against those of others; None: `default_group_weight`.

        Raises `ConfigurationError` (a `ValueError`), also for 0: to hold a group back, pause it.
        """
        thing = f"weight of group {group!r}"
        if checked_cap(n, thing) == 0:
            raise ConfigurationError(thing, "0 is no weight", "Pass 1 or more, or pause the group.")
        self._engine.limits.set_group_weight(checked_name(group, "group to weigh"), n)

    def set_group_minimum_slots(self, group: str, n: int | None) -> None:
        """How many slots a group gets before weights are looked at; None: none. Raises `ConfigurationError`."""
        checked_cap(n, f"minimum slots of group {group!r}")
        self._engine.limits.set_group_minimum(checked_name(group, "group to keep slots for"), n)

    def set_rate_limit(self, task_type: type[TypedTask[Any]] | str, limit: RateLimit | None) -> None:
        """How often tasks of a type (a class, or its qualified name) may start; None: as often as they like."""
        name = names.type_name(task_type)
        self._engine.limits.set_rate("type", name, names.checked_rate(limit, f"rate limit of {name}"))

    def set_group_rate_limit(self, group: str, limit: RateLimit | None) -> None:
        """How often tasks of a group may start, in all domains together; None: as often as they like."""
        checked_name(group, "group to limit")
        self._engine.limits.set_rate(
            "group", group, names.checked_rate(limit, f"rate limit of group {group!r}")
        )

    # Looking

    @property
    def counts(self) -> DomainCounts:
        """How many tasks of all domains are in each state, from memory."""
        return self._engine.counts.all()

    @property
    def failure_count(self) -> int:
        """How many failures want attention, from memory."""
        return self._engine.commits.failure_count

    def active_tasks(self) -> list[TaskRecord]:
        """The running tasks, from memory."""
        return self._engine.views.running(None)

    async def snapshot(self) -> SchedulerSnapshot:
        """The whole scheduler at this instant."""
        pressure = self._engine.pressure
        pressure.refresh()
        return self._engine.views.snapshot(list(self._engine.handles), pressure.reading, pressure.resources)

    def metrics(self) -> MetricsSnapshot:
        """What has been counted since the scheduler was opened, and its gauges, from memory.

        Any thread may ask: the event loop's answers, so that nothing changes meanwhile. Raises `SchedulerError` on other
        threads when the loop does not turn for 5 s.
        """
        return self._loop_thread.ask("metrics of the scheduler", self._engine.metrics_view.snapshot)

    async def task(self, task_id: int) -> TaskRecord | None:
        """One active task; None if it has ended or never was."""
        return await self._engine.views.task(task_id) if is_id(task_id) else None

    async def history(
        self,
        limit: int = 100,
        offset: int = 0,
        before_id: int | None = None,
        status: TaskStatus | str | Sequence[TaskStatus | str] | None = None,
        domain: type[DomainKey] | str | None = None,
        text: str | None = None,
        *,
        tags: Mapping[str, str] | None = None,
    ) -> list[TaskHistoryRecord]:
        """Ended tasks, newest first. `before_id`: only what ended before that task; `text`: in labels, keys and errors."""
        return await self._engine.views.history(
            whole(limit, "limit"),
            offset=whole(offset, "offset"),
            before_id=None if before_id is None else whole(before_id, "before_id"),
            statuses=names.statuses(status),
            domain=None if domain is None else names.domain_name(domain),
            text=names.checked_word(text, "text"),
            tags=tags,
        )

    async def failures(
        self, limit: int = 100, before_id: int | None = None, *, tags: Mapping[str, str] | None = None
    ) -> list[TaskHistoryRecord]:
        """Failures that want attention, newest first: the last one of each key, until it is tried again or cleared."""
        return await self._engine.views.history(
            whole(limit, "limit"),
            before_id=None if before_id is None else whole(before_id, "before_id"),
            attention=True,
            tags=tags,
        )

    async def clear_failures(self, history_ids: Sequence[int]) -> int:
        """Take failures off that list; they stay in the history. How many were on it."""
        cleared = await self._engine.store.clear_attention([one for one in history_ids if is_id(one)])
        self._engine.commits.failure_count -= cleared
        return cleared

    async def history_stats(self, task_type: type[TypedTask[Any]] | str) -> HistoryStats:
        """How the tasks of one type (a class, or its qualified name) ended, and how long they take; from memory."""
        return self._engine.type_totals.stats(names.type_name(task_type))

    async def prune_history(
        self, keep: int | None = None, older_than: float | timedelta | None = None
    ) -> int:
        """Remove the oldest records: all but the newest `keep`, and what ended longer ago than `older_than` seconds.

        Returns how many went. Failures among them leave the list of failures too.
        """
        return await self._engine.pruner.prune(
            None if keep is None else whole(keep, "keep"),
            None if older_than is None else seconds(older_than, "older_than"),
        )

    async def lookup(
        self, task: TypedTask[Any], key: str | None = None
    ) -> TaskRecord | TaskHistoryRecord | None:
        """The active task with the key of `task` (or `key`), else its newest history record, else None."""
        if not isinstance(cast("Any", task), TypedTask):
            raise WrongDomainError(f"{task!r}", "it is no task", "Pass an instance of a TypedTask.")
        domain = self._domains.get(type(task).domain_key.name)
        if domain is None:
            raise UnknownDomainError(f"domain {type(task).domain_key.name!r}", "there is no such domain")
        resolver = Resolver(domain, self._config, self._engine.clock.time)
        submission = resolver.resolve(task, {"key": key})
        return await self._engine.views.lookup(submission.key)

    async def task_dependencies(self, task_id: int) -> list[int]:
        """What an active task depends on."""
        return await self._engine.views.dependencies(task_id) if is_id(task_id) else []

    async def task_dependents(self, task_id: int) -> list[int]:
        """The active tasks that depend on a task."""
        return await self._engine.views.dependents(task_id) if is_id(task_id) else []

    async def blocked_tasks(self) -> list[TaskRecord]:
        """The tasks that wait for dependencies."""
        return await self._engine.views.blocked()

    async def explain(self, task_id: int) -> Explanation:
        """Every gate's answer for one active task, from the code that dispatch runs. Raises `UnknownTaskError`."""
        if not is_id(task_id):
            raise UnknownTaskError(
                f"task {task_id!r}", "it is no task id", "Pass the `id` of a SubmitOutcome."
            )
        return await self._engine.explaining.explain(task_id)

    # Jobs

    async def jobs(self, tag_key: str, limit: int = 100, offset: int = 0) -> list[JobSummary]:
        """The values of a tag over all domains, newest first."""
        return await self._engine.tag_views.jobs(tag_key, whole(limit, "limit"), whole(offset, "offset"))

    async def job(self, tag_key: str, value: str) -> JobSummary | None:
        """One value of a tag; None if no task ever carried it."""
        return await self._engine.tag_views.job(tag_key, value)

    async def cancel_job(self, tag_key: str, value: str) -> int:
        """Cancel every active task with this tag, in all domains; how many."""
        ids = await self._engine.tag_views.ids_by_tags(None, {tag_key: value}, None)
        return len(await self._engine.control.cancel(None, ids))

    async def task_ids_by_tags(
        self, filters: Mapping[str, str], status: TaskStatus | str | None = None
    ) -> list[int]:
        """The active tasks of all domains (of one status) that carry all of these tags."""
        return await self._engine.tag_views.ids_by_tags(None, filters, names.one_status(status))

    # Listening

    def subscribe(
        self,
        listener: Callable[[list[SchedulerEvent]], None],
        only: Collection[type[SchedulerEvent]] | None = None,
    ) -> Callable[[], None]:
        """Call `listener` on the loop's thread with the events of a commit, or `only` some kinds; returns what ends it."""
        return self._engine.bus.subscribe(listener, only)

    def events(self) -> AsyncIterator[SchedulerEvent]:
        """What happens from now on. A slow reader loses the oldest and is told how many (`EventsLost`)."""
        return self._engine.bus.events()
