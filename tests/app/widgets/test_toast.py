"""Toasts with an action: the newest is on top, it goes when its time is over, and the keyboard can choose it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QCursor, QEnterEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.toast import Toaster


class Clock:
    """A clock that a test sets."""

    at_s = 100.0

    def __call__(self) -> float:
        return self.at_s


class Made:
    """A toaster over a page with one box to write in, and what was undone."""

    def __init__(self, qtbot: QtBot) -> None:
        QCursor.setPos(0, 0)  # away from where the toast comes up
        self.host = QWidget()
        qtbot.addWidget(self.host)
        layout = QVBoxLayout(self.host)
        self.box = QLineEdit()
        layout.addWidget(self.box)
        self.host.resize(600, 300)
        self.clock = Clock()
        self.toaster = Toaster(self.host, show_ms=20, now=self.clock)
        self.host.show()
        self.undone: list[str] = []

    def say(self, name: str, seconds: float = 10.0) -> None:
        self.toaster.say(f"Cancelled {name}", "Undo", lambda: self.undone.append(name), seconds)

    @property
    def button(self) -> QPushButton:
        found = self.toaster.findChild(QPushButton, "toast-action")
        assert found is not None
        return found


@pytest.fixture
def made(qtbot: QtBot) -> Iterator[Made]:
    made = Made(qtbot)
    yield made
    made.toaster.forget_actions()


def test_the_button_does_what_it_says_once(made: Made, qtbot: QtBot) -> None:
    made.say("a")
    assert (made.toaster.text, made.toaster.action_text) == ("Cancelled a", "Undo")
    assert made.button.accessibleName() == "Undo: Cancelled a"
    made.button.click()
    assert made.undone == ["a"]
    qtbot.waitUntil(lambda: made.toaster.text == "")
    assert not made.toaster.run_newest()
    assert made.undone == ["a"]


def test_the_newest_is_on_top_and_taken_back_first(made: Made, qtbot: QtBot) -> None:
    for name in "abc":
        made.say(name)
    assert made.toaster.text == "Cancelled c"
    assert made.toaster.run_newest()
    qtbot.waitUntil(lambda: made.toaster.text == "Cancelled b")
    assert made.toaster.run_newest()
    assert made.toaster.run_newest()
    assert made.undone == ["c", "b", "a"]
    qtbot.waitUntil(lambda: made.toaster.text == "")


def test_what_is_too_old_is_not_offered(made: Made, qtbot: QtBot) -> None:
    made.say("a", 10)
    made.clock.at_s += 9.9
    made.say("b", 0.05)
    made.clock.at_s += 0.2
    assert not made.toaster.run_newest()
    assert made.undone == []
    qtbot.waitUntil(lambda: made.toaster.text == "")


def test_a_short_message_waits_until_the_action_is_over(made: Made, qtbot: QtBot) -> None:
    made.say("a")
    made.toaster.say("Mirrored")
    assert made.toaster.text == "Cancelled a"
    made.toaster.run_newest()
    qtbot.waitUntil(lambda: made.toaster.text == "Mirrored")
    assert made.toaster.action_text == ""
    assert made.button.isHidden()


def test_under_the_pointer_it_stays_but_offers_nothing_that_is_over(made: Made, qtbot: QtBot) -> None:
    made.say("a", 0.03)
    enter = QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(made.toaster.mapToGlobal(QPoint(5, 5))))
    made.toaster.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, True)
    QApplication.sendEvent(made.toaster, enter)
    qtbot.waitUntil(lambda: not made.button.isEnabled())
    assert made.toaster.text == "Cancelled a"
    made.clock.at_s += 1
    made.toaster.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    QApplication.sendEvent(made.toaster, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: made.toaster.text == "")


def test_a_pointer_that_rests_there_keeps_no_other_message_away(made: Made, qtbot: QtBot) -> None:
    made.say("a", 0.03)
    made.toaster.say("Mirrored")
    made.toaster.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, True)
    made.clock.at_s += 1
    qtbot.waitUntil(lambda: made.toaster.text == "Mirrored")


def test_a_click_on_the_words_takes_a_plain_message_away(made: Made, qtbot: QtBot) -> None:
    made.toaster.say("Mirrored")
    qtbot.mouseClick(made.toaster, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert made.toaster.text == ""
    made.say("a")
    qtbot.mouseClick(made.toaster, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert made.toaster.text == "Cancelled a"


def test_it_is_reached_by_the_tab_key(made: Made, qtbot: QtBot) -> None:
    made.say("a")
    made.host.activateWindow()
    made.box.setFocus()
    qtbot.keyClick(made.box, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is made.button
    qtbot.keyClick(made.button, Qt.Key.Key_Space)
    assert made.undone == ["a"]


def test_actions_of_a_session_that_is_gone_are_forgotten(made: Made) -> None:
    made.say("a")
    made.toaster.forget_actions()
    assert made.toaster.action_text == ""
    assert not made.toaster.run_newest()


def test_what_has_begun_is_noted_until_it_is_done(made: Made) -> None:
    made.toaster.note("Cancelling 10,000 tasks…")
    assert made.toaster.text == "Cancelling 10,000 tasks…"
    assert not any(timer.isActive() for timer in made.toaster.findChildren(QTimer)), "no time ends it"
    made.say("10,000 tasks")
    assert made.toaster.text == "Cancelled 10,000 tasks"
    made.toaster.end_note()
    assert made.toaster.action_text == "Undo", "there is no note any more"


def test_a_note_gives_way_to_what_is_said_and_brings_up_again_what_it_covered(
    made: Made, qtbot: QtBot
) -> None:
    made.say("a")
    made.toaster.note("Taking back what was done to 700…")
    assert made.toaster.action_text == ""
    made.toaster.say("Taken back: 700 tasks")
    assert made.toaster.text == "Taken back: 700 tasks"
    qtbot.waitUntil(lambda: made.toaster.text == "Cancelled a")
    made.toaster.note("Clearing 900 failures…")
    made.toaster.end_note()
    qtbot.waitUntil(lambda: made.toaster.text == "Cancelled a")
    assert made.toaster.action_text == "Undo"


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[tuple[QWidget, Toaster]]:
    """A window whose lower 30 pixels are free from 200 to 500, and a toaster that stands there."""
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(600, 300)
    toaster = Toaster(host, now=Clock(), free_room=lambda: QRect(200, 270, 300, 30))
    host.show()
    yield host, toaster
    toaster.forget_actions()


def test_a_message_stands_in_the_free_room(bar: tuple[QWidget, Toaster]) -> None:
    host, toaster = bar
    toaster.say("short", "Undo", lambda: None)
    assert toaster.geometry().left() >= 200
    assert toaster.geometry().right() < 500
    assert toaster.geometry().top() > 260, "a list ends above it"
    assert toaster.geometry().bottom() < host.height()


def test_a_message_too_long_for_the_free_room_goes_on_to_the_edge_and_is_cut(
    bar: tuple[QWidget, Toaster],
) -> None:
    host, toaster = bar
    text = "a message that is as long as the name of a file can be, and longer still than that " * 2
    toaster.say(text, "Undo", lambda: None)
    assert toaster.geometry().left() >= 200
    assert toaster.geometry().right() < host.width()
    (label,) = toaster.findChildren(QLabel)
    assert label.text() != text
    assert label.toolTip() == text
    assert toaster.text == text
