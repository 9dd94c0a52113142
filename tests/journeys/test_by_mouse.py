"""The first start in a real window on a real screen, clicked through with the mouse."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from app.resources import samples_dir
from tests.app.programs import REPOSITORY
from tests.helpers.pipeline import contents_of
from tests.journeys.virtual_screen import virtual_screen


def test_samples_and_a_switch_by_mouse(tmp_path: Path) -> None:
    data_dir = tmp_path / "Tidemill"
    with virtual_screen() as screen:
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.by_mouse", str(data_dir)],
            env=screen.environment | {"PYTHONPATH": str(REPOSITORY)},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
    samples = len(list(samples_dir().iterdir()))
    expected = (0, f"{samples} thumbnails, sync switched off and on\n")
    assert (done.returncode, done.stdout) == expected, done.stderr
    assert contents_of(data_dir / "mirror") == contents_of(data_dir / "library")
    log = (data_dir / "logs" / "tidemill.log").read_text("utf-8")
    assert "ERROR" not in log
    assert "the window is hidden" not in log
