"""Makes room for urgent work: a task that finds no slot may have the least urgent running one interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scheduler_core.engine.attempt import Attempt, StopReason
from scheduler_core.engine.attempts import Attempts
from scheduler_core.model.lane import Candidate, LaneKey
from scheduler_core.policy.gate import GATES, Gate, first_closed
from scheduler_core.policy.state import DispatchState

_CAPS = {"global_cap": "scheduler", "domain_cap": "domain", "group_cap": "group"}
"""The gates that an interruption can open, and whose slots each of them counts."""


class Preemption:
    """Interrupts one attempt at a time for each full cap. What was interrupted goes back into line and counts no retry."""

    def __init__(
        self,
        attempts: Attempts,
        claiming: Callable[[], Iterable[Candidate]],
        state: DispatchState,
        threshold: int,
    ) -> None:
        """Tasks of priority `threshold` or more urgent (a lower number) may interrupt less urgent ones.

        `claiming` tells what has been chosen and not been started yet: it has slots, and may yield only later.
        """
        self._attempts = attempts
        self._claiming = claiming
        self._state = state
        self._threshold = threshold

    def first_closed(self, task: Candidate) -> Gate | None:
        """The gate at which a task has to wait, None when all are open.

        An urgent task waits at a cap only if an interruption may open it, and nothing else holds the task: it would
        interrupt others for nothing.
        """
        gate = first_closed(self._state, task)
        if gate is None or gate.name not in _CAPS or task.priority > self._threshold:
            return gate
        closed = [other for other in GATES if not other.is_open(self._state, task)]
        return next((other for other in closed[1:] if not self._may_open(other, task)), gate)

    def _may_open(self, gate: Gate, task: Candidate) -> bool:
        """Would a cap have room if all yielded that may?"""
        scope = _CAPS.get(gate.name)
        if scope is None:
            return False
        sharing = self._attempts.all(lambda other: _shares(scope, task.lane, other))
        stay = sum(attempt.claimed.priority <= task.priority for attempt in sharing)
        stay += sum(
            chosen.priority <= task.priority and _shares(scope, task.lane, chosen.lane)
            for chosen in self._claiming()
        )
        cap = _cap(self._state, scope, task.lane)
        return cap is None or stay < cap

    def make_room(self, gate: Gate, task: Candidate) -> bool:
        """The best task of a lane was held back by a gate. False: it should have a slot, and nothing can yield one yet.

        Its own priority counts: one that has only aged interrupts nobody.
        """
        lane, priority = task.lane, task.priority
        scope = _CAPS.get(gate.name)
        if scope is None or priority > self._threshold or not self._may_open(gate, task):
            return True
        sharing = self._attempts.all(lambda other: _shares(scope, lane, other))
        if any(attempt.stop_reason is StopReason.PREEMPTED for attempt in sharing):
            return True  # a slot is on its way
        victim = max(
            (attempt for attempt in sharing if _may_yield(attempt, priority)),
            key=lambda attempt: (self._opens(attempt, task), attempt.claimed.priority, attempt.id),
            default=None,
        )
        if victim is None:
            return False
        victim.stop(StopReason.PREEMPTED)
        return True

    def _opens(self, attempt: Attempt, task: Candidate) -> int:
        """How many of the full caps that hold a task an attempt has a slot of: one that has of all spares another one."""
        return sum(
            gate.name in _CAPS
            and _shares(_CAPS[gate.name], task.lane, attempt.lane)
            and not gate.is_open(self._state, task)
            for gate in GATES
        )


def _may_yield(attempt: Attempt, priority: int) -> bool:
    return attempt.stop_reason is None and attempt.claimed.priority > priority


def _cap(state: DispatchState, scope: str, lane: LaneKey) -> int | None:
    """The cap of this scope."""
    match scope:
        case "domain":
            return state.domain(lane.domain).cap
        case "group":
            return state.group(lane.group).cap
        case _:
            return state.max_concurrency


def _shares(scope: str, lane: LaneKey, other: LaneKey) -> bool:
    """Do tasks of these two lanes take slots from the same cap?"""
    match scope:
        case "domain":
            return other.domain == lane.domain
        case "group":
            return other.group == lane.group
        case _:
            return True
