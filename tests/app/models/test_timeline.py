"""The last 15 minutes: what the graphs draw, and what they read at one instant."""

from __future__ import annotations

import math

import pytest

from app.models.timeline import Timeline


class Clock:
    """A clock that a test sets."""

    def __init__(self, at_s: float = 1_000.0) -> None:
        self.at_s = at_s

    def __call__(self) -> float:
        return self.at_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timeline(clock: Clock) -> Timeline:
    made = Timeline(["ingest", "process"], clock)
    made.set_cap(8)
    for domain in made.domains:
        made.set_running(domain, 0)
    made.set_paused(False)
    return made


def test_domains_are_stacked_in_their_order(timeline: Timeline, clock: Clock) -> None:
    timeline.set_running("ingest", 2)
    timeline.set_running("process", 3)
    clock.at_s = 1_001.0
    view = timeline.view()
    at = 1_000 - view.first
    assert list(view.stack) == ["ingest", "process"]
    assert view.stack["ingest"][at] == 2.0
    assert view.stack["process"][at] == 5.0
    assert view.cap[at] == 8.0


def test_the_stack_never_rises_above_what_ran_together(timeline: Timeline, clock: Clock) -> None:
    for step in range(10):
        clock.at_s = 1_000.0 + step / 10
        timeline.set_running("ingest", 8 if step % 2 else 0)
        timeline.set_running("process", 0 if step % 2 else 8)
    clock.at_s = 1_001.0
    view = timeline.view()
    assert view.stack["process"][1_000 - view.first] == pytest.approx(8.0)


def test_the_view_grows_with_its_data(timeline: Timeline, clock: Clock) -> None:
    timeline.set_running("ingest", 1)
    clock.at_s += 1
    timeline.set_running("ingest", 0)
    assert timeline.span_s() == 30
    clock.at_s += 31
    assert timeline.span_s() == 60
    clock.at_s += 600
    assert timeline.span_s() == 900
    assert len(timeline.view().cap) == 300


def test_many_seconds_are_drawn_as_their_means(timeline: Timeline, clock: Clock) -> None:
    timeline.set_running("ingest", 3)
    clock.at_s = 1_800.0
    timeline.set_running("ingest", 0)
    clock.at_s = 1_801.0
    timeline.set_running("ingest", 6)
    timeline.add_finished(6, 0)
    clock.at_s = 1_806.5
    view = timeline.view()
    assert view.step_s == 3
    assert view.first % 3 == 0
    at = (1_800 - view.first) // 3
    assert view.stack["ingest"][at - 1 : at + 2] == pytest.approx([3.0, 4.0, 6.0])
    assert view.finished[at] == pytest.approx(2.0)


def test_long_idle_before_the_first_task_is_left_out(timeline: Timeline, clock: Clock) -> None:
    clock.at_s += 100_000
    assert timeline.span_s() == 30
    timeline.set_running("process", 2)
    clock.at_s += 45
    assert timeline.span_s() == 60


def test_a_pause_is_something_to_see(timeline: Timeline, clock: Clock) -> None:
    timeline.set_paused(True)
    clock.at_s += 100
    assert timeline.span_s() == 120


def test_of_the_time_before_the_beginning_nothing_is_known(timeline: Timeline, clock: Clock) -> None:
    clock.at_s += 10
    view = timeline.view()
    begin = 1_000 - view.first
    assert all(math.isnan(value) for value in view.finished[:begin])
    assert view.finished[begin:] == [0.0] * (len(view.finished) - begin)
    assert math.isnan(view.cap[begin - 1])


def test_a_reading_answers_for_all_three_graphs_at_one_instant(timeline: Timeline, clock: Clock) -> None:
    timeline.set_running("process", 4)
    timeline.set_pressure(0.6, {"disk": 0.6, "cpu": 0.2})
    timeline.add_finished(7, 1)
    clock.at_s = 1_005.0
    timeline.set_running("process", 0)
    timeline.set_pressure(0.1, {"cpu": 0.1})
    clock.at_s = 1_020.0
    then = timeline.reading(1_000.5)
    assert then.running == {"ingest": 0.0, "process": 4.0}
    assert (then.cap, then.pressure, then.finished, then.failed) == (8.0, 0.6, 7.0, 1.0)
    assert then.sources == {"disk": 0.6, "cpu": 0.2}
    now = timeline.reading()
    assert now.running["process"] == 0.0
    assert now.sources == {"disk": 0.0, "cpu": 0.1}


def test_now_reads_exact_counts_and_the_last_whole_second(timeline: Timeline, clock: Clock) -> None:
    clock.at_s = 1_010.2
    timeline.add_finished(5, 0)
    clock.at_s = 1_011.9
    timeline.set_running("ingest", 3)
    reading = timeline.reading()
    assert reading.running["ingest"] == 3.0
    assert reading.finished == 5.0


def test_a_source_keeps_its_place_and_falls_to_zero_when_it_is_silent(timeline: Timeline) -> None:
    timeline.set_pressure(0.5, {"disk": 0.5})
    timeline.set_pressure(0.3, {"cpu": 0.3})
    assert timeline.sources == ("disk", "cpu")
    assert timeline.reading().sources == {"disk": 0.0, "cpu": 0.3}


def test_when_nothing_is_measured_any_more_there_is_a_gap(timeline: Timeline, clock: Clock) -> None:
    timeline.set_pressure(0.5, {"disk": 0.5})
    clock.at_s = 1_002.0
    timeline.set_pressure(0.0, {})
    clock.at_s = 1_005.0
    assert timeline.reading().pressure is None
    assert timeline.reading().sources == {}
    assert timeline.reading(1_001.0).pressure == 0.5
    assert math.isnan(timeline.view().pressure[1_003 - timeline.view().first])


def test_a_pause_is_a_stretch_in_the_view(timeline: Timeline, clock: Clock) -> None:
    clock.at_s = 1_010.0
    timeline.set_paused(True)
    clock.at_s = 1_015.0
    assert timeline.view().pauses == [(1_010.0, 1_015.0)]
    assert timeline.reading(1_012.0).paused
    timeline.set_paused(False)
    clock.at_s = 1_020.0
    assert timeline.view().pauses == [(1_010.0, 1_015.0)]
    assert not timeline.reading(1_017.0).paused


def test_a_domain_that_is_off_has_a_stretch_of_its_own(timeline: Timeline, clock: Clock) -> None:
    timeline.set_off("process", True)
    clock.at_s = 1_004.0
    timeline.set_off("process", False)
    timeline.set_off("ingest", False)
    clock.at_s = 1_010.0
    assert timeline.view().off == {"process": [(1_000.0, 1_004.0)]}


def test_without_a_measurement_there_is_no_pressure(timeline: Timeline) -> None:
    assert timeline.reading().pressure is None
    assert timeline.sources == ()


def test_other_domains_are_followed_and_what_is_known_of_the_others_stays(
    timeline: Timeline, clock: Clock
) -> None:
    timeline.set_running("ingest", 2)
    timeline.set_running("process", 3)
    clock.at_s = 1_001.0
    timeline.follow(["process", "sync"])
    timeline.set_running("sync", 1)
    clock.at_s = 1_002.0
    assert timeline.domains == ("process", "sync")
    view = timeline.view()
    assert view.stack["process"][-2:] == [3.0, 3.0]
    assert timeline.reading().running == {"process": 3.0, "sync": 1.0}
    timeline.set_off("sync", True)
