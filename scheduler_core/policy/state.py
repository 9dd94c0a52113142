"""The numbers that gates look at: kept in memory by the engine, never asked of the database."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from scheduler_core.model.lane import LaneKey
from scheduler_core.model.snapshot import Resources
from scheduler_core.model.task import IoBudget
from scheduler_core.model.throttle import ThrottlePolicy
from scheduler_core.policy.rate_limit import TokenBucket

NOTHING = IoBudget()


@dataclass(slots=True)
class Slots:
    """How many tasks of a domain or a group run, how many may (None: as many as there are), and whether any may."""

    running: int = 0
    cap: int | None = None
    paused: bool = False

    @property
    def has_room(self) -> bool:
        """Is there a slot left?"""
        return self.cap is None or self.running < self.cap


class Taken(NamedTuple):
    """A slot that a task has, and what it was expected to move when it got it."""

    lane: LaneKey
    io: IoBudget | None


@dataclass(slots=True)
class DispatchState:
    """Slots taken, pauses in force, and how busy the machine is.

    A slot is taken when a task is chosen, and given back when its attempt is over. `usual_io` tells what tasks of a type
    have moved before, where nobody says what they will. `counts_io` says whether what
    runs is added up by what it should move; `resources` None: nobody has measured the machine while it worked.
    """

    max_concurrency: int
    default_group_cap: int | None = None
    running: int = 0
    paused: bool = False
    known: frozenset[str] = frozenset()
    type_rates: dict[str, TokenBucket] = field(default_factory=dict[str, TokenBucket])
    group_rates: dict[str, TokenBucket] = field(default_factory=dict[str, TokenBucket])
    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    domains: dict[str, Slots] = field(default_factory=dict[str, Slots])
    groups: dict[str, Slots] = field(default_factory=dict[str, Slots])
    ungrouped: int = 0
    throttle: ThrottlePolicy = field(default_factory=ThrottlePolicy)
    pressure: float = 0.0
    counts_io: bool = True
    resources: Resources | None = None
    usual_io: Callable[[str], IoBudget | None] = lambda _: None
    moving: IoBudget = NOTHING
    taken: dict[int, Taken] = field(default_factory=dict[int, Taken])
    _io_of_text: dict[str, IoBudget] = field(default_factory=dict[str, IoBudget])

    def domain(self, name: str) -> Slots:
        """The slots of a domain. The tasks of one that this scheduler was not built with are held until it is back."""
        slots = self.domains.get(name)
        if slots is None:
            slots = self.domains[name] = Slots(paused=True)
        return slots

    def has_domain(self, name: str) -> bool:
        """Was this scheduler built with the domain?"""
        return name in self.known

    def let_in(self, name: str, cap: int | None, *, paused: bool) -> None:
        """A domain is there from now on."""
        self.known |= {name}
        slots = self.domain(name)
        slots.cap, slots.paused = cap, paused

    def shut_out(self, name: str) -> None:
        """A domain is not there any more: its tasks are held until it is back."""
        self.known -= {name}
        self.domain(name).paused = True

    def group(self, name: str) -> Slots:
        """The slots of a group, with the default cap unless it was given its own."""
        slots = self.groups.get(name)
        if slots is None:
            slots = self.groups[name] = Slots(cap=self.default_group_cap)
        return slots

    def group_running(self, name: str) -> int:
        """How many of a group run; '': of the tasks without one."""
        return self.group(name).running if name else self.ungrouped

    def is_held(self, lane: LaneKey) -> bool:
        """Does a pause hold the tasks of this lane?"""
        if self.paused or self.domain(lane.domain).paused:
            return True
        return bool(lane.group) and self.group(lane.group).paused

    def expected_io(self, lane: LaneKey) -> IoBudget | None:
        """What a task of this lane is expected to move: as it was told, else as its type usually does."""
        if not lane.io:
            return self.usual_io(lane.task_type)
        budget = self._io_of_text.get(lane.io)
        if budget is None:
            budget = self._io_of_text[lane.io] = IoBudget.model_validate(json.loads(lane.io))
        return budget

    def take(self, task_id: int, lane: LaneKey) -> None:
        """A task of this lane was chosen."""
        if self.type_rates or self.group_rates:
            buckets = self.buckets(lane)
            if buckets:
                now = self.monotonic()
                for bucket in buckets:
                    bucket.take(now)
        io = self.expected_io(lane) if self.counts_io else None
        if io is not None:
            self.moving = self.moving + io
        self.taken[task_id] = Taken(lane, io)
        self.running += 1
        self.domain(lane.domain).running += 1
        if lane.group:
            self.group(lane.group).running += 1
        else:
            self.ungrouped += 1

    def buckets(self, lane: LaneKey) -> list[TokenBucket]:
        """The rate limits that a start of this lane counts for."""
        found = (self.type_rates.get(lane.task_type), self.group_rates.get(lane.group))
        return [bucket for bucket in found if bucket is not None]

    def was_for_nothing(self, lane: LaneKey) -> None:
        """A task of this lane was chosen, but did not start: its tokens go back."""
        for bucket in self.buckets(lane):
            bucket.give_back(self.monotonic())

    def give_back(self, task_id: int) -> Taken:
        """Its attempt is over, or it was not to be."""
        taken = self.taken.pop(task_id)
        lane, io = taken
        if io is not None:
            self.moving = self.moving - io
        self.running -= 1
        self.domain(lane.domain).running -= 1
        if lane.group:
            self.group(lane.group).running -= 1
        else:
            self.ungrouped -= 1
        return taken
