"""A frozen program starts its worker processes by calling itself: with a program that is as good as frozen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.freezer import environment

# What a frozen program is for multiprocessing: an executable that takes no option of Python's.
START = """
import os, sys

sys.frozen = True
sys.executable = os.environ["PROGRAM"]
from worker_call import is_worker_call, run_worker_call

if __name__ == "__main__":
    if is_worker_call(sys.argv[1:]):
        run_worker_call(sys.argv[1:])
    from work import main

    main(sys.argv[1])
"""
WORK = """
import asyncio, os, sys
from typing import ClassVar

from scheduler_core import Domain, DomainKey, ProcessRunner, Scheduler, TaskContext, TypedTask


class Works(DomainKey):
    name = "works"


class Double(TypedTask[Works]):
    task_type: ClassVar[str] = "double"
    number: int


def double(task: Double, ctx: TaskContext) -> list[int]:
    return [task.number * 2, os.getpid()]


def main(start_method):
    async def run():
        works = Domain(Works, max_concurrency=2)
        works.executor(Double, runner=ProcessRunner(start_method=start_method))(double)
        async with Scheduler(store="works.db", domains=[works]) as scheduler:
            await scheduler.domain("works").submit_batch([Double(number=one) for one in range(4)])
            await scheduler.wait_idle()
            return [one.memo for one in await scheduler.history()]

    memos = asyncio.run(run())
    print(sorted(number for number, _ in memos), os.getpid() in [pid for _, pid in memos])
"""


@pytest.mark.parametrize("start_method", ["spawn", "forkserver"])
def test_worker_processes_work_in_a_frozen_program(start_method: str, tmp_path: Path) -> None:
    (tmp_path / "start.py").write_text(START)
    (tmp_path / "work.py").write_text(WORK)
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{tmp_path / "start.py"}" "$@"\n')
    program.chmod(0o755)
    ended = subprocess.run(
        [str(program), start_method],
        cwd=tmp_path,
        env=environment({"PROGRAM": str(program)}),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.stderr == ""
    assert ended.stdout == "[0, 2, 4, 6] False\n"


@pytest.mark.parametrize(
    ("arguments", "is_call"),
    [
        (["--multiprocessing-fork", "tracker_fd=5", "pipe_handle=7"], True),
        (["-I", "-B", "-c", "from multiprocessing.resource_tracker import main;main(5)"], True),
        (["-c", "from multiprocessing.forkserver import main; main(3, 4, ['__main__'], **{})"], True),
        ([], False),
        (["run", "--take", "--multiprocessing-fork"], False),
        (["run", "-c", "from multiprocessing.resource_tracker import main;main(5)"], False),
        (["-c", "print(1)"], False),
        (["-c"], False),
    ],
)
def test_what_a_person_types_is_no_workers_call(arguments: list[str], is_call: bool) -> None:
    from worker_call import is_worker_call

    assert is_worker_call(arguments) == is_call


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"LD_LIBRARY_PATH": "/ours", "LD_LIBRARY_PATH_ORIG": "/theirs"}, "/theirs"),
        ({"LD_LIBRARY_PATH": "/ours"}, None),
    ],
)
def test_programs_that_are_started_get_the_systems_libraries(
    before: dict[str, str], after: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    from start import restore_library_path

    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    for name, value in before.items():
        monkeypatch.setenv(name, value)
    restore_library_path()
    assert os.environ.get("LD_LIBRARY_PATH") == after
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
