"""Rates as a person says them, and limits of groups that outlive a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.group_limits import Rate, apply_group_limits, parse_rate, rate_of
from app.models.rate_wording import rate_text
from app.settings import SettingsStore
from scheduler_core import GroupSummary, RateLimit, Scheduler, TaskStore
from tests.app.tiny_domain import tiny_domain


@pytest.mark.parametrize("text", ["1/second", "10/minute", "999999/hour"])
def test_a_rate_is_what_it_was_written_as(text: str) -> None:
    rate = parse_rate(text)
    assert rate.text == text
    assert rate_of(rate.limit) == rate


@pytest.mark.parametrize(
    "text", ["", "10", "0/minute", "10/day", "ten/minute", "-1/second", "1000000/hour", "1.5/hour"]
)
def test_what_is_no_rate_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="write for example 10/minute"):
        parse_rate(text)


@pytest.mark.parametrize(
    ("limit", "rate", "words"),
    [
        (RateLimit.per_second(3), Rate(3, "second"), "3 a second"),
        (RateLimit.per_minute(90), Rate(90, "minute"), "90 a minute"),
        (RateLimit.per_minute(120), Rate(2, "second"), "2 a second"),
        (RateLimit(rate=2 / 3600, burst=1), Rate(2, "hour"), "2 an hour"),
        (RateLimit(rate=0.0001, burst=1), Rate(1, "hour"), "1 an hour"),
        (RateLimit(rate=150, burst=1), Rate(150, "second"), "150 a second"),
    ],
)
def test_a_limit_is_said_in_the_shortest_time_that_makes_it_whole(
    limit: RateLimit, rate: Rate, words: str
) -> None:
    assert rate_of(limit) == rate
    assert rate_text(limit) == words


def test_limits_that_were_stored_hold_at_the_next_start_and_others_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    SettingsStore(file).update(
        limits={"groups": {"s3://a b": {"max_concurrency": 2, "rate": "10/minute"}, "nas": {"weight": 3}}}
    )
    scheduler = Scheduler(TaskStore.in_memory(), [tiny_domain()])
    scheduler.set_group_minimum_slots("nas", 1)
    apply_group_limits(scheduler, SettingsStore(file).value.limits.groups)
    assert scheduler.groups() == [
        GroupSummary(name="nas", weight=3, minimum_slots=1),
        GroupSummary(name="s3://a b", max_concurrency=2, rate_limit=RateLimit.per_minute(10)),
    ]


def test_a_bad_limit_in_the_file_is_told_and_the_others_hold(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[limits.groups.nas]\nrate = "often"\nweight = 2\nmax_concurrency = 0\n')
    store = SettingsStore(file)
    nas = store.value.limits.groups["nas"]
    assert (nas.rate, nas.weight, nas.max_concurrency) == (None, 2, None)
    assert sorted(problem.thing.split()[1] for problem in store.problems) == [
        "limits.groups.nas.max_concurrency",
        "limits.groups.nas.rate",
    ]
