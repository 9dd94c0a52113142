"""The entry that starts Tidemill with the computer, on each of the three systems."""

from __future__ import annotations

import plistlib
from collections.abc import Callable
from pathlib import Path

import pytest

from app.system.autostart import (
    Autostart,
    MacAutostart,
    WindowsAutostart,
    XdgAutostart,
    own_command,
    system_autostart,
)

COMMAND = ["/opt/tide mill/tidemill", "run", "--data-dir", '/home/a/50% "x" $HOME']


class Registry:
    """The values of one key."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def read(self, name: str) -> str | None:
        return self.values.get(name)

    def write(self, name: str, value: str) -> None:
        self.values[name] = value

    def remove(self, name: str) -> None:
        self.values.pop(name, None)


MAKERS: dict[str, Callable[[Path], Autostart]] = {
    "xdg": lambda folder: XdgAutostart(COMMAND, folder / "autostart"),
    "mac": lambda folder: MacAutostart(COMMAND, folder / "LaunchAgents"),
    "windows": lambda _folder: WindowsAutostart(COMMAND, Registry()),
}


@pytest.mark.parametrize("system", list(MAKERS))
def test_it_goes_on_and_off_and_on_again(tmp_path: Path, system: str) -> None:
    entry = MAKERS[system](tmp_path)
    assert not entry.is_on()
    entry.set_on(False)
    for _ in range(2):
        entry.set_on(True)
        entry.set_on(True)
        assert entry.is_on()
        entry.set_on(False)
        assert not entry.is_on()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_desktop_file_quotes_its_command_as_the_specification_wants(tmp_path: Path) -> None:
    XdgAutostart(COMMAND, tmp_path).set_on(True)
    text = (tmp_path / "tidemill.desktop").read_text()
    line = next(line for line in text.splitlines() if line.startswith("Exec="))
    assert line == r'Exec="/opt/tide mill/tidemill" run --data-dir "/home/a/50%% \\"x\\" \\$HOME"'
    assert text.startswith("[Desktop Entry]\nType=Application\n")


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_an_entry_that_another_program_has_disabled_is_off(tmp_path: Path, line: str) -> None:
    entry = XdgAutostart(COMMAND, tmp_path)
    entry.set_on(True)
    file = tmp_path / "tidemill.desktop"
    file.write_text(file.read_text().replace("X-GNOME-Autostart-enabled=true", line))
    assert not entry.is_on()
    entry.set_on(True)
    assert entry.is_on()


def test_the_launch_agent_starts_the_command_when_it_is_loaded(tmp_path: Path) -> None:
    MacAutostart(COMMAND, tmp_path).set_on(True)
    (file,) = tmp_path.iterdir()
    agent = plistlib.loads(file.read_bytes())
    assert agent["ProgramArguments"] == COMMAND
    assert agent["RunAtLoad"] is True
    assert file.stem == agent["Label"]
    file.write_bytes(b"no plist")
    assert not MacAutostart(COMMAND, tmp_path).is_on()


def test_the_run_key_holds_one_command_line() -> None:
    registry = Registry()
    WindowsAutostart(["C:\\Tide Mill\\tidemill.exe", "run"], registry).set_on(True)
    assert registry.values == {"Tidemill": '"C:\\Tide Mill\\tidemill.exe" run'}


def test_a_folder_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "autostart").write_text("a file")
    with pytest.raises(OSError, match="autostart"):
        XdgAutostart(COMMAND, tmp_path / "autostart").set_on(True)


def test_this_system_has_a_way_and_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("sys.platform", "linux")
    entry = system_autostart(tmp_path)
    entry.set_on(True)
    text = (tmp_path / "config" / "autostart" / "tidemill.desktop").read_text()
    assert f"run --data-dir {tmp_path}" in text
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert len(own_command()) == 1
