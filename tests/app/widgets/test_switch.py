"""Switches: a button like any other, and one that follows a domain without answering back."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.widgets.domain_switch import DomainSwitch
from app.widgets.switch import Switch
from scheduler_core import DomainHandle
from tests.app.widgets.handles import Asked, Handle


@pytest.fixture
def switch(qtbot: QtBot) -> Switch:
    made = Switch("Notifications")
    qtbot.addWidget(made)
    made.show()
    return made


def test_it_is_a_checkable_button_with_a_name(switch: Switch) -> None:
    assert isinstance(switch, QAbstractButton)
    interface = QAccessible.queryAccessibleInterface(switch)
    assert interface.text(QAccessible.Text.Name) == "Notifications"
    assert interface.state().checkable  # pyright: ignore[reportAttributeAccessIssue]


def test_mouse_and_space_toggle_it(switch: Switch, qtbot: QtBot) -> None:
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert switch.isChecked()
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert not switch.isChecked()


def test_the_knob_comes_to_rest_where_the_state_is(switch: Switch, qtbot: QtBot) -> None:
    switch.setChecked(True)
    qtbot.waitUntil(lambda: switch.property("knob") == 1.0)
    switch.setChecked(False)
    qtbot.waitUntil(lambda: switch.property("knob") == 0.0)


def test_it_paints_in_every_state(switch: Switch, qtbot: QtBot) -> None:
    pictures = []
    for on, enabled in ((False, True), (True, True), (True, False)):
        switch.setChecked(on)
        switch.setEnabled(enabled)
        qtbot.waitUntil(lambda on=on: switch.property("knob") == float(on))
        pictures.append(switch.grab().toImage())
    assert pictures[0] != pictures[1]
    assert pictures[1] != pictures[2]


@pytest.fixture
def bound(qtbot: QtBot) -> tuple[DomainSwitch, Handle, Asked]:
    handle, asked = Handle(), Asked()
    made = DomainSwitch(cast("DomainHandle", handle), asked, "Sync")
    qtbot.addWidget(made)
    made.show()
    return made, handle, asked


def test_it_shows_what_the_handle_says(bound: tuple[DomainSwitch, Handle, Asked]) -> None:
    switch, handle, asked = bound
    assert switch.isChecked()
    handle.say_paused(True)
    assert not switch.isChecked()
    handle.say_paused(False)
    assert switch.isChecked()
    assert asked.calls == []


def test_a_click_asks_and_settles_on_the_answer(
    bound: tuple[DomainSwitch, Handle, Asked], qtbot: QtBot
) -> None:
    switch, handle, asked = bound
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert asked.calls == [("on", "sync", False)]
    assert switch.isChecked()
    assert switch.is_settling
    handle.say_paused(True)
    assert not switch.isChecked()
    assert not switch.is_settling
    assert len(asked.calls) == 1


def test_a_second_click_takes_the_first_one_back(bound: tuple[DomainSwitch, Handle, Asked]) -> None:
    switch, _, asked = bound
    switch.click()
    switch.click()
    assert asked.calls == [("on", "sync", False), ("on", "sync", True)]


def test_what_could_not_be_done_is_not_shown_as_done(
    bound: tuple[DomainSwitch, Handle, Asked], qtbot: QtBot
) -> None:
    switch, _, asked = bound
    switch.click()
    asked.settled.emit()
    assert switch.isChecked()
    assert not switch.is_settling
    qtbot.waitUntil(lambda: switch.property("knob") == 1.0)


def test_released_it_follows_no_more(bound: tuple[DomainSwitch, Handle, Asked]) -> None:
    switch, handle, _ = bound
    switch.release()
    switch.release()
    handle.say_paused(True)
    assert switch.isChecked()
    assert not switch.isEnabled()
