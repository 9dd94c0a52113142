"""Failures come newest first and page by page, and go in runs."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QCoreApplication, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.models.failures_model import (
    CHUNK,
    MOST_ROWS,
    FailureColumn,
    FailuresModel,
    attempts_of,
    first_line,
    short_reason,
)
from scheduler_core import TaskHistoryRecord
from tests.app.models.records import LOOKS, failure, now
from tests.app.models.watching import watch


@pytest.fixture
def model(qapp: QCoreApplication) -> FailuresModel:
    made = FailuresModel(now=now)
    made.set_looks(LOOKS)
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


def ids(model: FailuresModel) -> list[int]:
    return [record.id for record in model.records]


@pytest.fixture
def untested(qapp: QCoreApplication) -> FailuresModel:
    """A model without a tester, which asks for more whenever it can."""
    return FailuresModel(now=now)


def text(model: FailuresModel, row: int, column: FailureColumn) -> str:
    return model.index(row, column).data()


def test_a_row_tells_the_reason_the_file_the_domain_and_how_often(model: FailuresModel) -> None:
    model.show_newest([failure(7)], is_all=True)
    assert text(model, 0, FailureColumn.MESSAGE) == "Is cut off"
    assert text(model, 0, FailureColumn.FILE) == "picture 7.jpg"
    assert text(model, 0, FailureColumn.DOMAIN) == "Process"
    assert text(model, 0, FailureColumn.ATTEMPTS) == "1"
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Is cut off. picture 7.jpg. Process. ")


def test_a_failure_without_words_says_so(model: FailuresModel) -> None:
    model.show_newest([failure(1, last_error=None, attempts=(), started_at=None, label="")], is_all=True)
    assert text(model, 0, FailureColumn.MESSAGE) == "It gave no reason"
    assert text(model, 0, FailureColumn.FILE) == "thumbnail"
    assert text(model, 0, FailureColumn.ATTEMPTS) == "0"
    assert first_line("\n  one \ntwo") == "one"
    assert attempts_of(failure(1, attempts=(), retry_count=2)) == 3


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ("a.jpg: is cut off", "Is cut off"),
        ("/mnt/disk one/a.jpg: no space left on device", "No space left on device"),
        ("OSError: see /mnt/a", "OSError: see /mnt/a"),
        ("/mnt/a: ", "/mnt/a:"),
        ("number 1 is bad", "number 1 is bad"),
    ],
)
def test_what_stands_beside_it_is_not_said_twice(error: str, shown: str) -> None:
    assert short_reason(failure(1, last_error=error, label="a.jpg")) == shown


def test_new_ones_come_on_top_and_mended_ones_go(model: FailuresModel) -> None:
    model.show_newest([failure(n) for n in (5, 4, 3)], is_all=True)
    told = watch(model)
    model.show_newest([failure(n) for n in (6, 5, 3)], is_all=True)
    assert ids(model) == [6, 5, 3]
    assert (told.removed, told.inserted, told.changed) == ([(1, 1)], [(0, 0)], [])


def test_which_is_newer_is_no_matter_of_ids(model: FailuresModel) -> None:
    model.show_newest([failure(2, id=10), failure(1, id=30)], is_all=False)
    model.append([failure(0, id=40)], is_last=True)
    model.show_newest([failure(3, id=20), failure(1, id=30)], is_all=False)
    assert ids(model) == [20, 30, 40]


def test_many_new_ones_are_told_in_one_go(model: FailuresModel) -> None:
    model.show_newest([failure(n) for n in (5, 2)], is_all=True)
    told = watch(model)
    model.show_newest([failure(n) for n in (8, 7, 6, 5, 4, 3, 2, 1)], is_all=True)
    assert ids(model) == [8, 7, 6, 5, 4, 3, 2, 1]
    assert told.inserted == [(0, 2), (4, 5), (7, 7)]


def test_a_record_that_changed_is_told_alone(model: FailuresModel) -> None:
    model.show_newest([failure(2), failure(1)], is_all=True)
    told = watch(model)
    model.show_newest([failure(2), failure(1, error="is gone")], is_all=True)
    assert told.changed == [(1, 1, 0, len(FailureColumn) - 1)]


def test_older_ones_come_page_by_page(untested: FailuresModel) -> None:
    model = untested
    asked: list[int] = []
    model.more_wanted.connect(asked.append)
    model.show_newest([failure(9), failure(8)], is_all=False)
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert asked == [8]
    told = watch(model)
    model.append([failure(8), failure(7), failure(6)], is_last=False)
    assert told.inserted == [(2, 3)]
    assert model.paging.has_more
    model.fetchMore(QModelIndex())
    model.append([], is_last=True)
    assert asked == [8, 6]
    assert not model.canFetchMore(QModelIndex())
    # A fresh first page says nothing of what is older.
    model.show_newest([failure(10), failure(9)], is_all=False)
    assert ids(model) == [10, 9, 8, 7, 6]


def test_so_many_are_held_and_those_above_come_back(untested: FailuresModel) -> None:
    model, newer = untested, []
    model.newer_wanted.connect(newer.append)
    every = [failure(n) for n in range(3000, 0, -1)]

    def before(one: int | None, limit: int) -> list[TaskHistoryRecord]:
        return [record for record in every if one is None or record.id < one][:limit]

    model.show_newest(every[:50], is_all=False)
    model.fetch_newer()
    while ids(model)[-1] != 1:
        model.append(before(ids(model)[-1], 50), is_last=ids(model)[-1] == 51)
        assert model.rowCount() <= MOST_ROWS
    assert model.is_slid
    assert not model.canFetchMore(QModelIndex())
    model.keep_newer_away()
    while model.is_slid:
        model.fetch_newer()
        model.fetch_newer()
        (asked,) = newer
        newer.clear()
        model.prepend(before(asked, CHUNK))
        assert model.rowCount() <= MOST_ROWS
        assert ids(model) == list(range(ids(model)[0], ids(model)[-1] - 1, -1))
    assert ids(model)[0] == 3000
    assert model.canFetchMore(QModelIndex())


def test_back_at_the_top_nothing_that_came_meanwhile_is_passed_over(untested: FailuresModel) -> None:
    model = untested
    model.show_newest([failure(n) for n in range(1000, 950, -1)], is_all=False)
    for last in range(950, 300, -50):
        model.append([failure(n) for n in range(last, last - 50, -1)], is_last=False)
    while len(model._above) > 1:
        model.prepend([failure(n) for n in range(ids(model)[0] + CHUNK, ids(model)[0], -1)])
    model.prepend([failure(n) for n in range(5000, 5000 - CHUNK, -1)])
    assert not model.is_slid
    assert ids(model) == list(range(5000, 5000 - CHUNK, -1))
    assert model.canFetchMore(QModelIndex())


def test_what_does_not_reach_down_to_what_is_held_takes_its_place(model: FailuresModel) -> None:
    model.show_newest([failure(n) for n in (3, 2, 1)], is_all=True)
    model.show_newest([failure(n) for n in (99, 98)], is_all=False)
    assert ids(model) == [99, 98]
    assert model.paging.has_more


def test_rows_are_removed_in_runs(model: FailuresModel) -> None:
    model.show_newest([failure(n) for n in range(10, 0, -1)], is_all=True)
    told = watch(model)
    model.remove([10, 9, 8, 5, 2, 1, 99])
    assert ids(model) == [7, 6, 4, 3]
    assert told.removed == [(8, 9), (5, 5), (0, 2)]
    model.clear()
    assert model.rowCount() == 0
    assert told.resets == 0


def test_of_one_cause_the_tasks_are_told_apart(model: FailuresModel) -> None:
    def title() -> str:
        return model.headerData(FailureColumn.MESSAGE, Qt.Orientation.Horizontal)

    assert title() == "What went wrong"
    model.set_of_one_cause(True)
    assert title() == "Task"


def test_many_changes_of_any_kind_leave_the_model_sound(model: FailuresModel) -> None:
    chance = random.Random(5)
    newest = 20
    alive = {number: failure(number) for number in range(1, newest + 1)}
    for _ in range(80):
        for number in chance.sample(sorted(alive), k=min(len(alive), chance.randint(0, 3))):
            del alive[number]
        for _ in range(chance.randint(0, 3)):
            newest += 1
            alive[newest] = failure(newest)
        order = sorted(alive, reverse=True)
        page = order[:8]
        model.show_newest([alive[number] for number in page], is_all=len(order) <= 8)
        shown = ids(model)
        assert shown[: len(page)] == page
        assert shown == sorted(set(shown), reverse=True)
