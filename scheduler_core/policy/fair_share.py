"""How groups share the slots: minimum slots first, then by weight; what is left goes by priority.

Weighted max-min fairness by progressive filling (D. Bertsekas, R. Gallager, "Data Networks", 2nd ed., 1992, section
6.5.2), in whole slots: who wants less than its share leaves the rest to the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from scheduler_core.model.lane import Candidate
from scheduler_core.model.throttle import AgingConfig


class Claim(NamedTuple):
    """A group that wants slots: at most `wanted` of them, running ones included. `group` '' are tasks without one."""

    group: str
    weight: int
    minimum: int
    wanted: int


def allocate(slots: int, claims: Iterable[Claim]) -> dict[str, int]:
    """How many slots each group is due. Rounded down: what is left is anybody's, by priority."""
    due: dict[str, int] = {}
    left = slots
    hungry: list[Claim] = []
    for claim in sorted(claims, key=lambda one: (-one.weight, one.group)):
        due[claim.group] = first = min(claim.minimum, claim.wanted, left)
        left -= first
        if first < claim.wanted:
            hungry.append(claim)
    while hungry and left:
        weights = sum(claim.weight for claim in hungry)
        share = {claim.group: left * claim.weight // weights for claim in hungry}
        sated = {claim.group for claim in hungry if claim.wanted - due[claim.group] <= share[claim.group]}
        for claim in hungry:
            if not sated:
                due[claim.group] += share[claim.group]
            elif claim.group in sated:
                left -= claim.wanted - due[claim.group]
                due[claim.group] = claim.wanted
        hungry = [claim for claim in hungry if sated and claim.group not in sated]
    return due


class Shares:
    """The weights and minimum slots in force, what each group is due at this moment, and whose turn it is.

    Without any weight or minimum all groups are alike: then only priority counts.
    """

    URGENT, MINIMUM, WEIGHT, AGED, REST = range(5)
    """In this order slots are given. Urgent tasks, which may even interrupt others, do not wait for their group's turn."""

    def __init__(
        self,
        weights: Mapping[str, int],
        default_weight: int,
        minimums: Mapping[str, int],
        urgent: int,
        aging: AgingConfig | None,
    ) -> None:
        """Tasks of priority `urgent` or more urgent come before all shares."""
        self.weights = dict(weights)
        self.minimums = dict(minimums)
        self.due: dict[str, int] = {}
        self._default_weight = default_weight
        self._urgent = urgent
        self._aged: int | None = None
        self.set_aging(aging)

    def set_aging(self, aging: AgingConfig | None) -> None:
        """How urgent an aged task must have grown to go before what is left over."""
        self._aged = None if aging is None else aging.urgent_threshold

    @property
    def is_on(self) -> bool:
        """Is there anything to share by?"""
        return bool(self.weights or self.minimums)

    def weight(self, group: str) -> int:
        """The weight of a group ('': of tasks without one)."""
        return self.weights.get(group, self._default_weight)

    def claim(self, group: str, wanted: int) -> Claim:
        """A group's claim to so many slots."""
        return Claim(group, self.weight(group), self.minimums.get(group, 0), wanted)

    def tier(self, group: str, running: int, task: Candidate) -> int:
        """Whose turn it is: lower comes first. `task` is the best of a group of which so many run."""
        if not self.is_on:
            return 0
        if task.priority <= self._urgent:
            return self.URGENT
        due = self.due.get(group, 0)
        if running < min(self.minimums.get(group, 0), due):
            return self.MINIMUM
        if running < due:
            return self.WEIGHT
        has_aged = task.effective < task.priority
        if self._aged is not None and has_aged and task.effective <= self._aged:
            return self.AGED
        return self.REST
