"""Figures read like a person would say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QCoreApplication

from app.models.wording import (
    bytes_text,
    duration_text,
    eta_text,
    moment_text,
    percent_text,
    stopwatch_text,
)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC).astimezone()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-4, "0 s"), (8.9, "8 s"), (60, "1 min"), (3599, "59 min"), (4200, "1 h 10 min"), (183_600, "2 d 3 h")],
)
def test_durations(qapp: QCoreApplication, seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (75, "1:15"), (3750, "1:02:30")])
def test_a_stopwatch(seconds: float, text: str) -> None:
    assert stopwatch_text(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (18_400_000, "18.4 MB"),
        (999_960_000, "1.0 GB"),
        (2e18, "2000.0 PB"),
    ],
)
def test_bytes(count: float, text: str) -> None:
    assert bytes_text(count) == text


@pytest.mark.parametrize(("fraction", "text"), [(0.0, "0 %"), (0.999, "99 %"), (1.0, "100 %")])
def test_only_all_is_a_hundred_percent(fraction: float, text: str) -> None:
    assert percent_text(fraction) == text


def test_moments_are_as_long_as_they_need_be(qapp: QCoreApplication) -> None:
    at = NOON.replace(hour=10, minute=31)
    assert moment_text(at, NOON) == "10:31"
    assert moment_text(at - timedelta(days=1), NOON) == "yesterday 10:31"
    assert moment_text(at - timedelta(days=30), NOON) == "25 Oct 10:31"
    assert moment_text(at - timedelta(days=365), NOON) == "24 Nov 2025 10:31"


def test_what_is_soon_is_told_as_a_time_left(qapp: QCoreApplication) -> None:
    assert eta_text(NOON - timedelta(seconds=3), NOON) == "any moment"
    assert eta_text(NOON + timedelta(seconds=40), NOON) == "in 40 s"
    assert eta_text(NOON + timedelta(minutes=4), NOON) == "in 4 min"
    assert eta_text(NOON + timedelta(minutes=75), NOON) == f"about {NOON + timedelta(minutes=75):%H:%M}"
