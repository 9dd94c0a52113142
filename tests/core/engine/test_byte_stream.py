"""The bytes that one attempt moves, reported in whatever pieces and from whatever thread."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, strategies as st

from scheduler_core.engine.byte_rate import ByteRate
from scheduler_core.engine.byte_stream import ByteStream
from scheduler_core.testing import ManualClock


@given(
    st.lists(
        st.tuples(st.integers(0, 2**40), st.sampled_from([0.0, 0.0001, 0.0009, 0.002, 0.1, 30.0])),
        min_size=1,
        max_size=60,
    )
)
def test_what_comes_in_quick_succession_counts_as_if_each_were_counted_alone(
    reports: list[tuple[int, float]],
) -> None:
    clock = ManualClock()
    stream, alone, done = ByteStream(clock.monotonic, clock.monotonic()), ByteRate(clock.monotonic()), 0
    for n, pause in reports:
        stream.add(n)
        alone.add(n, clock.monotonic())
        done += n
        assert stream.done == done
        clock.advance(pause)
    clock.advance(0.01)
    assert stream.read() == (done, pytest.approx(alone.value(clock.monotonic()), rel=0.001))


def test_what_has_joined_counts_from_when_it_came_however_late_somebody_asks() -> None:
    clock = ManualClock()
    stream, alone = ByteStream(clock.monotonic, clock.monotonic()), ByteRate(clock.monotonic())
    for _ in range(10):
        stream.add(100)
    alone.add(1_000, clock.monotonic())
    clock.advance(60)
    assert stream.read() == (1_000, pytest.approx(alone.value(clock.monotonic())))


def test_it_begins_anew_only_while_nothing_has_come() -> None:
    clock = ManualClock()
    stream = ByteStream(clock.monotonic, clock.monotonic())
    clock.advance(1_000)
    stream.begin()
    stream.add(500)
    clock.advance(0.5)
    stream.begin()
    clock.advance(0.5)
    assert stream.read() == (500, pytest.approx(500, rel=0.1))


def test_no_byte_is_lost_between_threads_that_report_and_one_that_asks() -> None:
    clock = ManualClock()  # it stands still: nearly every report joins the list
    stream = ByteStream(clock.monotonic, clock.monotonic())

    def move() -> None:
        for _ in range(20_000):
            stream.add(3)

    movers = [threading.Thread(target=move) for _ in range(4)]
    for mover in movers:
        mover.start()
    seen = [0]
    while any(mover.is_alive() for mover in movers):
        seen.append(stream.done)
    for mover in movers:
        mover.join()
    assert seen == sorted(seen)
    assert stream.done == 4 * 20_000 * 3
