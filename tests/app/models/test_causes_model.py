"""Causes as cards: what they say, and that they keep their places."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.models.cause_words import cause_title, count_text, names_text, span_text
from app.models.causes_model import (
    CAPTION_ROLE,
    COUNT_ROLE,
    LOOK_ROLE,
    MOST_CAUSES,
    PAGE,
    SAMPLE_ROLE,
    CausesModel,
)
from scheduler_core import FailureCause
from tests.app.models.records import LOOKS, NOW, now


def cause(number: int, **changes: Any) -> FailureCause:
    """A cause of two failures."""
    values: dict[str, Any] = {
        "id": number,
        "domain": "process",
        "task_type": "process::thumbnail",
        "text": f"OSError: disk {'abcdefghij'[number % 10]} is full (… bytes)",
        "n": 2,
        "newest": NOW - timedelta(minutes=number),
        "oldest": NOW - timedelta(hours=1),
        "sample": "a.jpg: disk is full (12 bytes)",
        "labels": ("a.jpg", "b.jpg"),
    }
    return FailureCause(**{**values, **changes})


@pytest.fixture
def model(qapp: QCoreApplication) -> CausesModel:
    made = CausesModel(now=now)
    made.set_looks(LOOKS)
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


def show(model: CausesModel, *numbers: int, has_more: bool = False) -> None:
    model.show_causes([cause(number) for number in numbers], 2 * len(numbers), has_more=has_more)


def ids(model: CausesModel) -> list[int]:
    return [one.id for one in model.causes]


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "Disk a is full (… bytes)"),
        ({"n": 1}, "Disk is full (12 bytes)"),
        ({"text": "…: it is gone", "sample": "/a/b: it is gone"}, "It is gone"),
        ({"text": "KeyError: …", "sample": "KeyError: 'size'"}, "KeyError: 'size'"),
        ({"text": "", "sample": "", "labels": ()}, "It gave no reason"),
        ({"text": "a" * 300}, "A" + "a" * 158 + "…"),
    ],
)
def test_a_title_is_a_plain_sentence(changes: dict[str, Any], title: str) -> None:
    assert cause_title(cause(0, **changes)) == title


def test_the_words_tell_how_many_which_and_when() -> None:
    assert (count_text(1), count_text(284)) == ("1 task", "284 tasks")
    assert names_text(cause(0)) == "a.jpg, b.jpg"
    assert names_text(cause(0, n=5)) == "a.jpg, b.jpg and others"
    assert span_text(cause(0), NOW).startswith("2 tasks, first ")
    assert "first" not in span_text(cause(0, oldest=NOW), NOW)


def test_a_row_tells_all_of_a_cause_and_the_first_row_of_all(model: CausesModel) -> None:
    show(model, 3)
    first, row = model.index(0), model.index(1)
    assert (first.data(), first.data(COUNT_ROLE), first.data(LOOK_ROLE)) == ("All failures", "2", None)
    assert (row.data(), row.data(COUNT_ROLE)) == ("Disk d is full (… bytes)", "2")
    assert row.data(LOOK_ROLE).title == "Process"
    assert row.data(CAPTION_ROLE).endswith(" · a.jpg, b.jpg")
    assert row.data(SAMPLE_ROLE) == "disk is full (12 bytes)"
    spoken = row.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Disk d is full (… bytes). Process. 2 tasks. ")
    assert first.data(Qt.ItemDataRole.AccessibleTextRole) == "All failures. 2 tasks"


def test_causes_keep_their_places_and_new_ones_come_above(model: CausesModel) -> None:
    show(model, 1, 2, 3)
    show(model, 3, 1, 2)
    assert ids(model) == [1, 2, 3]
    show(model, 9, 3, 8, 1, 2, 7)
    assert ids(model) == [9, 8, 1, 2, 3, 7]
    show(model, 8, 2)
    assert ids(model) == [8, 2]
    model.show_causes([], 0, has_more=False)
    assert model.rowCount() == 0


def test_one_that_is_being_tried_stays_without_failures(model: CausesModel) -> None:
    show(model, 1, 2)
    model.keep({1})
    show(model, 2)
    assert [(one.id, one.n) for one in model.causes] == [(1, 0), (2, 2)]
    model.show_causes([], 0, has_more=False)
    assert [(one.id, one.n) for one in model.causes] == [(1, 0)]
    model.keep(())
    model.show_causes([], 0, has_more=False)
    assert model.rowCount() == 0


def test_more_are_asked_for_up_to_the_most_that_are_held(qapp: QCoreApplication) -> None:
    model, asked = CausesModel(now=now), list[int]()
    model.more_wanted.connect(lambda: asked.append(model.limit))
    assert model.limit == PAGE
    while True:
        model.show_causes([cause(n) for n in range(model.limit)], 1, has_more=True)
        if not model.canFetchMore(QModelIndex()):
            break
        model.fetchMore(QModelIndex())
        model.fetchMore(QModelIndex())
    assert asked == sorted(set(asked))
    assert asked[-1] == MOST_CAUSES == len(model.causes)


def test_cleared_there_is_nothing(model: CausesModel) -> None:
    show(model, 1, has_more=True)
    model.keep({1})
    model.clear()
    assert model.rowCount() == 0
    assert not model.has_more
