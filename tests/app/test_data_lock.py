"""One process at a time on a data folder, whatever happens to the first one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.system import data_lock
from app.system.data_lock import DataFolderInUseError, DataLock, is_in_use
from tests.app.programs import program_environment

HOLD = """
import sys
from pathlib import Path
from app.system import data_lock
from app.system.data_lock import DataLock
lock = DataLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_process_is_refused_and_told_who_has_it_until_the_first_is_killed(tmp_path: Path) -> None:
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        env=program_environment(tmp_path, {}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        lock = DataLock(tmp_path)
        with pytest.raises(DataFolderInUseError, match=f"process {first.pid}"):
            lock.acquire()
        assert not lock.is_held
        assert is_in_use(tmp_path)
        first.kill()
    assert not is_in_use(tmp_path)
    lock.acquire()
    assert lock.is_held
    lock.release()


def test_looking_whether_it_is_in_use_makes_and_holds_nothing(tmp_path: Path) -> None:
    assert not is_in_use(tmp_path / "nowhere")
    assert not is_in_use(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_somebody_who_only_looks_keeps_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".lock").touch()
    looking = (tmp_path / ".lock").open("a+")
    data_lock._lock(looking)
    monkeypatch.setattr("app.system.data_lock.time.sleep", lambda _seconds: looking.close())
    lock = DataLock(tmp_path)
    lock.acquire()
    assert lock.is_held
    lock.release()


def test_taking_and_giving_back_twice_is_harmless(tmp_path: Path) -> None:
    lock = DataLock(tmp_path)
    lock.acquire()
    lock.acquire()
    lock.release()
    lock.release()
    again = DataLock(tmp_path)
    again.acquire()
    again.release()
