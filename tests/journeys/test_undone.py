"""A mind is changed: a job is cancelled and undone, all that waits is hurried and not, and kill -9 comes in between."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.app.programs import REPOSITORY
from tests.helpers.pipeline import contents_of
from tests.helpers.real_files import MixedFolder, make_mixed_folder
from tests.journeys.virtual_screen import VirtualScreen, virtual_screen

COUNT = 40
LONGEST_S = 150


@pytest.fixture(autouse=True)
def busy_disk_is_no_reason(data_dir: Path) -> None:
    """Whether a busy disk makes work wait is not asked here."""
    settings = data_dir / "settings.toml"
    settings.write_text(f"{settings.read_text()}[pressure]\nslow_down = false\n")


@contextlib.contextmanager
def by_hand(screen: VirtualScreen, act: str, *paths: Path) -> Iterator[psutil.Popen]:
    """The program with a hand on it; killed at the end, with its workers."""
    program = psutil.Popen(
        [sys.executable, "-m", "tests.journeys.undo_by_mouse", act, *map(str, paths)],
        env=screen.environment | {"PYTHONPATH": str(REPOSITORY)},
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield program
    finally:
        if program.is_running():
            kill(program)
        for pipe in (program.stdout, program.stderr):
            pipe.close()


def kill(program: psutil.Popen) -> None:
    """kill -9; its workers go with it."""
    workers = program.children(recursive=True)
    program.send_signal(signal.SIGKILL)
    program.wait(LONGEST_S)
    _, alive = psutil.wait_procs(workers, LONGEST_S)
    assert not alive, f"workers without a program: {alive}"


def all_done(data_dir: Path, mixed: MixedFolder) -> None:
    """Everything that can be taken in is in the library, has its thumbnail, and is mirrored."""
    stored = contents_of(data_dir / "library")
    assert {Path(name).stem for name in stored if name.startswith("content/")} == mixed.stored
    assert {Path(name).stem for name in stored if name.startswith("thumbnails/")} == mixed.thumbnails
    assert contents_of(data_dir / "mirror") == stored
    assert "ERROR" not in (data_dir / "logs" / "tidemill.log").read_text("utf-8")


def test_a_job_is_cancelled_and_undone_and_so_is_a_priority(data_dir: Path, tmp_path: Path) -> None:
    mixed = make_mixed_folder(tmp_path / "holiday", count=COUNT)
    with virtual_screen() as screen, by_hand(screen, "undone", data_dir, mixed.root) as program:
        out, err = program.communicate(timeout=LONGEST_S)
    assert program.returncode == 0, err
    assert int(out.split()[0]) >= len(mixed.thumbnails)
    all_done(data_dir, mixed)


def test_what_was_cancelled_before_kill_9_is_undone_at_the_next_start(data_dir: Path, tmp_path: Path) -> None:
    mixed = make_mixed_folder(tmp_path / "holiday", count=COUNT)
    with virtual_screen() as screen:
        with by_hand(screen, "cancelled", data_dir, mixed.root) as program:
            tasks = program.stdout.readline()
            assert tasks, program.stderr.read()
            kill(program)
        with by_hand(screen, "again", data_dir) as program:
            out, err = program.communicate(timeout=LONGEST_S)
    assert program.returncode == 0, err
    found = re.fullmatch(r"Cancelled (\d+) tasks: (\d+ tasks\n)", out)
    assert found, out
    assert found[2] == tasks
    all_done(data_dir, mixed)
