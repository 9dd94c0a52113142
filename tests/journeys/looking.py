"""What a screen reader, a keyboard and a pair of eyes find out about a window.

Controls without a name or out of reach, an order of the focus that leaps about, words that are cut off.
"""

from __future__ import annotations

import itertools

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)

CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QAbstractItemView)
_PART_OF = (QAbstractSpinBox, QComboBox)
_MOST_STAYS = 3


def controls(window: QWidget) -> list[QWidget]:
    """What a person can act upon now, but for the inner parts of other controls."""
    return [
        one
        for kind in CONTROLS
        for one in window.findChildren(kind)
        if one.isVisible() and not isinstance(one.parent(), _PART_OF) and not _is_clear_button(one)
    ]


def nameless(window: QWidget) -> list[str]:
    """The controls of which a screen reader could only say what kind they are."""
    found: list[str] = []
    for one in controls(window):
        interface = QAccessible.queryAccessibleInterface(one)
        if interface is None or not interface.text(QAccessible.Text.Name).strip():
            found.append(f"{type(one).__name__} {one.objectName()!r} in {type(one.parent()).__name__}")
    return found


def out_of_reach(window: QWidget) -> list[str]:
    """Controls that take no focus from the keyboard, although they can be used."""
    return [
        f"{type(one).__name__} {one.objectName()!r}"
        for one in controls(window)
        if one.isEnabled()
        and not one.focusPolicy().value & 1
        and one.focusProxy() is None
        # By a head of a table one can sort; so one can by the button for that.
        and not isinstance(one, QHeaderView)
    ]


def out_of_order(window: QWidget) -> list[str]:
    """Where the Tab key leaps back: from a control to one above it, or to the left of it in the same row.

    Of two controls the parts of the page are compared that they belong to: a card is read to its end before the next.
    """
    found: list[str] = []
    reached = tab_stops(window)
    for before, after in itertools.pairwise(reached):
        first, second = _parts(before, after)
        if first is second:
            continue
        one, other = _place(first, window), _place(second, window)
        in_one_row = (
            min(one.bottom(), other.bottom()) - max(one.top(), other.top())
            > min(one.height(), other.height()) / 2
        )
        leaps = other.left() < one.left() if in_one_row else other.top() < one.top()
        if leaps:
            found.append(f"from {_called(before)} to {_called(after)}")
    return found


def tab_stops(window: QWidget) -> list[QWidget]:
    """What the Tab key comes to, pressed until it is where it began; from the first on the page to the last."""
    first = window.focusWidget() or window
    QTest.keyClick(first, Qt.Key.Key_Tab)
    found: list[QWidget] = []
    while (one := window.focusWidget()) is not None and (not found or one is found[-1] or one not in found):
        # Within a time, Tab goes from the hours to the minutes.
        assert found[-_MOST_STAYS:] != [one] * _MOST_STAYS, f"Tab does not leave {_called(one)}"
        found.append(one)
        QTest.keyClick(one, Qt.Key.Key_Tab)
    found = list(dict.fromkeys(found))
    top = min(found, key=lambda one: (_place(one, window).left(), _place(one, window).top()), default=None)
    return [] if top is None else [*found[found.index(top) :], *found[: found.index(top)]]


def nameless_entries(menu: QMenu) -> list[str]:
    """The entries of a menu without words, and the menu itself where nobody could say what it is for."""
    found = [
        one.objectName() or "an entry"
        for one in menu.actions()
        if not one.isSeparator() and not one.text().strip()
    ]
    return found if menu.accessibleName() or menu.title() else [*found, menu.objectName() or "a menu"]


def cut_off(window: QWidget) -> list[str]:
    """Labels, buttons and boxes whose words need more room than they have, and controls that lie partly outside."""
    found: list[str] = []
    for label in window.findChildren(QLabel):
        text = label.text()
        if not text or not label.isVisible() or label.pixmap():
            continue
        if label.wordWrap():
            needed = label.heightForWidth(label.width())
            if needed > label.height() + 1:
                found.append(f"{text!r}: {needed} px high in {label.height()}")
            continue
        # A letter that is a shortcut has a mark before it that nobody sees.
        shown = text.replace("&", "") if label.buddy() else text
        needed = max(label.fontMetrics().horizontalAdvance(line) for line in shown.splitlines() or [""])
        if needed > label.width() + 1:
            found.append(f"{text!r}: {needed} px in {label.width()}")
    for button in window.findChildren(QPushButton):
        is_narrow = button.sizeHint().width() > button.width() + 1
        if button.text() and button.isVisible() and is_narrow:
            found.append(f"{button.text()!r}: {button.sizeHint().width()} px in {button.width()}")
    for box in window.findChildren(QAbstractSpinBox):
        needed = box.fontMetrics().horizontalAdvance(box.text())
        if box.isVisible() and needed > box.lineEdit().width():
            found.append(f"{box.text()!r}: {needed} px in {box.lineEdit().width()}")
    return found + _outside(window)


def _outside(window: QWidget) -> list[str]:
    """Controls of which one sees the left part only: nothing here scrolls to the side."""
    found: list[str] = []
    for one in controls(window):
        seen = one.visibleRegion().boundingRect()
        if not seen.isEmpty() and seen.width() < one.width() and not isinstance(one, QAbstractItemView):
            found.append(f"{_called(one)}: {seen.width()} of {one.width()} px are seen")
    return found


def _parts(before: QWidget, after: QWidget) -> tuple[QWidget, QWidget]:
    """The largest parts of the window that hold one of them and not the other; the same twice if one holds the other."""
    above = [before]
    while (parent := above[-1].parentWidget()) is not None:
        above.append(parent)
    other = after
    while (parent := other.parentWidget()) is not None:
        if parent in above:
            place = above.index(parent)
            return (other, other) if place == 0 else (above[place - 1], other)
        other = parent
    return before, before


def _place(part: QWidget, window: QWidget) -> QRect:
    return QRect(part.mapTo(window, QPoint(0, 0)), part.size())


def _called(one: QWidget) -> str:
    return f"{type(one).__name__} {one.objectName() or one.accessibleName()!r}"


def _is_clear_button(one: QWidget) -> bool:
    """Qt's own cross within a box to write in; Escape and the delete key do the same."""
    return isinstance(one.parent(), QLineEdit)
