"""What handles and contexts may ask of the engine (`domain.backend.Backend`), each sent to the part that does it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scheduler_core.clock import Clock
from scheduler_core.domain.handle import DomainHandle
from scheduler_core.model.events import SchedulerEvent
from scheduler_core.model.snapshot import DomainCounts, DomainSnapshot
from scheduler_core.model.submission import Submission
from scheduler_core.model.task import SubmitOutcome, TaskHistoryRecord, TaskRecord, TaskStatus
from scheduler_core.store.schedule_acts import (
    cancel_schedule,
    pause_schedule,
    resume_schedule,
    run_schedule_now,
)

if TYPE_CHECKING:
    from scheduler_core.engine.engine import Engine


class EngineBackend:
    """The one implementation of `Backend`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def clock(self) -> Clock:
        """Where the time comes from."""
        return self._engine.clock

    def find_domain(self, name: str) -> DomainHandle[Any] | None:
        """The handle of a domain."""
        return self._engine.handles.get(name)

    def app_state(self, kind: type[Any]) -> Any:
        """The first shared object of this type."""
        return next((entry for entry in self._engine.app_state if isinstance(entry, kind)), None)

    async def submit(self, submissions: Sequence[Submission]) -> list[SubmitOutcome]:
        """Store submissions, all or nothing."""
        return await self._engine.store.submit(submissions)

    def is_domain_paused(self, domain: str) -> bool:
        """Is the domain itself paused?"""
        return self._engine.state.domain(domain).paused

    async def pause_domain(self, domain: str, until: float | None, reason: str | None) -> int:
        """Pause a domain."""
        return await self._engine.control.pause("domain", domain, until, reason)

    async def resume_domain(self, domain: str) -> int:
        """Resume a domain."""
        return await self._engine.control.resume("domain", domain)

    async def pause_group(self, group: str, until: float | None, reason: str | None) -> int:
        """Pause a group."""
        return await self._engine.control.pause("group", group, until, reason)

    async def resume_group(self, group: str) -> int:
        """Resume a group."""
        return await self._engine.control.resume("group", group)

    def domain_cap(self, domain: str) -> int | None:
        """The domain's own cap."""
        return self._engine.state.domain(domain).cap

    def set_domain_cap(self, domain: str, cap: int | None) -> None:
        """Change the domain's own cap."""
        self._engine.limits.set_domain_cap(domain, cap)

    async def cancel(self, domain: str, ids: Sequence[int]) -> list[int]:
        """Cancel tasks of a domain."""
        return await self._engine.control.cancel(domain, ids)

    async def cancel_where(self, domain: str, predicate: Callable[[TaskRecord], bool]) -> list[int]:
        """Cancel tasks of a domain that a predicate chooses."""
        return await self._engine.control.cancel_where(domain, predicate)

    async def pause_recurring(self, domain: str, task_id: int) -> bool:
        """Pause the schedule of an occurrence."""
        return await self._engine.store.change_schedule(task_id, domain, pause_schedule)

    async def resume_recurring(self, domain: str, task_id: int) -> bool:
        """Resume the schedule of an occurrence."""
        return await self._engine.store.change_schedule(task_id, domain, resume_schedule)

    async def cancel_recurring(self, domain: str, task_id: int) -> bool:
        """Cancel the schedule of an occurrence."""
        return await self._engine.store.change_schedule(task_id, domain, cancel_schedule)

    async def run_recurring_now(self, domain: str, task_id: int) -> bool:
        """Make the occurrence that waits for its time due."""
        return await self._engine.store.change_schedule(task_id, domain, run_schedule_now)

    def domain_counts(self, domain: str) -> DomainCounts:
        """The domain's numbers."""
        return self._engine.counts.domain(domain)

    async def domain_snapshot(self, domain: str) -> DomainSnapshot:
        """The domain at this instant."""
        return self._engine.views.domain_snapshot(domain)

    def running_tasks(self, domain: str | None) -> list[TaskRecord]:
        """The tasks whose attempts run."""
        return self._engine.views.running(domain)

    async def dead_letters(self, domain: str, limit: int, offset: int) -> list[TaskHistoryRecord]:
        """The domain's dead letters, newest first."""
        return await self._engine.views.history(
            limit, offset=offset, statuses=[TaskStatus.DEAD_LETTER], domain=domain
        )

    async def retry(self, domain: str, history_id: int) -> SubmitOutcome:
        """Submit a failed task again."""
        return await self._engine.store.retry(history_id, domain)

    def domain_events(
        self, domain: str, accepts: Callable[[SchedulerEvent], bool]
    ) -> AsyncIterator[SchedulerEvent]:
        """What happens in the domain."""
        return self._engine.bus.events(accepts)

    async def count_by_tag(self, domain: str, key: str, status: TaskStatus | None) -> dict[str, int]:
        """Active tasks by value of a tag."""
        return await self._engine.tag_views.count_by_tag(domain, key, status)

    async def ids_by_tags(
        self, domain: str, filters: Mapping[str, str], status: TaskStatus | None
    ) -> list[int]:
        """Active tasks that carry all these tags."""
        return await self._engine.tag_views.ids_by_tags(domain, filters, status)

    async def ids_by_tag_prefix(self, domain: str, prefix: str, status: TaskStatus | None) -> list[int]:
        """Active tasks with a tag whose key begins so."""
        return await self._engine.tag_views.ids_by_tag_prefix(domain, prefix, status)

    async def tag_keys(self, domain: str, prefix: str) -> list[str]:
        """Tag keys of active tasks that begin so."""
        return await self._engine.tag_views.tag_keys(domain, prefix)
