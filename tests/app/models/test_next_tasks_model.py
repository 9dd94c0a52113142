"""The head of a queue as a model: rows move one by one, and say what holds them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.models.next_tasks_model import CAPTION_ROLE, NextColumn, NextTasksModel
from tests.app.models.records import now, task


def ids(model: NextTasksModel) -> list[int]:
    records = [model.record_at(model.index(row, 0)) for row in range(model.rowCount())]
    return [record.id for record in records if record is not None]


@given(st.lists(st.lists(st.integers(1, 9), unique=True), max_size=8))
def test_whatever_comes_next_is_shown_in_order_without_a_reset(lists: list[list[int]]) -> None:
    model = NextTasksModel(now=now)
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    for wanted in lists:
        model.show([task(number, status="pending") for number in wanted])
        assert ids(model) == wanted
    assert resets == []


@pytest.mark.parametrize(
    ("changes", "state", "caption"),
    [
        ({}, "waiting", "take"),
        ({"status": "paused", "pause_reasons": ("ingest is paused",)}, "paused", "take"),
        ({"retry_count": 2}, "waits for attempt 3", "take"),
        ({"group": "nas"}, "waiting", "take · group nas"),
    ],
)
def test_a_row_says_what_it_is_and_what_holds_it(
    qapp: QApplication, changes: dict[str, Any], state: str, caption: str
) -> None:
    model = NextTasksModel(now=now)
    model.show([task(7, **{"status": "pending", **changes})])
    first = model.index(0, NextColumn.TASK)
    assert first.data() == "picture 7.jpg"
    assert first.data(CAPTION_ROLE) == caption
    assert model.index(0, NextColumn.STATE).data() == state
    assert first.data(Qt.ItemDataRole.AccessibleTextRole) == f"picture 7.jpg. {state}. {caption}"
    assert model.index(0, NextColumn.SINCE).data() != ""


def test_a_change_of_a_row_is_told_and_no_change_is_not(qapp: QApplication) -> None:
    model = NextTasksModel(now=now)
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    model.show([task(1), task(2)])
    model.show([task(1), task(2)])
    assert changed == []
    model.show([task(1), task(2, retry_count=1)])
    assert changed == [1]
