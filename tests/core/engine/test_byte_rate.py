"""The rate at which bytes come."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from scheduler_core.engine.byte_rate import TIME_CONSTANT_S, ByteRate


@given(rate=st.integers(min_value=1, max_value=10**9), tenths=st.integers(min_value=1, max_value=600))
def test_a_steady_stream_has_its_own_rate_from_the_first_report_on(rate: int, tenths: int) -> None:
    stream = ByteRate(100.0)
    for n in range(1, tenths + 1):
        stream.add(rate, 100.0 + n / 10)
    # The bytes of a report came before it: it is at most a report's time ahead.
    assert stream.value(100.0 + tenths / 10) == pytest.approx(rate * 10, rel=0.011)


def test_however_the_same_bytes_are_cut_the_rate_is_the_same() -> None:
    coarse, fine = ByteRate(0.0), ByteRate(0.0)
    for n in range(1, 201):
        coarse.add(1_000, n * 0.1)
        for part in range(10):
            fine.add(100, n * 0.1 - 0.09 + part * 0.01)
    assert fine.value(20.0) == pytest.approx(coarse.value(20.0), rel=0.011)


def test_a_change_shows_within_the_time_constant_and_silence_too() -> None:
    stream = ByteRate(0.0)
    for n in range(1, 601):
        stream.add(100, n * 0.1)
    assert stream.value(60.0) == pytest.approx(1_000, rel=0.011)
    for n in range(601, 651):
        stream.add(300, n * 0.1)
    assert stream.value(65.0) == pytest.approx(3_000 - 2_000 / math.e, rel=0.011)
    before = stream.value(65.0)
    assert stream.value(65.0 + TIME_CONSTANT_S) == pytest.approx(before / math.e, rel=1e-4)
    assert stream.value(10**7) == 0.0


def test_it_begins_with_the_stream_and_says_nothing_before_time_has_passed() -> None:
    stream = ByteRate(0.0)
    stream.begin(1_000.0)
    stream.add(500, 1_000.0)
    assert stream.value(1_000.0) == 0.0
    assert stream.value(1_000.01) == pytest.approx(50_000, rel=0.01)
    stream.begin(1_001.0)
    assert stream.value(1_001.0) == pytest.approx(500, rel=0.2), "it had begun"
