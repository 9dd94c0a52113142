"""The lanes against a sorted list: the same choices in the same order, whatever opens, closes, arrives or is refilled."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings, strategies as st

from scheduler_core.engine import lanes as lanes_module
from scheduler_core.engine.ages import Ages
from scheduler_core.engine.lanes import LOW_WATER, WINDOW, Choice, Lanes
from scheduler_core.engine.pools import Pools
from scheduler_core.engine.sharing import Sharing
from scheduler_core.model.lane import Candidate, LaneKey
from scheduler_core.model.limits import RateLimit
from scheduler_core.model.snapshot import Resources
from scheduler_core.model.throttle import AgingConfig, ThrottlePolicy
from scheduler_core.policy.aging import effective_priority
from scheduler_core.policy.fair_share import Shares
from scheduler_core.policy.gate import Gate, Lot, LotScope, first_closed
from scheduler_core.policy.rate_limit import TokenBucket
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
        self.aging = aging
        self.shares = Shares(weights or {}, 1, minimums or {}, -1, aging)
        ages = Ages(aging, self.clock, lambda _, now: now, lambda _: False)
        pools = Pools(self.shares, self.state.group_running)
        self.sharing = Sharing(
            self.shares, self.state, pools, lambda on: self.lanes.share_by_group(on), lambda *_: None
        )
        self.lanes = Lanes(
            lambda lane: ALL_KEYS[lane],
            lambda lane, priority, after, limit: self.asked.append((lane, priority, after, limit)),
            lambda gate, task: gate.lot(self.state, task),
            ages,
            pools,
        )

    def add(self, lane: int, priority: int, task_id: int) -> None:
        self.stored[priority, task_id, lane] = self.clock.time()
        self.lanes.add(lane, priority, task_id, self.clock.time())

    def page(self, lane: int, priority: int, after: int, limit: int) -> list[tuple[int, float]]:
        return sorted(
            (i, aged)
            for (p, i, where), aged in self.stored.items()
            if (where, p) == (lane, priority) and i > after
        )[:limit]

    def answer(self, place: int = 0) -> None:
        """The page that was asked for arrives, as the database is now."""
        lane, priority, after, limit = self.asked.pop(place)
        self.lanes.refilled(lane, priority, self.page(lane, priority, after, limit), limit)

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


def test_the_most_urgent_and_then_the_oldest_of_all_lanes_come_first() -> None:
    bench = Bench()
    for task_id, (lane, priority) in enumerate([(0, 9), (3, 5), (6, 9), (0, 5), (9, 0)], start=1):
        bench.add(lane, priority, task_id)
    assert bench.take() == [5, 2, 4, 1, 3]


def test_a_held_lane_is_skipped_and_comes_back_when_its_gate_opens() -> None:
    bench = Bench()
    bench.state.domain("a").paused = True
    for n in range(1, 101):
        bench.add(0, 0, n)
    bench.add(6, 200, 101)
    assert bench.take() == [101]
    bench.state.domain("a").paused = False
    bench.wake("domain", "a")
    assert bench.take() == list(range(1, 101))


def test_a_lane_that_gets_a_more_urgent_task_is_asked_again_though_a_sister_was_woken_first() -> None:
    """Domain a may run one. Its lane x was woken by a free slot, but then waits for the scheduler's cap."""
    bench = Bench(DispatchState(2, domains={"a": Slots(cap=1), "b": Slots()}))
    x, y, b = 0, 3, 6
    bench.add(x, 128, 1)
    bench.add(b, 128, 2)
    assert bench.take() == [1, 2]
    bench.add(x, 128, 3)
    bench.add(y, 200, 4)
    bench.state.max_concurrency = 3
    assert bench.take() == []  # both lanes of a wait for its slot
    bench.state.max_concurrency = 1
    bench.give_back(1)
    assert bench.take() == []  # the slot of a is free, the scheduler's are not
    bench.add(y, 0, 5)
    bench.give_back(2)
    assert bench.take() == [5]


def test_a_free_slot_wakes_one_lane_of_a_thousand() -> None:
    """A slot that comes free looks at a handful of lanes, however many wait for it."""
    state = DispatchState(10_000, domains={"a": Slots(cap=1)})
    keys = [LaneKey("a", f"a::{n}", "") for n in range(1_000)]
    ages = Ages(None, ManualClock(), lambda _, now: now, lambda _: False)
    pools = Pools(Shares({}, 1, {}, 0, None), state.group_running)
    lanes = Lanes(lambda lane: keys[lane], no_refill, lambda gate, task: gate.lot(state, task), ages, pools)
    for n in range(1_000):
        lanes.add(n, 1, n + 1)
        lanes.add(n, 2, n + 2_000)
    asked = 0

    def look(task: Candidate) -> Gate | None:
        nonlocal asked
        asked += 1
        return first_closed(state, task)

    def turn() -> list[Choice]:
        found: list[Choice] = []
        for choice in lanes.take(look, lambda *_: None):
            state.take(choice.id, choice.key)
            found.append(choice)
        return found

    assert [choice.id for choice in turn()] == [1]
    asked = 0
    for n in range(2, 100):
        state.give_back(n - 1)
        lanes.wake(Lot("domain", "a"))
        assert [choice.id for choice in turn()] == [n]
    assert asked < 98 * 4


def test_a_long_lane_keeps_a_window_and_reads_on_before_it_is_empty() -> None:
    bench = Bench()
    total = 5 * WINDOW
    for n in range(1, total + 1):
        bench.add(0, 128, n)
    taken: list[int] = []
    while True:
        some = bench.take(64)
        if not some:
            break
        taken += some
        bench.answer_all()
    assert taken == list(range(1, total + 1))


def test_the_window_is_bounded() -> None:
    bench = Bench()
    for n in range(1, 10 * WINDOW):
        bench.add(0, 128, n)
    (lane,) = bench.lanes.all()
    assert len(lane.heap) <= 2 * WINDOW


def test_a_page_is_asked_for_once_and_when_little_is_left() -> None:
    bench = Bench()
    for n in range(1, 3 * WINDOW):
        bench.add(0, 128, n)
    (lane,) = bench.lanes.all()
    bench.take(len(lane.heap) - LOW_WATER)
    assert not bench.asked
    bench.take(10)
    assert len(bench.asked) == 1


def test_a_more_urgent_task_goes_before_what_is_loaded() -> None:
    bench = Bench()
    for n in range(1, 2 * WINDOW + 2):
        bench.add(0, 128, n)
    bench.add(0, 0, 9_000)
    bench.add(0, 255, 9_001)
    assert all(len(lane.heap) <= 2 * WINDOW for lane in bench.lanes.all())
    assert bench.take(2) == [9_000, 1]


def test_a_task_that_arrives_while_a_page_is_read_is_neither_lost_nor_doubled() -> None:
    bench = Bench()
    bench.stored = {(128, n, 0): 0.0 for n in range(1, 11)}
    bench.lanes.load([(0, 128)])
    page = bench.page(0, 128, 0, WINDOW)
    bench.add(0, 128, 11)  # committed after the page was read
    bench.add(0, 128, 5)  # in the page already
    bench.asked.clear()
    bench.lanes.refilled(0, 128, page, WINDOW)
    assert bench.take() == list(range(1, 12))


def test_a_task_that_lies_behind_a_full_page_is_left_to_the_next_one() -> None:
    bench = Bench()
    bench.stored = {(128, n, 0): 0.0 for n in range(1, WINDOW + 2)}
    bench.lanes.load([(0, 128)])
    page = bench.page(0, 128, 0, WINDOW)
    bench.add(0, 128, 9_000)
    bench.asked.clear()
    bench.lanes.refilled(0, 128, page, WINDOW)
    taken: list[int] = []
    while some := bench.take(50):
        taken += some
        bench.answer_all()
    assert taken == [*range(1, WINDOW + 2), 9_000]


def test_a_page_that_could_not_be_read_is_asked_for_again() -> None:
    bench = Bench()
    bench.stored = {(128, 1, 0): 0.0}
    bench.lanes.load([(0, 128)])
    bench.add(0, 128, 2)
    bench.asked.clear()
    bench.lanes.refill_failed(0, 128)
    assert not bench.lanes.is_refilling
    assert bench.take() == []
    bench.lanes.load([(0, 128)])
    bench.answer_all()
    assert bench.take() == [1, 2]


def test_nothing_is_looked_at_while_the_scheduler_is_paused() -> None:
    bench = Bench()
    bench.add(0, 1, 1)
    bench.state.paused = True
    assert bench.take() == []
    assert not bench.lanes.has_open(lambda task: first_closed(bench.state, task))
    bench.state.paused = False
    assert bench.lanes.has_open(lambda task: first_closed(bench.state, task))
    assert bench.take() == [1]


Step = tuple[str, int, int]
KINDS = {"add": 30, "take": 30, "end": 25, "cap": 4, "pause": 4, "answer": 4, "fail": 3}
MORE = {"pressure": 6, "machine": 6, "rate": 5, "time": 12, "weight": 4, "minimum": 3}


def _walk(seed: int) -> list[Step]:
    """Seventy random steps: hypothesis alone makes lists that are too tame to meet two gates at once."""
    draw = random.Random(seed)
    return [_step(draw, KINDS) for _ in range(70)]


def _long_walk(seed: int) -> list[Step]:
    """The same with every gate there is, aging and shares."""
    draw = random.Random(seed)
    return [_step(draw, KINDS | MORE) for _ in range(90)]


def _step(draw: random.Random, kinds: dict[str, int]) -> Step:
    kind = draw.choices(list(kinds), list(kinds.values()))[0]
    match kind:
        case "add":
            return (kind, draw.randrange(len(ALL_KEYS)), draw.randrange(10))
        case "take":
            return (kind, draw.choice([1, 2, 99]), 0)
        case "cap":
            return (kind, draw.randrange(5), draw.choice([-1, 0, 1, 2]))
        case "pause":
            return (kind, draw.randrange(5), draw.choice([0, 0, 1]))
        case "weight" | "minimum":
            return (kind, draw.randrange(3), draw.choice([0, 1, 2, 5]))
        case _:
            return (kind, draw.randrange(10), draw.randrange(10))


seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=300)
@given(steps=seeds.map(_walk))
def test_lanes_choose_what_a_sorted_list_would(steps: Sequence[Step]) -> None:
    _drive(steps, step=99)


@settings(max_examples=300)
@given(steps=seeds.map(_walk))
def test_lanes_with_a_tiny_window_choose_what_a_sorted_list_would(
    steps: Sequence[Step],
) -> None:
    """Windows are trimmed and filled all the time, each page before the next choice."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes_module, "WINDOW", 4)
        patch.setattr(lanes_module, "LOW_WATER", 2)
        _drive(steps, step=1)


@settings(max_examples=300)
@given(steps=seeds.map(_long_walk), ages=st.booleans())
def test_with_every_gate_aging_and_shares_lanes_choose_what_a_sorted_list_would(
    steps: Sequence[Step], ages: bool
) -> None:
    _drive(steps, step=99, aging=AGING if ages else None)


def _drive(steps: Sequence[Step], step: int, aging: AgingConfig | None = None) -> None:
    state = DispatchState(
        3, domains={"a": Slots(cap=1), "b": Slots()}, throttle=ThrottlePolicy([(7, 0.3), (4, 0.6)])
    )
    bench = Bench(state, aging)
    ids = 0
    running: list[int] = []
    for kind, which, value in steps:
        match kind:
            case "add":
                ids += 1
                bench.add(which, value, ids)
            case "take":
                bench.sharing.refresh()
                expected = bench.expected(which)
                chosen = _take_by(bench, which, step)
                assert chosen == expected
                running += chosen
            case "end" if running:
                bench.give_back(running.pop(which % len(running)))
            case "cap":
                _set_cap(bench, which, None if value < 0 else value)
            case "pause":
                _set_pause(bench, which, bool(value))
            case "answer" if bench.asked:
                bench.answer(which % len(bench.asked))
            case "fail" if bench.asked:
                lane, priority, _, _ = bench.asked.pop(which % len(bench.asked))
                bench.lanes.refill_failed(lane, priority)
                bench.lanes.load([(lane, priority)])
            case _:
                _change_machine(bench, kind, which, value)
    _drain(bench, step)


def _change_machine(bench: Bench, kind: str, which: int, value: int) -> None:
    state = bench.state
    match kind:
        case "pressure":
            state.pressure = value / 10
        case "machine":
            state.resources = None if value == 0 else Resources(disk_read=100.0 * value)
        case "rate":
            name = ("a::x", "b::y")[which % 2]
            if value < 3:
                state.type_rates.pop(name, None)
            else:
                state.type_rates[name] = TokenBucket(
                    RateLimit(rate=0.2, burst=value), bench.clock.monotonic()
                )
        case "weight":
            bench.sharing.set_weight(("", "g", "h")[which], value or None)
        case "minimum":
            bench.sharing.set_minimum(("", "g", "h")[which], value or None)
        case "time":
            bench.clock.advance(which)
        case _:
            return
    bench.wake_all("throttle")
    bench.wake_all("io")
    bench.wake_all("type rate")


def _take_by(bench: Bench, most: int, step: int) -> list[int]:
    taken: list[int] = []
    while len(taken) < most:
        bench.answer_all()
        some = bench.take(min(step, most - len(taken)))
        if not some:
            break
        taken += some
    return taken


def _drain(bench: Bench, step: int) -> None:
    """Everything opens: all that is left starts, in order, each once."""
    for place in range(5):
        _set_cap(bench, place, None)
        _set_pause(bench, place, False)
    bench.state.max_concurrency = 1_000_000
    bench.state.pressure, bench.state.resources = 0.0, None
    bench.state.type_rates.clear()
    for scope in ("throttle", "io", "type rate"):
        bench.wake_all(scope)
    left = {task_id for _, task_id, _ in bench.stored}
    bench.sharing.refresh()
    expected = bench.expected()
    taken = _take_by(bench, 1_000_000, step)
    assert taken == expected
    assert sorted(taken) == sorted(left)


_PLACES = [("scheduler", ""), ("domain", "a"), ("domain", "b"), ("group", "g"), ("group", "h")]


def _set_cap(bench: Bench, place: int, cap: int | None) -> None:
    scope, name = _PLACES[place]
    if scope == "scheduler":
        bench.state.max_concurrency = 3 if cap is None else cap
        return
    slots = bench.state.domain(name) if scope == "domain" else bench.state.group(name)
    slots.cap = cap
    bench.wake("domain" if scope == "domain" else "group", name)


def _set_pause(bench: Bench, place: int, paused: bool) -> None:
    scope, name = _PLACES[place]
    if scope == "scheduler":
        bench.state.paused = paused
        return
    slots = bench.state.domain(name) if scope == "domain" else bench.state.group(name)
    slots.paused = paused
    if not paused:
        bench.wake("domain" if scope == "domain" else "group", name)
