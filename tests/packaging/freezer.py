"""Runs code in a fresh Python that sees this checkout, its plugins and the modules of packaging/freeze."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FREEZE = REPOSITORY / "packaging" / "freeze"


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of such a Python: this checkout before what is installed, and no screen."""
    path = [FREEZE, REPOSITORY, *sorted(REPOSITORY.glob("plugins/*/src"))]
    mine = {"PYTHONPATH": os.pathsep.join(map(str, path)), "QT_QPA_PLATFORM": "offscreen"}
    return {**os.environ, **mine, **(extra or {})}


def run_code(code: str) -> str:
    """What the code prints; fails the test with what it said of its errors."""
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout
