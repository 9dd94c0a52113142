"""The whole program with its window, in processes of its own: start, second start, bad databases, the end."""

from __future__ import annotations

import re
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.programs import Ended, PluginMaker, StartProgram, wait_for_file, wait_for_text

OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
Run = Callable[..., Ended]


@pytest.fixture
def log(data_dir: Path) -> Path:
    return data_dir / "logs" / "tidemill.log"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "holiday"
    made.mkdir()
    (made / "one.txt").write_text("good")
    return made


def test_it_paints_before_it_opens_works_and_ends_quietly(
    start: StartProgram, make_plugin: PluginMaker, log: Path, folder: Path, data_dir: Path
) -> None:
    make_plugin()
    process = start(["--take", folder], OFFSCREEN)
    wait_for_file(process, data_dir / "plugins" / "tiny" / "read.txt")
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "")
    text = log.read_text()
    assert text.index("first paint after") < text.index("opened ") < text.index("live data after")
    assert "closed " in text
    # The offscreen platform says the first; the second depends on what else this machine does.
    expected = ("propagateSizeHints", "app.system.stall_watch")
    warnings = [line for line in text.splitlines() if "WARNING" in line]
    assert [line for line in warnings if not any(words in line for words in expected)] == []


def test_a_second_start_hands_over_and_ends(
    start: StartProgram, tidemill: Run, make_plugin: PluginMaker, log: Path, folder: Path, data_dir: Path
) -> None:
    make_plugin()
    first = start([], OFFSCREEN)
    wait_for_text(first, log, "live data after")
    second = tidemill("--take", folder, environment=OFFSCREEN)
    assert (second.code, second.err) == (0, "")
    assert "running already" in second.out
    wait_for_file(first, data_dir / "plugins" / "tiny" / "read.txt")
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=60)
    assert first.returncode == 0


def test_after_a_kill_the_next_start_is_the_first_again_and_recovers(
    start: StartProgram, make_plugin: PluginMaker, log: Path, folder: Path, data_dir: Path
) -> None:
    make_plugin()
    (folder / "held.txt").write_text("hold")
    first = start(["--take", folder], OFFSCREEN)
    wait_for_file(first, data_dir / "plugins" / "tiny" / "held")
    first.kill()
    first.communicate(timeout=60)
    (folder / "held.txt").write_text("good")
    second = start([], OFFSCREEN)
    wait_for_text(second, log, "live data after", times=2)
    wait_for_text(second, data_dir / "plugins" / "tiny" / "read.txt", "held.txt")
    # Both files, if the kill came before the outcome of the first one was written.
    assert re.search(r"\b[12] of them recovered", log.read_text())
    second.send_signal(signal.SIGINT)
    out, err = second.communicate(timeout=60)
    assert (second.returncode, out, err) == (0, "", "")


def not_sqlite(database: Path) -> None:
    database.write_text("this is a letter to my aunt " * 100)


def newer_schema(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()


def a_folder(database: Path) -> None:
    database.mkdir()


@pytest.mark.parametrize("spoil", [not_sqlite, newer_schema, a_folder])
def test_a_bad_database_leaves_the_window_open_with_the_reason_in_the_log(
    start: StartProgram,
    tidemill: Run,
    make_plugin: PluginMaker,
    log: Path,
    data_dir: Path,
    spoil: Callable[[Path], None],
) -> None:
    make_plugin()
    if spoil is newer_schema:
        assert tidemill("--headless", "--until-idle").code == 0
    spoil(data_dir / "tidemill.db")
    process = start([], OFFSCREEN)
    wait_for_text(process, log, "ERROR   app.desktop")
    assert "tidemill.db" in log.read_text()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (2, "", "")


def test_a_headless_run_on_the_same_folder_is_named_in_the_window(
    start: StartProgram, make_plugin: PluginMaker, log: Path, folder: Path, data_dir: Path
) -> None:
    make_plugin()
    (folder / "held.txt").write_text("hold")
    headless = start(["--headless", "--take", folder])
    wait_for_file(headless, data_dir / "plugins" / "tiny" / "held")
    window = start([], OFFSCREEN)
    wait_for_text(window, log, f"another Tidemill (process {headless.pid})")
    for process in (window, headless):
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert window.returncode == 2


@pytest.mark.parametrize(
    ("system", "setting", "code"),
    [
        ("de_AT.UTF-8", "system", "de"),
        ("fr_FR.UTF-8", "system", "en"),
        ("de_DE.UTF-8", "en", "en"),
        ("C", "de", "de"),
    ],
)
def test_the_window_speaks_the_language_of_the_system_or_of_the_setting(
    start: StartProgram,
    make_plugin: PluginMaker,
    log: Path,
    data_dir: Path,
    system: str,
    setting: str,
    code: str,
) -> None:
    make_plugin()
    settings = data_dir / "settings.toml"
    settings.write_text(f'{settings.read_text()}language = "{setting}"\n')
    process = start([], {**OFFSCREEN, "LC_ALL": system})
    wait_for_text(process, log, "live data after")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0
    text = log.read_text()
    assert f"the window speaks {code}" in text
    assert "cannot be loaded" not in text
