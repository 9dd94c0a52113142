"""What can be taken back for a while."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from scheduler_core.model.base import Frozen


class Undo(Frozen):
    """Something that was done to `n` tasks or records, and can be taken back by its `id` until it is `until`.

    `act` is what: "cancel" (tasks; they are set aside until then) or "clear" (failures, off the list).
    """

    id: int
    act: Literal["cancel", "clear"]
    n: int
    until: datetime
