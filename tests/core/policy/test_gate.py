"""The gates as pure functions: each closes for its own reason, names its numbers, and has its lot."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, strategies as st

from scheduler_core.model.lane import Candidate, LaneKey
from scheduler_core.policy.gate import GATES, Lot, first_closed
from scheduler_core.policy.state import DispatchState, Slots

GROUPED = Candidate(LaneKey("a", "a::x", "g"), 128, 128)
FREE = Candidate(LaneKey("a", "a::x", ""), 128, 128)


def state() -> DispatchState:
    return DispatchState(2, default_group_cap=1, domains={"a": Slots(cap=2), "b": Slots()})


def pause_all(s: DispatchState) -> None:
    s.paused = True


def pause_domain(s: DispatchState) -> None:
    s.domain("a").paused = True


def pause_group(s: DispatchState) -> None:
    s.group("g").paused = True


def fill_all(s: DispatchState) -> None:
    s.running = 2


def fill_domain(s: DispatchState) -> None:
    s.domain("a").running = 2


def fill_group(s: DispatchState) -> None:
    s.group("g").running = 1


CLOSERS: list[tuple[Callable[[DispatchState], None], str, Lot | None]] = [
    (pause_all, "scheduler_paused", None),
    (pause_domain, "domain_paused", Lot("domain", "a")),
    (pause_group, "group_paused", Lot("group", "g")),
    (fill_all, "global_cap", None),
    (fill_domain, "domain_cap", Lot("domain", "a")),
    (fill_group, "group_cap", Lot("group", "g")),
]


def test_with_nothing_in_the_way_every_gate_is_open() -> None:
    assert first_closed(state(), GROUPED) is None
    assert all(gate.result(state(), GROUPED).passed for gate in GATES)


@pytest.mark.parametrize(("close", "name", "lot"), CLOSERS)
def test_each_gate_closes_for_its_own_reason_and_names_its_lot(
    close: Callable[[DispatchState], None], name: str, lot: Lot | None
) -> None:
    held = state()
    close(held)
    gate = first_closed(held, GROUPED)
    assert gate is not None
    assert (gate.name, gate.lot(held, GROUPED)) == (name, lot)
    results = [one.result(held, GROUPED) for one in GATES]
    assert [one.name for one in results if not one.passed] == [name]
    assert all(one.message.endswith(".") for one in results)
    if lot is not None and lot.scope == "group":
        assert first_closed(held, FREE) is None


def test_the_first_of_several_is_the_one_that_the_contract_lists_first() -> None:
    held = state()
    for close, _, _ in reversed(CLOSERS):
        close(held)
    closed = [gate.name for gate in GATES if not gate.is_open(held, GROUPED)]
    assert closed == [name for _, name, _ in CLOSERS]


def test_a_cap_of_nothing_says_that_nothing_starts() -> None:
    held = state()
    held.domain("a").cap = 0
    gate = first_closed(held, FREE)
    assert gate is not None
    assert "limit of 0" in gate.result(held, FREE).message
    assert gate.result(held, FREE).values == {"running": 0, "max_concurrency": 0}


def test_a_new_group_has_the_default_cap_and_a_strange_domain_is_held() -> None:
    fresh = state()
    assert fresh.group("new").cap == 1
    gone = LaneKey("gone", "gone::x", "")
    assert first_closed(fresh, Candidate(gone, 0, 0)) is not None
    assert fresh.is_held(gone)


@given(steps=st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["", "g", "h"])), max_size=40))
def test_what_is_taken_and_given_back_leaves_nothing(steps: list[tuple[str, str]]) -> None:
    slots = state()
    lanes = [LaneKey(domain, f"{domain}::x", group) for domain, group in steps]
    for task_id, lane in enumerate(lanes):
        slots.take(task_id, lane)
    assert slots.running == len(lanes)
    for domain in "ab":
        assert slots.domain(domain).running == sum(lane.domain == domain for lane in lanes)
    for group in "gh":
        assert slots.group(group).running == sum(lane.group == group for lane in lanes)
    for task_id in reversed(range(len(lanes))):
        assert slots.give_back(task_id).lane == lanes[task_id]
    counted = [
        slots.running,
        slots.ungrouped,
        *(s.running for s in (*slots.domains.values(), *slots.groups.values())),
    ]
    assert not any(counted)
