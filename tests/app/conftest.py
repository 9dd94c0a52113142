"""Fixtures that start the real program on a data folder of its own."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from tests.app.programs import GROUP, Ended, PluginMaker, StartProgram, program_environment


@pytest.fixture(autouse=True)
def _same_locale() -> Iterator[None]:
    """The first window of a program makes numbers readable where the system has no language: of this test alone."""
    before = QLocale()
    yield
    QLocale.setDefault(before)


@pytest.fixture
def make_plugin(tmp_path: Path) -> PluginMaker:
    """Makes plugins that the programs started by `tidemill` find."""
    site = tmp_path / "site"
    site.mkdir()
    return PluginMaker(site)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder whose settings switch off every plugin that is installed beside the tests' own."""
    root = tmp_path / "data"
    root.mkdir()
    installed = sorted({one.name for one in importlib.metadata.entry_points(group=GROUP)})
    names = ", ".join(f'"{name}"' for name in installed)
    (root / "settings.toml").write_text(f"[plugins]\ndisabled = [{names}]\n[general]\nwelcome_done = true\n")
    return root


@pytest.fixture
def start(tmp_path: Path, data_dir: Path) -> Iterator[StartProgram]:
    """Starts `python -m app run --data-dir ... ARGUMENTS`; the test waits for it, and a failed one leaves none behind."""
    started: list[subprocess.Popen[str]] = []

    def start_program(
        arguments: Sequence[str | Path], environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [
                sys.executable,
                "-W",
                "error",
                "-m",
                "app",
                "run",
                "--data-dir",
                str(data_dir),
                *map(str, arguments),
            ],
            env=program_environment(tmp_path / "site", environment or {}),
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start_program
    for process in started:
        if process.returncode is None:
            process.kill()
            process.communicate()


@pytest.fixture
def tidemill(start: StartProgram) -> Callable[..., Ended]:
    """Runs the real program to its end, at most 60 seconds."""

    def run(*arguments: str | Path, environment: Mapping[str, str] | None = None) -> Ended:
        process = start(arguments, environment)
        out, err = process.communicate(timeout=60)
        return Ended(process.returncode, out, err)

    return run
