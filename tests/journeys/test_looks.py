"""The real app at work, looked over by the rules of eyes: nothing cut off, over something else, or out of sight."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.programs import REPOSITORY, program_environment

SIZES = ("1280x800", "760x520")
PAGES = 32
"""Sixteen pages, windows and states, at two sizes."""


def looked_over(tmp_path: Path, scale: float, *options: str) -> list[str]:
    """What was found, a line each; fails when not all was looked at."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.look_over", *options, str(tmp_path / "Tidemill"), *SIZES],
        cwd=REPOSITORY,
        env=program_environment(
            REPOSITORY, {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale), "LC_ALL": "C.UTF-8"}
        ),
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    *found, last = done.stdout.splitlines()
    assert last == f"looked at {PAGES} pages at {scale}"
    return found


@pytest.mark.timeout(180)
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_every_page_is_whole_in_a_large_and_in_a_small_window(tmp_path: Path, scale: float) -> None:
    assert looked_over(tmp_path, scale) == []


@pytest.mark.timeout(180)
def test_every_page_has_room_for_words_that_are_longer_by_a_third(tmp_path: Path) -> None:
    assert looked_over(tmp_path, 1.0, "--longer") == []
