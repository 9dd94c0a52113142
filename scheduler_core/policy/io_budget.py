"""The IO budget: no more is begun in a direction than the machine has shown that it moves."""

from __future__ import annotations

from typing import NamedTuple

from scheduler_core.model.snapshot import Resources
from scheduler_core.model.task import IoBudget

IO_SHARE = 0.8
"""The part of what the machine moves that tasks may be expected to move (contract, section 5)."""
IO_WINDOW_S = 2.0
"""Seconds of smoothed throughput that are looked at (contract, section 5)."""
DIRECTIONS = ("disk_read", "disk_write", "net_rx", "net_tx")


class OverBudget(NamedTuple):
    """The direction in which there would be too much: bytes expected with the candidate, and bytes allowed."""

    direction: str
    expected: int
    allowed: float


def over_budget(candidate: IoBudget, running: IoBudget, resources: Resources | None) -> OverBudget | None:
    """The first direction in which `candidate` does not fit beside what runs; None: it fits.

    `running` is what all running tasks together are expected to move. A direction in which the candidate moves nothing,
    or in which nothing runs yet, holds nobody back. Without `resources` everything fits.
    """
    if resources is None:
        return None
    for direction in DIRECTIONS:
        more, now = getattr(candidate, direction), getattr(running, direction)
        allowed = IO_SHARE * getattr(resources, direction) * IO_WINDOW_S
        if more > 0 and now > 0 and now + more > allowed:
            return OverBudget(direction, now + more, allowed)
    return None


def fits(candidate: IoBudget, running: IoBudget, resources: Resources | None) -> bool:
    """May `candidate` start beside what runs?"""
    return over_budget(candidate, running, resources) is None
