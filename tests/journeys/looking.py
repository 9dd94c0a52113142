"""What a screen reader and a pair of eyes find out about a window: controls without a name, words that are cut off."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QAbstractItemView)
_PART_OF = (QAbstractSpinBox, QComboBox)


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
        if one.isEnabled() and not one.focusPolicy().value & 1 and one.focusProxy() is None
    ]


def cut_off(window: QWidget) -> list[str]:
    """Labels and buttons whose words need more room than they have."""
    found: list[str] = []
    for label in window.findChildren(QLabel):
        text = label.text()
        if text and label.isVisible() and not label.wordWrap() and not label.pixmap():
            needed = max(label.fontMetrics().horizontalAdvance(line) for line in text.splitlines() or [""])
            if needed > label.width() + 1:
                found.append(f"{text!r}: {needed} px in {label.width()}")
    for button in window.findChildren(QPushButton):
        if button.isVisible() and button.sizeHint().width() > button.width() + 1:
            found.append(f"{button.text()!r}: {button.sizeHint().width()} px in {button.width()}")
    return found


def _is_clear_button(one: QWidget) -> bool:
    """Qt's own cross within a box to write in; Escape and the delete key do the same."""
    return isinstance(one.parent(), QLineEdit)
