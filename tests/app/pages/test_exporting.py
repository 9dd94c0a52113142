"""A file is there when it is whole, and until then what was there before."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.pages.exporting import Export
from scheduler_core import TaskRecord
from tests.app.models.records import task
from tests.app.qt_loop import run_on_qt


async def pages(count: int, size: int = 500) -> AsyncIterator[Sequence[TaskRecord]]:
    for begin in range(0, count, size):
        yield [task(n + 1) for n in range(begin, min(begin + size, count))]


def test_all_pages_are_in_the_file_and_told(qapp: Any, tmp_path: Path) -> None:
    export, told = Export(tmp_path / "out.csv"), list[int]()
    export.progressed.connect(told.append)
    counts: list[int] = []

    async def play() -> None:
        counts.append(await export.write(pages(1_234)))

    run_on_qt(qapp, play())
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [int(row["id"]) for row in csv.DictReader(file)] == list(range(1, 1_235))
    assert (counts, told) == ([1_234], [500, 1_000, 1_234])
    assert list(tmp_path.iterdir()) == [tmp_path / "out.csv"]


def test_one_that_is_called_off_leaves_nothing_behind(qapp: Any, tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("what was there before")
    export = Export(tmp_path / "out.json")
    export.progressed.connect(lambda count: export.cancel() if count >= 1_000 else None)

    async def play() -> None:
        await export.write(pages(5_000))

    run_on_qt(qapp, play())
    assert export.is_cancelled
    assert (tmp_path / "out.json").read_text() == "what was there before"
    assert list(tmp_path.iterdir()) == [tmp_path / "out.json"]


def test_an_error_on_the_way_leaves_what_was_there(qapp: Any, tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("what was there before")

    async def broken() -> AsyncIterator[Sequence[TaskRecord]]:
        yield [task(1)]
        raise OSError("the disk is full")

    async def play() -> None:
        with pytest.raises(OSError, match="full"):
            await Export(tmp_path / "out.json").write(broken())
        with pytest.raises(FileNotFoundError):
            await Export(tmp_path / "no folder" / "out.json").write(pages(3))

    run_on_qt(qapp, play())
    assert (tmp_path / "out.json").read_text() == "what was there before"
    assert list(tmp_path.iterdir()) == [tmp_path / "out.json"]


def test_an_empty_list_is_a_file_too(qapp: Any, tmp_path: Path) -> None:
    async def play() -> None:
        assert await Export(tmp_path / "out.json").write(pages(0)) == 0

    run_on_qt(qapp, play())
    assert json.loads((tmp_path / "out.json").read_text()) == []
