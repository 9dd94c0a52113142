"""What was done, and what came of taking it back, in words with numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import pytest
from PySide6.QtCore import QLocale

from app.models.undo_wording import undo_text, undone_text
from scheduler_core import Undo

Act = Literal["cancel", "clear", "priority", "retry"]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Numbers as in English."""
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


def undo(act: Act, n: int) -> Undo:
    return Undo(id=1, act=act, n=n, until=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("act", "n", "text"),
    [
        ("cancel", 1, "Cancelled 1 task"),
        ("cancel", 1_284, "Cancelled 1,284 tasks"),
        ("clear", 1, "Cleared 1 failure"),
        ("clear", 2, "Cleared 2 failures"),
        ("priority", 1, "Changed the priority of 1 task"),
        ("priority", 10_000, "Changed the priority of 10,000 tasks"),
        ("retry", 1, "Trying again: 1 task"),
        ("retry", 399, "Trying again: 399 tasks"),
    ],
)
def test_what_can_be_taken_back_is_said_with_its_number(act: Act, n: int, text: str) -> None:
    assert undo_text(undo(act, n)) == text


@pytest.mark.parametrize(
    ("act", "n", "back", "text"),
    [
        ("cancel", 1, 1, "Undone: 1 task is back"),
        ("cancel", 2, 5, "Undone: 2 tasks are back"),
        ("cancel", 3, 2, "2 of 3 tasks are back; 1 had been done anew"),
        ("cancel", 1, 0, "It is too late: it was done anew"),
        ("clear", 1_000, 1_000, "Undone: 1,000 failures are listed again"),
        ("clear", 3, 1, "1 of 3 failures are listed again; 2 have been tried again"),
        ("priority", 1, 1, "Undone: 1 priority is as before"),
        ("priority", 4, 3, "3 of 4 priorities are as before; 1 had started or were changed again"),
        ("priority", 4, 0, "It is too late: all 4 had started or were changed again"),
        ("retry", 399, 390, "Taken back 390 of 399; 9 had started"),
        ("retry", 399, 399, "Taken back: 399 tasks"),
        ("retry", 1, 1, "Taken back: 1 task"),
        ("retry", 1_200, 0, "It is too late: all 1,200 had started"),
        ("retry", 1, 0, "It is too late: it had started"),
    ],
)
def test_what_came_of_it_is_said_with_both_numbers(act: Act, n: int, back: int, text: str) -> None:
    assert undone_text(undo(act, n), back) == text
