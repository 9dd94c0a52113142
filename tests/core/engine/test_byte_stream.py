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


def test_what_a_step_reports_is_counted_at_its_end_and_what_comes_between_steps_at_once() -> None:
    clock, told = ManualClock(), [0]
    stream = ByteStream(clock.monotonic, clock.monotonic(), lambda: told.__setitem__(0, told[0] + 1))
    alone = ByteRate(clock.monotonic())
    stream.resume()
    for _ in range(3):
        clock.advance(1)
        stream.add(100)
    assert told == [0]
    stream.suspend()
    alone.add(300, clock.monotonic())
    assert told == [1]
    clock.advance(10)
    stream.add(50)
    alone.add(50, clock.monotonic())
    assert told == [2]
    clock.advance(10)
    assert stream.read() == (350, pytest.approx(alone.value(clock.monotonic())))


def test_who_asks_in_the_middle_of_a_step_hears_of_all_of_it() -> None:
    clock = ManualClock()
    stream, alone = ByteStream(clock.monotonic, clock.monotonic()), ByteRate(clock.monotonic())
    stream.resume()
    stream.add(100)
    clock.advance(60)
    stream.add(100)
    alone.add(200, clock.monotonic())
    assert stream.read() == (200, pytest.approx(alone.value(clock.monotonic())))


def test_what_joined_before_a_step_counts_from_when_it_came() -> None:
    clock = ManualClock()
    stream, alone = ByteStream(clock.monotonic, clock.monotonic()), ByteRate(clock.monotonic())
    stream.add(100)
    stream.add(100)
    alone.add(200, clock.monotonic())
    clock.advance(60)
    stream.resume()
    stream.add(100)
    stream.suspend()
    alone.add(100, clock.monotonic())
    assert stream.read() == (300, pytest.approx(alone.value(clock.monotonic())))


def test_a_step_that_reports_without_end_keeps_few_reports() -> None:
    clock = ManualClock()
    stream = ByteStream(clock.monotonic, clock.monotonic())
    stream.resume()
    for _ in range(5_000):
        clock.advance(0.002)
        stream.add(1)
        assert len(stream.joined) < 2_000
    assert stream.done == 5_000


def test_once_it_was_looked_at_the_next_report_is_told_however_soon_it_comes() -> None:
    clock, told = ManualClock(), [0]
    stream = ByteStream(clock.monotonic, clock.monotonic(), lambda: told.__setitem__(0, told[0] + 1))
    stream.add(1)
    stream.add(1)
    assert told == [1]
    stream.look_next()
    stream.add(1)
    assert told == [2]
