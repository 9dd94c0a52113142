"""Problems stay until they are dismissed; toasts go by themselves, one after the other."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.problem import Problem
from app.widgets.banner import Banner, BannerStack
from app.widgets.toast import Toaster


def problem(number: int, reason: str = "is full") -> Problem:
    return Problem(f"Disk {number}", reason, "Make room", details=f"trace {number}")


def shown(stack: BannerStack) -> list[Banner]:
    return [banner for banner in stack.findChildren(Banner) if not banner.isHidden()]


def test_a_problem_names_the_thing_the_reason_and_the_way_out(qtbot: QtBot) -> None:
    stack = BannerStack()
    qtbot.addWidget(stack)
    assert stack.isHidden()
    stack.add_problem(problem(1))
    assert not stack.isHidden()
    (banner,) = shown(stack)
    words = [label.text() for label in banner.findChildren(QLabel)]
    assert "Disk 1: is full" in words
    assert "Make room" in words


def test_details_unfold(qtbot: QtBot) -> None:
    stack = BannerStack()
    qtbot.addWidget(stack)
    stack.add_problem(problem(1))
    (banner,) = shown(stack)
    details = banner.findChild(QPlainTextEdit)
    assert isinstance(details, QPlainTextEdit)
    assert details.isHidden()
    button = next(one for one in banner.findChildren(QPushButton) if one.text() == "Details")
    button.click()
    assert not details.isHidden()
    assert details.toPlainText() == "Disk 1: is full. Make room.\n\ntrace 1"


def test_of_many_problems_the_newest_are_shown_and_the_others_come_up(qtbot: QtBot) -> None:
    stack = BannerStack()
    qtbot.addWidget(stack)
    for number in range(5):
        stack.add_problem(problem(number))
    assert len(shown(stack)) == 2
    assert any(label.text() == "and 3 more" for label in stack.findChildren(QLabel))
    newest = next(banner for banner in shown(stack) if "Disk 4" in banner.accessibleName())
    newest.dismiss_button.click()
    assert [one.thing for one in stack.problems] == ["Disk 0", "Disk 1", "Disk 2", "Disk 3"]
    assert {banner.accessibleName() for banner in shown(stack)} == {
        "Disk 2: is full Make room",
        "Disk 3: is full Make room",
    }


def test_the_same_problem_is_shown_once(qtbot: QtBot) -> None:
    stack = BannerStack()
    qtbot.addWidget(stack)
    stack.add_problem(problem(1))
    stack.add_problem(problem(1))
    assert len(stack.problems) == 1


def test_notices_can_be_dismissed(qtbot: QtBot) -> None:
    stack = BannerStack()
    qtbot.addWidget(stack)
    stack.add_notice("Recovered 3 tasks.", name="recovery-banner")
    stack.add_notice("Recovered 3 tasks.")
    assert stack.notices == ("Recovered 3 tasks.",)
    banner = stack.findChild(Banner, "recovery-banner")
    assert isinstance(banner, Banner)
    banner.dismiss_button.click()
    assert stack.notices == ()
    assert stack.isHidden()


def test_clear_takes_all_away(qtbot: QtBot) -> None:
    stack = BannerStack()
    qtbot.addWidget(stack)
    stack.add_notice("One")
    stack.add_problem(problem(1))
    stack.clear()
    assert (stack.notices, stack.problems) == ((), ())


def host_of(qtbot: QtBot) -> QWidget:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(600, 300)
    host.show()
    return host


def test_toasts_come_one_after_the_other_and_go(qtbot: QtBot) -> None:
    host = host_of(qtbot)
    toaster = Toaster(host, show_ms=20)
    toaster.say("first")
    toaster.say("second")
    assert toaster.text == "first"
    qtbot.waitUntil(lambda: toaster.text == "second")
    qtbot.waitUntil(lambda: toaster.text == "", timeout=10_000)


def test_the_same_toast_does_not_queue_up(qtbot: QtBot) -> None:
    host = host_of(qtbot)
    toaster = Toaster(host, show_ms=20)
    for _ in range(10):
        toaster.say("again")
    qtbot.waitUntil(lambda: toaster.text == "")


def test_a_toast_stays_inside_of_its_window(qtbot: QtBot) -> None:
    host = host_of(qtbot)
    toaster = Toaster(host)
    toaster.say("a very long file name " * 20)
    assert host.rect().contains(toaster.geometry())
    host.resize(500, 200)
    qtbot.waitUntil(lambda: host.rect().contains(toaster.geometry()))


def test_in_a_low_window_one_problem_is_shown(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    stack = BannerStack(window)
    for number in range(3):
        stack.add_problem(problem(number))
    window.resize(760, 520)
    window.show()
    assert len(shown(stack)) == 1
    assert any(label.text() == "and 2 more" for label in stack.findChildren(QLabel))
    window.resize(760, 800)
    qtbot.waitUntil(lambda: len(shown(stack)) == 2)
