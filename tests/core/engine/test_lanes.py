"""Lanes, their windows and their lots: who comes next, and how little is looked at for it."""

from __future__ import annotations

from scheduler_core.engine.ages import Ages
from scheduler_core.engine.lanes import LOW_WATER, MOST_LOADED, WINDOW, Choice, Lanes
from scheduler_core.engine.pools import Pools
from scheduler_core.model.lane import Candidate, LaneKey
from scheduler_core.policy.fair_share import Shares
from scheduler_core.policy.gate import Gate, Lot, first_closed
from scheduler_core.policy.state import DispatchState, Slots
from scheduler_core.testing import ManualClock
from tests.core.engine.lanes_bench import Bench, no_refill


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


def test_many_lanes_together_hold_no_more_than_a_few_long_ones() -> None:
    """A thousand lanes of a thousand tasks each: of a million, few are in memory, and none is forgotten."""
    keys = [LaneKey("a", f"a::{n}", "") for n in range(1_000)]
    state = DispatchState(10_000_000, domains={"a": Slots()})
    ages = Ages(None, ManualClock(), lambda _, now: now, lambda _: False)
    pools = Pools(Shares({}, 1, {}, 0, None), state.group_running)
    asked: list[tuple[int, int, int, int]] = []
    lanes = Lanes(
        lambda lane: keys[lane],
        lambda lane, priority, after, limit: asked.append((lane, priority, after, limit)),
        lambda gate, task: gate.lot(state, task),
        ages,
        pools,
    )
    lanes.load([(n, 1) for n in range(1_000)])
    while asked:
        lane, priority, after, limit = asked.pop()
        first = max(after + 1, lane * 1_000)
        page: list[tuple[int, float | None]] = [
            (task_id, 0.0) for task_id in range(first, min(first + limit, (lane + 1) * 1_000))
        ]
        lanes.refilled(lane, priority, page, limit)
    assert sum(len(lane.heap) for lane in lanes.all()) <= MOST_LOADED
    for lane_id in range(1_000):
        for n in range(1_000):
            lanes.add(lane_id, 2, 1_000_000 + lane_id * 1_000 + n)
    assert sum(len(lane.heap) for lane in lanes.all()) <= 3 * MOST_LOADED


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


def test_what_has_ended_is_in_no_lane_and_the_next_of_its_lane_stands_where_it_belongs() -> None:
    bench = Bench()
    for lane, priority, task_id in ((0, 5, 1), (0, 5, 2), (3, 5, 3), (3, 5, 4)):
        bench.add(lane, priority, task_id)
    for task_id in (1, 4):
        bench.stored = {key: at for key, at in bench.stored.items() if key[1] != task_id}
        bench.lanes.discard(task_id)
    bench.lanes.discard(99)
    assert bench.take() == [2, 3]


def test_a_task_of_another_priority_leaves_its_place() -> None:
    bench = Bench()
    for task_id in (1, 2):
        bench.add(0, 9, task_id)
    del bench.stored[9, 1, 0]
    bench.add(0, 5, 1)
    bench.add(3, 7, 3)
    assert bench.take() == [1, 3, 2]


def test_a_lane_that_was_woken_for_a_task_that_ends_wakes_the_next() -> None:
    """Domain a may run one. Its lane x is woken by a free slot, and then its only task is cancelled."""
    bench = Bench(DispatchState(9, domains={"a": Slots(cap=1), "b": Slots()}))
    x, y = 0, 3
    bench.add(x, 5, 1)
    assert bench.take() == [1]
    bench.add(x, 5, 2)
    bench.add(y, 5, 3)
    assert bench.take() == []
    bench.give_back(1)
    bench.stored = {key: at for key, at in bench.stored.items() if key[1] != 2}
    bench.lanes.discard(2)
    assert bench.take() == [3]


def test_a_page_that_knows_the_old_place_of_a_task_does_not_bring_it_back() -> None:
    """It was read before a person gave the task another priority, and answered after that."""
    bench = Bench()
    for task_id in range(1, 2 * WINDOW + 10):
        bench.add(0, 5, task_id)
    while not bench.asked:
        bench.take(1)
    lane, priority, after, limit = bench.asked.pop()
    page = sorted(one for (p, one, where) in bench.stored if (p, where) == (priority, lane) and one > after)[
        :limit
    ]
    moved = page[0]
    bench.lanes.rearrange(moved, lane, 200)
    del bench.stored[priority, moved, lane]
    bench.add(lane, 200, moved)
    bench.lanes.refilled(lane, priority, [(one, 0.0) for one in page], limit)
    chosen = bench.take()
    assert chosen[-1] == moved
    assert chosen.count(moved) == 1


def test_a_full_page_of_which_one_has_moved_is_not_the_last() -> None:
    bench = Bench()
    for task_id in range(1, 4 * WINDOW):
        bench.add(0, 5, task_id)
    while not bench.asked:
        bench.take(1)
    lane, priority, after, limit = bench.asked.pop()
    page = bench.page(lane, priority, after, limit)
    assert len(page) == limit
    bench.lanes.rearrange(page[0][0], lane, 200)
    bench.stored[200, page[0][0], lane] = bench.stored.pop((priority, page[0][0], lane))
    bench.lanes.add(lane, 200, page[0][0])
    bench.lanes.refilled(lane, priority, page, limit)
    left = len(bench.stored)
    chosen: list[int] = []
    while more := bench.take():
        chosen += more
        bench.answer_all()
    assert len(chosen) == len(set(chosen)) == left


def test_only_who_is_first_of_its_lane_may_start_at_once() -> None:
    bench = Bench(DispatchState(0))
    assert bench.lanes.is_idle
    assert bench.lanes.add(0, 9, 2)
    assert not bench.lanes.is_idle
    assert not bench.lanes.add(0, 9, 3)
    assert bench.lanes.add(0, 9, 1)
    assert bench.lanes.add(0, 5, 4)
