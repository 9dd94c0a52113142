"""When a schedule comes next: grids that do not drift, cron expressions, and clocks that are changed twice a year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from scheduler_core import RecurringSchedule, TaskTypeConfig
from scheduler_core.policy.recurrence import (
    END_OF_CALENDAR,
    MOST_COUNTED,
    first_time,
    following,
    next_time,
    passed,
)


def at(text: str, zone: str = "UTC") -> float:
    """Epoch seconds of a local time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def times(schedule: RecurringSchedule, after: float, count: int) -> list[str]:
    """The next times behind `after`, each asked for from the one before, as UTC."""
    found: list[str] = []
    first = 0.0 if schedule.expression else after
    for _ in range(count):
        following_one = next_time(schedule, first, after)
        assert following_one is not None
        assert following_one > after
        after = following_one
        found.append(f"{datetime.fromtimestamp(after, UTC):%m-%d %H:%M}")
    return found


# The value


def test_a_schedule_is_made_by_position_or_by_name_of_seconds_or_timedeltas() -> None:
    one = RecurringSchedule(3600, 5, 10)
    other = RecurringSchedule(
        every=timedelta(hours=1), max_occurrences=5, initial_delay=timedelta(seconds=10)
    )
    assert one == other
    assert hash(one) == hash(other) != hash(RecurringSchedule.cron("* * * * *"))
    by_name = RecurringSchedule.cron("0 6 * * *", tz="Europe/Berlin")
    assert by_name == RecurringSchedule.cron("0 6 * * *", tz=ZoneInfo("Europe/Berlin"))
    assert RecurringSchedule.cron("0 6 * * *").tz == "UTC"


def test_a_schedule_survives_json_also_within_a_type_config() -> None:
    for schedule in (RecurringSchedule(60, 5, 0.5), RecurringSchedule.cron("0 6 * * MON", "Asia/Tokyo", 2)):
        assert RecurringSchedule.model_validate_json(schedule.model_dump_json()) == schedule
        config = TaskTypeConfig(recurring=schedule)
        assert TaskTypeConfig.model_validate_json(config.model_dump_json()) == config
    assert RecurringSchedule(60).evolve(every=5) == RecurringSchedule(5)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: RecurringSchedule(), "neither is given"),
        (lambda: RecurringSchedule(1, expression="* * * * *"), "both are given"),
        (lambda: RecurringSchedule(0), "0 is no period"),
        (lambda: RecurringSchedule(-1), "every"),
        (lambda: RecurringSchedule(float("nan")), "every"),
        (lambda: RecurringSchedule(float("inf")), "every"),
        (lambda: RecurringSchedule(timedelta(seconds=-1)), "every"),
        (lambda: RecurringSchedule(1, 0), "max_occurrences"),
        (lambda: RecurringSchedule(1, initial_delay=-1), "initial_delay"),
        (
            lambda: RecurringSchedule.cron("61 * * * *"),
            r"'61 \* \* \* \*' is no cron expression .Bad minute.",
        ),
        (lambda: RecurringSchedule.cron("* * * *"), "4 fields"),
        (lambda: RecurringSchedule.cron("* * * * * *"), "6 fields"),
        (lambda: RecurringSchedule.cron("@daily"), "five fields"),
        (lambda: RecurringSchedule.cron("0 0 31 2,4,6,9,11 *"), "Bad day-of-month"),
        (lambda: RecurringSchedule.cron("0 0 30 2 *"), "Bad day-of-month"),
        (lambda: RecurringSchedule.cron("0 0 * * MON#1/2"), "no cron expression"),
        (lambda: RecurringSchedule.cron("* * * * *", tz="Mars/Olympus"), "'Mars/Olympus' is no time zone"),
        (lambda: RecurringSchedule.cron("* * * * *", tz="../../etc/passwd"), "no time zone"),
        (lambda: RecurringSchedule.cron("* * * * *", tz=""), "no time zone"),
    ],
)
def test_what_is_no_schedule_is_refused_in_words(make: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


@given(st.text("0123456789*/-,#LWMONabcjan ", max_size=24) | st.text(max_size=12))
def test_any_text_is_an_expression_that_comes_or_is_refused(text: str) -> None:
    try:
        schedule = RecurringSchedule.cron(text)
    except ValueError:
        return
    assert next_time(schedule, 0.0, 1.7e9) is not None


# Intervals


@given(
    every=st.floats(1e-9, 1e9),
    first=st.floats(0, 4e9),
    late=st.floats(0, 1e9),
)
def test_an_interval_is_always_ahead_and_never_far(every: float, first: float, late: float) -> None:
    schedule = RecurringSchedule(every)
    now = first + late
    found = next_time(schedule, first, now)
    assert found is not None
    assert now < found <= now + every + 1e-6


@given(
    every=st.sampled_from([0.1, 1 / 3, 7.0, 60.0, 86_400.0]),
    lateness=st.lists(st.floats(0, 1e6), max_size=50),
)
def test_an_interval_keeps_its_grid_however_late_its_occurrences_end(
    every: float, lateness: list[float]
) -> None:
    schedule = RecurringSchedule(every)
    first = due = 1_700_000_000.25
    steps = 0
    for late in lateness:
        step = following(schedule, first, due, due + late)
        assert step.at is not None
        assert step.at > due + late
        steps += 1 + step.skipped
        assert step.at == first + steps * every
        due = step.at


def test_what_comes_before_the_first_time_is_the_first_time() -> None:
    schedule = RecurringSchedule(60)
    assert next_time(schedule, 1_000.0, 10.0) == 1_000.0
    assert next_time(schedule, 1_000.0, 999.9) == 1_000.0
    assert next_time(schedule, 1_000.0, 1_000.0) == 1_060.0
    cron = RecurringSchedule.cron("0 0 * * *")
    assert next_time(cron, at("2026-01-01 09:30"), at("2025-12-01")) == at("2026-01-01 09:30")
    assert next_time(cron, at("2026-01-01 09:30"), at("2026-01-01 09:30")) == at("2026-01-02")


def test_the_first_time_is_after_the_delay() -> None:
    assert first_time(RecurringSchedule(60), 5.0) == 5.0
    assert first_time(RecurringSchedule(60, initial_delay=7), 5.0) == 12.0
    now = at("2026-05-05 11:59:59.5")
    assert first_time(RecurringSchedule.cron("0 12 * * *"), now) == at("2026-05-05 12:00")
    late = RecurringSchedule.cron("0 12 * * *", initial_delay=3_600)
    assert first_time(late, now) == at("2026-05-06 12:00")


def test_what_was_passed_over_is_counted() -> None:
    schedule = RecurringSchedule(10)
    assert following(schedule, 0.0, 100.0, 104.0) == (110.0, 0)
    assert following(schedule, 0.0, 100.0, 110.0) == (120.0, 1)
    assert following(schedule, 0.0, 100.0, 139.0) == (140.0, 3)
    cron = RecurringSchedule.cron("0 * * * *")
    due = at("2026-05-05 12:00")
    assert following(cron, due, due, at("2026-05-05 15:30")) == (at("2026-05-05 16:00"), 3)
    year = following(RecurringSchedule.cron("* * * * *"), due, due, due + 365 * 86_400)
    assert year == (due + 365 * 86_400 + 60, MOST_COUNTED)
    assert passed(schedule, 100.0, 90.0, 120.0) == 3  # the first is one of them
    assert passed(cron, due, due - 1, at("2026-05-05 13:00")) == 2
    assert passed(schedule, 100.0, 0.0, 99.0) == passed(schedule, 0.0, 50.0, 40.0) == 0


def test_a_clock_that_is_set_back_a_little_repeats_nothing() -> None:
    schedule = RecurringSchedule(60)
    assert following(schedule, 0.0, 120.0, 100.0) == (180.0, 0)
    assert following(schedule, 120.0, 120.0, 100.0) == (180.0, 0)
    cron = RecurringSchedule.cron("0 0 * * *")
    due = at("2026-05-05")
    assert following(cron, due, due, due - 0.005) == (at("2026-05-06"), 0)


def test_a_clock_that_is_set_far_back_does_not_stop_a_schedule() -> None:
    """The one that ended was due in a future that was a mistake."""
    schedule = RecurringSchedule(60)
    assert following(schedule, 0.0, 6_000_000.0, 90.0) == (120.0, 0)
    cron = RecurringSchedule.cron("0 0 * * *")
    assert following(cron, 0.0, at("2099-01-01"), at("2026-05-05 01:00")) == (at("2026-05-06"), 0)


def test_one_that_was_run_now_leaves_the_grid_as_it_is() -> None:
    schedule = RecurringSchedule(60)
    assert following(schedule, 0.0, 75.0, 76.0) == (120.0, 0)
    assert following(schedule, 0.0, 75.0, 121.0) == (180.0, 1)


def test_the_end_of_the_calendar_is_the_end_of_a_schedule() -> None:
    assert next_time(RecurringSchedule(1e300), 0.0, 1.7e9) is None
    assert next_time(RecurringSchedule.cron("0 0 1 1 *"), 0.0, END_OF_CALENDAR) is None
    assert first_time(RecurringSchedule(1, initial_delay=1e15), 1.7e9) is None
    assert first_time(RecurringSchedule.cron("* * * * *", initial_delay=1e15), 1.7e9) is None


# Cron, in UTC


def test_leap_days_come_when_there_is_one() -> None:
    schedule = RecurringSchedule.cron("30 12 29 2 *")
    assert next_time(schedule, 0, at("2026-01-01")) == at("2028-02-29 12:30")
    assert next_time(schedule, 0, at("2096-03-01")) == at("2104-02-29 12:30")  # 2100 is none


def test_the_31st_is_left_out_where_there_is_none_and_the_last_day_is_not() -> None:
    assert times(RecurringSchedule.cron("0 0 31 * *"), at("2026-01-31"), 4) == [
        "03-31 00:00",
        "05-31 00:00",
        "07-31 00:00",
        "08-31 00:00",
    ]
    assert times(RecurringSchedule.cron("0 0 L * *"), at("2028-01-31"), 3) == [
        "02-29 00:00",
        "03-31 00:00",
        "04-30 00:00",
    ]


def test_a_minute_that_has_begun_is_over() -> None:
    schedule = RecurringSchedule.cron("*/5 * * * *")
    assert next_time(schedule, 0, at("2026-05-05 12:00")) == at("2026-05-05 12:05")
    assert next_time(schedule, 0, at("2026-05-05 12:00:00.001")) == at("2026-05-05 12:05")
    assert next_time(schedule, 0, at("2026-05-05 12:04:59.999")) == at("2026-05-05 12:05")


# Cron, where clocks are changed: Berlin, 2026-03-29 02:00 -> 03:00 and 2026-10-25 03:00 -> 02:00


def test_a_fixed_time_keeps_its_local_hour_over_both_changes() -> None:
    daily = RecurringSchedule.cron("0 9 * * *", tz="Europe/Berlin")
    assert times(daily, at("2026-03-28 00:00"), 3) == ["03-28 08:00", "03-29 07:00", "03-30 07:00"]
    assert times(daily, at("2026-10-24 00:00"), 3) == ["10-24 07:00", "10-25 08:00", "10-26 08:00"]


def test_a_fixed_time_in_the_spring_gap_comes_when_the_gap_is_over() -> None:
    daily = RecurringSchedule.cron("30 2 * * *", tz="Europe/Berlin")
    assert times(daily, at("2026-03-28 00:00"), 3) == ["03-28 01:30", "03-29 01:00", "03-30 00:30"]
    twice = RecurringSchedule.cron("0,30 2 * * *", tz="Europe/Berlin")
    assert times(twice, at("2026-03-29 00:00"), 2) == ["03-29 01:00", "03-30 00:00"]


def test_a_fixed_time_in_the_autumn_overlap_comes_once() -> None:
    daily = RecurringSchedule.cron("30 2 * * *", tz="Europe/Berlin")
    assert times(daily, at("2026-10-24 00:00"), 3) == ["10-24 00:30", "10-25 00:30", "10-26 01:30"]
    second_pass = at("2026-10-25 01:10")
    assert f"{datetime.fromtimestamp(second_pass, ZoneInfo('Europe/Berlin')):%H:%M}" == "02:10"
    assert next_time(daily, 0, second_pass) == at("2026-10-26 01:30")


def test_every_ten_minutes_go_on_evenly_over_both_changes() -> None:
    often = RecurringSchedule.cron("*/10 * * * *", tz="Europe/Berlin")
    for start in (at("2026-03-28 23:00"), at("2026-10-24 23:00")):
        after = start
        for _ in range(30):
            later = next_time(often, 0, after)
            assert later is not None
            assert later - after == 600
            after = later


def test_each_hour_comes_once_an_hour_of_real_time_over_both_changes() -> None:
    hourly = RecurringSchedule.cron("0 * * * *", tz="Europe/Berlin")
    assert times(hourly, at("2026-03-29 00:30"), 3) == ["03-29 01:00", "03-29 02:00", "03-29 03:00"]
    assert times(hourly, at("2026-10-24 23:30"), 4) == [
        "10-25 00:00",
        "10-25 01:00",
        "10-25 02:00",
        "10-25 03:00",
    ]


@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Berlin", "America/New_York", "Asia/Beirut", "Asia/Kathmandu"]
)
@pytest.mark.parametrize(
    "expression",
    [
        "* * * * *",
        "*/7 * * * *",
        "30 2 * * *",
        "15 */3 * * *",
        "*/20 1-3 * * *",
        "0 0 * * *",
        "5 2 * * SUN",
        "0 0 1 * *",
    ],
)
def test_whatever_the_zone_the_next_time_is_later_and_none_is_left_out(zone: str, expression: str) -> None:
    """Asked from any moment, the answer is the first of the times that one long walk finds."""
    schedule = RecurringSchedule.cron(expression, tz=zone)
    for start in (at("2026-03-06"), at("2026-03-28"), at("2026-04-04"), at("2026-10-03"), at("2026-10-24")):
        walk = list(islice(_walk(schedule, start), 30))
        assert walk == sorted(set(walk))
        for index, moment in enumerate(range(int(start), int(min(walk[-1], start + 3 * 86_400)), 1_700)):
            expected = next(time for time in walk if time > moment)
            assert next_time(schedule, 0, moment + 0.5 * (index % 2)) == expected


def _walk(schedule: RecurringSchedule, after: float) -> Any:
    while True:
        later = next_time(schedule, 0, after)
        assert later is not None
        yield later
        after = later
