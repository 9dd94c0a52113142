"""Starts Tidemill when the person logs in: an entry that the system keeps, and that its own tools show and change. Qt-free.

The entry itself is what is true: nothing of it is in the settings, so that whoever removes it elsewhere is believed.
"""

from __future__ import annotations

import os
import plistlib
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

_NAME = "Tidemill"
_FILE = "tidemill.desktop"
_LABEL = "org.tidemill.Tidemill"
_RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"


class Autostart(Protocol):
    """One system's way. All raise OSError when the entry cannot be read or written."""

    def is_on(self) -> bool:
        """Is there an entry that is in force?"""
        ...

    def set_on(self, on: bool) -> None:
        """Makes the entry, or removes it. Idempotent."""
        ...


class XdgAutostart:
    """A desktop file in the folder `autostart` (freedesktop.org). One that is hidden, or disabled by GNOME, is off."""

    def __init__(self, command: Sequence[str], folder: Path | None = None) -> None:
        config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
        self._file = (folder or config / "autostart") / _FILE
        self._command = tuple(command)

    def is_on(self) -> bool:
        """See `Autostart`."""
        try:
            lines = self._file.read_text("utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return False
        keys = dict(line.split("=", 1) for line in lines if "=" in line)
        on = {key.strip(): value.strip().lower() for key, value in keys.items()}
        return on.get("Hidden") != "true" and on.get("X-GNOME-Autostart-enabled") != "false"

    def set_on(self, on: bool) -> None:
        """See `Autostart`."""
        if not on:
            self._file.unlink(missing_ok=True)
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        text = (
            "[Desktop Entry]\n"
            "Type=Application\n"
            f"Name={_NAME}\n"
            "Comment=Goes on with your background work\n"
            f"Exec={' '.join(_desktop_word(word) for word in self._command)}\n"
            "Icon=tidemill\n"
            "Terminal=false\n"
            "X-GNOME-Autostart-enabled=true\n"
        )
        _write(self._file, text.encode())


class MacAutostart:
    """A launch agent of the user's."""

    def __init__(self, command: Sequence[str], folder: Path | None = None) -> None:
        self._file = (folder or Path.home() / "Library" / "LaunchAgents") / f"{_LABEL}.plist"
        self._command = tuple(command)

    def is_on(self) -> bool:
        """See `Autostart`."""
        try:
            agent: Any = plistlib.loads(self._file.read_bytes())
        except FileNotFoundError:
            return False
        except (plistlib.InvalidFileException, ValueError):
            return False
        return isinstance(agent, dict) and bool(agent.get("RunAtLoad")) and not agent.get("Disabled")

    def set_on(self, on: bool) -> None:
        """See `Autostart`."""
        if not on:
            self._file.unlink(missing_ok=True)
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        agent = {
            "Label": _LABEL,
            "ProgramArguments": list(self._command),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
        _write(self._file, plistlib.dumps(agent))


class RunKey(Protocol):
    """The values of one key of Windows' registry."""

    def read(self, name: str) -> str | None:
        """A value; None: there is none."""
        ...

    def write(self, name: str, value: str) -> None:
        """Sets a value."""
        ...

    def remove(self, name: str) -> None:
        """Removes a value; harmless when there is none."""
        ...


class WindowsAutostart:
    """A value of the user's key `Run`."""

    def __init__(self, command: Sequence[str], key: RunKey | None = None) -> None:
        self._key = key or WinregRunKey()
        self._command = tuple(command)

    def is_on(self) -> bool:
        """See `Autostart`."""
        return bool(self._key.read(_NAME))

    def set_on(self, on: bool) -> None:
        """See `Autostart`."""
        if on:
            self._key.write(_NAME, subprocess.list2cmdline(self._command))
        else:
            self._key.remove(_NAME)


class WinregRunKey:
    """The user's key `Run`, as Windows has it."""

    def read(self, name: str) -> str | None:
        """See `RunKey`."""
        winreg = _winreg()
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                return str(winreg.QueryValueEx(key, name)[0])
        except FileNotFoundError:
            return None

    def write(self, name: str, value: str) -> None:
        """See `RunKey`."""
        winreg = _winreg()
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
            winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)

    def remove(self, name: str) -> None:
        """See `RunKey`."""
        winreg = _winreg()
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY, 0, winreg.KEY_SET_VALUE) as key:
                winreg.DeleteValue(key, name)
        except FileNotFoundError:
            return


def system_autostart(data_dir: Path) -> Autostart:
    """This system's way to start Tidemill on that data folder."""
    command = [*own_command(), "run", "--data-dir", str(data_dir)]
    if sys.platform == "win32":
        return WindowsAutostart(command)
    if sys.platform == "darwin":
        return MacAutostart(command)
    return XdgAutostart(command)


def own_command() -> list[str]:
    """What starts this program: the packaged one, or Python with the module."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "app"]


def _winreg() -> Any:
    import importlib

    return importlib.import_module("winreg")


def _desktop_word(word: str) -> str:
    """A word of Exec, quoted as the specification wants it; % is its own sign there."""
    escaped = word.replace("%", "%%")
    if escaped == shlex.quote(escaped):
        return escaped
    inner = escaped.replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\`").replace("$", "\\$")
    # A string of a desktop file knows backslashes of its own.
    return f'"{inner}"'.replace("\\", "\\\\")


def _write(file: Path, content: bytes) -> None:
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(content)
    part.replace(file)
