"""The guards of tests/conftest.py do catch what is left behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

GUARDS = """
from tests import conftest
from tests.conftest import *
conftest.PATIENCE_S = 0.1
_no_tasks_or_timers_are_left = conftest._no_tasks_or_timers_are_left
"""

TASK = """
import asyncio
kept = []
async def test_it():
    kept.append(asyncio.ensure_future(asyncio.Event().wait()))
"""

TIMER = """
import asyncio
async def test_it():
    asyncio.get_running_loop().call_later(60, print)
"""

THREAD = """
import threading
def test_it():
    threading.Thread(target=threading.Event().wait, name="forgotten", daemon=True).start()
"""

WINDOW = """
from PySide6.QtWidgets import QWidget
kept = []
def test_it(qapp):
    kept.append(QWidget())
    kept[0].show()
"""

WARNING = """
import warnings
def test_it():
    warnings.warn("old")
"""

QT_WARNING = """
from PySide6.QtCore import qWarning
def test_it(qapp):
    qWarning("odd")
"""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param(TASK, "tasks left behind", id="task"),
        pytest.param(TIMER, "timers left behind", id="timer"),
        pytest.param(THREAD, "thread forgotten", id="thread"),
        pytest.param(WINDOW, "windows left open", id="window"),
        pytest.param(WARNING, "UserWarning: old", id="warning"),
        pytest.param(QT_WARNING, "Qt messages with level WARNING or above", id="warning of Qt"),
    ],
)
def test_a_test_that_leaves_something_behind_fails(tmp_path: Path, code: str, words: str) -> None:
    (tmp_path / "conftest.py").write_text(GUARDS)
    (tmp_path / "test_leaves.py").write_text(code)
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path)),
            *("-p", "no:cacheprovider", str(tmp_path / "test_leaves.py")),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert words in ended.stdout
