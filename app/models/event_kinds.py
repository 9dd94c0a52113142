"""Which events mean what to the window."""

from __future__ import annotations

from typing import Final, TypeGuard, cast

from scheduler_core import (
    DeadLettered,
    DependencyFailed,
    Dispatched,
    Failed,
    SchedulerEvent,
    Submitted,
    TaskEvent,
)

STARTS: Final = frozenset({Submitted, Dispatched})
"""Two of the three events of an ordinary task. Only lists of what waits and runs need them."""
BUT_STARTS: Final = frozenset(
    {*TaskEvent.__subclasses__(), *SchedulerEvent.__subclasses__()} - STARTS - {TaskEvent}
)
"""All others."""
FAILURES: Final = frozenset({DeadLettered, DependencyFailed, Failed})
"""Those of which some tell that a task failed for good."""


def is_failure(event: SchedulerEvent) -> TypeGuard[DeadLettered | DependencyFailed | Failed]:
    """Did a task fail for good? By type: there are thousands a second, and `isinstance` of a union is slow."""
    kind = type(event)
    return kind in FAILURES and not (kind is Failed and cast("Failed", event).will_retry)
