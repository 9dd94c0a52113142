"""Schedules in words."""

from __future__ import annotations

import pytest

from app.models.schedule_wording import schedule_text
from scheduler_core import RecurringSchedule


@pytest.mark.parametrize(
    ("every", "words"),
    [
        (1, "every second"),
        (90, "every 90 seconds"),
        (0.5, "every 0.5 seconds"),
        (60, "every minute"),
        (300, "every 5 minutes"),
        (3600, "every hour"),
        (7200, "every 2 hours"),
        (86_400, "every day"),
        (604_800, "every 7 days"),
        (61, "every 61 seconds"),
    ],
)
def test_a_period_in_its_largest_whole_unit(every: float, words: str) -> None:
    assert schedule_text(RecurringSchedule(every=every)) == words


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("* * * * *", "every minute"),
        ("*/5 * * * *", "every 5 minutes"),
        ("*/7 * * * *", "at */7 * * * * (Europe/Berlin)"),
        ("15 * * * *", "every hour at 15 minutes past"),
        ("30 2 * * *", "every day at 02:30 (Europe/Berlin)"),
        ("0 8 * * 1-5", "Monday to Friday at 08:00 (Europe/Berlin)"),
        ("0 8 * * 1", "every Monday at 08:00 (Europe/Berlin)"),
        ("0 8 * * 0", "every Sunday at 08:00 (Europe/Berlin)"),
        ("0 8 1 * *", "on day 1 of every month at 08:00 (Europe/Berlin)"),
        ("0 8 1 1 *", "at 0 8 1 1 * (Europe/Berlin)"),
        ("0 8 1 * 1", "at 0 8 1 * 1 (Europe/Berlin)"),
        ("0 8,20 * * *", "at 0 8,20 * * * (Europe/Berlin)"),
    ],
)
def test_the_usual_cron_expressions_in_words_and_others_as_they_are(expression: str, words: str) -> None:
    assert schedule_text(RecurringSchedule.cron(expression, tz="Europe/Berlin")) == words
