"""What handles and contexts need of the scheduler, so that neither imports upwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from scheduler_core.clock import Clock
from scheduler_core.model.events import SchedulerEvent
from scheduler_core.model.snapshot import DomainCounts, DomainSnapshot
from scheduler_core.model.submission import Submission
from scheduler_core.model.task import SubmitOutcome, TaskHistoryRecord, TaskRecord, TaskStatus

if TYPE_CHECKING:
    from scheduler_core.domain.handle import DomainHandle


class Backend(Protocol):
    """The scheduler, as its handles and contexts see it. Every method is about the domain that is named."""

    @property
    def clock(self) -> Clock:
        """Where the time comes from."""
        ...

    def find_domain(self, name: str) -> DomainHandle[Any] | None:
        """The handle of another domain."""
        ...

    def app_state(self, kind: type[Any]) -> Any:
        """A shared object of this type, or None."""
        ...

    async def submit(self, submissions: Sequence[Submission]) -> list[SubmitOutcome]:
        """Store submissions, all or nothing."""
        ...

    def is_domain_paused(self, domain: str) -> bool:
        """Is the domain itself paused?"""
        ...

    async def pause_domain(self, domain: str, until: float | None, reason: str | None) -> int:
        """Pause a domain; how many tasks that holds."""
        ...

    async def resume_domain(self, domain: str) -> int:
        """Resume a domain; how many tasks that frees."""
        ...

    async def pause_group(self, group: str, until: float | None, reason: str | None) -> int:
        """Pause a group; how many tasks that holds."""
        ...

    async def resume_group(self, group: str) -> int:
        """Resume a group; how many tasks that frees."""
        ...

    def domain_cap(self, domain: str) -> int | None:
        """The domain's own cap."""
        ...

    def set_domain_cap(self, domain: str, cap: int | None) -> None:
        """Change the domain's own cap."""
        ...

    async def cancel(self, domain: str, ids: Sequence[int]) -> list[int]:
        """Cancel active tasks of the domain; which were."""
        ...

    async def cancel_where(self, domain: str, predicate: Callable[[TaskRecord], bool]) -> list[int]:
        """Cancel the active tasks that a predicate chooses; which were."""
        ...

    async def pause_recurring(self, domain: str, task_id: int) -> bool:
        """Pause the schedule of an occurrence, past or present; False if the domain has no such schedule."""
        ...

    async def resume_recurring(self, domain: str, task_id: int) -> bool:
        """Resume it."""
        ...

    async def cancel_recurring(self, domain: str, task_id: int) -> bool:
        """Cancel it."""
        ...

    async def run_recurring_now(self, domain: str, task_id: int) -> bool:
        """Make the occurrence that waits for its time due; False where none does."""
        ...

    def domain_counts(self, domain: str) -> DomainCounts:
        """The domain's numbers."""
        ...

    async def domain_snapshot(self, domain: str) -> DomainSnapshot:
        """The domain at this instant."""
        ...

    def running_tasks(self, domain: str | None) -> list[TaskRecord]:
        """The tasks whose attempts run."""
        ...

    async def dead_letters(self, domain: str, limit: int, offset: int) -> list[TaskHistoryRecord]:
        """The domain's dead letters, newest first."""
        ...

    async def retry(self, domain: str, history_id: int) -> SubmitOutcome:
        """Submit a failed task of the domain again."""
        ...

    def domain_events(
        self, domain: str, accepts: Callable[[SchedulerEvent], bool]
    ) -> AsyncIterator[SchedulerEvent]:
        """What happens in the domain."""
        ...

    async def count_by_tag(self, domain: str, key: str, status: TaskStatus | None) -> dict[str, int]:
        """Active tasks by value of a tag."""
        ...

    async def ids_by_tags(
        self, domain: str, filters: Mapping[str, str], status: TaskStatus | None
    ) -> list[int]:
        """Active tasks that carry all these tags."""
        ...

    async def ids_by_tag_prefix(self, domain: str, prefix: str, status: TaskStatus | None) -> list[int]:
        """Active tasks with a tag whose key begins so."""
        ...

    async def tag_keys(self, domain: str, prefix: str) -> list[str]:
        """Tag keys of active tasks that begin so."""
        ...
