"""What plugins offer, in a real window on a real screen: by mouse, by keyboard and by the palette."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.app.programs import REPOSITORY
from tests.helpers.pipeline import contents_of
from tests.journeys.virtual_screen import virtual_screen


def test_what_plugins_offer_by_mouse_by_keyboard_and_by_palette(data_dir: Path) -> None:
    with virtual_screen() as screen:
        path = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH"))))
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.actions_by_mouse", str(data_dir)],
            env=screen.environment | {"PYTHONPATH": path},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
    assert (done.returncode, done.stdout) == (0, "4 mirrored\n"), done.stderr
    assert contents_of(data_dir / "mirror") == contents_of(data_dir / "library")
    assert "ERROR" not in (data_dir / "logs" / "tidemill.log").read_text("utf-8")
