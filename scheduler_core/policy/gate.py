"""The gates a pending task passes, in order. Dispatch asks them and `explain` asks them: there is no second copy.

A gate speaks for all tasks of a lane and a priority. One that is closed names its lot: where they wait, out of everybody's
way, until the gate opens. A gate of the scheduler has no lot, because while it is closed nothing starts at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from scheduler_core.clock import to_datetime
from scheduler_core.model.lane import Candidate
from scheduler_core.model.snapshot import GateResult
from scheduler_core.policy.io_budget import fits, over_budget
from scheduler_core.policy.rate_limit import TokenBucket
from scheduler_core.policy.state import DispatchState, Slots


class Lot(NamedTuple):
    """Where lanes wait for a gate: all that one domain, one group, one rate limit, one pressure or one size holds back."""

    scope: LotScope
    name: str


LotScope = Literal["domain", "group", "throttle", "io", "type rate", "group rate"]
Scope = LotScope | Literal["scheduler", "task"]
IsOpen = Callable[[DispatchState, Candidate], bool]
Numbers = Callable[[DispatchState, Candidate], dict[str, Any]]
Words = Callable[[DispatchState, Candidate, bool], str]


@dataclass(frozen=True, slots=True)
class Gate:
    """`is_open` decides; `numbers` and `words` tell a person what it looked at.

    The scope "task" is of what concerns one task alone: dispatch never meets it closed, because such a task is in no lane.
    """

    name: str
    scope: Scope
    is_open: IsOpen
    numbers: Numbers
    words: Words

    def lot(self, state: DispatchState, task: Candidate) -> Lot | None:
        """Where what this gate holds back waits."""
        lane = task.lane
        match self.scope:
            case "scheduler" | "task":
                return None
            case "domain":
                return Lot(self.scope, lane.domain)
            case "throttle":
                return Lot(self.scope, str(state.throttle.limit(task.effective)))
            case "io":
                return Lot(self.scope, lane.io or lane.task_type)
            case "type rate":
                return Lot(self.scope, lane.task_type)
            case _:
                return Lot(self.scope, lane.group)

    def result(self, state: DispatchState, task: Candidate) -> GateResult:
        """What it says to a task, for people."""
        passed = self.is_open(state, task)
        return GateResult(
            name=self.name,
            passed=passed,
            message=self.words(state, task, passed),
            values=self.numbers(state, task),
        )


def first_closed(state: DispatchState, task: Candidate) -> Gate | None:
    """The first gate that holds a task back, None when all are open."""
    for gate in GATES:
        if not gate.is_open(state, task):
            return gate
    return None


def _is_group_open(state: DispatchState, task: Candidate) -> bool:
    return not task.lane.group or not state.group(task.lane.group).paused


def _slots_words(what: str, slots: Slots, passed: bool) -> str:
    if slots.cap is None:
        return f"{what} has no limit; {slots.running} running."
    if passed:
        return f"{what} has a free slot: {slots.running} of {slots.cap} taken."
    if slots.cap == 0:
        return f"{what} has a limit of 0: nothing of it starts."
    return f"All {slots.cap} slots of {what} are taken."


def _slots_numbers(slots: Slots) -> dict[str, Any]:
    return {"running": slots.running, "max_concurrency": slots.cap}


def _is_due(state: DispatchState, task: Candidate) -> bool:
    return task.due_at is None or task.due_at <= state.wall()


def _due_numbers(state: DispatchState, task: Candidate) -> dict[str, Any]:
    return {"run_at": None if task.due_at is None else to_datetime(task.due_at).isoformat()}


def _due_words(state: DispatchState, task: Candidate, passed: bool) -> str:
    if passed or task.due_at is None:
        return "Its time has come."
    what = "tried again" if task.retries else "due"
    return f"It is not {what} before {to_datetime(task.due_at):%Y-%m-%d %H:%M:%S} UTC."


def _is_calm(state: DispatchState, task: Candidate) -> bool:
    if state.pressure <= 0.0:
        return True
    limit = state.throttle.limit(task.effective)
    return limit is None or state.pressure <= limit


def _pressure_numbers(state: DispatchState, task: Candidate) -> dict[str, Any]:
    limit = state.throttle.limit(task.effective)
    return {"pressure": state.pressure, "limit": limit, "priority": task.effective}


def _pressure_words(state: DispatchState, task: Candidate, passed: bool) -> str:
    limit = state.throttle.limit(task.effective)
    if limit is None:
        return f"Tasks of priority {task.effective} never wait for a busy machine."
    now = f"The machine is {state.pressure:.0%} busy"
    if passed:
        return f"{now}; tasks of priority {task.effective} start up to {limit:.0%}."
    return f"{now}; tasks of priority {task.effective} wait until it is at {limit:.0%} or below."


def _fits(state: DispatchState, task: Candidate) -> bool:
    if state.resources is None:
        return True
    io = state.expected_io(task.lane)
    return io is None or fits(io, state.moving, state.resources)


def _io_numbers(state: DispatchState, task: Candidate) -> dict[str, Any]:
    io = state.expected_io(task.lane)
    if io is None or state.resources is None:
        return {}
    over = over_budget(io, state.moving, state.resources)
    return {"expected_io": io.model_dump()} if over is None else over._asdict()


def _io_words(state: DispatchState, task: Candidate, passed: bool) -> str:
    if state.resources is None:
        return "Nobody measures what the machine moves."
    numbers = _io_numbers(state, task)
    if not numbers:
        return "Nobody knows what it will move."
    if passed:
        return "The machine has room for what it will move."
    what = str(numbers["direction"]).replace("_", " ")
    return (
        f"With it {numbers['expected']:,} bytes would be on their way ({what}), "
        f"and the machine has room for {numbers['allowed']:,.0f}."
    )


def _rate_words(what: str, bucket: TokenBucket | None, now: float) -> str:
    if bucket is None:
        return f"{what} has no rate limit."
    limit = bucket.limit
    rate = f"{limit.rate:g} a second" if limit.rate >= 1.0 else f"{limit.rate * 60.0:g} a minute"
    if bucket.is_open(now):
        return f"{what} may start {rate}, and has {math.floor(bucket.tokens(now) + 0.001)} to start now."
    return f"{what} may start {rate}; the next in {bucket.wait(now):.1f} s."


def _rate_numbers(bucket: TokenBucket | None, now: float) -> dict[str, Any]:
    if bucket is None:
        return {}
    return {
        "rate": bucket.limit.rate,
        "burst": bucket.limit.burst,
        "available": bucket.tokens(now),
        "wait": bucket.wait(now),
    }


def _rate_gate(
    name: str, scope: Scope, find: Callable[[DispatchState, Candidate], TokenBucket | None]
) -> Gate:
    """A gate that is open while its bucket holds a token. Dispatch takes the token when every gate is open."""

    def is_open(state: DispatchState, task: Candidate) -> bool:
        bucket = find(state, task)
        return bucket is None or bucket.holds_one or bucket.is_open(state.monotonic())

    def numbers(state: DispatchState, task: Candidate) -> dict[str, Any]:
        return _rate_numbers(find(state, task), state.monotonic())

    def words(state: DispatchState, task: Candidate, passed: bool) -> str:
        if scope == "group rate" and not task.lane.group:
            return "It belongs to no group."
        what = task.lane.task_type if scope == "type rate" else f"group {task.lane.group}"
        return _rate_words(what, find(state, task), state.monotonic())

    return Gate(name, scope, is_open, numbers, words)


GATES: tuple[Gate, ...] = (
    Gate(
        "scheduler_paused",
        "scheduler",
        lambda state, task: not state.paused,
        lambda state, task: {"paused": state.paused},
        lambda state, task, passed: "The scheduler is running." if passed else "Everything is paused.",
    ),
    Gate(
        "domain_paused",
        "domain",
        lambda state, task: not state.domain(task.lane.domain).paused,
        lambda state, task: {"domain": task.lane.domain, "paused": state.domain(task.lane.domain).paused},
        lambda state, task, passed: f"{task.lane.domain} is {'on' if passed else 'paused'}.",
    ),
    Gate(
        "group_paused",
        "group",
        _is_group_open,
        lambda state, task: {"group": task.lane.group or None, "paused": not _is_group_open(state, task)},
        lambda state, task, passed: (
            "It belongs to no group."
            if not task.lane.group
            else f"Group {task.lane.group} is {'running' if passed else 'paused'}."
        ),
    ),
    Gate("run_at", "task", _is_due, _due_numbers, _due_words),
    Gate(
        "global_cap",
        "scheduler",
        lambda state, task: state.running < state.max_concurrency,
        lambda state, task: {"running": state.running, "max_concurrency": state.max_concurrency},
        lambda state, task, passed: _slots_words(
            "the scheduler", Slots(state.running, state.max_concurrency), passed
        ),
    ),
    Gate(
        "domain_cap",
        "domain",
        lambda state, task: state.domain(task.lane.domain).has_room,
        lambda state, task: _slots_numbers(state.domain(task.lane.domain)),
        lambda state, task, passed: _slots_words(task.lane.domain, state.domain(task.lane.domain), passed),
    ),
    Gate(
        "group_cap",
        "group",
        lambda state, task: not task.lane.group or state.group(task.lane.group).has_room,
        lambda state, task: _slots_numbers(state.group(task.lane.group)) if task.lane.group else {},
        lambda state, task, passed: (
            _slots_words(f"group {task.lane.group}", state.group(task.lane.group), passed)
            if task.lane.group
            else "It belongs to no group."
        ),
    ),
    Gate("throttle", "throttle", _is_calm, _pressure_numbers, _pressure_words),
    Gate("io_budget", "io", _fits, _io_numbers, _io_words),
    _rate_gate("rate_limit", "type rate", lambda state, task: state.type_rates.get(task.lane.task_type)),
    _rate_gate("group_rate_limit", "group rate", lambda state, task: state.group_rates.get(task.lane.group)),
)
"""In the order of the contract, section 5."""
