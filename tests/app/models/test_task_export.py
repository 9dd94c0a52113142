"""What is copied and exported says all of a task, and is read back as it was."""

from __future__ import annotations

import csv
import io
import json

import pytest

from app.models.task_export import COLUMNS, CsvForm, JsonForm, cells_of, form_of, tab_text
from scheduler_core import TaskHistoryRecord
from tests.app.models.records import failure, task

HOSTILE = ['say "x", then', "two\nlines", "tab\there", "=1+1", "é😀", ""]


def test_csv_is_read_back_as_it_was() -> None:
    records = [failure(n, label=label, tags={"job_id": label}) for n, label in enumerate(HOSTILE, start=1)]
    form = CsvForm()
    text = form.head() + form.part(records[:2]) + form.part(()) + form.part(records[2:]) + form.tail()
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert text.startswith("\ufeff")
    assert [row["label"] for row in rows] == HOSTILE
    assert [json.loads(row["tags"])["job_id"] for row in rows] == HOSTILE
    assert {row["state"] for row in rows} == {"dead_letter"}
    assert tuple(rows[0]) == COLUMNS


def test_json_holds_whole_records() -> None:
    records = [failure(n, label=label) for n, label in enumerate(HOSTILE, start=1)]
    form = JsonForm()
    text = form.head() + form.part(()) + form.part(records[:1]) + form.part(records[1:]) + form.tail()
    assert [TaskHistoryRecord.model_validate(one) for one in json.loads(text)] == records
    empty = JsonForm()
    assert json.loads(empty.head() + empty.part(()) + empty.tail()) == []


def test_what_is_copied_has_a_line_for_each_and_a_cell_for_each_column() -> None:
    lines = tab_text([task(n, label=label) for n, label in enumerate(HOSTILE, start=1)]).split("\n")
    assert lines[0] == "\t".join(COLUMNS)
    assert len(lines) == len(HOSTILE) + 1
    assert {len(line.split("\t")) for line in lines} == {len(COLUMNS)}


def test_an_active_task_has_no_end() -> None:
    cells = dict(zip(COLUMNS, cells_of(task(1)), strict=True))
    assert (cells["completed_at"], cells["duration_s"], cells["state"]) == ("", "", "running")
    assert cells["started_at"].endswith("+00:00")


@pytest.mark.parametrize(
    ("suffix", "form"), [(".json", JsonForm), (".JSON", JsonForm), (".csv", CsvForm), ("", CsvForm)]
)
def test_the_name_says_the_form(suffix: str, form: type) -> None:
    assert type(form_of(suffix)) is form
