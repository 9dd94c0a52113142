"""Answers what a person or a program asks: from memory where it can, else in one hop to the reading connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from scheduler_core.clock import Clock
from scheduler_core.engine.attempts import Attempts
from scheduler_core.engine.counts import Counts
from scheduler_core.engine.pauses import Pauses
from scheduler_core.model.lane import LaneKey
from scheduler_core.model.snapshot import (
    DomainSnapshot,
    EstimatedProgress,
    GroupAllocation,
    PressureReading,
    RateLimitState,
    RecurringState,
    Resources,
    SchedulerSnapshot,
)
from scheduler_core.model.task import AttemptRecord, TaskHistoryRecord, TaskRecord, TaskStatus
from scheduler_core.model.throttle import AgingConfig
from scheduler_core.policy.rate_limit import TokenBucket
from scheduler_core.policy.state import DispatchState
from scheduler_core.store import queries
from scheduler_core.store.history_pages import Wanted, history_page
from scheduler_core.store.single import attempts_so_far, ended_task
from scheduler_core.store.task_store import TaskStore

_PAGE = 500


class Views:
    """Read-only: nothing here changes anything."""

    def __init__(
        self,
        store: TaskStore,
        clock: Clock,
        state: DispatchState,
        counts: Counts,
        pauses: Pauses,
        attempts: Attempts,
        usual_durations: Mapping[str, float],
        aging: Callable[[], AgingConfig | None],
        allocations: Callable[[], tuple[GroupAllocation, ...]],
        schedules: Callable[[], tuple[RecurringState, ...]],
    ) -> None:
        """`allocations` tells what each group is due of the slots."""
        self._store = store
        self._clock = clock
        self._state = state
        self._counts = counts
        self._aging = aging
        self._allocations = allocations
        self._pauses = pauses
        self._attempts = attempts
        self._usual = usual_durations
        self._schedules = schedules

    # Tasks

    def running(self, domain: str | None) -> list[TaskRecord]:
        """The tasks whose attempts run, the oldest first."""
        return [attempt.record for attempt in self._attempts.all(_in_domain(domain))]

    async def task(self, task_id: int) -> TaskRecord | None:
        """One active task."""
        lanes = self._store.lanes
        found = await self._store.read(lambda connection: queries.tasks_by_ids(connection, [task_id], lanes))
        return self.shown(found[0]) if found else None

    async def ended(self, task_id: int) -> TaskHistoryRecord | None:
        """One task of the history."""
        lanes = self._store.lanes
        return await self._store.read(lambda connection: ended_task(connection, task_id, lanes))

    async def attempts(self, task_id: int) -> tuple[AttemptRecord, ...]:
        """What an active task has tried so far."""
        return await self._store.read(lambda connection: attempts_so_far(connection, task_id))

    async def tasks(self, ids: Sequence[int]) -> list[TaskRecord]:
        """The active tasks among these."""
        lanes = self._store.lanes
        found = await self._store.read(lambda connection: queries.tasks_by_ids(connection, ids, lanes))
        return [self.shown(record) for record in found]

    async def page_of_domain(self, domain: str, after_id: int) -> list[TaskRecord]:
        """Active tasks of a domain behind an id, in the order of ids, a page of them."""
        lanes, wanted = self._store.lanes, self._store.lanes.of_domain(domain)
        found = await self._store.read(
            lambda connection: queries.tasks_of_lanes(connection, wanted, after_id, _PAGE, lanes)
        )
        return [self.shown(record) for record in found]

    def shown(self, record: TaskRecord) -> TaskRecord:
        """A record as a person should read it: a pending task that a pause holds is paused."""
        lane = LaneKey(record.domain, record.task_type, record.group or "")
        reasons = (*record.pause_reasons, *self._pauses.reasons(lane))
        if not reasons:
            return record
        status = TaskStatus.PAUSED if record.status is TaskStatus.PENDING else record.status
        return record.model_copy(update={"status": status, "pause_reasons": reasons})

    async def lookup(self, key: str) -> TaskRecord | TaskHistoryRecord | None:
        """The active task that holds a stored key, else the newest of the history."""
        lanes = self._store.lanes
        active = await self._store.read_newest(lambda connection: queries.task_by_key(connection, key, lanes))
        if active is not None:
            return self.shown(active)
        return await self._store.read(lambda connection: queries.last_by_key(connection, key, lanes))

    async def dependencies(self, task_id: int) -> list[int]:
        """What an active task depends on."""
        return await self._store.read(lambda connection: queries.dependencies_of(connection, task_id))

    async def dependents(self, task_id: int) -> list[int]:
        """The active tasks that depend on a task."""
        return await self._store.read(lambda connection: queries.dependent_ids(connection, task_id))

    async def blocked(self) -> list[TaskRecord]:
        """The tasks that wait for dependencies."""
        return await self.tasks(await self._store.read(queries.blocked_ids))

    # History

    async def history(
        self,
        limit: int,
        *,
        offset: int = 0,
        before_id: int | None = None,
        statuses: Sequence[TaskStatus] = (),
        domain: str | None = None,
        text: str | None = None,
        attention: bool = False,
        tags: Mapping[str, str] | None = None,
        task_type: str | None = None,
        since: float | None = None,
        until: float | None = None,
        cause: int | None = None,
    ) -> list[TaskHistoryRecord]:
        """Ended tasks, newest first."""
        lanes = self._store.lanes
        lane_ids = None
        if domain is not None or task_type is not None:
            lane_ids = lanes.ids(
                lambda key: domain in (None, key.domain) and task_type in (None, key.task_type)
            )
        wanted = Wanted(tuple(statuses), lane_ids, text or None, attention, tags or None, since, until, cause)
        return await self._store.read(
            lambda connection: history_page(
                connection, lanes, wanted, limit=limit, offset=offset, before_id=before_id
            )
        )

    # Snapshots

    def domain_snapshot(self, name: str) -> DomainSnapshot:
        """One domain at this instant."""
        counts = self._counts.domain(name)
        attempts = self._attempts.all(_in_domain(name))
        slots = self._state.domain(name)
        return DomainSnapshot(
            name=name,
            running=counts.running,
            pending_count=counts.pending,
            paused_count=counts.paused,
            waiting_count=counts.waiting,
            blocked_count=counts.blocked,
            is_paused=slots.paused,
            max_concurrency=slots.cap,
            progress=self.estimates(name),
            byte_progress=tuple(p for a in attempts if (p := a.byte_progress(self._clock)) is not None),
            throughput=self._counts.throughput(name),
        )

    def snapshot(
        self, names: Sequence[str], reading: PressureReading, resources: Resources | None
    ) -> SchedulerSnapshot:
        """The whole scheduler at this instant."""
        domains = tuple(self.domain_snapshot(name) for name in names)
        counts = self._counts.all()
        return SchedulerSnapshot(
            running=counts.running,
            pending_count=counts.pending,
            paused_count=counts.paused,
            waiting_count=counts.waiting,
            blocked_count=counts.blocked,
            is_paused=self._state.paused,
            max_concurrency=self._state.max_concurrency,
            progress=tuple(p for domain in domains for p in domain.progress),
            byte_progress=tuple(p for domain in domains for p in domain.byte_progress),
            throughput=sum(domain.throughput for domain in domains),
            pressure=reading.pressure,
            pressure_breakdown=reading.breakdown,
            paused_groups=self._pauses.groups(),
            rate_limits=self.rate_limits(),
            group_allocations=self._allocations(),
            recurring=self._schedules(),
            aging=self._aging(),
            resources=resources,
            domains=domains,
        )

    def rate_limits(self) -> tuple[RateLimitState, ...]:
        """What each rate limit would let through now."""
        now, state = self._clock.monotonic(), self._state
        by_scope: tuple[tuple[Literal["type", "group"], dict[str, TokenBucket]], ...] = (
            ("type", state.type_rates),
            ("group", state.group_rates),
        )
        return tuple(
            RateLimitState(scope=scope, name=name, limit=bucket.limit, available=bucket.tokens(now))
            for scope, buckets in by_scope
            for name, bucket in sorted(buckets.items())
        )

    def estimates(self, domain: str | None) -> tuple[EstimatedProgress, ...]:
        """How far each running task is."""
        return tuple(
            attempt.estimate(self._clock, self._usual.get(attempt.lane.task_type))
            for attempt in self._attempts.all(_in_domain(domain))
        )


def _in_domain(domain: str | None) -> Callable[[LaneKey], bool]:
    return lambda lane: domain is None or lane.domain == domain
