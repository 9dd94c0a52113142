"""Counts what commits changed and measures what attempts took: a few additions a task, no timer, no SQL.

Everything here happens on the event loop's thread.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from scheduler_core.clock import Clock
from scheduler_core.domain.domain import Domain
from scheduler_core.engine.lanes import Choice
from scheduler_core.model.lane import LaneKey
from scheduler_core.model.metrics import (
    BATCH_BUCKETS,
    COMMIT_BUCKETS,
    SECONDS_BUCKETS,
    Histogram,
    TaskCounters,
    TaskTypeMetrics,
)
from scheduler_core.model.task import TaskStatus
from scheduler_core.policy.gate import GATES
from scheduler_core.store.changes import Changes, Facts
from scheduler_core.store.claim import Claimed
from scheduler_core.store.finish import Outcome, OutcomeKind
from scheduler_core.store.task_store import TaskStore

_ENDED = {
    TaskStatus.COMPLETED: "completed",
    TaskStatus.FAILED: "failed",
    TaskStatus.DEAD_LETTER: "dead_lettered",
    TaskStatus.CANCELLED: "cancelled",
    TaskStatus.EXPIRED: "expired",
    TaskStatus.SUPERSEDED: "superseded",
    TaskStatus.DEPENDENCY_FAILED: "dependency_failed",
}
_COMPLETED, _FINALIZE = OutcomeKind.COMPLETED, OutcomeKind.FINALIZE
_MOST_NOTED = 100_000
"""Tasks whose time of becoming ready is kept because their row does not tell it: 15 MB at most."""


class Tally:
    """A histogram that grows."""

    __slots__ = ("bounds", "counts", "sum")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def add(self, value: float) -> None:
        """One more value; a negative one, of a clock that was set back, is 0."""
        self.counts[bisect_left(self.bounds, value)] += 1
        if value > 0.0:
            self.sum += value

    def shown(self) -> Histogram:
        """As it is now."""
        return Histogram(bounds=self.bounds, counts=tuple(self.counts), sum=self.sum)


class _OfType:
    """What is counted of one task type."""

    __slots__ = ("counters", "failed", "key", "started", "succeeded", "waited")

    def __init__(self, domain: str, task_type: str) -> None:
        self.key = (domain, task_type)
        self.counters = dict.fromkeys(TaskCounters.model_fields, 0)
        self.started = 0  # the one that every task touches
        self.succeeded = Tally(SECONDS_BUCKETS)
        self.failed = Tally(SECONDS_BUCKETS)
        self.waited = Tally(SECONDS_BUCKETS)

    def shown(self) -> TaskTypeMetrics:
        """As it is now."""
        domain, task_type = self.key
        return TaskTypeMetrics(
            domain=domain,
            task_type=task_type,
            counters=TaskCounters(**{**self.counters, "started": self.started}),
            succeeded=self.succeeded.shown(),
            failed=self.failed.shown(),
            waited=self.waited.shown(),
        )


class Metrics:
    """The counters and histograms of one scheduler. The known task types are there from the start, with zeros."""

    def __init__(self, clock: Clock, store: TaskStore, domains: Mapping[str, Domain[Any]]) -> None:
        self._clock = clock
        self._key_of = store.lanes.key
        self._types: dict[str, _OfType] = {}
        for domain in domains.values():
            self.know(domain)
        self._lanes: dict[int, _OfType] = {}
        self._ready_at: dict[int, float] = {}
        self.opened_at: float | None = None
        self._not_before = 0.0
        self.gates = {gate.name: 0 for gate in GATES}
        self.batches = Tally(BATCH_BUCKETS)
        self.commits = Tally(COMMIT_BUCKETS)
        store.database.measure(clock.monotonic, self.commits.add)

    # Told by the engine

    def know(self, domain: Domain[Any]) -> None:
        """Its task types are counted; those that were known before go on."""
        for kind in domain.registrations:
            self._types.setdefault(kind, _OfType(domain.name, kind))

    def open(self) -> None:
        """The scheduler is open: what is told from now on counts."""
        self.opened_at = self._not_before = self._clock.time()

    def apply(self, changes: Changes) -> None:
        """Add up one commit."""
        self._apply_counted(changes)
        if changes.retried or changes.interrupted or changes.preempted or changes.unblocked:
            self._apply_returned(changes)
        if self._ready_at:
            for ended in changes.ended:
                self._ready_at.pop(ended.facts.id, None)

    def _apply_counted(self, changes: Changes) -> None:
        if changes.submitted:
            submitted: dict[int, int] = {}
            for facts, _ in changes.submitted:
                submitted[facts.lane] = submitted.get(facts.lane, 0) + 1
            for lane, n in submitted.items():
                self._lane(lane).counters["submitted"] += n
        for (lane, status), n in changes.totals.items():
            if n > 0:  # what is pruned has been counted when it ended
                self._lane(lane).counters[_ENDED[TaskStatus(status)]] += n
        for lane in changes.failed_attempts:
            self._lane(lane).counters["failed_attempts"] += 1
        for facts, _, n in changes.skipped:
            self._lane(facts.lane).counters["recurring_skipped"] += n
        if changes.outcomes:
            self.batches.add(changes.outcomes)

    def started(self, batch: Sequence[tuple[Claimed, Choice]]) -> None:
        """These attempts start now."""
        lane: LaneKey | None = None
        kind: _OfType | None = None
        for claimed, choice in batch:
            if kind is None or choice.task.lane is not lane:
                lane = choice.task.lane
                kind = self._type(lane)
            kind.started += 1
            if claimed.retry_count or claimed.has_deps or claimed.finalizing or self._ready_at:
                since = self._noted(claimed)
                if since is None:
                    continue
            else:
                since = claimed.created_at
            if claimed.run_at is not None and claimed.run_at > since:
                since = claimed.run_at
            if since < self._not_before:  # noqa: PLR1730 - a call of max() for each task
                since = self._not_before
            kind.waited.add(claimed.started_at - since)

    def over(self, lane: LaneKey, outcome: Outcome, elapsed: float) -> None:
        """An attempt ended so, after `elapsed` seconds."""
        kind = self._types.get(lane.task_type) or self._type(lane)
        if outcome.error is not None:
            kind.failed.add(elapsed)
        elif outcome.kind is _COMPLETED or outcome.kind is _FINALIZE:
            kind.succeeded.add(elapsed)

    def held_back(self, gate: str) -> None:
        """Dispatch came to a lane, and this gate was closed."""
        self.gates[gate] += 1

    # Asked by views

    def types(self) -> tuple[TaskTypeMetrics, ...]:
        """What is counted of each task type, by name."""
        return tuple(self._types[name].shown() for name in sorted(self._types))

    def _apply_returned(self, changes: Changes) -> None:
        """Attempts that will be followed by others, and tasks whose dependencies are met."""
        now = self._clock.time()
        for facts, _, at in changes.retried:
            self._lane(facts.lane).counters["retried"] += 1
            self._note(facts, now if at is None else at)
        for name, returned in (("interrupted", changes.interrupted), ("preempted", changes.preempted)):
            for facts in returned:
                self._lane(facts.lane).counters[name] += 1
                self._note(facts, now)
        for facts in changes.unblocked:
            self._note(facts, now)

    def _noted(self, claimed: Claimed) -> float | None:
        """When a task that is about to start became ready; None if its row does not tell it, and nobody noted it."""
        since = self._ready_at.pop(claimed.id, None)
        if claimed.finalizing:
            return None
        if since is None and not (claimed.retry_count or claimed.has_deps):
            return claimed.created_at
        return since

    def _note(self, facts: Facts, ready_at: float) -> None:
        if len(self._ready_at) < _MOST_NOTED:
            self._ready_at[facts.id] = ready_at

    def _lane(self, lane: int) -> _OfType:
        found = self._lanes.get(lane)
        if found is None:
            found = self._lanes[lane] = self._type(self._key_of(lane))
        return found

    def _type(self, lane: LaneKey) -> _OfType:
        found = self._types.get(lane.task_type)
        if found is None:
            found = self._types[lane.task_type] = _OfType(lane.domain, lane.task_type)
        return found
