"""What can be taken back for a while."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from scheduler_core.model.base import Frozen

UndoAct = Literal["cancel", "clear", "priority", "retry"]


class Undo(Frozen):
    """Something that was done to `n` tasks or records, and can be taken back by its `id` until it is `until`.

    `act` is what: "cancel" (tasks; they are set aside until then), "clear" (failures, off the list), "priority" (tasks that
    have another one) or "retry" (records of the history, tried again).
    """

    id: int
    act: UndoAct
    n: int
    until: datetime
