"""The IO budget: who has to wait because the machine would not move so much."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from scheduler_core import IoBudget, Resources
from scheduler_core.policy.io_budget import DIRECTIONS, IO_SHARE, IO_WINDOW_S, fits, over_budget

MACHINE = Resources(disk_read=1_000, disk_write=1_000, net_rx=1_000, net_tx=1_000)
ALLOWED = int(IO_SHARE * IO_WINDOW_S * 1_000)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_no_more_is_begun_than_the_machine_moves_in_its_window(direction: str) -> None:
    def moving(n: int) -> IoBudget:
        return IoBudget(**{direction: n})

    assert ALLOWED == 1_600
    assert fits(moving(600), moving(1_000), MACHINE)
    over = over_budget(moving(601), moving(1_000), MACHINE)
    assert over is not None
    assert (over.direction, over.expected, over.allowed) == (direction, 1_601, 1_600)


def test_what_moves_nothing_the_first_of_a_direction_and_an_unmeasured_machine_never_wait() -> None:
    full = IoBudget(disk_read=10**9)
    assert fits(IoBudget(), full, MACHINE)
    assert fits(IoBudget(net_tx=10**9), full, MACHINE)
    assert fits(full, IoBudget(), Resources())
    assert fits(full, full, None)
    assert not fits(full, full, MACHINE)


@given(st.integers(min_value=0, max_value=10**20))
def test_a_rounded_number_has_two_digits_and_is_a_little_larger(n: int) -> None:
    text = IoBudget(net_rx=n).lane_text()
    rounded = json.loads(text or '{"net_rx": 0}')["net_rx"]
    assert n <= rounded <= n * 1.1 + 1
    assert set(str(rounded)[2:]) <= {"0"}
    assert IoBudget(net_rx=rounded).lane_text() == text


def test_round_numbers_stay() -> None:
    exact = IoBudget(disk_read=0, disk_write=7, net_rx=1_000, net_tx=1_600_000)
    assert json.loads(exact.lane_text()) == {"disk_write": 7, "net_rx": 1_000, "net_tx": 1_600_000}
    assert json.loads(IoBudget(disk_read=101, disk_write=999).lane_text()) == {
        "disk_read": 110,
        "disk_write": 1_000,
    }
