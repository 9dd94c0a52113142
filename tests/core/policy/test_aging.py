"""The formula of aging, and when its next step comes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from scheduler_core import AgingConfig, Priority
from scheduler_core.policy.aging import effective_priority, next_step, waiting_for

AGING = AgingConfig()


@pytest.mark.parametrize(
    ("base", "waited", "effective"),
    [
        (192, 0, 192),
        (192, 300, 192),
        (192, 359.9, 192),
        (192, 360, 191),
        (192, 300 + 60 * 100, 92),
        (192, 10**7, 64),
        (255, 10**9, 64),
        (64, 10**9, 64),
        (10, 10**9, 10),
        (128, -5, 128),
    ],
)
def test_a_step_an_interval_after_the_grace_down_to_the_ceiling(
    base: int, waited: float, effective: int
) -> None:
    assert effective_priority(base, waited, AGING) == effective


def test_without_aging_nothing_changes() -> None:
    assert effective_priority(200, 10**9, None) == 200
    assert next_step(200, 10**9, None) is None
    assert waiting_for(200, 199, None) == math.inf
    assert waiting_for(200, 200, None) == 0.0


def test_the_defaults_are_those_of_the_contract() -> None:
    assert (AGING.grace_period, AGING.aging_interval) == (300.0, 60.0)
    assert AGING.max_effective_priority == Priority.HIGH
    assert AGING.urgent_threshold is None


configs = st.builds(
    AgingConfig,
    grace_period=st.floats(0, 1e4),
    aging_interval=st.floats(0.01, 1e4),
    max_effective_priority=st.integers(0, 255),
)


@given(aging=configs, base=st.integers(0, 255), waited=st.floats(0, 1e6), more=st.floats(0, 1e6))
def test_who_waits_longer_is_never_less_urgent(
    aging: AgingConfig, base: int, waited: float, more: float
) -> None:
    first, later = (effective_priority(base, w, aging) for w in (waited, waited + more))
    assert min(base, aging.max_effective_priority) <= later <= first <= base


@given(aging=configs, base=st.integers(0, 255), waited=st.floats(0, 1e5))
def test_the_next_step_is_where_the_priority_changes_and_not_before(
    aging: AgingConfig, base: int, waited: float
) -> None:
    now = effective_priority(base, waited, aging)
    wait = next_step(base, waited, aging)
    if wait is None:
        assert effective_priority(base, 1e12, aging) == now
        return
    slack = 1e-6 * max(1.0, waited, aging.grace_period)
    assert effective_priority(base, waited + wait + slack, aging) < now
    if wait > 3 * slack:
        assert effective_priority(base, waited + wait - 2 * slack - 1e-3 * aging.aging_interval, aging) >= now


@given(aging=configs, base=st.integers(0, 255), wanted=st.integers(0, 255))
def test_how_long_a_task_waits_to_be_so_urgent(aging: AgingConfig, base: int, wanted: int) -> None:
    waits = waiting_for(base, wanted, aging)
    if math.isinf(waits):
        assert effective_priority(base, 1e12, aging) > wanted
    else:
        assert effective_priority(base, waits * (1 + 1e-9) + 1e-6, aging) <= wanted
