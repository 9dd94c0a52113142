"""The lanes against a sorted list: the same choices in the same order, whatever opens, closes, arrives or is refilled."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings, strategies as st

from scheduler_core.engine import lanes as lanes_module
from scheduler_core.engine.lanes import LOW_WATER, WINDOW, Choice, Lanes
from scheduler_core.model.lane import LaneKey
from scheduler_core.policy.gate import Lot, first_closed
from scheduler_core.policy.state import DispatchState, Slots

KEYS = [
    LaneKey(domain, f"{domain}::{kind}", group)
    for domain in ("a", "b")
    for kind in ("x", "y")
    for group in ("", "g", "h")
]


class Bench:
    """Lanes over a table of ready tasks that stands for the database, with a refill that answers when it is told to."""

    def __init__(self, state: DispatchState | None = None) -> None:
        self.state = state or DispatchState(1_000_000, domains={"a": Slots(), "b": Slots()})
        self.stored: set[tuple[int, int, int]] = set()
        """(priority, id, lane) of every ready task."""
        self.asked: list[tuple[int, tuple[int, int], int]] = []
        self.lanes = Lanes(
            lambda lane: KEYS[lane], lambda lane, after, limit: self.asked.append((lane, after, limit))
        )

    def add(self, lane: int, priority: int, task_id: int) -> None:
        self.stored.add((priority, task_id, lane))
        self.lanes.add(lane, priority, task_id)

    def page(self, lane: int, after: tuple[int, int], limit: int) -> list[tuple[int, int]]:
        return sorted((p, i) for p, i, where in self.stored if where == lane and (p, i) > after)[:limit]

    def answer(self, place: int = 0) -> None:
        """The page that was asked for arrives, as the database is now."""
        lane, after, limit = self.asked.pop(place)
        self.lanes.refilled(lane, self.page(lane, after, limit), limit)

    def answer_all(self) -> None:
        while self.asked:
            self.answer()

    def take(self, most: int = 1_000_000) -> list[int]:
        """The next ids, each with its slot taken and its row no longer ready."""
        chosen: list[int] = []
        for choice in self.lanes.take(lambda lane: first_closed(self.state, lane), lambda *_: None):
            self.state.take(choice.key)
            self.stored.discard((choice.priority, choice.id, choice.lane))
            chosen.append(choice.id)
            if len(chosen) >= most:
                break
        return chosen

    def give_back(self, lane: int) -> None:
        key = KEYS[lane]
        self.state.give_back(key)
        self.wake("domain", key.domain)
        if key.group:
            self.wake("group", key.group)

    def wake(self, scope: str, name: str) -> None:
        self.lanes.wake(Lot("domain" if scope == "domain" else "group", name))

    def expected(self) -> list[int]:
        """What a plain look at all ready tasks, best first, would start now."""
        running, domains, groups = self.state.running, dict[str, int](), dict[str, int]()
        chosen: list[int] = []
        for _, task_id, lane in sorted(self.stored):
            key = KEYS[lane]
            domain, group = self.state.domain(key.domain), self.state.group(key.group)
            if self.state.paused or running >= self.state.max_concurrency or domain.paused:
                continue
            if domain.cap is not None and domain.running + domains.get(key.domain, 0) >= domain.cap:
                continue
            if key.group and group.paused:
                continue
            if key.group and group.cap is not None and group.running + groups.get(key.group, 0) >= group.cap:
                continue
            running += 1
            domains[key.domain] = domains.get(key.domain, 0) + 1
            groups[key.group] = groups.get(key.group, 0) + 1
            chosen.append(task_id)
        return chosen


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
    bench.give_back(x)
    assert bench.take() == []  # the slot of a is free, the scheduler's are not
    bench.add(y, 0, 5)
    bench.give_back(b)
    assert bench.take() == [5]


def test_a_free_slot_wakes_one_lane_of_a_thousand() -> None:
    """A slot that comes free looks at a handful of lanes, however many wait for it."""
    state = DispatchState(10_000, domains={"a": Slots(cap=1)})
    keys = [LaneKey("a", f"a::{n}", "") for n in range(1_000)]
    lanes = Lanes(lambda lane: keys[lane], lambda lane, after, limit: None)
    for n in range(1_000):
        lanes.add(n, 1, n + 1)
        lanes.add(n, 2, n + 2_000)
    asked = 0

    def look(lane: LaneKey) -> object:
        nonlocal asked
        asked += 1
        return first_closed(state, lane)

    def turn() -> list[Choice]:
        found: list[Choice] = []
        for choice in lanes.take(look, lambda *_: None):  # type: ignore[arg-type] # it returns what first_closed returns
            state.take(choice.key)
            found.append(choice)
        return found

    assert [choice.id for choice in turn()] == [1]
    asked = 0
    for n in range(2, 100):
        state.give_back(keys[0])
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
    (lane,) = bench.lanes._lanes.values()
    assert len(lane.heap) <= 2 * WINDOW


def test_a_page_is_asked_for_once_and_when_little_is_left() -> None:
    bench = Bench()
    for n in range(1, 3 * WINDOW):
        bench.add(0, 128, n)
    (lane,) = bench.lanes._lanes.values()
    bench.take(len(lane.heap) - LOW_WATER)
    assert not bench.asked
    bench.take(10)
    assert len(bench.asked) == 1


def test_a_more_urgent_task_goes_before_what_is_loaded_and_a_less_urgent_one_stays_in_the_database() -> None:
    bench = Bench()
    for n in range(1, 2 * WINDOW + 2):
        bench.add(0, 128, n)
    bench.add(0, 0, 9_000)
    bench.add(0, 255, 9_001)
    (lane,) = bench.lanes._lanes.values()
    assert len(lane.heap) <= 2 * WINDOW
    assert bench.take(2) == [9_000, 1]


def test_a_task_that_arrives_while_a_page_is_read_is_neither_lost_nor_doubled() -> None:
    bench = Bench()
    bench.stored = {(128, n, 0) for n in range(1, 11)}
    bench.lanes.load([0])
    page = bench.page(0, (-1, 0), WINDOW)
    bench.add(0, 128, 11)  # committed after the page was read
    bench.add(0, 128, 5)  # in the page already
    bench.asked.clear()
    bench.lanes.refilled(0, page, WINDOW)
    assert bench.take() == list(range(1, 12))


def test_a_task_that_lies_behind_a_full_page_is_left_to_the_next_one() -> None:
    bench = Bench()
    bench.stored = {(128, n, 0) for n in range(1, WINDOW + 2)}
    bench.lanes.load([0])
    page = bench.page(0, (-1, 0), WINDOW)
    bench.add(0, 200, 9_000)
    bench.asked.clear()
    bench.lanes.refilled(0, page, WINDOW)
    taken: list[int] = []
    while some := bench.take(50):
        taken += some
        bench.answer_all()
    assert taken == [*range(1, WINDOW + 2), 9_000]


def test_a_page_that_could_not_be_read_is_asked_for_again() -> None:
    bench = Bench()
    bench.stored = {(128, 1, 0)}
    bench.lanes.load([0])
    bench.add(0, 128, 2)
    bench.asked.clear()
    bench.lanes.refill_failed(0)
    assert not bench.lanes.is_refilling
    assert bench.take() == []
    bench.lanes.load([0])
    bench.answer_all()
    assert bench.take() == [1, 2]


def test_nothing_is_looked_at_while_the_scheduler_is_paused() -> None:
    bench = Bench()
    bench.add(0, 1, 1)
    bench.state.paused = True
    assert bench.take() == []
    assert not bench.lanes.has_open(lambda lane: first_closed(bench.state, lane))
    bench.state.paused = False
    assert bench.lanes.has_open(lambda lane: first_closed(bench.state, lane))
    assert bench.take() == [1]


Step = tuple[str, int, int]


def _walk(seed: int) -> list[Step]:
    """Seventy random steps: hypothesis alone makes lists that are too tame to meet two gates at once."""
    draw = random.Random(seed)
    return [_step(draw) for _ in range(70)]


def _step(draw: random.Random) -> Step:
    kind = draw.choices(["add", "take", "end", "cap", "pause", "answer", "fail"], [30, 30, 25, 4, 4, 4, 3])[0]
    match kind:
        case "add":
            return (kind, draw.randrange(len(KEYS)), draw.randrange(10))
        case "take":
            return (kind, draw.choice([1, 2, 99]), 0)
        case "cap":
            return (kind, draw.randrange(5), draw.choice([-1, 0, 1, 2]))
        case "pause":
            return (kind, draw.randrange(5), draw.choice([0, 0, 1]))
        case _:
            return (kind, draw.randrange(10), 0)


walks = st.integers(0, 2**32 - 1).map(_walk)


@settings(max_examples=300)
@given(steps=walks)
def test_lanes_choose_what_a_sorted_list_would(steps: Sequence[Step]) -> None:
    _drive(steps, step=99)


@settings(max_examples=300)
@given(steps=walks)
def test_lanes_with_a_tiny_window_choose_what_a_sorted_list_would(
    steps: Sequence[Step],
) -> None:
    """Windows are trimmed and filled all the time, each page before the next choice."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes_module, "WINDOW", 4)
        patch.setattr(lanes_module, "LOW_WATER", 2)
        _drive(steps, step=1)


def _drive(steps: Sequence[Step], step: int) -> None:
    bench = Bench(DispatchState(3, domains={"a": Slots(cap=1), "b": Slots()}))
    lane_of: dict[int, int] = {}
    running: list[int] = []
    for kind, which, value in steps:
        match kind:
            case "add":
                task_id = len(lane_of) + 1
                lane_of[task_id] = which
                bench.add(which, value, task_id)
            case "take":
                expected = bench.expected()[:which]
                chosen = _take_by(bench, which, step)
                assert chosen == expected
                running += chosen
            case "end" if running:
                bench.give_back(lane_of[running.pop(which % len(running))])
            case "cap":
                _set_cap(bench, which, None if value < 0 else value)
            case "pause":
                _set_pause(bench, which, bool(value))
            case "answer" if bench.asked:
                bench.answer(which % len(bench.asked))
            case "fail" if bench.asked:
                lane, _, _ = bench.asked.pop(which % len(bench.asked))
                bench.lanes.refill_failed(lane)
                bench.lanes.load([lane])
            case _:
                pass
    _drain(bench, step)


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
    left = {task_id for _, task_id, _ in bench.stored}
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
    bench.wake(scope, name)


def _set_pause(bench: Bench, place: int, paused: bool) -> None:
    scope, name = _PLACES[place]
    if scope == "scheduler":
        bench.state.paused = paused
        return
    slots = bench.state.domain(name) if scope == "domain" else bench.state.group(name)
    slots.paused = paused
    if not paused:
        bench.wake(scope, name)
