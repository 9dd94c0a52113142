"""A domain's card shows what its handle says, and asks for the rest."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.cap_box import CapBox
from app.widgets.domain_card import DomainCard, FailedPluginCard
from app.widgets.switch import Switch
from app.widgets.tint_bar import TintBar
from scheduler_core import DomainCounts, DomainHandle
from tests.app.widgets.handles import Asked, Handle


class Clock:
    """A clock that a test sets."""

    at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


class Made:
    """A card and what it is bound to."""

    def __init__(self, qtbot: QtBot, cap: int | None = 2) -> None:
        self.handle, self.asked, self.clock = Handle(cap=cap), Asked(), Clock()
        self.card = DomainCard(cast("DomainHandle", self.handle), self.asked, "Sync", "series-3", self.clock)
        qtbot.addWidget(self.card)

    def child(self, kind: type[QWidget], name: str) -> QWidget:
        found = self.card.findChild(kind, name)
        assert found is not None, name
        return found

    def count(self, key: str) -> str:
        return cast(QLabel, self.child(QLabel, f"count-{key}")).text()

    @property
    def words(self) -> list[str]:
        return [label.text() for label in self.card.findChildren(QLabel)]

    @property
    def cap(self) -> CapBox:
        return cast(CapBox, self.child(CapBox, "concurrency-sync"))


@pytest.fixture
def made(qtbot: QtBot) -> Made:
    return Made(qtbot)


def test_it_has_the_names_that_scripts_use(made: Made) -> None:
    assert made.card.objectName() == "domain-card-sync"
    assert made.child(Switch, "domain-switch-sync").accessibleName() == "Sync"
    assert made.cap.accessibleName() == "Most tasks of Sync at once"


def test_it_counts_what_the_handle_counts(made: Made) -> None:
    made.handle.say_counts(DomainCounts(running=2, pending=80, waiting=4, blocked=2, paused=1, failed=3))
    assert [made.count(key) for key in ("running", "waiting", "paused", "failed")] == ["2", "86", "1", "3"]
    assert made.child(QLabel, "count-failed").property("role") == "failure"
    made.handle.say_counts(DomainCounts())
    assert made.child(QLabel, "count-failed").property("role") == ""


def test_it_says_how_fast_it_goes_and_how_long_it_takes(made: Made) -> None:
    made.handle.say_counts(DomainCounts(pending=100))
    made.clock.at_s = 2.0
    made.handle.say_counts(DomainCounts(completed=20, running=2, pending=78))
    assert "10 a second" in made.words
    assert "8 s left" in made.words
    assert cast(TintBar, made.card.findChild(TintBar)).value() == 200


def test_what_waits_for_other_tasks_does_not_make_the_bar_short(made: Made) -> None:
    bar = cast(TintBar, made.card.findChild(TintBar))
    made.handle.say_counts(DomainCounts(blocked=7))
    assert (made.count("waiting"), bar.value()) == ("7", 0)
    assert "Waiting" in made.words
    made.handle.say_counts(DomainCounts(running=1, blocked=6))
    made.clock.at_s = 9.0
    made.card.figures.set_progress(1, 0.5)
    made.card.refresh()
    assert bar.value() == 500
    assert "9 s left" in made.words
    made.handle.say_counts(DomainCounts(completed=1, blocked=6))
    assert bar.value() == 0
    assert "Waiting" in made.words


def test_idle_and_off_are_said_in_words(made: Made) -> None:
    assert "Nothing to do" in made.words
    made.handle.say_paused(True)
    assert "Off" in made.words


def test_the_cap_goes_both_ways(made: Made) -> None:
    assert made.cap.text() == "2 at once"
    made.handle.say_cap(5)
    assert made.cap.text() == "5 at once"
    assert made.asked.calls == []
    made.cap.stepUp()
    assert made.asked.calls == [("cap", "sync", 6)]


def test_above_the_highest_number_there_is_no_cap(made: Made) -> None:
    made.handle.say_cap(64)
    made.cap.stepUp()
    assert made.cap.text() == "no cap"
    assert made.asked.calls == [("cap", "sync", None)]
    made.handle.say_cap(None)
    assert made.cap.cap is None


def test_a_cap_can_be_typed(made: Made, qtbot: QtBot) -> None:
    made.cap.selectAll()
    qtbot.keyClicks(made.cap, "12")
    assert made.asked.calls == []
    qtbot.keyClick(made.cap, Qt.Key.Key_Return)
    assert made.asked.calls == [("cap", "sync", 12)]


def test_caps_outside_of_the_usual_are_shown_as_they_are(qtbot: QtBot) -> None:
    assert Made(qtbot, cap=0).cap.cap == 0
    assert Made(qtbot, cap=500).cap.cap == 500


def test_scrolling_over_a_cap_changes_nothing(made: Made) -> None:
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(made.cap, wheel)
    assert made.cap.cap == 2
    assert made.asked.calls == []


def test_released_it_follows_no_more(made: Made) -> None:
    made.card.release()
    made.card.release()
    made.handle.say_counts(DomainCounts(running=7))
    made.handle.say_cap(9)
    assert made.count("running") == "0"
    assert made.cap.cap == 2


def test_what_the_health_check_found_is_said(qtbot: QtBot) -> None:
    card = DomainCard(
        cast("DomainHandle", Handle()),
        Asked(),
        "Sync",
        "series-3",
        Clock(),
        warning="The target is not there",
    )
    qtbot.addWidget(card)
    (label,) = [one for one in card.findChildren(QLabel) if one.text() == "The target is not there"]
    assert not label.isHidden()


def test_a_plugin_that_failed_says_why(qtbot: QtBot) -> None:
    card = FailedPluginCard("weather", "Weather", "No module named 'requests'", "Update the plugin")
    qtbot.addWidget(card)
    assert card.objectName() == "domain-card-weather"
    words = [label.text() for label in card.findChildren(QLabel)]
    assert "No module named 'requests'" in words
    assert "Update the plugin" in words
    assert "Weather" in card.accessibleName()


def test_what_waits_for_its_children_has_no_time_left_of_its_own(made: Made) -> None:
    made.handle.say_counts(DomainCounts(pending=10))
    made.clock.at_s = 2.0
    made.handle.say_counts(DomainCounts(pending=1, waiting=1, completed=8))
    assert any("left" in words for words in made.words)
    made.handle.say_counts(DomainCounts(waiting=1, completed=9))
    assert not any("left" in words for words in made.words)
