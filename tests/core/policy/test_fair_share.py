"""How slots are shared: minimum slots, then weights, and nothing is kept from somebody who wants it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, strategies as st

from scheduler_core.model.lane import Candidate, LaneKey
from scheduler_core.model.throttle import AgingConfig
from scheduler_core.policy.fair_share import Claim, Shares, allocate


def test_slots_go_by_weight() -> None:
    claims = [Claim("a", 3, 0, 100), Claim("b", 1, 0, 100)]
    assert allocate(8, claims) == {"a": 6, "b": 2}


def test_minimum_slots_come_before_weights() -> None:
    claims = [Claim("a", 1, 4, 100), Claim("b", 1, 0, 100)]
    assert allocate(10, claims) == {"a": 7, "b": 3}


def test_who_wants_less_leaves_the_rest_to_the_others_by_weight() -> None:
    claims = [Claim("a", 10, 0, 1), Claim("b", 2, 0, 100), Claim("c", 1, 0, 100)]
    assert allocate(10, claims) == {"a": 1, "b": 6, "c": 3}


def test_what_cannot_be_shared_is_left_over() -> None:
    assert allocate(1, [Claim("a", 1, 0, 9), Claim("b", 1, 0, 9)]) == {"a": 0, "b": 0}


def test_more_minimum_slots_than_there_are_go_to_the_heaviest_first() -> None:
    claims = [Claim("a", 1, 5, 9), Claim("b", 2, 5, 9)]
    assert allocate(6, claims) == {"b": 5, "a": 1}


claims_lists = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 5), st.integers(1, 20)), min_size=1, max_size=8
).map(lambda rows: [Claim(str(n), *row) for n, row in enumerate(rows)])


@given(slots=st.integers(0, 40), claims=claims_lists)
def test_nobody_gets_more_than_it_wants_and_less_than_its_minimum_only_when_there_is_too_little(
    slots: int, claims: list[Claim]
) -> None:
    due = allocate(slots, claims)
    assert sum(due.values()) <= slots
    for claim in claims:
        assert 0 <= due[claim.group] <= claim.wanted
    kept = sum(min(claim.minimum, claim.wanted) for claim in claims)
    if kept <= slots:
        assert all(due[claim.group] >= min(claim.minimum, claim.wanted) for claim in claims)
    hungry = [claim for claim in claims if due[claim.group] < claim.wanted]
    if hungry:
        assert slots - sum(due.values()) < max(1, len(hungry)), "less is left than could be shared"


@given(slots=st.integers(1, 40), claims=claims_lists)
def test_a_heavier_group_is_due_no_less(slots: int, claims: list[Claim]) -> None:
    alike = [Claim(claim.group, claim.weight, 0, 100) for claim in claims]
    due = allocate(slots, alike)
    order = sorted(alike, key=lambda claim: claim.weight)
    assert all(due[a.group] <= due[b.group] for a, b in pairwise(order))


def task(priority: int, effective: int | None = None) -> Candidate:
    return Candidate(LaneKey("a", "a::x", "g"), priority, priority if effective is None else effective)


def test_whose_turn_it_is() -> None:
    shares = Shares({"g": 2}, 1, {"g": 1}, 0, AgingConfig(urgent_threshold=64))
    shares.due = {"g": 3}
    tiers = [shares.tier("g", running, task(128)) for running in (0, 1, 2, 3)]
    assert tiers == [Shares.MINIMUM, Shares.WEIGHT, Shares.WEIGHT, Shares.REST]
    assert shares.tier("g", 9, task(0)) == Shares.URGENT
    assert shares.tier("g", 9, task(128, 64)) == Shares.AGED
    assert shares.tier("g", 9, task(64)) == Shares.REST
    assert shares.tier("h", 0, task(128)) == Shares.REST


def test_without_weights_and_minimums_there_are_no_turns() -> None:
    shares = Shares({}, 5, {}, 0, None)
    assert not shares.is_on
    assert shares.tier("g", 9, task(128)) == 0
