"""Ends and beginnings of pauses in words that stay true, and when a pause without an end is brought to mind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale

from app.models.pause_reminders import PauseReminders
from app.models.pauses import (
    PauseChoice,
    all_paused_text,
    end_of,
    find_pause,
    paused_text,
    reminder_text,
    since_text,
    until_text,
)
from scheduler_core import Pause, PauseScope

NOW = datetime(2026, 11, 26, 14, 40).astimezone()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Names of days as they are written in English, wherever the tests run."""
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


def pause(scope: str = "scheduler", name: str = "", *, since: datetime = NOW, **more: object) -> Pause:
    return Pause.model_validate({"scope": scope, "name": name, "since": since, **more})


def test_each_choice_has_its_end() -> None:
    assert end_of(PauseChoice.HOUR, NOW) == NOW + timedelta(hours=1)
    assert end_of(PauseChoice.RESUME, NOW) is None
    for hour in (0, 7, 23):
        now = NOW.replace(hour=hour)
        end = end_of(PauseChoice.TOMORROW, now.astimezone(UTC))
        assert end is not None
        local = end.astimezone()
        assert (local.date() - now.date(), local.hour, local.minute) == (DAY, 8, 0)


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(hours=1), "15:40"),
        (timedelta(hours=11), "01:40"),
        (timedelta(hours=17, minutes=20), "Fri 08:00"),
        (timedelta(days=6), "Wed 14:40"),
        (timedelta(days=20), "16 Dec 14:40"),
        (timedelta(days=50), "15 Jan 2027 14:40"),
    ],
)
def test_an_end_is_told_so_that_it_stays_true(ahead: timedelta, words: str) -> None:
    assert until_text(NOW + ahead, NOW) == words


@pytest.mark.parametrize(
    ("ago", "words"),
    [(timedelta(hours=3), "11:40"), (2 * DAY, "Tuesday"), (6 * DAY, "Friday"), (8 * DAY, "18 Nov")],
)
def test_a_beginning_is_told_as_people_tell_it(ago: timedelta, words: str) -> None:
    assert since_text(NOW - ago, NOW) == words


def test_a_pause_in_words() -> None:
    timed = pause(until=NOW + timedelta(hours=1))
    assert paused_text(timed, NOW) == "Paused until 15:40"
    assert paused_text(pause(), NOW) == "Paused"
    assert all_paused_text(timed, NOW) == "Everything is paused until 15:40."
    assert all_paused_text(pause(), NOW) == "Everything is paused until you resume."
    old = pause("domain", "sync", since=NOW - 2 * DAY)
    assert reminder_text(old, "Sync", NOW) == "Sync has been off since Tuesday. Resume?"
    assert find_pause([timed, old], "domain", "sync") is old
    assert find_pause([timed], PauseScope.DOMAIN, "sync") is None


def test_only_a_pause_without_an_end_is_brought_to_mind_and_only_when_it_is_time() -> None:
    reminders = PauseReminders(DAY)
    sync, notify = pause("domain", "sync"), pause("domain", "notify", since=NOW + timedelta(hours=2))
    reminders.show([sync, notify, pause("domain", "ingest", until=NOW + 9 * DAY)])
    assert reminders.due(NOW + DAY - timedelta(seconds=1)) == []
    assert reminders.next_deadline(NOW) == NOW + DAY
    assert reminders.due(NOW + DAY) == [sync]
    assert reminders.next_deadline(NOW + DAY) == NOW + DAY + timedelta(hours=2)
    assert reminders.due(NOW + 2 * DAY) == [sync, notify]
    assert reminders.next_deadline(NOW + 2 * DAY) is None


def test_a_pause_of_everything_is_told_alone() -> None:
    reminders = PauseReminders(DAY)
    everything = pause()
    reminders.show([everything, pause("domain", "sync")])
    assert reminders.due(NOW + 2 * DAY) == [everything]
    reminders.show([pause(until=NOW + 3 * DAY), pause("domain", "sync")])
    assert reminders.due(NOW + 2 * DAY) == []


def test_what_is_put_off_comes_back_and_what_is_kept_does_not() -> None:
    reminders = PauseReminders(DAY)
    sync, notify = pause("domain", "sync"), pause("domain", "notify")
    reminders.show([sync, notify])
    reminders.put_off(sync, NOW + DAY)
    assert reminders.due(NOW + DAY) == [notify]
    assert reminders.due(NOW + 2 * DAY) == [sync, notify]
    reminders.keep([("domain", "notify", NOW.timestamp())])
    assert reminders.due(NOW + 2 * DAY) == [sync]
    later = pause("domain", "notify", since=NOW + timedelta(seconds=1))
    reminders.show([later])
    assert reminders.due(NOW + 2 * DAY) == [later], "another pause of the same domain"
    reminders.after = None
    assert reminders.due(NOW + 9 * DAY) == []
