"""The Tab key goes as one reads, though widgets were made in another order; and back the same way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.reading_order import focus_beside, reading_order


class Window(QWidget):
    """Goes by the order of reading."""

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's name
        return focus_beside(self, forward=next)


Make = Callable[[dict[str, QRect]], Window]


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    """A window of buttons, each at its place, made in the order that is given."""

    def made(places: dict[str, QRect]) -> Window:
        window = Window()
        qtbot.addWidget(window)
        window.resize(400, 400)
        for name, rect in places.items():
            put(name, window, rect)
        window.show()
        return window

    return made


def names(window: Window) -> list[str]:
    return [one.objectName() for one in reading_order(window)]


def put(name: str, parent: QWidget, rect: QRect) -> None:
    button = QPushButton(name, parent)
    button.setObjectName(name)
    button.setGeometry(rect)
    button.show()


def card(window: Window, name: str, rect: QRect) -> QFrame:
    made = QFrame(window)
    made.setObjectName(name)
    made.setGeometry(rect)
    made.show()
    return made


def test_rows_from_above_each_from_its_left(make: Make) -> None:
    window = make(
        {
            "last": QRect(0, 100, 80, 30),
            "right": QRect(200, 12, 80, 20),
            "middle": QRect(100, 8, 80, 30),
            "first": QRect(0, 10, 80, 30),
        }
    )
    assert names(window) == ["first", "middle", "right", "last"]


def test_a_card_is_read_to_its_end_before_the_one_beside_it(make: Make) -> None:
    window = make({})
    right, left = card(window, "right", QRect(200, 0, 180, 200)), card(window, "left", QRect(0, 0, 180, 200))
    for name, parent, y in (("b2", right, 100), ("a2", left, 100), ("b1", right, 0), ("a1", left, 0)):
        put(name, parent, QRect(0, y, 100, 30))
    assert names(window) == ["a1", "a2", "b1", "b2"]


def test_what_cannot_take_the_focus_is_passed_by(make: Make) -> None:
    window = make({name: QRect(0, 40 * place, 80, 30) for place, name in enumerate("abcd")})
    found = {one.objectName(): one for one in window.findChildren(QPushButton)}
    found["a"].hide()
    found["b"].setEnabled(False)
    found["c"].setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    assert names(window) == ["d"]


def test_tab_goes_round_and_backwards(make: Make, qtbot: QtBot) -> None:
    window = make({name: QRect(0, 100 - 40 * place, 80, 30) for place, name in enumerate("cba")})
    visited: list[str] = []
    reading_order(window)[0].setFocus()
    for key in [Qt.Key.Key_Tab] * 3 + [Qt.Key.Key_Backtab] * 2:
        focus = window.focusWidget()
        assert focus is not None
        visited.append(focus.objectName())
        QTest.keyClick(focus, key)
    assert visited == ["a", "b", "c", "a", "c"]


def test_from_what_has_the_focus_by_a_click_it_goes_on_from_there(make: Make) -> None:
    window = make({name: QRect(0, 40 * place, 80, 30) for place, name in enumerate("abc")})
    found = {one.objectName(): one for one in window.findChildren(QPushButton)}
    found["b"].setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    found["b"].setFocus()
    QTest.keyClick(found["b"], Qt.Key.Key_Tab)
    assert window.focusWidget() is found["c"]
    found["b"].setFocus()
    QTest.keyClick(found["b"], Qt.Key.Key_Backtab)
    assert window.focusWidget() is found["a"]


def test_where_nothing_takes_the_focus_nothing_happens(make: Make) -> None:
    assert not focus_beside(make({}), forward=True)


def test_what_is_far_down_is_scrolled_to(make: Make) -> None:
    window = make({"above": QRect(0, 0, 80, 30)})
    area = QScrollArea(window)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setGeometry(0, 40, 200, 100)
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.addSpacing(500)
    below = QPushButton("below")
    column.addWidget(below)
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.show()
    assert below.visibleRegion().isEmpty()
    above = reading_order(window)[0]
    above.setFocus()
    QTest.keyClick(above, Qt.Key.Key_Tab)
    assert window.focusWidget() is below
    assert not below.visibleRegion().isEmpty()
