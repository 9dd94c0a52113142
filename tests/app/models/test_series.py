"""Figures in slots of a second: means of what holds, sums of what happens, and stretches of time."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from app.models.series import Gauge, Rate, Spans


def test_a_gauge_averages_within_a_second() -> None:
    gauge = Gauge()
    gauge.set(100.0, 4)
    gauge.set(100.25, 0)
    gauge.set(101.0, 2)
    assert gauge.window(100, 2, 102.0) == [1.0, 2.0]


def test_a_gauge_holds_its_value_through_silence() -> None:
    gauge = Gauge()
    gauge.set(100.0, 3)
    assert gauge.window(100, 5, 104.5) == [3.0] * 5


def test_before_the_first_value_and_after_now_nothing_is_known() -> None:
    gauge = Gauge()
    assert all(math.isnan(value) for value in gauge.window(0, 3, 10.0))
    gauge.set(100.5, 3)
    before, first, second, after = gauge.window(99, 4, 101.5)
    assert (first, second) == (3.0, 3.0)
    assert math.isnan(before)
    assert math.isnan(after)


def test_a_gauge_forgets_what_is_older_than_it_keeps() -> None:
    gauge = Gauge(keep=10)
    gauge.set(0.0, 1)
    gauge.set(100.0, 2)
    assert gauge.window(90, 11, 100.5) == [1.0] * 10 + [2.0]
    assert math.isnan(gauge.window(89, 1, 100.5)[0])


def test_a_long_silence_costs_no_more_than_what_is_kept() -> None:
    gauge = Gauge(keep=10)
    gauge.set(0.0, 1)
    assert gauge.window(10**9 - 3, 3, 1e9) == [1.0] * 3


def test_a_clock_that_goes_back_stands_still() -> None:
    gauge = Gauge()
    gauge.set(100.0, 2)
    gauge.set(50.0, 4)
    assert gauge.window(100, 1, 101.0) == [4.0]


def test_a_value_that_is_not_known_any_more_leaves_a_gap() -> None:
    gauge = Gauge()
    gauge.set(100.0, 4)
    gauge.set(101.5, math.nan)
    gauge.set(104.5, 2)
    before, last, gap, back = (gauge.window(slot, 1, 105.0)[0] for slot in (100, 101, 103, 104))
    assert (before, last, back) == (4.0, 4.0, 2.0)
    assert math.isnan(gap)


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(0, 8)), min_size=1, max_size=60))
def test_no_mean_is_outside_of_what_was_set(changes: list[tuple[float, int]]) -> None:
    gauge, at_s = Gauge(), 1000.0
    for wait_s, value in changes:
        at_s += wait_s
        gauge.set(at_s, value)
    low, high = min(value for _, value in changes), max(value for _, value in changes)
    known = [value for value in gauge.window(int(at_s) - 899, 900, at_s) if not math.isnan(value)]
    assert known
    assert all(low - 1e-6 <= value <= high + 1e-6 for value in known)


def test_a_rate_counts_by_second() -> None:
    rate = Rate()
    rate.add(100.1, 3)
    rate.add(100.9, 2)
    rate.add(102.0, 1)
    rate.add(103.0, 0)
    assert rate.window(99, 5) == [0.0, 5.0, 0.0, 1.0, 0.0]


def test_a_rate_keeps_no_more_than_it_must() -> None:
    rate = Rate(keep=5)
    for second in range(100):
        rate.add(float(second), 1)
    assert rate.window(95, 5) == [1.0] * 5
    assert rate.window(80, 5) == [0.0] * 5


def test_spans_begin_end_and_are_cut_to_the_view() -> None:
    spans = Spans()
    spans.set(10.0, True)
    spans.set(12.0, True)
    spans.set(20.0, False)
    spans.set(21.0, False)
    spans.set(30.0, True)
    assert spans.is_open
    assert spans.within(15.0, 40.0) == [(15.0, 20.0), (30.0, 40.0)]


def test_spans_that_ended_long_ago_are_forgotten() -> None:
    spans = Spans(keep_s=10)
    spans.set(0.0, True)
    spans.set(1.0, False)
    spans.set(20.0, True)
    assert spans.within(0.0, 25.0) == [(20.0, 25.0)]


@pytest.mark.parametrize("end_s", [5.0, 4.0])
def test_a_span_without_length_is_not_drawn(end_s: float) -> None:
    spans = Spans()
    spans.set(5.0, True)
    spans.set(end_s, False)
    assert spans.within(0.0, 10.0) == []
