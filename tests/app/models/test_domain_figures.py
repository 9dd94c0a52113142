"""Speed, progress and time left of one domain."""

from __future__ import annotations

import pytest

from app.models.domain_figures import DomainFigures
from scheduler_core import DomainCounts


class Clock:
    """A clock that a test sets."""

    at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_idle_it_has_no_figures(clock: Clock) -> None:
    figures = DomainFigures(DomainCounts(completed=100), clock)
    assert (figures.throughput, figures.fraction, figures.left_s) == (0.0, None, None)


def test_a_batch_counts_from_where_it_began(clock: Clock) -> None:
    figures = DomainFigures(DomainCounts(completed=100), clock)
    clock.at_s = 500.0
    figures.set_counts(DomainCounts(completed=100, pending=10))
    assert figures.fraction == 0.0
    clock.at_s = 502.0
    figures.set_counts(DomainCounts(completed=103, failed=1, pending=4, running=2))
    assert figures.fraction == pytest.approx(0.4)
    assert figures.throughput == pytest.approx(2.0)
    assert figures.left_s == pytest.approx(3.0)


def test_the_speed_is_that_of_the_last_seconds(clock: Clock) -> None:
    figures = DomainFigures(DomainCounts(), clock)
    for second in range(100):
        clock.at_s = float(second)
        figures.set_counts(
            DomainCounts(completed=second * (10 if second < 50 else 1) + 450 * (second >= 50), running=1)
        )
    assert figures.throughput == pytest.approx(1.0)
    clock.at_s = 200.0
    assert figures.throughput == 0.0
    assert figures.left_s is None


def test_the_progress_of_what_runs_counts(clock: Clock) -> None:
    figures = DomainFigures(DomainCounts(), clock)
    figures.set_counts(DomainCounts(running=2))
    figures.set_progress(1, 0.5)
    figures.set_progress(2, 0.25)
    assert figures.fraction == pytest.approx(0.375)
    figures.set_progress(2, None)
    assert figures.fraction == pytest.approx(0.25)
    figures.set_counts(DomainCounts(completed=1, pending=1))
    assert figures.fraction == pytest.approx(0.5)


def test_one_long_task_has_a_time_left_by_its_progress(clock: Clock) -> None:
    figures = DomainFigures(DomainCounts(), clock)
    figures.set_counts(DomainCounts(running=1))
    for second in range(1, 21):
        clock.at_s = float(second)
        figures.set_progress(1, second / 100)
    assert figures.throughput == 0.0
    assert figures.left_s == pytest.approx(80.0)


def test_a_new_batch_begins_at_zero(clock: Clock) -> None:
    figures = DomainFigures(DomainCounts(), clock)
    figures.set_counts(DomainCounts(running=1))
    figures.set_counts(DomainCounts(completed=1))
    assert figures.fraction is None
    figures.set_counts(DomainCounts(completed=1, pending=4))
    assert figures.fraction == 0.0


def test_history_that_is_pruned_gives_no_negative_progress(clock: Clock) -> None:
    figures = DomainFigures(DomainCounts(completed=100, pending=1), clock)
    figures.set_counts(DomainCounts(completed=0, pending=1))
    assert figures.fraction == 0.0
