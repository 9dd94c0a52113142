"""The command line, through the real program: what it prints and how it exits."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app import __version__
from app.cli import has_display
from app.system.qt_libraries import missing_library_text
from tests.app.programs import REPOSITORY, Ended, program_environment

Run = Callable[..., Ended]


def test_without_a_display_it_prints_the_headless_command_and_exits_2(tidemill: Run, data_dir: Path) -> None:
    ended = tidemill()
    assert ended.code == 2
    assert f"--data-dir {data_dir} --headless --take PATH --until-idle" in ended.err
    assert "DISPLAY" in ended.err


def test_without_a_display_qt_is_not_even_imported(tmp_path: Path) -> None:
    code = (
        "import sys; from app.cli import run_command; run_command([], 0.0); print('PySide6' in sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=program_environment(tmp_path, {}),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout.strip() == "False"


def test_the_command_that_is_printed_repeats_what_was_to_be_taken(tidemill: Run, tmp_path: Path) -> None:
    folder = tmp_path / "my holiday"
    folder.mkdir()
    ended = tidemill("--take", folder)
    assert ended.code == 2
    assert f"--take '{folder}' --until-idle" in ended.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--until-idle"], "--until-idle needs --headless"),
        (["--headless", "--take", "no-such-folder"], "no-such-folder: there is no such file or folder"),
        (["--headless", "--set", "nonsense"], "DOMAIN.KEY=VALUE"),
        (["--wrong"], "unrecognized arguments"),
    ],
)
def test_wrong_use_exits_2_and_says_why(tidemill: Run, arguments: list[str], words: str) -> None:
    ended = tidemill(*arguments)
    assert ended.code == 2
    assert words in ended.err
    assert "Traceback" not in ended.err


def test_version_and_help_need_no_display() -> None:
    for option, words in (("--version", f"tidemill {__version__}"), ("--help", "Exit codes")):
        ended = subprocess.run(
            [sys.executable, "-m", "app", option],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert words in ended.stdout


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
        ("linux", {"QT_QPA_PLATFORM": "xcb"}, False),
        ("win32", {}, True),
        ("darwin", {}, True),
    ],
)
def test_display_is_judged_by_the_environment(
    platform: str, environment: dict[str, str], expected: bool
) -> None:
    assert has_display(platform, environment) is expected


def test_a_missing_library_is_named_with_its_debian_package() -> None:
    text = missing_library_text("libEGL.so.1: cannot open shared object file: No such file or directory")
    assert "libEGL.so.1" in text
    assert "sudo apt install libegl1 " in text
    assert "--headless" in text


def test_an_unknown_loading_error_is_shown_as_it_is() -> None:
    assert "symbol lookup error" in missing_library_text("symbol lookup error: libfoo.so: undefined symbol")
