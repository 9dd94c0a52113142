"""What other programs use of the processor; our own work must not count."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from app.system.other_programs import OtherPrograms, Times, measure_times


class AtOnce(Executor):
    """Measures when it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.asked += 1
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Stage:
    """A source on a clock and a machine that the test holds."""

    def __init__(self) -> None:
        self.wanted, self.now = True, 0.0
        self.times = Times(0.0, 0.0, 0.0)
        self.thread = AtOnce()
        self.source = OtherPrograms(lambda: self.wanted, lambda: self.times, self.thread, lambda: self.now)

    def second(self, busy: float, ours: float) -> float:
        """A second of two cores goes by, of which so much was used."""
        self.now += 1.0
        everything, was_busy, was_ours = self.times
        self.times = Times(everything + 2.0, was_busy + busy, was_ours + ours)
        return self.source.pressure()


def test_our_own_work_is_no_pressure_and_that_of_others_is() -> None:
    stage = Stage()
    for _ in range(20):
        assert stage.second(busy=2.0, ours=2.0) < 1e-9
    last = [stage.second(busy=2.0, ours=0.5) for _ in range(30)][-1]
    assert last == pytest.approx(0.75, abs=0.01)


def test_what_is_not_wanted_is_not_measured_and_begins_anew() -> None:
    stage = Stage()
    for _ in range(10):
        stage.second(busy=2.0, ours=0.0)
    stage.wanted = False
    asked = stage.thread.asked
    assert stage.second(busy=2.0, ours=0.0) == 0.0
    assert stage.thread.asked == asked
    stage.wanted = True
    assert stage.second(busy=2.0, ours=0.0) == 0.0


def test_a_long_rest_says_nothing_of_now() -> None:
    stage = Stage()
    for _ in range(10):
        stage.second(busy=2.0, ours=0.0)
    stage.now += 60.0
    assert stage.second(busy=0.0, ours=0.0) == 0.0


def test_asked_twice_in_a_moment_it_measures_once() -> None:
    stage = Stage()
    stage.second(busy=1.0, ours=0.0)
    asked = stage.thread.asked
    stage.source.pressure()
    assert stage.thread.asked == asked


def _burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_the_real_measure_counts_our_child_processes_as_ours() -> None:
    before = measure_times()
    child = multiprocessing.get_context("spawn").Process(target=_burn, args=(0.5,))
    child.start()
    child.join()
    after = measure_times()
    assert after.ours - before.ours >= 0.45
    assert after.everything > before.everything


def test_its_thread_ends() -> None:
    source = OtherPrograms(lambda: True)
    source.pressure()
    source.close()
    source.close()
