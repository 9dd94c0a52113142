"""What runs stands above what waits; a task that starts moves up and takes its selection along."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtTest import QAbstractItemModelTester

from app.models.columns import ROOT
from app.models.queue_model import QueueColumn, QueueModel
from app.models.tasks_model import STATE_ROLE
from scheduler_core import EstimatedProgress, Progress, TaskRecord, TaskStatus
from tests.app.models.records import LOOKS, NOW, now, task
from tests.app.models.watching import watch


@pytest.fixture
def model(qapp: object) -> QueueModel:
    made = QueueModel(now=now)
    made.set_looks(LOOKS)
    made.tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)  # type: ignore[attr-defined]
    return made


def waiting(number: int, **changes: Any) -> TaskRecord:
    return task(number, **{"status": TaskStatus.PENDING, "started_at": None, **changes})


def labels(model: QueueModel) -> list[str]:
    return [model.index(row, QueueColumn.TASK).data() for row in range(model.rowCount())]


def text(model: QueueModel, row: int, column: QueueColumn) -> str:
    return model.index(row, column).data()


def report(number: int, fraction: float) -> Progress:
    return Progress(
        at=NOW,
        task_id=number,
        task_type="ingest::take",
        domain="ingest",
        label="",
        base_priority=128,
        effective_priority=128,
        fraction=fraction,
    )


def test_a_task_that_starts_moves_up(model: QueueModel) -> None:
    model.show_running([task(1), task(2)])
    model.show_window([waiting(3), waiting(4), waiting(5)], is_first=True, is_last=True)
    told = watch(model)
    model.show_running([task(2), task(4)])
    assert labels(model) == [f"picture {n}.jpg" for n in (2, 4, 3, 5)]
    assert (told.removed, told.moved, told.inserted) == ([(0, 0)], [(2, 1)], [])
    assert model.head == 2
    assert [record.id for record in model.window] == [3, 5]


def test_what_ended_waits_no_longer_and_nothing_is_there_twice(model: QueueModel) -> None:
    model.show_running([task(1)])
    model.show_window([waiting(1), waiting(2), waiting(3)], is_first=True, is_last=True)
    assert labels(model) == [f"picture {n}.jpg" for n in (1, 2, 3)]
    model.show_running([], ended={1, 3})
    assert labels(model) == ["picture 2.jpg"]


def test_those_that_run_keep_their_places_and_their_progress(model: QueueModel) -> None:
    model.show_running([task(1), task(2)])
    assert not model.apply_progress([report(2, 0.5)])
    assert model.apply_progress([report(9, 0.5)])
    model.show_running([task(2), task(3), task(1)])
    assert labels(model) == [f"picture {n}.jpg" for n in (1, 2, 3)]
    assert text(model, 1, QueueColumn.STATE) == "50 %"
    again = task(2, started_at=NOW, retry_count=1)
    model.show_running([task(1), again])
    assert text(model, 1, QueueColumn.STATE) == "working"


def test_estimates_are_for_what_runs(model: QueueModel) -> None:
    model.show_running([task(1)])
    model.show_window([waiting(2)], is_first=True, is_last=True)
    guesses = [
        EstimatedProgress(
            task_id=n,
            task_type="ingest::take",
            domain="ingest",
            label="",
            fraction=0.25,
            extrapolated=True,
            eta=NOW + timedelta(seconds=40),
        )
        for n in (1, 2)
    ]
    told = watch(model)
    model.apply_estimates(guesses, ())
    assert text(model, 0, QueueColumn.STATE) == "≈ 25 %"
    assert text(model, 0, QueueColumn.LEFT) == "40 s"
    assert model.index(1, 0).data(STATE_ROLE).fraction is None
    assert [(first, last) for first, last, *_ in told.changed] == [(0, 0)]
    told.clear()
    model.tick()
    assert told.changed == [(0, 0, QueueColumn.TIME, QueueColumn.LEFT)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Waiting"),
        ({"due_at": NOW + timedelta(hours=30), "run_at": NOW + timedelta(hours=30)}, "Starts "),
        ({"due_at": NOW + timedelta(seconds=30), "retry_count": 1}, "Tries again "),
        ({"status": TaskStatus.PAUSED, "pause_reasons": ("ingest is paused",)}, "Paused"),
        ({"status": TaskStatus.BLOCKED, "dependencies": (7,)}, "Waits for another task"),
        ({"status": TaskStatus.BLOCKED, "dependencies": (7, 8)}, "Waits for 2 tasks"),
        ({"status": TaskStatus.WAITING}, "Waits for its parts"),
    ],
)
def test_what_waits_says_for_what(model: QueueModel, changes: dict[str, Any], words: str) -> None:
    model.show_window([waiting(1, **changes)], is_first=True, is_last=True)
    assert text(model, 0, QueueColumn.STATE).startswith(words)
    assert words.strip() in model.index(0, QueueColumn.TASK).data(11)  # the accessible text
    assert text(model, 0, QueueColumn.TIME).startswith("since ")


@pytest.mark.parametrize(("priority", "words"), [(0, "Realtime"), (128, "Normal"), (255, "Idle"), (7, "7")])
def test_priorities_have_names(model: QueueModel, priority: int, words: str) -> None:
    model.show_window([waiting(1, priority=priority)], is_first=True, is_last=True)
    assert text(model, 0, QueueColumn.PRIORITY) == words


def test_an_empty_queue_asks_for_no_more(model: QueueModel) -> None:
    model.show_window([], is_first=True, is_last=True)
    assert not model.canFetchMore(ROOT)
    assert model.record_at(model.index(0, 0)) is None
