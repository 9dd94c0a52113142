"""What a scheduler is asked: from memory at once, from the store by a coroutine. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from scheduler_core.clock import from_datetime
from scheduler_core.domain import names
from scheduler_core.domain.domain import Domain
from scheduler_core.domain.resolve import Resolver
from scheduler_core.engine.engine import Engine
from scheduler_core.engine.loop_thread import LoopThread
from scheduler_core.engine.next_up import next_up
from scheduler_core.errors import (
    InvalidArgumentError,
    UnknownDomainError,
    UnknownTaskError,
    WrongDomainError,
    WrongTypeError,
)
from scheduler_core.model.base import is_id, member, whole
from scheduler_core.model.cause import FailureCause, cause_id
from scheduler_core.model.config import SchedulerConfig
from scheduler_core.model.metrics import MetricsSnapshot
from scheduler_core.model.snapshot import (
    DomainCounts,
    Explanation,
    GroupSummary,
    HeldBack,
    HistoryStats,
    JobSummary,
    PressureReading,
    RecurringState,
    SchedulerSnapshot,
)
from scheduler_core.model.task import AttemptRecord, TaskHistoryRecord, TaskOrder, TaskRecord, TaskStatus
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

    @property
    def pressure(self) -> PressureReading:
        """How loaded the machine was when it was last read, from memory; at rest, what sources tell by themselves."""
        return self._engine.pressure.reading

    @property
    def held_back(self) -> HeldBack | None:
        """What the throttle holds back now, from memory; None: nothing."""
        return self._engine.throttling.held

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

    def group_names(self, domain: type[DomainKey] | str | None = None) -> list[str]:
        """The groups that tasks of a domain have ever been in, by name; from memory.

        Without `domain` those of all domains, and groups that only have a limit.
        """
        return self._engine.group_views.names(None if domain is None else names.domain_name(domain))

    def groups(
        self, domain: type[DomainKey] | str | None = None, only: Collection[str] | None = None
    ) -> list[GroupSummary]:
        """These groups, in the order of `group_names`, with their numbers and limits; from memory.

        `only` these names, where there are many; a name that is no group of the domain is left out. Without `domain` the
        numbers are those of all domains.
        """
        wanted = None if domain is None else names.domain_name(domain)
        return self._engine.group_views.groups(wanted, only)

    def schedules(self, domain: type[DomainKey] | str | None = None) -> list[RecurringState]:
        """The tasks that come again (of a domain), in the order in which they were submitted; from memory."""
        wanted = None if domain is None else names.domain_name(domain)
        return [one for one in self._engine.schedules.all() if wanted in (None, one.domain)]

    async def next_tasks(self, domain: type[DomainKey] | str, limit: int = 100) -> list[TaskRecord]:
        """The tasks of a domain that are ready, the most urgent first, and among equals the oldest; at most 500.

        What holds them back, a pause or a limit, is not looked at, nor whose turn the weights of groups make it. What
        waits for its time, for other tasks or for children is not ready.
        """
        ids = next_up(
            self._engine.lanes, self._engine.ages, names.domain_name(domain), min(whole(limit, "limit"), 500)
        )
        by_id = {record.id: record for record in await self._engine.views.tasks(ids)} if ids else {}
        ready = (TaskStatus.PENDING, TaskStatus.PAUSED)
        return [by_id[task_id] for task_id in ids if task_id in by_id and by_id[task_id].status in ready]

    async def task(self, task_id: int) -> TaskRecord | None:
        """One active task; None if it has ended or never was."""
        return await self._engine.views.task(task_id) if is_id(task_id) else None

    async def ended_task(self, task_id: int) -> TaskHistoryRecord | None:
        """One task of the history; None if it is active, never was, or was pruned."""
        return await self._engine.views.ended(task_id) if is_id(task_id) else None

    async def attempts(self, task_id: int) -> tuple[AttemptRecord, ...]:
        """The attempts of an active task that have failed so far, the oldest first; its record after its end has all."""
        return await self._engine.views.attempts(task_id) if is_id(task_id) else ()

    async def tasks(
        self,
        limit: int = 100,
        after: TaskRecord | None = None,
        status: TaskStatus | str | Sequence[TaskStatus | str] | None = None,
        domain: type[DomainKey] | str | None = None,
        task_type: type[TypedTask[Any]] | str | None = None,
        text: str | None = None,
        *,
        tags: Mapping[str, str] | None = None,
        order: TaskOrder | str = TaskOrder.DISPATCH,
    ) -> list[TaskRecord]:
        """Active tasks, in the order of dispatch as far as it is stored, or by submission.

        `after`: only what comes behind that task, also when it has ended meanwhile; `text`: in labels, keys and errors.
        """
        statuses = names.statuses(status)
        if ended := [one for one in statuses if not one.is_active]:
            raise InvalidArgumentError(
                "status", f"{str(ended[0])!r} is none of an active task", "Ask `history` for what has ended."
            )
        if after is not None and not isinstance(cast("Any", after), TaskRecord):
            raise WrongTypeError("after", f"{after!r} is no TaskRecord", "Pass the last one of a page.")
        return await self._engine.queue.tasks(
            whole(limit, "limit"),
            after,
            statuses=statuses,
            domain=None if domain is None else names.domain_name(domain),
            task_type=None if task_type is None else names.type_name(task_type),
            tags=tags,
            text=names.checked_word(text, "text"),
            order=member(TaskOrder, order, "order"),
        )

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
        task_type: type[TypedTask[Any]] | str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[TaskHistoryRecord]:
        """Ended tasks, newest first. `before_id`: only what ended before that task; `text`: in labels, keys and errors.

        `since`, `until` (aware datetimes): what ended at `since` or later, and before `until`. Where the clock was set back
        meanwhile, what ended around then may be missed.
        """
        return await self._engine.views.history(
            whole(limit, "limit"),
            offset=whole(offset, "offset"),
            before_id=None if before_id is None else whole(before_id, "before_id"),
            statuses=names.statuses(status),
            domain=None if domain is None else names.domain_name(domain),
            text=names.checked_word(text, "text"),
            tags=tags,
            task_type=None if task_type is None else names.type_name(task_type),
            since=None if since is None else from_datetime(since, "since"),
            until=None if until is None else from_datetime(until, "until"),
        )

    async def failures(
        self,
        limit: int = 100,
        before_id: int | None = None,
        *,
        domain: type[DomainKey] | str | None = None,
        tags: Mapping[str, str] | None = None,
        cause: FailureCause | int | None = None,
    ) -> list[TaskHistoryRecord]:
        """Failures that want attention, newest first: the last one of each key, until it is tried again or cleared.

        `cause`: only those of one cause, or of its id.
        """
        return await self._engine.views.history(
            whole(limit, "limit"),
            before_id=None if before_id is None else whole(before_id, "before_id"),
            domain=None if domain is None else names.domain_name(domain),
            attention=True,
            tags=tags,
            cause=None if cause is None else cause_id(cause),
        )

    async def failure_causes(
        self,
        limit: int = 100,
        before_id: int | None = None,
        *,
        domain: type[DomainKey] | str | None = None,
        text: str | None = None,
    ) -> list[FailureCause]:
        """The causes of failures that want attention, the one of which something failed last first.

        `before_id`: only the causes behind that one; `text`: in their texts and the names of their task types. How many
        failures each has is kept: their number costs nothing. After a file of an earlier version was opened for the first
        time, failures get their causes behind the work (`failures_sorted`).
        """
        return await self._engine.failures.causes(
            whole(limit, "limit"),
            None if before_id is None else whole(before_id, "before_id"),
            None if domain is None else names.domain_name(domain),
            names.checked_word(text, "text"),
        )

    async def failure_cause(self, cause: int) -> FailureCause | None:
        """One cause by its id; None when no failure of it wants attention."""
        return await self._engine.failures.cause(cause_id(cause))

    async def failures_sorted(self) -> None:
        """Returns when every failure has its cause: at once, but after a file of an earlier version was opened."""
        await self._engine.failures.wait_sorted()

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
        self._engine.look_at_machine()
        return await self._engine.explaining.explain(task_id)

    # Jobs

    async def jobs(self, tag_key: str, limit: int = 100, offset: int = 0) -> list[JobSummary]:
        """The values of a tag over all domains, newest first."""
        return await self._engine.tag_views.jobs(tag_key, whole(limit, "limit"), whole(offset, "offset"))

    async def job(self, tag_key: str, value: str) -> JobSummary | None:
        """One value of a tag; None if no task ever carried it."""
        return await self._engine.tag_views.job(tag_key, value)

    async def tag_keys(self, limit: int = 100) -> list[str]:
        """The keys that `jobs` may be asked by, by name: of tags that tasks of any domain carry, or did as they ended."""
        return await self._engine.tag_views.known_keys(whole(limit, "limit"))

    async def task_ids_by_tags(
        self, filters: Mapping[str, str], status: TaskStatus | str | None = None
    ) -> list[int]:
        """The active tasks of all domains (of one status) that carry all of these tags."""
        return await self._engine.tag_views.ids_by_tags(None, filters, names.one_status(status))
