"""Whether the machine can take what a task is expected to move besides what runs."""

from __future__ import annotations

from scheduler_core.model.snapshot import Resources
from scheduler_core.model.task import IoBudget

IO_SHARE = 0.8
IO_WINDOW_S = 2.0
"""Expected bytes may fill 80 % of what the machine moves in two seconds: contract, section 5."""
DIRECTIONS = ("disk_read", "disk_write", "net_rx", "net_tx")


def room(resources: Resources, direction: str) -> float:
    """How many expected bytes may run at once in one direction."""
    return IO_SHARE * IO_WINDOW_S * float(getattr(resources, direction))


def closed_direction(running: IoBudget, candidate: IoBudget, resources: Resources | None) -> str | None:
    """The first direction in which a candidate does not fit; None when it does, or nothing is known of the machine.

    A direction in which nothing runs never holds anybody back: an idle machine moves nothing, and would never start.
    """
    if resources is None:
        return None
    for direction in DIRECTIONS:
        more, now = getattr(candidate, direction), getattr(running, direction)
        if more and now and now + more > room(resources, direction):
            return direction
    return None
