"""A window on a long list: rows come, go and move one by one, and the selection goes with them."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from app.models.columns import ROOT
from app.models.history_model import HistoryModel
from app.models.window_model import CHUNK, MOST_ROWS
from scheduler_core import TaskHistoryRecord
from tests.app.models.records import LOOKS, failure, now
from tests.app.models.watching import watch


@pytest.fixture
def model(qapp: object) -> HistoryModel:
    made = HistoryModel(now=now)
    made.set_looks(LOOKS)
    made.tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)  # type: ignore[attr-defined]
    return made


def ids(model: HistoryModel) -> list[int]:
    return [model.record_at(model.index(row, 0)).id for row in range(model.rowCount())]


def some(*numbers: int) -> list[TaskHistoryRecord]:
    return [failure(number) for number in numbers]


@pytest.mark.parametrize("seed", range(10))
def test_the_rows_become_what_is_wanted_whatever_they_were(model: HistoryModel, seed: int) -> None:
    draw = random.Random(seed)
    told = watch(model)
    for _ in range(30):
        heads = some(*draw.sample(range(10), draw.randrange(4)))
        window = some(*draw.sample(range(14), draw.randrange(14)))
        model.arrange(heads, window)
        first = [record.id for record in heads]
        assert ids(model) == [*first, *(one.id for one in window if one.id not in first)]
        assert model.head == len(heads)
    assert told.resets == 0


def test_only_what_changed_is_told(model: HistoryModel) -> None:
    model.show_window(some(5, 4, 3, 2, 1), is_first=True, is_last=True)
    told = watch(model)
    model.show_window(some(5, 4, 3, 2, 1), is_first=True, is_last=True)
    assert (told.changed, told.inserted, told.removed, told.moved) == ([], [], [], [])
    model.show_window(some(7, 6, 5, 4, 2, 1), is_first=True, is_last=True)
    assert (told.inserted, told.removed, told.moved) == ([(0, 1)], [(2, 2)], [])
    told.clear()
    model.show_window([*some(7, 6), failure(5, "broke"), *some(4, 2, 1)], is_first=True, is_last=True)
    assert [(first, last) for first, last, *_ in told.changed] == [(2, 2)]


def test_a_selected_row_stays_selected_when_it_moves(model: HistoryModel) -> None:
    model.show_window(some(1, 2, 3), is_first=True, is_last=True)
    selection = QItemSelectionModel(model)
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    selection.select(model.index(2, 0), flags)
    model.show_window(some(3, 1, 2), is_first=True, is_last=True)
    assert [model.record_at(index).id for index in selection.selectedRows()] == [3]


def test_more_is_asked_for_once_and_what_is_too_much_is_forgotten_above(model: HistoryModel) -> None:
    asked: list[str] = []
    model.more_wanted.connect(lambda: asked.append("more"))
    model.newer_wanted.connect(lambda: asked.append("newer"))
    model.show_window(some(*range(1000, 1000 - MOST_ROWS, -1)), is_first=True, is_last=False)
    model.fetch_newer()
    assert asked == []
    model.fetchMore(ROOT)
    model.fetchMore(QModelIndex())
    assert asked == ["more"]
    last = 1000 - MOST_ROWS
    model.append(some(*range(last, last - 50, -1)), is_last=False)
    forgotten = model.forget_first()
    assert forgotten is not None
    assert (forgotten.id, model.is_slid) == (1000 - CHUNK + 1, True)
    assert ids(model) == list(range(1000 - CHUNK, last - 50, -1))
    assert model.forget_first() is None
    model.fetch_newer()
    model.fetch_newer()
    assert asked.count("newer") == 1  # whoever checks the model may ask for more, too
    model.keep_newer_away()
    model.fetch_newer()
    assert asked.count("newer") == 2
    model.append((), is_last=True)
    assert not model.canFetchMore(ROOT)


def test_nothing_is_there_twice(model: HistoryModel) -> None:
    model.show_window(some(5, 4), is_first=True, is_last=False)
    model.append(some(4, 3), is_last=True)
    assert ids(model) == [5, 4, 3]
    model.clear()
    assert ids(model) == []


def test_a_record_is_told_in_words(model: HistoryModel) -> None:
    model.show_window([failure(1, duration=0.0124)], is_first=True, is_last=True)
    texts = [model.index(0, column).data() for column in range(6)]
    assert texts[:3] == ["picture 1.jpg", "Process", "Failed for good"]
    assert texts[4:] == ["12 ms", "1"]
    spoken = model.index(0, 0).data(11)  # the accessible text
    assert spoken.startswith("picture 1.jpg. Process. Failed for good. Is cut off. ended ")
