"""What each group is due of the slots now, and who says so."""

from __future__ import annotations

import sys
from collections.abc import Callable

from scheduler_core.engine.pools import Pool, Pools
from scheduler_core.model.snapshot import GroupAllocation
from scheduler_core.policy.fair_share import Shares, allocate
from scheduler_core.policy.state import DispatchState


class Sharing:
    """Keeps `Shares.due` true: looked at before each turn of the dispatcher, if there are weights or minimum slots."""

    def __init__(
        self,
        shares: Shares,
        state: DispatchState,
        pools: Pools,
        tell_on: Callable[[bool], None],
        on_weight: Callable[[str, int | None], None],
    ) -> None:
        """`tell_on` is told whether there are shares, `on_weight` of each other weight."""
        self._shares = shares
        self._state = state
        self._pools = pools
        self._on_weight = on_weight
        self._tell_on = tell_on

    def refresh(self) -> None:
        """See what every group that wants slots is due now."""
        shares = self._shares
        if shares.is_on:
            slots = self._state.max_concurrency
            claims = [shares.claim(pool.group, self._wanted(pool)) for pool in self._pools.all()]
            shares.due = allocate(slots, [claim for claim in claims if claim.wanted])
        self._tell_on(shares.is_on)
        if shares.is_on:
            self._pools.restand_all()

    def set_weight(self, group: str, weight: int | None) -> bool:
        """Another weight; None: that of groups without one of their own. Did that change anything?"""
        changed = _put(self._shares.weights, group, weight)
        if changed:
            self._on_weight(group, weight)
        return changed

    def set_minimum(self, group: str, slots: int | None) -> bool:
        """Other minimum slots; None: none. Did that change anything?"""
        return _put(self._shares.minimums, group, slots)

    def allocations(self) -> tuple[GroupAllocation, ...]:
        """What each group that wants or has slots, or has a weight or minimum slots, is due now."""
        self.refresh()
        shares, state = self._shares, self._state
        if not shares.is_on:
            return ()
        wanting = {pool.group for pool in self._pools.all() if self._wanted(pool)}
        names = sorted(wanting | set(shares.weights) | set(shares.minimums))
        return tuple(
            GroupAllocation(
                group=name or None,
                weight=shares.weight(name),
                minimum_slots=shares.minimums.get(name, 0),
                max_concurrency=state.group(name).cap if name else None,
                allocated=shares.due.get(name, 0),
                running=state.group_running(name),
            )
            for name in names
        )

    def _wanted(self, pool: Pool) -> int:
        """Slots that a group could fill now. What a pause holds wants none."""
        state, group = self._state, pool.group
        if (group and state.group(group).paused) or state.paused:
            return 0
        cap = state.group(group).cap if group else None
        wanted = state.group_running(group) + pool.unheld(state.is_held)
        return min(wanted, state.max_concurrency, sys.maxsize if cap is None else cap)


def _put(values: dict[str, int], group: str, value: int | None) -> bool:
    """Set or remove; did it change anything?"""
    before = values.get(group)
    if value is None:
        values.pop(group, None)
    else:
        values[group] = value
    return before != value
