"""What a list is filtered by: each control tells what is wanted, shows what was wanted, and can be used by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.models.state_words import ACTIVE_STATES
from app.models.task_wish import TaskWish
from app.widgets.filter_bar import FilterBar
from app.widgets.menu_button import MenuButton
from app.widgets.note_bar import NoteBar


@pytest.fixture
def bar(qtbot: QtBot) -> FilterBar:
    made = FilterBar("queue", ACTIVE_STATES, with_order=True)
    qtbot.addWidget(made)
    made.set_domains(
        [("ingest", "Ingest"), ("sync", "Sync")],
        {"ingest": ["ingest::take", "ingest::scan"], "sync": ["sync::copy"]},
    )
    made.resize(900, 32)
    made.show()
    return made


def entries(button: MenuButton) -> dict[str, bool]:
    return {action.text(): action.isChecked() for action in button.menu().actions()}


def test_each_control_tells_what_is_wanted(bar: FilterBar) -> None:
    told: list[TaskWish] = []
    bar.wish_changed.connect(told.append)
    QTest.keyClicks(bar.search, "ab ")
    bar.states.choose("paused")
    bar.states.choose("running")
    bar.domains.choose("ingest")
    bar.types.choose("ingest::take")
    bar.orders.choose("oldest")
    bar.tag.setText("job_id")
    assert len(told) == 7  # a blank and a tag without its value are not wanted yet
    bar.tag.setText("job_id=7")
    expected = TaskWish(
        ("running", "paused"), "ingest", "ingest::take", ("job_id", "7"), "ab", None, "oldest"
    )
    assert told[-1] == bar.wish == expected
    assert bar.words() == ["“ab”", "Running, Paused", "Ingest", "take", "job_id=7"]
    bar.clear()
    assert told[-1] == TaskWish(order="oldest")
    assert (bar.search.text(), bar.tag.text(), bar.words()) == ("", "", [])
    assert entries(bar.states) == dict.fromkeys(entries(bar.states), False)


def test_types_are_those_of_the_domain(bar: FilterBar) -> None:
    assert list(entries(bar.types)) == ["All types", "Ingest · scan", "Ingest · take", "Sync · copy"]
    bar.types.choose("ingest::take")
    bar.domains.choose("ingest")
    assert bar.wish.task_type == "ingest::take"
    assert entries(bar.types) == {"All types": False, "Ingest · scan": False, "Ingest · take": True}
    bar.domains.choose("sync")
    assert bar.wish.task_type is None
    assert list(entries(bar.types)) == ["All types", "Sync · copy"]


def test_a_wish_is_shown_and_nobody_is_told(bar: FilterBar) -> None:
    told: list[TaskWish] = []
    bar.wish_changed.connect(told.append)
    bar.show_wish(TaskWish(("blocked",), "sync", None, ("a", "b"), "letter", None, "newest"))
    assert told == []
    assert (bar.search.text(), bar.tag.text()) == ("letter", "a=b")
    assert entries(bar.states)["Waits for others"]
    assert entries(bar.domains) == {"All domains": False, "Ingest": False, "Sync": True}
    assert entries(bar.orders)["Newest first"]


def test_every_control_has_a_name_and_is_reached_by_keys(bar: FilterBar) -> None:
    controls = [*bar.findChildren(QLineEdit), *bar.findChildren(MenuButton)]
    shown = [control for control in controls if control.isVisible()]
    assert {control.objectName() for control in shown} == {
        *("search", "queue-state", "queue-domain", "queue-type", "queue-tag", "queue-order")
    }
    for control in shown:
        assert control.accessibleName()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_the_key_stands_in_the_search_where_there_is_room(bar: FilterBar) -> None:
    assert "Ctrl+F" in bar.search.placeholderText()
    bar.resize(480, 32)
    assert bar.search.placeholderText() == "Search…"
    assert "Ctrl+F" in bar.search.toolTip()


def test_a_note_is_there_while_it_has_something_to_say(qtbot: QtBot) -> None:
    note = NoteBar("queue-filtered", "Clear filters")
    qtbot.addWidget(note)
    assert note.isHidden()
    note.tell("Filtered: " + "a very long word " * 30)
    assert not note.isHidden()
    assert note.minimumSizeHint().width() < 200
    assert note.accessibleName() == note.text
    note.tell("")
    assert note.isHidden()
