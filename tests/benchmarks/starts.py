"""Starts the real app and an empty window, each in a fresh process, and says when they were to be seen."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.app.programs import REPOSITORY, wait_for_text

_SETTINGS = "[general]\nwelcome_done = true\n"
FROM_SOURCE = (sys.executable, "-m", "app")
_EMPTY = Path(__file__).with_name("empty_window.py")


@dataclass(frozen=True)
class Start:
    """Seconds from the start of the process to its first picture, and to the first with live data in it.

    By the clock, and what all threads had computed until then.
    """

    paint_s: float
    paint_cpu_s: float
    live_s: float = 0.0
    live_cpu_s: float = 0.0


def environment() -> dict[str, str]:
    """Offscreen, and with compiled modules as after every first start, whatever this shell says of them."""
    left_out = ("DISPLAY", "WAYLAND_DISPLAY", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    # The plugins of this checkout, wherever others of their name are installed from.
    code = [REPOSITORY, *sorted(REPOSITORY.glob("plugins/*/src"))]
    return {**kept, "PYTHONPATH": os.pathsep.join(map(str, code)), "QT_QPA_PLATFORM": "offscreen"}


def make_data_dir(data: Path, page: str = "overview") -> Path:
    """Makes the data folder of somebody who has seen the welcome and looked at `page` last; every plugin is on."""
    data.mkdir()
    (data / "settings.toml").write_text(_SETTINGS)
    (data / "window.ini").write_text(f"[General]\npage={page}\n")
    return data


@contextmanager
def running_app(
    data: Path, arguments: Sequence[str | Path] = (), program: Sequence[str | Path] = FROM_SOURCE
) -> Iterator[subprocess.Popen[str]]:
    """The app on `data`, from its start until it has ended well."""
    command = [*program, "run", "--data-dir", data, *arguments]
    process = subprocess.Popen(
        list(map(str, command)),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said


def start_app(data: Path, program: Sequence[str | Path] = FROM_SOURCE) -> Start:
    """Starts the app once and ends it. The times are those of the lines in its log, written when they happened."""
    log = data / "logs" / "tidemill.log"
    log.unlink(missing_ok=True)
    begun_s = time.time()
    with running_app(data, program=program) as process:
        wait_for_text(process, log, "live data after")
    text = log.read_text("utf-8")
    return Start(*_told(text, "first paint after", begun_s), *_told(text, "live data after", begun_s))


def start_empty() -> Start:
    """Starts the empty window once; it has no data."""
    begun_s = time.time()
    ended = subprocess.run(
        [sys.executable, str(_EMPTY)], env=environment(), capture_output=True, text=True, check=True
    )
    painted_s, computed_s = map(float, ended.stdout.split())
    return Start(painted_s - begun_s, computed_s)


@contextmanager
def running_empty() -> Iterator[subprocess.Popen[str]]:
    """The empty window, from its first picture until it is ended."""
    command = [sys.executable, str(_EMPTY), "stay"]
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline()
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _told(log: str, what: str, begun_s: float) -> tuple[float, float]:
    (line,) = (line for line in log.splitlines() if what in line)
    at_s = datetime.strptime(line[:23], "%Y-%m-%d %H:%M:%S,%f").astimezone().timestamp()
    computed = re.search(r"of which (\d+) computed", line)
    assert computed is not None, line
    return at_s - begun_s, int(computed[1]) / 1000
