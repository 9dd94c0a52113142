"""What makes tasks alike in the eyes of every gate."""

from __future__ import annotations

from typing import NamedTuple


class LaneKey(NamedTuple):
    """Tasks of one lane and one priority are let through or held back together.

    `task_type` is qualified; `group` '' is no group; `io` is what they are expected to move, as `IoBudget.lane_text` has
    it, '' where nobody said.
    """

    domain: str
    task_type: str
    group: str
    io: str = ""

    @property
    def task_name(self) -> str:
        """The name of its task type without the domain."""
        return self.task_type.removeprefix(f"{self.domain}::")


class Candidate(NamedTuple):
    """A pending task as the gates see it: its lane and priorities, until when its own time holds it, and its retries."""

    lane: LaneKey
    priority: int
    effective: int
    due_at: float | None = None
    retries: int = 0
