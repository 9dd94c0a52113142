"""The gates a pending task passes, in order. Dispatch asks them and `explain` asks them: there is no second copy.

A gate speaks for a whole lane. One that is closed names its lot: where the lane waits, out of everybody's way, until
the gate opens. A gate of the scheduler has no lot, because while it is closed nothing starts at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from scheduler_core.model.lane import LaneKey
from scheduler_core.model.snapshot import GateResult
from scheduler_core.policy.rate_limit import TokenBucket
from scheduler_core.policy.state import DispatchState, Slots


class Lot(NamedTuple):
    """Where lanes wait for a gate: all that one domain, one group, or one rate limit holds back."""

    scope: LotScope
    name: str


LotScope = Literal["domain", "group", "type rate", "group rate"]
Scope = LotScope | Literal["scheduler"]
IsOpen = Callable[[DispatchState, LaneKey], bool]
Numbers = Callable[[DispatchState, LaneKey], dict[str, Any]]
Words = Callable[[DispatchState, LaneKey, bool], str]


@dataclass(frozen=True, slots=True)
class Gate:
    """`is_open` decides; `numbers` and `words` tell a person what it looked at."""

    name: str
    scope: Scope
    is_open: IsOpen
    numbers: Numbers
    words: Words

    def lot(self, lane: LaneKey) -> Lot | None:
        """Where a lane waits that this gate holds back."""
        match self.scope:
            case "scheduler":
                return None
            case "domain":
                return Lot(self.scope, lane.domain)
            case "type rate":
                return Lot(self.scope, lane.task_type)
            case _:
                return Lot(self.scope, lane.group)

    def result(self, state: DispatchState, lane: LaneKey) -> GateResult:
        """What it says to the tasks of a lane, for people."""
        passed = self.is_open(state, lane)
        return GateResult(
            name=self.name,
            passed=passed,
            message=self.words(state, lane, passed),
            values=self.numbers(state, lane),
        )


def first_closed(state: DispatchState, lane: LaneKey) -> Gate | None:
    """The first gate that holds a lane back, None when all are open."""
    for gate in GATES:
        if not gate.is_open(state, lane):
            return gate
    return None


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


def _rate_gate(name: str, scope: Scope, find: Callable[[DispatchState, LaneKey], TokenBucket | None]) -> Gate:
    """A gate that is open while its bucket holds a token. Dispatch takes the token when every gate is open."""

    def is_open(state: DispatchState, lane: LaneKey) -> bool:
        bucket = find(state, lane)
        return bucket is None or bucket.is_open(state.monotonic())

    def numbers(state: DispatchState, lane: LaneKey) -> dict[str, Any]:
        return _rate_numbers(find(state, lane), state.monotonic())

    def words(state: DispatchState, lane: LaneKey, passed: bool) -> str:
        if scope == "group rate" and not lane.group:
            return "It belongs to no group."
        what = lane.task_type if scope == "type rate" else f"group {lane.group}"
        return _rate_words(what, find(state, lane), state.monotonic())

    return Gate(name, scope, is_open, numbers, words)


GATES: tuple[Gate, ...] = (
    Gate(
        "scheduler_paused",
        "scheduler",
        lambda state, lane: not state.paused,
        lambda state, lane: {"paused": state.paused},
        lambda state, lane, passed: "The scheduler is running." if passed else "Everything is paused.",
    ),
    Gate(
        "domain_paused",
        "domain",
        lambda state, lane: not state.domain(lane.domain).paused,
        lambda state, lane: {"domain": lane.domain, "paused": state.domain(lane.domain).paused},
        lambda state, lane, passed: f"{lane.domain} is {'on' if passed else 'paused'}.",
    ),
    Gate(
        "group_paused",
        "group",
        lambda state, lane: not lane.group or not state.group(lane.group).paused,
        lambda state, lane: {
            "group": lane.group or None,
            "paused": bool(lane.group) and state.group(lane.group).paused,
        },
        lambda state, lane, passed: (
            "It belongs to no group."
            if not lane.group
            else f"Group {lane.group} is {'running' if passed else 'paused'}."
        ),
    ),
    Gate(
        "global_cap",
        "scheduler",
        lambda state, lane: state.running < state.max_concurrency,
        lambda state, lane: {"running": state.running, "max_concurrency": state.max_concurrency},
        lambda state, lane, passed: _slots_words(
            "the scheduler", Slots(state.running, state.max_concurrency), passed
        ),
    ),
    Gate(
        "domain_cap",
        "domain",
        lambda state, lane: state.domain(lane.domain).has_room,
        lambda state, lane: _slots_numbers(state.domain(lane.domain)),
        lambda state, lane, passed: _slots_words(lane.domain, state.domain(lane.domain), passed),
    ),
    Gate(
        "group_cap",
        "group",
        lambda state, lane: not lane.group or state.group(lane.group).has_room,
        lambda state, lane: _slots_numbers(state.group(lane.group)) if lane.group else {},
        lambda state, lane, passed: (
            _slots_words(f"group {lane.group}", state.group(lane.group), passed)
            if lane.group
            else "It belongs to no group."
        ),
    ),
    _rate_gate("rate_limit", "type rate", lambda state, lane: state.type_rates.get(lane.task_type)),
    _rate_gate("group_rate_limit", "group rate", lambda state, lane: state.group_rates.get(lane.group)),
)
"""In the order of the contract, section 5. `run_at` belongs to a task, not to a lane: a task that is not due yet is in no
lane at all (`store.claim.make_due` lets it in)."""
