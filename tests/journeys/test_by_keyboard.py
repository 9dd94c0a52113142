"""A day without a mouse, by real keys on a real screen, at one and a half of the usual scale.

At the usual one the journeys by mouse and of the busy day go over a real screen, and that of the screen reader looks at
every page.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.app.programs import REPOSITORY
from tests.journeys.virtual_screen import virtual_screen

SCALE = 1.5


def test_everything_is_done_by_keyboard_at_one_and_a_half(tmp_path: Path) -> None:
    with virtual_screen(round(1280 * SCALE), round(800 * SCALE)) as screen:
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.by_keyboard", str(tmp_path / "Tidemill")],
            cwd=REPOSITORY,
            env=screen.environment | {"PYTHONPATH": str(REPOSITORY), "QT_SCALE_FACTOR": str(SCALE)},
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all of it by keyboard" in done.stdout
