"""Running tasks come and go row by row, with what is known of their progress."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.models.task_row import TaskColumn
from app.models.tasks_filter import TasksFilter
from app.models.tasks_model import CAPTION_ROLE, LOOK_ROLE, STATE_ROLE, TasksModel
from scheduler_core import ByteProgress, Completed, Dispatched, EstimatedProgress, Progress, TaskRecord
from tests.app.models.records import LOOKS, NOW, now, task
from tests.app.models.watching import watch

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture
def model(qapp: QCoreApplication) -> TasksModel:
    made = TasksModel(now=now)
    made.set_looks(LOOKS)
    QAbstractItemModelTester(made, FATAL, made)
    return made


def event_values(record: TaskRecord) -> dict[str, object]:
    return {
        "at": NOW,
        "task_id": record.id,
        "task_type": record.task_type,
        "domain": record.domain,
        "label": record.label,
        "base_priority": 128,
        "effective_priority": 128,
    }


def progress(record: TaskRecord, fraction: float | None, **more: object) -> Progress:
    return Progress.model_validate({**event_values(record), "fraction": fraction, **more})


def estimate(record: TaskRecord, fraction: float, **more: object) -> EstimatedProgress:
    values = {
        "task_id": record.id,
        "task_type": record.task_type,
        "domain": record.domain,
        "label": record.label,
    }
    return EstimatedProgress.model_validate({**values, "fraction": fraction, **more})


def ids(model: TasksModel) -> list[int]:
    records = [model.record_at(model.index(row, 0)) for row in range(model.rowCount())]
    return [record.id for record in records if record is not None]


def text(model: TasksModel, row: int, column: TaskColumn) -> str:
    return model.index(row, column).data()


def test_tasks_come_at_the_end_and_go_from_where_they_are(model: TasksModel) -> None:
    model.show_running([task(1), task(2), task(3)])
    told = watch(model)
    model.show_running([task(1), task(3), task(4), task(5)])
    assert ids(model) == [1, 3, 4, 5]
    assert told.removed == [(1, 1)]
    assert told.inserted == [(2, 3)]
    assert told.changed == []


def test_a_row_tells_label_domain_type_attempt_and_time(model: TasksModel) -> None:
    model.show_running([task(2, retry_count=1)])
    assert text(model, 0, TaskColumn.TASK) == "picture 2.jpg"
    assert text(model, 0, TaskColumn.DOMAIN) == "Ingest"
    assert model.index(0, 0).data(CAPTION_ROLE) == "take · attempt 2"
    assert model.index(0, 0).data(LOOK_ROLE).token == "series-1"
    assert text(model, 0, TaskColumn.ELAPSED) == "2:00"
    assert text(model, 0, TaskColumn.PROGRESS) == "working"
    assert text(model, 0, TaskColumn.LEFT) == ""


def test_progress_changes_its_own_cells_alone_and_asks_nobody(model: TasksModel) -> None:
    model.show_running([task(1), task(2)])
    told = watch(model)
    step = progress(task(2), 0.42, message="copying", bytes_done=18_400_000, bytes_total=40_000_000)
    assert not model.apply_progress([step])
    assert told.changed == [(1, 1, TaskColumn.PROGRESS, TaskColumn.LEFT)]
    assert text(model, 1, TaskColumn.PROGRESS) == "42 %"
    assert text(model, 1, TaskColumn.DATA) == "18.4 MB of 40.0 MB"
    assert model.index(1, TaskColumn.PROGRESS).data(STATE_ROLE).message == "copying"
    told.clear()
    model.apply_progress([step])
    assert told.changed == []


def test_a_start_an_end_and_a_stranger_mean_that_others_may_run(model: TasksModel) -> None:
    model.show_running([task(1)])
    assert model.apply_progress([Dispatched.model_validate(event_values(task(2)))])
    assert model.apply_progress([Completed.model_validate(event_values(task(1)))])
    # The bridge tells only a task's latest event: its start may be folded into its progress.
    assert model.apply_progress([progress(task(3), 0.5), progress(task(1), 0.5)])
    assert text(model, 0, TaskColumn.PROGRESS) == "50 %"
    assert not model.apply_progress([])
    model.clear()
    assert model.rowCount() == 0


def test_a_new_attempt_begins_anew(model: TasksModel) -> None:
    model.show_running([task(1)])
    model.apply_progress([progress(task(1), 0.9)])
    model.show_running([task(1, started_at=NOW, retry_count=1)])
    assert text(model, 0, TaskColumn.PROGRESS) == "working"
    assert text(model, 0, TaskColumn.ELAPSED) == "0:00"


def test_a_guess_is_told_as_one_and_gives_way_to_a_report(model: TasksModel) -> None:
    soon = NOW + timedelta(seconds=90)
    model.show_running([task(1)])
    model.apply_estimates([estimate(task(1), 0.6, extrapolated=True, eta=soon), estimate(task(9), 0.1)], [])
    assert text(model, 0, TaskColumn.PROGRESS) == "≈ 60 %"
    spoken = model.index(0, TaskColumn.PROGRESS).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "about 60 %"
    assert text(model, 0, TaskColumn.LEFT) == "1 min"
    model.apply_progress([progress(task(1), 0.3)])
    assert text(model, 0, TaskColumn.PROGRESS) == "30 %"
    model.apply_estimates([estimate(task(1), 0.2, eta=soon)], [])
    assert text(model, 0, TaskColumn.PROGRESS) == "30 %"


def test_bytes_come_with_their_rate(model: TasksModel) -> None:
    model.show_running([task(1)])
    moved = ByteProgress(task_id=1, task_type="ingest::take", label="x", done=500, throughput=2e6)
    model.apply_estimates([], [moved])
    assert text(model, 0, TaskColumn.DATA) == "500 B"
    assert model.index(0, 0).data(STATE_ROLE).bytes_per_s == 2e6


def test_a_tick_touches_only_what_shows_time(model: TasksModel) -> None:
    told = watch(model)
    model.tick()
    assert told.changed == []
    model.show_running([task(1), task(2)])
    model.tick()
    assert told.changed == [(0, 1, TaskColumn.ELAPSED, TaskColumn.LEFT)]


def test_a_filter_shows_one_domain_and_sorts_when_asked(model: TasksModel) -> None:
    shown = TasksFilter(model)
    QAbstractItemModelTester(shown, FATAL, shown)
    model.show_running([task(1), task(3, "process"), task(2)])

    def labels() -> list[int]:
        records = [shown.record_at(shown.index(row, 0)) for row in range(shown.rowCount())]
        return [record.id for record in records if record is not None]

    assert labels() == [1, 3, 2]
    shown.set_domain("ingest")
    assert labels() == [1, 2]
    shown.set_domain(None)
    shown.sort(TaskColumn.ELAPSED, Qt.SortOrder.DescendingOrder)
    assert labels() == [3, 2, 1]
    shown.sort(-1)
    assert labels() == [1, 3, 2]
