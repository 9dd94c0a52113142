"""The groups as a person should read them: their tasks by state, and what limits them; all from memory."""

from __future__ import annotations

from scheduler_core.clock import to_datetime
from scheduler_core.engine.counts import Counts
from scheduler_core.engine.pauses import Pauses
from scheduler_core.model.snapshot import GroupSummary
from scheduler_core.policy.fair_share import Shares
from scheduler_core.policy.state import DispatchState
from scheduler_core.store.rows import LaneTable


class GroupViews:
    """Read-only."""

    def __init__(
        self, lanes: LaneTable, counts: Counts, state: DispatchState, shares: Shares, pauses: Pauses
    ) -> None:
        self._lanes = lanes
        self._counts = counts
        self._state = state
        self._shares = shares
        self._pauses = pauses

    def groups(self, domain: str | None) -> list[GroupSummary]:
        """The groups that tasks of a domain have ever been in, by name; None: of all, and those that only have limits."""
        lanes: dict[str, list[int]] = {}
        if domain is None:
            shares, state = self._shares, self._state
            for known in (state.groups, state.group_rates, shares.weights, shares.minimums):
                lanes.update((name, []) for name in known if name)
        for lane in self._lanes.ids(lambda key: bool(key.group) and domain in (None, key.domain)):
            lanes.setdefault(self._lanes.key(lane).group, []).append(lane)
        return [self._summary(name, lanes[name]) for name in sorted(lanes)]

    def _summary(self, name: str, lanes: list[int]) -> GroupSummary:
        counts, slots = self._counts.of_lanes(lanes), self._state.group(name)
        pause, bucket = self._pauses.get("group", name), self._state.group_rates.get(name)
        until = None if pause is None else pause.until
        return GroupSummary(
            name=name,
            running=counts.running,
            pending_count=counts.pending,
            paused_count=counts.paused,
            waiting_count=counts.waiting,
            blocked_count=counts.blocked,
            max_concurrency=slots.cap,
            weight=self._shares.weight(name),
            minimum_slots=self._shares.minimums.get(name, 0),
            rate_limit=None if bucket is None else bucket.limit,
            is_paused=slots.paused,
            paused_until=None if until is None else to_datetime(until),
        )
