"""Jobs change row by row, keep their order, and come page by page."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.models.job_figures import Standing, figures, job_moment, job_title
from app.models.job_row import JobColumn
from app.models.jobs_filter import JobKind, JobsWish
from app.models.jobs_model import CAPTION_ROLE, MOST_ROWS, PIPELINE_ROLE, SUMMARY_ROLE, JobsModel, Placed
from scheduler_core import JobStage, JobSummary, TaskStatus
from tests.app.models.records import LOOKS, NOW, job, now
from tests.app.models.watching import watch

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture
def model(qapp: QCoreApplication) -> JobsModel:
    made = JobsModel(now=now)
    made.set_looks(LOOKS)
    QAbstractItemModelTester(made, FATAL, made)
    return made


@pytest.fixture
def untested(qapp: QCoreApplication) -> JobsModel:
    """A model without a tester, which asks for more whenever it can."""
    return JobsModel(now=now)


def placed(jobs: list[JobSummary], first: int = 5) -> list[Placed]:
    """The jobs with the places they might have."""
    return list(enumerate(jobs, first))


def text(model: JobsModel, row: int, column: JobColumn) -> str:
    return model.index(row, column).data()


def test_an_empty_model_has_nothing_to_ask_for(model: JobsModel) -> None:
    assert (model.rowCount(), model.columnCount()) == (0, len(JobColumn))
    assert not model.canFetchMore(QModelIndex())


def test_a_row_tells_name_counts_and_when_it_is_ready(model: JobsModel) -> None:
    in_five = NOW + timedelta(minutes=5)
    model.show_newest(
        [job("trip", in_five, completed=1200, running=2, pending=7, dead_letter=3)], is_all=True
    )
    assert text(model, 0, JobColumn.NAME) == "trip"
    shown = [text(model, 0, column) for column in (JobColumn.RUNNING, JobColumn.WAITING, JobColumn.FAILED)]
    assert shown == ["2", "7", "3"]
    assert text(model, 0, JobColumn.DONE).replace(",", "") == "1200"
    assert text(model, 0, JobColumn.PROGRESS) == "99 %"
    assert text(model, 0, JobColumn.READY) == "in 5 min"


def test_a_name_and_its_moment_are_told_apart(model: JobsModel) -> None:
    value = "Holiday · lake · 2026-11-24 10:12:33 (2)"
    model.show_newest([job(value, completed=1)], is_all=True)
    assert text(model, 0, JobColumn.NAME) == "Holiday · lake (2)"
    assert model.index(0, 0).data(CAPTION_ROLE).endswith("10:12 · 1 task")
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == value
    assert job_title(job("a · b", completed=1)) == "a · b"
    assert job_moment(job("a · b", completed=1)) is None


def test_a_value_of_another_tag_is_its_own_name(model: JobsModel) -> None:
    value = "Holiday · 2026-11-24 10:12:33"
    model.set_tag("album")
    model.show_newest([job(value, completed=1).model_copy(update={"tag": "album"})], is_all=True)
    assert text(model, 0, JobColumn.NAME) == value
    assert model.index(0, 0).data(CAPTION_ROLE) == "1 task"
    assert model.headerData(JobColumn.NAME, Qt.Orientation.Horizontal) == "album"


def test_only_the_row_that_changed_is_told(model: JobsModel) -> None:
    model.show_newest([job("c", running=1), job("b", running=1), job("a", running=1)], is_all=True)
    told = watch(model)
    model.show_newest([job("c", running=1), job("b", completed=1), job("a", running=1)], is_all=True)
    assert told.changed == [(1, 1, 0, len(JobColumn) - 1)]
    assert (told.inserted, told.removed, told.moved) == ([], [], [])
    told.clear()
    model.update_job(job("a", completed=1))
    model.update_job(job("nobody", completed=1))
    assert told.changed == [(2, 2, 0, len(JobColumn) - 1)]


def test_a_new_job_comes_on_top_and_others_keep_their_indexes(model: JobsModel) -> None:
    model.show_newest([job("b", running=1), job("a", running=1)], is_all=True)
    picture_of_a = QPersistentModelIndex(model.index(0, 0, model.index(1, 0)))
    told = watch(model)
    model.show_newest([job("c", running=1), job("b", running=1), job("a", running=1)], is_all=True)
    assert told.inserted == [(0, 0)]
    assert told.changed == []
    assert picture_of_a.parent().row() == 2
    assert picture_of_a.data(SUMMARY_ROLE).value == "a"


def test_a_job_that_is_gone_is_removed_and_one_that_woke_up_is_moved(model: JobsModel) -> None:
    model.show_newest([job(name, running=1) for name in "dcba"], is_all=True)
    told = watch(model)
    model.show_newest([job("a", running=1), job("d", running=1), job("b", running=1)], is_all=True)
    assert model.values() == ["a", "d", "b"]
    assert told.removed == [(1, 1)]
    assert told.moved == [(2, 0)]
    assert told.resets == 0


def test_older_jobs_come_page_by_page(untested: JobsModel) -> None:
    model = untested
    asked: list[int] = []
    model.more_wanted.connect(lambda: asked.append(model.rowCount()))
    model.show_newest([job(str(n), running=1) for n in range(9, 4, -1)], is_all=False)
    assert model.canFetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert asked == [5]
    assert not model.canFetchMore(QModelIndex())
    older = [job("5", completed=1), *(job(str(n), running=1) for n in range(4, 0, -1))]
    assert model.append(placed(older), is_last=False) == 4
    assert model.values() == [str(n) for n in range(9, 0, -1)]
    assert text(model, 4, JobColumn.DONE) == "1"
    model.fetchMore(QModelIndex())
    assert not model.append(placed([job("1", running=1)]), is_last=False, is_done=False)
    assert not model.canFetchMore(QModelIndex())
    model.append(placed([job("0", running=1)]), is_last=True)
    assert asked == [5, 9]
    assert not model.canFetchMore(QModelIndex())


def test_a_fresh_first_page_leaves_older_rows_alone(model: JobsModel) -> None:
    model.show_newest([job("d", running=1), job("c", running=1)], is_all=False)
    model.append(placed([job("b", running=1), job("a", running=1)]), is_last=True)
    told = watch(model)
    model.show_newest([job("e", running=1), job("d", running=1)], is_all=False)
    assert model.values() == ["e", "d", "c", "b", "a"]
    assert (told.inserted, told.removed) == ([(0, 0)], [])
    assert not model.canFetchMore(QModelIndex())


def test_below_a_job_stands_one_picture_of_its_way(model: JobsModel) -> None:
    stages = (
        JobStage(domain="process", task_type="process::thumbnail", counts={"running": 2}),
        JobStage(domain="elsewhere", task_type="elsewhere::ship", counts={"blocked": 1}),
        JobStage(domain="ingest", task_type="ingest::scan", counts={"completed": 1}),
        JobStage(domain="ingest", task_type="ingest::take", counts={"completed": 4}),
    )
    model.show_newest([job("trip", running=2).evolve(stages=stages)], is_all=True)
    top = model.index(0, 0)
    assert (model.rowCount(top), model.columnCount(top)) == (1, 1)
    assert model.rowCount(model.index(0, 1)) == 0
    picture = model.index(0, 0, top)
    boxes = picture.data(PIPELINE_ROLE)
    assert [box.look.title for box in boxes] == ["Ingest", "Process", "elsewhere"]
    assert [name for name, _ in boxes[0].stages] == ["scan", "take"]
    assert "Ingest, take: 4 of 4 done" in picture.data(Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.parametrize(
    ("counts", "standing"),
    [
        ({"running": 1, "paused": 4, "failed": 1}, Standing.RUNNING),
        ({"pending": 1, "failed": 1}, Standing.WAITING),
        ({"blocked": 1, "paused": 1}, Standing.PAUSED),
        ({"completed": 9, "dependency_failed": 1, "cancelled": 1}, Standing.FAILED),
        ({"completed": 9, "superseded": 1}, Standing.CANCELLED),
        ({"completed": 9}, Standing.DONE),
        ({}, Standing.DONE),
    ],
)
def test_one_word_says_how_a_job_stands(counts: dict[str, int], standing: Standing) -> None:
    assert figures(counts).standing is standing


def test_every_state_counts_once() -> None:
    assert figures(dict.fromkeys(TaskStatus, 1)).total == len(TaskStatus)


def test_a_wish_is_for_what_is_at_work_or_failed_or_named_so() -> None:
    jobs = [job("Lake", running=1), job("Lighthouse", completed=1, failed=1), job("Harbour", completed=1)]

    def named(wish: JobsWish) -> list[str]:
        return [one.value for one in jobs if wish.accepts(one)]

    assert named(JobsWish()) == ["Lake", "Lighthouse", "Harbour"]
    assert named(JobsWish(JobKind.ACTIVE)) == ["Lake"]
    assert named(JobsWish(JobKind.FAILED)) == ["Lighthouse"]
    assert named(JobsWish(JobKind.ALL, "  l ")) == ["Lake", "Lighthouse"]
    assert JobsWish(text="  ").is_all
    assert not JobsWish(JobKind.FAILED).is_all


def test_what_is_not_wanted_any_more_goes_in_runs_and_what_is_comes_back(model: JobsModel) -> None:
    model.show_newest([job(name, running=1) for name in "edcba"], is_all=True)
    told = watch(model)
    model.keep_only(lambda one: one.value in "ca")
    assert model.values() == ["c", "a"]
    assert told.removed == [(3, 3), (0, 1)]
    model.show_again([job(name, running=1) for name in "ec"], is_all=False)
    assert model.values() == ["e", "c"]
    assert model.paging.has_more
    assert told.resets == 0


def test_so_many_are_held_and_those_above_come_back(untested: JobsModel) -> None:
    model, newer = untested, []
    model.newer_wanted.connect(newer.append)
    every = [(place, job(f"job {place}", completed=1)) for place in range(1000)]
    model.show_newest([one for _, one in every[:50]], is_all=False)
    model.fetch_newer()
    for place in range(50, 1000, 50):
        model.append(every[place : place + 50], is_last=place == 950)
        assert model.rowCount() <= MOST_ROWS
    assert model.is_slid
    assert model.values()[-1] == "job 999"
    assert not model.canFetchMore(QModelIndex())
    while model.is_slid:
        model.fetch_newer()
        model.fetch_newer()
        place = newer.pop()
        assert newer == []
        begin = max(0, place - 50)
        model.prepend(every[begin : place + 3], is_top=begin == 0)
        assert model.rowCount() <= MOST_ROWS
    assert model.values() == [f"job {place}" for place in range(model.rowCount())]
    assert model.canFetchMore(QModelIndex())


def test_many_changes_of_any_kind_leave_the_model_sound(model: JobsModel) -> None:
    told, chance = watch(model), random.Random(11)
    names = [f"job {n}" for n in range(30)]
    for _ in range(60):
        chance.shuffle(names)
        page = [
            job(name, running=chance.randint(1, 3), completed=1) for name in names[: chance.randint(0, 12)]
        ]
        model.show_newest(page, is_all=chance.random() < 0.5)
        assert model.values()[: len(page)] == [one.value for one in page]
        assert len(set(model.values())) == model.rowCount()
        model.append(placed([job(names[-1], completed=2)]), is_last=False)
        model.keep_only(lambda one: one.value != names[1])
        model.remove_job(names[0])
    model.clear()
    assert model.rowCount() == 0
    assert told.resets == 0
