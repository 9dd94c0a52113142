"""A second start hands over files and links, whatever their names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.system.single_instance import InstanceServer
from tests.app.programs import REPOSITORY

_SECOND = """
import os, sys
from pathlib import Path
from app.system.single_instance import hand_over
odd = Path(os.fsdecode(b"/tmp/caf\\xe9.jpg"))
print(hand_over(Path(sys.argv[1]), [Path("/tmp/a b"), odd, "https://example.org/x?y=1"]))
"""

_TRYING = """
import app.system.single_instance as single
single.CONNECT_TIMEOUT_MS = 20_000
sleep = single.time.sleep

def tell_once(seconds):
    single.time.sleep = sleep
    print("trying again", flush=True)
    sleep(seconds)

single.time.sleep = tell_once
"""


def test_files_and_links_arrive_as_they_were_given(qtbot: QtBot, tmp_path: Path) -> None:
    server = InstanceServer(tmp_path)
    server.listen()
    second = subprocess.Popen(
        [sys.executable, "-c", _SECOND, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        with qtbot.waitSignal(server.arrived, timeout=30_000) as arrived:
            pass
        assert arrived.args == [
            [Path("/tmp/a b"), Path(os.fsdecode(b"/tmp/caf\xe9.jpg")), "https://example.org/x?y=1"]
        ]
        assert second.communicate(timeout=30)[0].strip() == "True"
    finally:
        second.kill()
        second.communicate()
        server.close()


def test_a_window_that_is_still_starting_is_waited_for(qtbot: QtBot, tmp_path: Path) -> None:
    second = subprocess.Popen(
        [sys.executable, "-c", _TRYING + _SECOND, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
    )
    server = InstanceServer(tmp_path)
    try:
        assert second.stdout is not None
        assert second.stdout.readline() == "trying again\n"
        with qtbot.waitSignal(server.arrived, timeout=30_000):
            server.listen()
        assert second.communicate(timeout=30)[0].strip() == "True"
    finally:
        second.kill()
        second.communicate()
        server.close()


def test_where_nobody_listens_nothing_is_handed_over(qtbot: QtBot, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SECOND, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "False"
