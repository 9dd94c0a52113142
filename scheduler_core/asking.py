"""What a scheduler is asked: from memory at once, from the store by a coroutine. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from scheduler_core.domain import names
from scheduler_core.domain.domain import Domain
from scheduler_core.domain.resolve import Resolver
from scheduler_core.engine.engine import Engine
from scheduler_core.engine.loop_thread import LoopThread
from scheduler_core.errors import (
    UnknownDomainError,
    UnknownTaskError,
    WrongDomainError,
)
from scheduler_core.model.base import is_id, whole
from scheduler_core.model.config import SchedulerConfig
from scheduler_core.model.metrics import MetricsSnapshot
from scheduler_core.model.snapshot import (
    DomainCounts,
    Explanation,
    HistoryStats,
    JobSummary,
    SchedulerSnapshot,
)
from scheduler_core.model.task import TaskHistoryRecord, TaskRecord, TaskStatus
from scheduler_core.model.typed import DomainKey, TypedTask
from scheduler_core.model.undo import Undo


class Asking:
    """The questions of a `Scheduler`."""

    _engine: Engine
    _config: SchedulerConfig
    _domains: Mapping[str, Domain[Any]]
    _loop_thread: LoopThread

    @property
    def counts(self) -> DomainCounts:
        """How many tasks of all domains are in each state, from memory."""
        return self._engine.counts.all()

    @property
    def failure_count(self) -> int:
        """How many failures want attention, from memory."""
        return self._engine.commits.failure_count

    @property
    def undos(self) -> tuple[Undo, ...]:
        """What can be taken back now, the oldest first, from memory. `undos_changed` tells when that changes."""
        return self._engine.undoing.all()

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

    async def history_stats(self, task_type: type[TypedTask[Any]] | str) -> HistoryStats:
        """How the tasks of one type (a class, or its qualified name) ended, and how long they take; from memory."""
        return self._engine.type_totals.stats(names.type_name(task_type))

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

    async def task_ids_by_tags(
        self, filters: Mapping[str, str], status: TaskStatus | str | None = None
    ) -> list[int]:
        """The active tasks of all domains (of one status) that carry all of these tags."""
        return await self._engine.tag_views.ids_by_tags(None, filters, names.one_status(status))
