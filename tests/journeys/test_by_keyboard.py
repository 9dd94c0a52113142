"""A day without a mouse, by real keys on a real screen, at the usual scale and at one and a half of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.programs import REPOSITORY
from tests.journeys.virtual_screen import virtual_screen


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_everything_is_done_by_keyboard(tmp_path: Path, scale: float) -> None:
    with virtual_screen(round(1280 * scale), round(800 * scale)) as screen:
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.by_keyboard", str(tmp_path / "Tidemill")],
            cwd=REPOSITORY,
            env=screen.environment | {"PYTHONPATH": str(REPOSITORY), "QT_SCALE_FACTOR": str(scale)},
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all of it by keyboard" in done.stdout
