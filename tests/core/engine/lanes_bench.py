"""Lanes over a table of ready tasks, and a plain look at that table that says what they should choose."""

from __future__ import annotations

import copy

from scheduler_core.engine.ages import Ages
from scheduler_core.engine.lanes import Lanes
from scheduler_core.engine.pools import Pools
from scheduler_core.engine.sharing import Sharing
from scheduler_core.model.lane import Candidate, LaneKey
from scheduler_core.model.throttle import AgingConfig
from scheduler_core.policy.aging import effective_priority
from scheduler_core.policy.fair_share import Shares
from scheduler_core.policy.gate import Lot, LotScope, first_closed
from scheduler_core.policy.state import DispatchState, Slots
from scheduler_core.testing import ManualClock

KEYS = [
    LaneKey(domain, f"{domain}::{kind}", group)
    for domain in ("a", "b")
    for kind in ("x", "y")
    for group in ("", "g", "h")
]
BIG = LaneKey("a", "a::x", "", '{"disk_read":1000}')
SMALL = LaneKey("a", "a::x", "", '{"disk_read":100}')
ALL_KEYS = [*KEYS, BIG, SMALL]
AGING = AgingConfig(grace_period=10, aging_interval=5, max_effective_priority=2)


def no_refill(lane: int, priority: int, after: int, limit: int) -> None:
    """For lanes that hold all there is."""


class Bench:
    """Lanes over a table of ready tasks that stands for the database, with a refill that answers when it is told to."""

    def __init__(
        self,
        state: DispatchState | None = None,
        aging: AgingConfig | None = None,
        weights: dict[str, int] | None = None,
        minimums: dict[str, int] | None = None,
    ) -> None:
        self.clock = ManualClock()
        self.state = state or DispatchState(1_000_000, domains={"a": Slots(), "b": Slots()})
        self.state.monotonic = lambda: self.clock.monotonic()
        self.state.wall = lambda: self.clock.time()
        self.stored: dict[tuple[int, int, int], float] = {}
        """(priority, id, lane) of every ready task, and when it began to wait."""
        self.asked: list[tuple[int, int, int, int]] = []
        self._ageless: set[tuple[int, int, int, int]] = set()
        """Pages that were asked for while nobody wanted to know since when tasks wait."""
        self.aging = aging
        self.shares = Shares(weights or {}, 1, minimums or {}, -1, aging)
        self.ages = Ages(aging, self.clock, lambda _, now: now, lambda _: False)
        pools = Pools(self.shares, self.state.group_running)
        self.sharing = Sharing(
            self.shares, self.state, pools, lambda on: self.lanes.share_by_group(on), lambda *_: None
        )
        self.lanes = Lanes(
            lambda lane: ALL_KEYS[lane],
            self._ask,
            lambda gate, task: gate.lot(self.state, task),
            self.ages,
            pools,
        )

    def add(self, lane: int, priority: int, task_id: int) -> None:
        self.stored[priority, task_id, lane] = self.clock.time()
        self.lanes.add(lane, priority, task_id, self.clock.time())

    def _ask(self, lane: int, priority: int, after: int, limit: int) -> None:
        self.asked.append((lane, priority, after, limit))
        (self._ageless.discard if self.ages.is_kept else self._ageless.add)(self.asked[-1])

    def age(self, aging: AgingConfig | None) -> None:
        """What `Aging.change` does. Pages on their way are waited for, as it does in its own way."""
        if aging is None:
            self.lanes.forget_ages()
        elif not self.ages.is_kept:
            self.ages.is_kept = True
            self.answer_all()
            unknown = set(self.lanes.ageless())
            self.lanes.set_ages((i, aged) for (_, i, _), aged in self.stored.items() if i in unknown)
        self.aging = aging
        self.ages.change(aging, ())
        self.shares.set_aging(aging)
        self.lanes.reorder()

    def gone(self, place: tuple[int, int, int]) -> None:
        """A ready task, by (priority, id, lane), has ended without having been started."""
        del self.stored[place]
        self.lanes.discard(place[1])

    def raise_to(self, place: tuple[int, int, int], wanted: int) -> None:
        """It is more urgent, if `wanted` is."""
        priority, task_id, lane = place
        if wanted < priority:
            aged_from = self.stored.pop(place)
            self.stored[wanted, task_id, lane] = aged_from
            self.lanes.add(lane, wanted, task_id, aged_from)

    def page(
        self, lane: int, priority: int, after: int, limit: int, *, ages: bool = True
    ) -> list[tuple[int, float | None]]:
        return sorted(
            (i, aged if ages else None)
            for (p, i, where), aged in self.stored.items()
            if (where, p) == (lane, priority) and i > after
        )[:limit]

    def answer(self, place: int = 0) -> None:
        """The page that was asked for arrives, as the database is now."""
        asked = lane, priority, after, limit = self.asked.pop(place)
        page = self.page(lane, priority, after, limit, ages=asked not in self._ageless)
        self.lanes.refilled(lane, priority, page, limit)

    def answer_all(self) -> None:
        while self.asked:
            self.answer()

    def take(self, most: int = 1_000_000) -> list[int]:
        """The next ids, each with its slot taken and its row no longer ready."""
        chosen: list[int] = []
        self.sharing.refresh()
        for choice in self.lanes.take(lambda task: first_closed(self.state, task), lambda *_: None):
            self.state.take(choice.id, choice.key)
            del self.stored[choice.task.priority, choice.id, choice.lane]
            chosen.append(choice.id)
            if len(chosen) >= most:
                break
        return chosen

    def give_back(self, task_id: int) -> None:
        lane, io = self.state.give_back(task_id)
        self.wake("domain", lane.domain)
        if lane.group:
            self.wake("group", lane.group)
        if io is not None:
            self.wake_all("io")

    def wake(self, scope: LotScope, name: str) -> None:
        self.lanes.wake(Lot(scope, name))

    def wake_all(self, scope: LotScope) -> None:
        for lot in self.lanes.lots(scope):
            self.lanes.wake(lot)

    def candidate(self, lane: int, priority: int, aged_from: float) -> Candidate:
        effective = effective_priority(priority, self.clock.time() - aged_from, self.aging)
        return Candidate(ALL_KEYS[lane], priority, effective)

    def expected(self, most: int = 1_000_000) -> list[int]:
        """What a plain look at all ready tasks, best first, would start now, one after another."""
        state = copy.deepcopy(self.state)
        ready = {task_id: self.candidate(lane, p, aged) for (p, task_id, lane), aged in self.stored.items()}
        chosen: list[int] = []
        while len(chosen) < most:
            order = sorted(
                ready,
                key=lambda task_id: (self._tier(state, ready[task_id]), ready[task_id].effective, task_id),
            )
            best = next((task_id for task_id in order if first_closed(state, ready[task_id]) is None), None)
            if best is None:
                break
            state.take(best, ready.pop(best).lane)
            chosen.append(best)
        return chosen

    def _tier(self, state: DispatchState, task: Candidate) -> int:
        group = task.lane.group
        return self.shares.tier(group, state.group_running(group), task)
