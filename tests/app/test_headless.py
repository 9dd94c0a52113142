"""The terminal: real work through a real plugin in a real process, and the exit code that tells how it went."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.programs import Ended, PluginMaker, StartProgram, wait_for_file, wait_for_text

Run = Callable[..., Ended]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three small files."""
    made = tmp_path / "holiday"
    made.mkdir()
    for name in ("one.txt", "two.txt", "drei ü 🌊.txt"):
        (made / name).write_text("good")
    return made


def test_all_good_exits_0_and_did_the_work(
    tidemill: Run, make_plugin: PluginMaker, folder: Path, data_dir: Path
) -> None:
    make_plugin()
    ended = tidemill("--headless", "--take", folder, "--until-idle")
    assert ended.code == 0, ended
    assert "3 done, 0 failed, 0 not finished" in ended.out
    assert ended.err == ""
    lines = (data_dir / "plugins" / "tiny" / "read.txt").read_text().splitlines()
    assert sorted(lines) == ["hello drei ü 🌊.txt", "hello one.txt", "hello two.txt"]
    assert "opened" in (data_dir / "logs" / "tidemill.log").read_text()


def test_a_failure_exits_1_and_names_file_and_reason(
    tidemill: Run, make_plugin: PluginMaker, folder: Path
) -> None:
    make_plugin()
    (folder / "broken.txt").write_text("bad content")
    ended = tidemill("--headless", "--take", folder, "--until-idle")
    assert ended.code == 1
    assert "3 done, 1 failed, 0 not finished" in ended.out
    assert "broken.txt: bad content" in ended.out


def test_a_setting_for_one_run(tidemill: Run, make_plugin: PluginMaker, folder: Path, data_dir: Path) -> None:
    make_plugin()
    ended = tidemill("--headless", "--take", folder, "--until-idle", "--set", "tiny.greeting=moin")
    assert ended.code == 0, ended
    assert "moin one.txt" in (data_dir / "plugins" / "tiny" / "read.txt").read_text()
    assert "moin" not in (data_dir / "settings.toml").read_text()


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("tiny.limit=0", "greater than or equal to 1"),
        ("tiny.speed=3", "tiny has no setting speed"),
        ("nobody.limit=3", "there is no domain nobody"),
    ],
)
def test_a_setting_that_cannot_be_exits_2(
    tidemill: Run, make_plugin: PluginMaker, option: str, words: str
) -> None:
    make_plugin()
    ended = tidemill("--headless", "--until-idle", "--set", option)
    assert ended.code == 2
    assert f"--set {option}" in ended.out
    assert words in ended.out


def test_a_plugin_that_fails_to_import_is_named_and_the_rest_runs(
    tidemill: Run, make_plugin: PluginMaker, folder: Path, data_dir: Path
) -> None:
    make_plugin()
    make_plugin(
        "sick", code="import no_such_thing", manifest='name="sick"\ntitle="Sick"\nversion="1"\ncore=">=0.1"\n'
    )
    ended = tidemill("--headless", "--take", folder, "--until-idle")
    assert ended.code == 0, ended
    assert "Plugin Sick: No module named 'no_such_thing'" in ended.out
    assert "Traceback" in (data_dir / "logs" / "tidemill.log").read_text()


def test_a_disabled_plugin_is_never_imported(
    tidemill: Run, make_plugin: PluginMaker, folder: Path, data_dir: Path, tmp_path: Path
) -> None:
    make_plugin()
    make_plugin(
        "off",
        code=f"open({str(tmp_path / 'imported')!r}, 'w')",
        manifest='name="off"\ntitle="Off"\nversion="1"\ncore=">=0.1"\n',
    )
    settings = data_dir / "settings.toml"
    settings.write_text(settings.read_text().replace("disabled = [", 'disabled = ["off", '))
    assert tidemill("--headless", "--take", folder, "--until-idle").code == 0
    assert not (tmp_path / "imported").exists()


def test_no_plugin_at_all_says_so(tidemill: Run) -> None:
    ended = tidemill("--headless", "--until-idle")
    assert ended.code == 2
    assert "not one could be loaded" in ended.out


def not_sqlite(database: Path) -> None:
    database.write_text("this is a letter to my aunt " * 100)


def newer_schema(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()


def a_folder(database: Path) -> None:
    database.mkdir()


@pytest.mark.parametrize("spoil", [not_sqlite, newer_schema, a_folder])
def test_a_database_that_cannot_be_used_exits_2_and_is_left_alone(
    tidemill: Run, make_plugin: PluginMaker, data_dir: Path, spoil: Callable[[Path], None]
) -> None:
    make_plugin()
    if spoil is newer_schema:
        assert tidemill("--headless", "--until-idle").code == 0
    database = data_dir / "tidemill.db"
    spoil(database)
    before = database.read_bytes() if database.is_file() else b""
    ended = tidemill("--headless", "--until-idle")
    assert ended.code == 2, ended
    assert "tidemill.db" in ended.out
    assert "Traceback" not in ended.out + ended.err
    assert (database.read_bytes() if database.is_file() else b"") == before


def test_a_data_folder_that_is_a_file_exits_2(
    tidemill: Run, make_plugin: PluginMaker, tmp_path: Path
) -> None:
    make_plugin()
    (tmp_path / "file").write_text("")
    ended = tidemill("--headless", "--until-idle", "--data-dir", tmp_path / "file")
    assert ended.code == 2
    assert str(tmp_path / "file") in ended.out
    assert "--data-dir" in ended.out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_gracefully_and_the_next_start_goes_on(
    start: StartProgram, tidemill: Run, make_plugin: PluginMaker, folder: Path, data_dir: Path, number: int
) -> None:
    make_plugin()
    (folder / "held.txt").write_text("hold")
    process = start(["--headless", "--take", folder])
    wait_for_file(process, data_dir / "plugins" / "tiny" / "held")
    wait_for_text(process, data_dir / "plugins" / "tiny" / "read.txt", "hello", times=3)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1, (out, err)
    assert "1 not finished" in out
    (folder / "held.txt").write_text("good")
    ended = tidemill("--headless", "--until-idle")
    assert ended.code == 0, ended
    assert "1 done" in ended.out


def test_after_a_kill_it_says_how_many_tasks_it_recovered(
    start: StartProgram, tidemill: Run, make_plugin: PluginMaker, folder: Path, data_dir: Path
) -> None:
    make_plugin()
    (folder / "held.txt").write_text("hold")
    process = start(["--headless", "--take", folder])
    wait_for_file(process, data_dir / "plugins" / "tiny" / "held")
    process.kill()
    process.communicate(timeout=60)
    (folder / "held.txt").write_text("good")
    ended = tidemill("--headless", "--until-idle")
    assert ended.code == 0, ended
    assert "Recovered" in ended.out
    lines = (data_dir / "plugins" / "tiny" / "read.txt").read_text().splitlines()
    assert "hello held.txt" in lines


def test_two_at_once_on_one_folder_are_refused(
    start: StartProgram, tidemill: Run, make_plugin: PluginMaker, folder: Path, data_dir: Path
) -> None:
    make_plugin()
    (folder / "held.txt").write_text("hold")
    process = start(["--headless", "--take", folder])
    wait_for_file(process, data_dir / "plugins" / "tiny" / "held")
    ended = tidemill("--headless", "--until-idle")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert ended.code == 2
    assert f"another Tidemill (process {process.pid})" in ended.out


def test_file_names_that_are_no_unicode_do_not_stop_it(
    tidemill: Run, make_plugin: PluginMaker, folder: Path
) -> None:
    make_plugin()
    (folder / "broken.txt").write_text("bad")
    odd = Path(os.fsdecode(os.fsencode(folder.parent) + b"/odd\xff"))
    folder.rename(odd)
    ended = tidemill("--headless", "--take", odd, "--until-idle")
    assert "Traceback" not in ended.out + ended.err
