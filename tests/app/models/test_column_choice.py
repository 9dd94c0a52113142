"""What a person chose of columns is kept as text, and bad text is no harm."""

from __future__ import annotations

import pytest

from app.models.column_choice import ColumnChoice, choice_from_text

NAMES = ["task", "state", "time", "actions"]


def test_a_choice_comes_back_from_its_text() -> None:
    choice = ColumnChoice().with_width("state", 90).with_shown("time", False)
    choice = choice.with_order(["task", "time", "state", "actions"], NAMES)
    assert choice_from_text(choice.to_text()) == choice
    assert choice.ordered(NAMES) == ["task", "time", "state", "actions"]


def test_what_is_taken_back_leaves_nothing() -> None:
    choice = ColumnChoice().with_width("state", 90).with_shown("time", False)
    choice = choice.with_width("state", None).with_shown("time", True).with_order(NAMES, NAMES)
    assert choice.is_default
    assert choice.to_text() == ""


def test_a_column_of_a_later_version_comes_behind_its_neighbour_and_a_lost_one_is_forgotten() -> None:
    kept = ColumnChoice(order=("time", "gone", "task", "actions"))
    assert kept.ordered(NAMES) == ["time", "task", "state", "actions"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '{"widths": 3, "hidden": {}, "order": "time"}',
        '{"widths": {"state": -4, "time": true, "task": "wide", "actions": 1e9}, "hidden": [3], "order": [null]}',
    ],
)
def test_what_cannot_be_understood_is_left_out(text: str) -> None:
    assert choice_from_text(text) == ColumnChoice()
