"""What a caller may do with one domain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar, Unpack, cast

from psygnal import Signal
from pydantic import ValidationError

from scheduler_core.clock import from_datetime
from scheduler_core.domain.backend import Backend
from scheduler_core.domain.domain import Domain, checked_cap, checked_name
from scheduler_core.domain.names import one_status, type_name
from scheduler_core.domain.resolve import Absent, Resolver, SubmitOptions
from scheduler_core.domain.signals import SteadySignal
from scheduler_core.errors import InvalidTaskError, UnknownTaskError, UnknownTaskTypeError
from scheduler_core.model.base import is_id, seconds, whole
from scheduler_core.model.config import SchedulerConfig
from scheduler_core.model.events import DomainPaused, DomainResumed, SchedulerEvent, TaskEvent
from scheduler_core.model.pause import checked_reason
from scheduler_core.model.snapshot import DomainCounts, DomainSnapshot
from scheduler_core.model.submission import Submission
from scheduler_core.model.task import SubmitOutcome, TaskHistoryRecord, TaskRecord, TaskStatus
from scheduler_core.model.typed import DomainKey, TypedTask

K = TypeVar("K", bound=DomainKey)

_SLICE = 500
"""Tasks that are prepared before the event loop gets a turn."""


class DomainHandle(Generic[K]):
    """One domain of a running scheduler. Made by the scheduler; `scheduler.domain(Key)` returns it.

    Signals, emitted on the event loop's thread: `paused_changed(bool)`, `max_concurrency_changed(int | None)`,
    `counts_changed(DomainCounts)` at most 30 times a second, `task_event(TaskEvent)`.
    """

    paused_changed = Signal(bool, signal_instance_class=SteadySignal)
    max_concurrency_changed = Signal(object, signal_instance_class=SteadySignal)
    counts_changed = Signal(DomainCounts, signal_instance_class=SteadySignal)
    task_event = Signal(object, signal_instance_class=SteadySignal)

    def __init__(self, domain: Domain[K], backend: Backend, config: SchedulerConfig) -> None:
        self._domain = domain
        self._backend = backend
        self._config = config
        self._resolver: Resolver | Absent = Resolver(domain, config, backend.clock.time)

    def replace_domain(self, domain: Domain[K]) -> None:
        """The scheduler's: what is submitted from now on has the defaults of this one (`Scheduler.replace_domain`)."""
        self._domain = domain
        self._resolver = Resolver(domain, self._config, self._backend.clock.time)

    def refuse(self) -> None:
        """The scheduler's: the domain was removed; `submit` raises `UnknownDomainError` until it is added again."""
        self._resolver = Absent(self.name)

    def __repr__(self) -> str:
        return f"<DomainHandle {self.name}>"

    @property
    def name(self) -> str:
        """The domain's name."""
        return self._domain.name

    @property
    def task_types(self) -> Mapping[str, type[TypedTask[K]]]:
        """The task classes that have an executor, by their unqualified `task_type`."""
        return {entry.task_class.task_type: entry.task_class for entry in self._domain.registrations.values()}

    def new_task(self, task_type: str, **payload: Any) -> TypedTask[K]:
        """A task by the name of its type, for callers that do not import the domain's package.

        Raises `UnknownTaskTypeError`, or `InvalidTaskError` for a payload that does not fit.
        """
        task_class = self.task_types.get(task_type)
        if task_class is None:
            known = ", ".join(sorted(self.task_types)) or "none"
            raise UnknownTaskTypeError(
                f"task type {task_type!r}", f"domain {self.name!r} has no such type", f"It has: {known}."
            )
        try:
            return task_class(**payload)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "payload"
            raise InvalidTaskError(
                f"{place} of {task_class.qualified_type}", first["msg"], "See the fields of its class."
            ) from error

    # Submitting

    async def submit(self, task: TypedTask[K], **options: Unpack[SubmitOptions]) -> SubmitOutcome:
        """Store one task; it is committed when this returns.

        Raises `WrongDomainError` (a `TypeError`), `InvalidTaskError`, `DependencyError` or `StoreError`; then nothing
        is stored.
        """
        return (await self._backend.submit([self._resolver.resolve(task, options)]))[0]

    async def submit_batch(
        self, tasks: Iterable[TypedTask[K]], **options: Unpack[SubmitOptions]
    ) -> list[SubmitOutcome]:
        """Store many tasks in one transaction, with the same options; outcomes in order. Raises like `submit`."""
        submissions: list[Submission] = []
        resolve = self._resolver.alike(options)
        for number, task in enumerate(tasks, start=1):
            submissions.append(resolve(task))
            if number % _SLICE == 0:
                await asyncio.sleep(0)
        return await self._backend.submit(submissions) if submissions else []

    # Pausing and limits

    @property
    def is_paused(self) -> bool:
        """Is this domain itself paused? (`scheduler.is_paused` tells of all.)"""
        return self._backend.is_domain_paused(self.name)

    async def pause(self, until: datetime | None = None, reason: str | None = None) -> int:
        """Let nothing of this domain start, and interrupt what runs; how many tasks that holds.

        What is interrupted goes back into line and counts no retry. The pause survives a restart, and ends by itself at
        `until`, also if the program is not running then. `reason` is a sentence for people, of 256 characters at most.
        Pausing what is paused changes end and reason.
        """
        thing = f"pause of {self.name}"
        end = None if until is None else from_datetime(until, thing)
        return await self._backend.pause_domain(self.name, end, checked_reason(reason, thing))

    async def pause_for(self, duration: float | timedelta, reason: str | None = None) -> int:
        """`pause`, which ends by itself after `duration`, also if the program is not running then."""
        thing = f"pause of {self.name}"
        until = self._backend.clock.time() + seconds(duration, thing)
        return await self._backend.pause_domain(self.name, until, checked_reason(reason, thing))

    async def resume(self) -> int:
        """End the pause of this domain; how many tasks that frees. `scheduler.pause_all()` still holds them."""
        return await self._backend.resume_domain(self.name)

    async def pause_group(self, group: str, until: datetime | None = None, reason: str | None = None) -> int:
        """Let nothing of this group start, in any domain, until then; how many tasks that holds."""
        thing = f"pause of group {group!r}"
        end = None if until is None else from_datetime(until, f"until of group {group!r}")
        name = checked_name(group, "group to pause")
        return await self._backend.pause_group(name, end, checked_reason(reason, thing))

    async def resume_group(self, group: str) -> int:
        """End the pause of a group; how many tasks that frees."""
        return await self._backend.resume_group(group)

    @property
    def max_concurrency(self) -> int | None:
        """How many tasks of this domain may run at once; None: as many as the scheduler's cap lets."""
        return self._backend.domain_cap(self.name)

    def set_max_concurrency(self, n: int | None) -> None:
        """Change the cap; what runs goes on. 0 lets nothing start. Raises `ConfigurationError` (a `ValueError`)."""
        self._backend.set_domain_cap(self.name, checked_cap(n, f"max_concurrency of domain {self.name!r}"))

    # Cancelling

    async def cancel(self, task_id: int) -> bool:
        """Cancel an active task and its children; False if it is no active task of this domain.

        A running one is told to stop and waited for, at most `cancel_hook_timeout`.
        """
        return bool(await self._backend.cancel(self.name, [task_id]))

    async def cancel_all(self) -> list[int]:
        """Cancel every active task of this domain; their ids."""
        return await self._backend.cancel_where(self.name, lambda _: True)

    async def cancel_where(self, predicate: Callable[[TaskRecord], bool]) -> list[int]:
        """Cancel the active tasks for which `predicate(record)` is true; their ids."""
        return await self._backend.cancel_where(self.name, predicate)

    async def cancel_by_tag_key_prefix(self, prefix: str) -> list[int]:
        """Cancel the active tasks with a tag whose key begins so; their ids."""
        return await self._backend.cancel(self.name, await self.task_ids_by_tag_key_prefix(prefix))

    # Tasks that come again

    async def pause_recurring(self, task_id: int) -> bool:
        """Let the schedule of this occurrence, past or present, rest; False if this domain has no such schedule.

        An occurrence that has not started is paused; one that has goes on, and the next comes paused.
        """
        return await self._backend.pause_recurring(self.name, task_id)

    async def resume_recurring(self, task_id: int) -> bool:
        """End that pause. What was due when it began runs; what came due during it is skipped, to the next time."""
        return await self._backend.resume_recurring(self.name, task_id)

    async def cancel_recurring(self, task_id: int) -> bool:
        """End the schedule: an occurrence that has not started is cancelled, one that has goes on, and none follows.

        (`cancel` cancels one occurrence, and the next follows.)
        """
        return await self._backend.cancel_recurring(self.name, task_id)

    async def run_recurring_now(self, task_id: int) -> bool:
        """Let the occurrence that waits for its time start now; the next comes when it would have.

        False if none waits: it runs, is due already, or its schedule is paused.
        """
        return await self._backend.run_recurring_now(self.name, task_id)

    # Looking

    @property
    def counts(self) -> DomainCounts:
        """How many tasks are in each state, from memory."""
        return self._backend.domain_counts(self.name)

    async def snapshot(self) -> DomainSnapshot:
        """The domain at this instant, with the progress of what runs."""
        return await self._backend.domain_snapshot(self.name)

    def active_tasks(self) -> list[TaskRecord]:
        """The running tasks, from memory."""
        return self._backend.running_tasks(self.name)

    def events(self) -> AsyncIterator[SchedulerEvent]:
        """What happens in this domain from now on. A slow reader loses the oldest and is told how many (`EventsLost`)."""

        def accepts(event: SchedulerEvent) -> bool:
            if isinstance(event, TaskEvent | DomainPaused | DomainResumed):
                return event.domain == self.name
            return False

        return self._backend.domain_events(self.name, accepts)

    def task_events(self, task_class: type[TypedTask[K]]) -> AsyncIterator[TaskEvent]:
        """What happens to tasks of one class from now on; like `events`."""
        qualified = type_name(task_class)

        def accepts(event: SchedulerEvent) -> bool:
            return isinstance(event, TaskEvent) and event.task_type == qualified

        return cast("AsyncIterator[TaskEvent]", self._backend.domain_events(self.name, accepts))

    async def dead_letter_tasks(self, limit: int = 100, offset: int = 0) -> list[TaskHistoryRecord]:
        """Tasks that used up their retries, newest first."""
        return await self._backend.dead_letters(self.name, whole(limit, "limit"), whole(offset, "offset"))

    async def retry_dead_letter(self, history_id: int) -> SubmitOutcome:
        """Submit a failed task of the history again, with a new id and all its retries.

        Raises `UnknownTaskError`, or `InvalidStateError` for one that did not fail; like `submit`, `UnknownDomainError`
        while the domain is not there.
        """
        if isinstance(self._resolver, Absent):
            self._resolver.refuse()
        if not is_id(history_id):
            raise UnknownTaskError(
                f"history record {history_id!r}", "it is no id", "Pass the `id` of a record."
            )
        return await self._backend.retry(self.name, history_id)

    # Tags of active tasks

    async def tag_values(self, key: str) -> list[str]:
        """The values that active tasks have for a tag."""
        return sorted(await self._backend.count_by_tag(self.name, key, None))

    async def count_by_tag(self, key: str, status: TaskStatus | str | None = None) -> dict[str, int]:
        """How many active tasks (of one status) have each value of a tag."""
        return await self._backend.count_by_tag(self.name, key, one_status(status))

    async def task_ids_by_tags(
        self, filters: Mapping[str, str], status: TaskStatus | str | None = None
    ) -> list[int]:
        """The active tasks (of one status) that carry all of these tags, in the order of ids."""
        return await self._backend.ids_by_tags(self.name, filters, one_status(status))

    async def tag_keys_by_prefix(self, prefix: str) -> list[str]:
        """Tag keys of active tasks that begin so, letter by letter."""
        return await self._backend.tag_keys(self.name, prefix)

    async def count_by_tag_key_prefix(self, prefix: str, status: TaskStatus | str | None = None) -> int:
        """How many active tasks (of one status) have a tag whose key begins so."""
        keys = await self.tag_keys_by_prefix(prefix)
        if len(keys) > 1:  # a task may have several of them
            return len(await self.task_ids_by_tag_key_prefix(prefix, status))
        return sum((await self.count_by_tag(keys[0], status)).values()) if keys else 0

    async def task_ids_by_tag_key_prefix(
        self, prefix: str, status: TaskStatus | str | None = None
    ) -> list[int]:
        """The active tasks (of one status) with a tag whose key begins so, in the order of ids."""
        return await self._backend.ids_by_tag_prefix(self.name, prefix, one_status(status))
