"""What opens a closed gate for one task: the order of a person that does it, worked out from what the gate looks at."""

from __future__ import annotations

from scheduler_core.model.lane import Candidate
from scheduler_core.model.snapshot import Lift
from scheduler_core.model.task import Priority
from scheduler_core.policy.state import DispatchState, Slots


def lift_of(gate: str, state: DispatchState, task: Candidate) -> Lift | None:  # noqa: C901 - one gate after the other
    """The order that opens this gate, which is closed, for this task and leaves all others as they are.

    None where no order can: the domain is not there, or the policy lets nobody through at this pressure.
    """
    domain, task_type, group, _ = task.lane
    match gate:
        case "scheduler_paused":
            return Lift(order="resume_all")
        case "domain_paused":
            return Lift(order="resume", domain=domain) if state.has_domain(domain) else None
        case "group_paused":
            return (
                Lift(order="resume_group", domain=domain, target=group) if state.has_domain(domain) else None
            )
        case "run_at":
            return Lift(order="start_now")
        case "global_cap":
            slots = Slots(state.running, state.max_concurrency)
            return Lift(order="set_max_concurrency", value=_one_more(slots))
        case "domain_cap":
            return Lift(order="set_max_concurrency", domain=domain, value=_one_more(state.domain(domain)))
        case "group_cap":
            return Lift(order="set_group_limit", target=group, value=_one_more(state.group(group)))
        case "throttle":
            priority = _calm_priority(state)
            return None if priority is None else Lift(order="set_priority", value=priority)
        case "io_budget":
            return Lift(order="ignore_io")
        case "rate_limit":
            return Lift(order="set_rate_limit", target=task_type)
        case "group_rate_limit":
            return Lift(order="set_group_rate_limit", target=group)
        case _:
            return None


def _one_more(slots: Slots) -> int:
    """The cap with room for one more than run, also where it was lowered below that."""
    return max(slots.running, slots.cap or 0) + 1


def _calm_priority(state: DispatchState) -> int | None:
    """The priority that does not wait at this pressure: HIGH, or what is more urgent where a policy holds that, too."""
    for priority in range(Priority.HIGH, -1, -1):
        limit = state.throttle.limit(priority)
        if limit is None or state.pressure <= limit:
            return int(priority)
    return None
