"""kill -9 in the middle of the job: started again, the window says what it recovered, and the job is done."""

from __future__ import annotations

import contextlib
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.app.programs import REPOSITORY, program_environment
from tests.helpers.pipeline import contents_of
from tests.helpers.real_files import make_mixed_folder
from tests.journeys.conftest import Journey
from tests.journeys.real_app import LONGEST_WAIT_S, started_app


def until(condition: Callable[[], bool], program: psutil.Popen, what: str) -> None:
    """Returns when `condition` holds; fails when it does not in time or the program ends first."""
    deadline_s = time.monotonic() + LONGEST_WAIT_S
    while not condition():
        assert time.monotonic() < deadline_s, f"waited {LONGEST_WAIT_S:.0f} s for {what}"
        with contextlib.suppress(psutil.TimeoutExpired):
            raise AssertionError(f"the program ended with {program.wait(0.01)} before {what}")


@contextlib.contextmanager
def window_of_its_own(data_dir: Path, *arguments: str | Path) -> Iterator[psutil.Popen]:
    """The real program with its window, in a process of its own; killed at the end, with its workers."""
    command = [sys.executable, "-m", "app", "run", "--data-dir", str(data_dir), *map(str, arguments)]
    environment = program_environment(REPOSITORY, {"QT_QPA_PLATFORM": "offscreen"})
    program = psutil.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield program
    finally:
        if program.is_running():
            program.kill()
        program.wait(LONGEST_WAIT_S)


def running_tasks(database: Path) -> int:
    """How many tasks the file says are running."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=1)) as connection:
        return connection.execute("SELECT count(*) FROM tasks WHERE status = 'running'").fetchone()[0]


def kill_at_work(program: psutil.Popen, database: Path) -> int:
    """Kills the program while tasks run; returns how many did."""

    def is_caught_at_work() -> bool:
        program.suspend()
        until(lambda: program.status() == psutil.STATUS_STOPPED, program, "it to stand still")
        # A process that stands still may hold the lock of the file's index.
        with contextlib.suppress(sqlite3.OperationalError):
            if running_tasks(database):
                return True
        program.resume()
        return False

    until(is_caught_at_work, program, "it to be at work")
    running = running_tasks(database)
    workers = program.children(recursive=True)
    program.send_signal(signal.SIGKILL)
    assert program.wait(LONGEST_WAIT_S) == -signal.SIGKILL
    _, alive = psutil.wait_procs(workers, LONGEST_WAIT_S)
    assert not alive, f"workers without a program: {alive}"
    return running


@pytest.mark.parametrize(("folder", "files"), [("content", 15), ("thumbnails", 25)])
def test_killed_in_the_middle_it_says_what_it_recovered_and_finishes(
    go: Journey, data_dir: Path, tmp_path: Path, folder: str, files: int
) -> None:
    mixed = make_mixed_folder(tmp_path / "holiday", count=80)
    library, database = data_dir / "library", data_dir / "tidemill.db"

    def is_in_the_middle() -> bool:
        return sum(1 for path in (library / folder).rglob("*.*") if path.is_file()) >= files

    with window_of_its_own(data_dir, "--take", mixed.root) as program:
        until(is_in_the_middle, program, "the middle of the job")
        running = kill_at_work(program, database)

    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            (banner,) = app.banners("recovery-banner")
            assert re.match(rf"Recovered {running} tasks? that ran when Tidemill ended unexpectedly", banner)
            assert f"{running} of them recovered" in app.log
            await app.idle()
            await app.until(lambda: app.told, "the message")
            assert app.scheduler.failure_count == len(mixed.failures)
        stored = contents_of(library)
        assert {Path(name).stem for name in stored if name.startswith("content/")} == mixed.stored
        assert {Path(name).stem for name in stored if name.startswith("thumbnails/")} == mixed.thumbnails
        assert contents_of(data_dir / "mirror") == stored
        assert [text.split(":")[0] for text in app.told] == ["holiday"]

    go(journey())
