"""The groups as a person should read them: their tasks by state, and what limits them; all from memory."""

from __future__ import annotations

from collections.abc import Collection

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
        self._seen = 0
        self._by_domain: dict[str, dict[str, list[int]]] = {}
        self._sorted: dict[str, list[str]] = {}

    def names(self, domain: str | None) -> list[str]:
        """The groups that tasks of a domain have ever been in, by name; None: of all, and those that only have limits."""
        if domain is None:
            return sorted(self._everywhere())
        self._look()
        names = self._sorted.get(domain)
        if names is None:
            names = self._sorted[domain] = sorted(self._by_domain.get(domain, ()))
        return list(names)

    def groups(self, domain: str | None, names: Collection[str] | None) -> list[GroupSummary]:
        """Those of these names, or all, in the order of their names."""
        self._look()
        lanes = self._everywhere() if domain is None else self._by_domain.get(domain, {})
        wanted = self.names(domain) if names is None else sorted(name for name in set(names) if name in lanes)
        return [self._summary(name, lanes[name]) for name in wanted]

    def _everywhere(self) -> dict[str, list[int]]:
        self._look()
        shares, state = self._shares, self._state
        lanes: dict[str, list[int]] = {}
        for known in (state.groups, state.group_rates, shares.weights, shares.minimums):
            lanes.update((name, []) for name in known if name)
        for groups in self._by_domain.values():
            for name, mine in groups.items():
                lanes.setdefault(name, []).extend(mine)
        return lanes

    def _look(self) -> None:
        """Lanes only ever come; there may be ten thousand, and somebody asks four times a second."""
        if len(self._lanes) == self._seen:
            return
        self._by_domain.clear()
        self._sorted.clear()
        for lane in self._lanes.ids(lambda key: bool(key.group)):
            key = self._lanes.key(lane)
            self._by_domain.setdefault(key.domain, {}).setdefault(key.group, []).append(lane)
        self._seen = len(self._lanes)

    def _summary(self, name: str, lanes: list[int]) -> GroupSummary:
        counts, slots = self._counts.of_lanes(lanes), self._state.group(name)
        pause, bucket = self._pauses.get("group", name), self._state.group_rates.get(name)
        until = None if pause is None else pause.until
        # Nothing here needs a check, and there may be ten thousand of them.
        return GroupSummary.model_construct(
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
