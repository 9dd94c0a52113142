"""What makes tasks alike in the eyes of every gate."""

from __future__ import annotations

from typing import NamedTuple


class LaneKey(NamedTuple):
    """Tasks of one lane are let through or held back together. `task_type` is qualified; `group` '' is no group."""

    domain: str
    task_type: str
    group: str
