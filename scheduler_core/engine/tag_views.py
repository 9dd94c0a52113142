"""What tags tell: jobs, which are the values of a tag over all domains, and active tasks by tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from scheduler_core.clock import Clock, to_datetime
from scheduler_core.engine.attempts import Attempts
from scheduler_core.engine.pauses import Pauses
from scheduler_core.errors import InvalidArgumentError
from scheduler_core.model.snapshot import JobStage, JobSummary
from scheduler_core.model.submission import MAX_TAGS
from scheduler_core.model.task import TaskStatus
from scheduler_core.policy.state import DispatchState
from scheduler_core.store import queries
from scheduler_core.store.changes import shown_status, tags_of
from scheduler_core.store.queries import TagCount, TagValue
from scheduler_core.store.task_store import TaskStore


class TagViews:
    """Read-only, from kept counters: no query here counts rows."""

    def __init__(
        self,
        store: TaskStore,
        clock: Clock,
        state: DispatchState,
        pauses: Pauses,
        attempts: Attempts,
        usual_durations: Mapping[str, float],
    ) -> None:
        self._store = store
        self._clock = clock
        self._state = state
        self._pauses = pauses
        self._attempts = attempts
        self._usual = usual_durations

    # Jobs

    async def jobs(self, tag: str, limit: int, offset: int) -> list[JobSummary]:
        """The newest values first."""
        values = await self._store.read(lambda connection: queries.tag_values(connection, tag, limit, offset))
        return await self._summaries(tag, values)

    async def known_keys(self, limit: int) -> list[str]:
        """The keys that jobs can be asked for by, by name."""
        return await self._store.read(lambda connection: queries.known_tag_keys(connection, limit))

    async def job(self, tag: str, value: str) -> JobSummary | None:
        """One value, None if no task ever carried it."""
        found = await self._store.read(lambda connection: queries.tag_value(connection, tag, value))
        return None if found is None else (await self._summaries(tag, [found]))[0]

    async def _summaries(self, tag: str, values: Sequence[TagValue]) -> list[JobSummary]:
        names = [value.value for value in values]
        counts = await self._store.read(lambda connection: queries.tag_counts(connection, tag, names))
        by_value: dict[str, list[TagCount]] = {name: [] for name in names}
        for count in counts:
            by_value[count.value].append(count)
        running = self._running_by_tag(tag)
        return [self._summary(tag, value, by_value[value.value], running) for value in values]

    def _summary(
        self, tag: str, value: TagValue, rows: Sequence[TagCount], running: Mapping[tuple[str, int], int]
    ) -> JobSummary:
        total: dict[str, int] = {}
        stages: dict[tuple[str, str], dict[str, int]] = {}
        for row in rows:
            lane = self._store.lanes.key(row.lane)
            stage = stages.setdefault((lane.domain, lane.task_type), {})
            for status, n in self._split(row, running.get((row.value, row.lane), 0)):
                total[status] = total.get(status, 0) + n
                stage[status] = stage.get(status, 0) + n
        everything = sum(total.values())
        left = sum(n for status, n in total.items() if TaskStatus(status).is_active)
        progress = (everything - left) / everything if everything else 0.0
        return JobSummary(
            tag=tag,
            value=value.value,
            total=everything,
            counts=total,
            progress=progress,
            eta=self._job_eta(stages),
            stages=tuple(
                JobStage(domain=domain, task_type=task_type, counts=counts)
                for (domain, task_type), counts in stages.items()
            ),
        )

    def _job_eta(self, stages: Mapping[tuple[str, str], Mapping[str, int]]) -> datetime | None:
        """When its slowest stage will be through: what is left of it, by its type's usual duration and its slots.

        None while no stage has anything to run whose duration is known.
        """
        longest = 0.0
        for (domain, task_type), counts in stages.items():
            left = counts.get("pending", 0) + counts.get("running", 0)
            usual = self._usual.get(task_type)
            if left and usual:
                cap = self._state.domain(domain).cap
                slots = self._state.max_concurrency if cap is None else min(cap, self._state.max_concurrency)
                longest = max(longest, left * usual / max(1, min(slots, left)))
        return to_datetime(self._clock.time() + longest) if longest else None

    def _split(self, row: TagCount, running: int) -> list[tuple[str, int]]:
        """A kept count as people read it: what is stored as pending may run, or be held by a pause."""
        if row.status != "pending":
            return [(shown_status(row.status), row.n)]
        running = min(running, row.n)
        waiting = "paused" if self._pauses.reasons(self._store.lanes.key(row.lane)) else "pending"
        return [(status, n) for status, n in (("running", running), (waiting, row.n - running)) if n]

    def _running_by_tag(self, tag: str) -> dict[tuple[str, int], int]:
        found: dict[tuple[str, int], int] = {}
        for attempt in self._attempts.all():
            value = tags_of(attempt.claimed.tags).get(tag)
            if value is not None:
                place = (value, attempt.claimed.lane)
                found[place] = found.get(place, 0) + 1
        return found

    # Tags of active tasks

    async def count_by_tag(self, domain: str, key: str, status: TaskStatus | None) -> dict[str, int]:
        """Active tasks of a domain by value of a tag."""
        lanes = self._store.lanes.of_domain(domain)
        counts = await self._store.read(lambda connection: queries.active_tag_counts(connection, key, lanes))
        running = self._running_by_tag(key)
        found: dict[str, int] = {}
        for row in counts:
            for name, n in self._split(row, running.get((row.value, row.lane), 0)):
                if TaskStatus(name).is_active and (status is None or status == name):
                    found[row.value] = found.get(row.value, 0) + n
        return found

    async def tag_keys(self, domain: str, prefix: str) -> list[str]:
        """Tag keys of active tasks that begin so."""
        wanted = self._store.lanes.of_domain(domain)
        return await self._store.read(lambda connection: queries.tag_keys(connection, prefix, wanted))

    async def ids_by_tags(
        self, domain: str | None, filters: Mapping[str, str], status: TaskStatus | None
    ) -> list[int]:
        """Active tasks that carry all these tags; no filter is every task of the domain, so it is refused."""
        if not filters:
            raise InvalidArgumentError(
                "filters", "there is none", "Pass at least one tag, such as {'job_id': '42'}."
            )
        if len(filters) > MAX_TAGS:  # no task carries as many, and SQLite joins no more than 64 tables
            return []
        wanted = None if domain is None else self._store.lanes.of_domain(domain)
        if status is None:
            return await self._store.read(lambda connection: queries.ids_by_tags(connection, filters, wanted))
        rows = await self._store.read(lambda connection: queries.tasks_by_tags(connection, filters, wanted))
        return self._of_status(rows, status)

    async def ids_by_tag_prefix(self, domain: str, prefix: str, status: TaskStatus | None) -> list[int]:
        """Active tasks with a tag whose key begins so."""
        wanted = self._store.lanes.of_domain(domain)
        rows = await self._store.read(
            lambda connection: queries.ids_by_tag_prefix(connection, prefix, wanted)
        )
        return self._of_status(rows, status)

    def _of_status(self, rows: Sequence[tuple[int, int, str]], status: TaskStatus | None) -> list[int]:
        def shown(lane: int, stored: str) -> str:
            held = stored == "pending" and self._pauses.reasons(self._store.lanes.key(lane))
            return "paused" if held else shown_status(stored)

        return [task_id for task_id, lane, stored in rows if status is None or shown(lane, stored) == status]
