"""A screen of its own for real windows: Xvfb with a window manager, a hand on the mouse and an eye on the picture."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageGrab

_LONGEST_START_S = 30.0
# Windows without a frame at the upper left corner, as large as they like; a dialog keeps its frame and its place.
_WINDOW_MANAGER = """<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <theme><name>Plain</name><titleLayout>LC</titleLayout><keepBorder>no</keepBorder></theme>
  <desktops><number>1</number><popupTime>0</popupTime></desktops>
  <applications>
    <application type="normal"><decor>no</decor><position force="yes"><x>0</x><y>0</y></position></application>
  </applications>
</openbox_config>
"""
# A title bar that goes with a light and with a dark window.
_FRAME = """border.width: 1
window.handle.width: 0
window.client.padding.width: 0
padding.width: 8
padding.height: 7
window.*.border.color: #3a434a
window.*.title.bg: flat solid
window.*.title.bg.color: #2b3339
window.*.label.bg: parentrelative
window.*.label.text.color: #e8edef
window.label.text.justify: center
window.*.button.*.bg: parentrelative
window.*.button.*.image.color: #e8edef
"""


@dataclass(frozen=True)
class VirtualScreen:
    """One running X server; `display` is its name, like ":7"."""

    display: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a program that is to open its window here."""
        mine = {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "QT_ENABLE_HIGHDPI_SCALING": "1"}
        return {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"} | mine

    def picture(self) -> Image.Image:
        """What the screen shows now."""
        return ImageGrab.grab(xdisplay=self.display).convert("RGB")

    def click(self, x: int, y: int) -> None:
        """Moves the mouse there and presses its left button once; in pixels from the upper left corner."""
        self._hand("mousemove", "--sync", str(x), str(y), "click", "1")

    def move(self, x: int, y: int) -> None:
        """Moves the mouse there."""
        self._hand("mousemove", str(x), str(y))

    def press(self, *keys: str) -> None:
        """Presses keys, by the names that the X server has for them, one after the other."""
        self._hand("key", "--clearmodifiers", "--delay", "60", *keys)

    def type(self, text: str) -> None:
        """Types a text of plain letters."""
        self._hand("type", "--delay", "20", text)

    def _hand(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.environment, check=True, timeout=_LONGEST_START_S)


@contextlib.contextmanager
def virtual_screen(width: int = 1280, height: int = 800) -> Iterator[VirtualScreen]:
    """A screen on a free display, gone at the end."""
    reading, writing = os.pipe()
    with contextlib.ExitStack() as stack:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
            pass_fds=[writing],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        stack.callback(_end, server)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            # Xvfb writes the number when it answers; when it dies, the pipe ends.
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError(f"Xvfb did not start (it ended with {server.wait()})")
        screen = VirtualScreen(f":{number}")
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "rc.xml").write_text(_WINDOW_MANAGER)
        theme = folder / "themes" / "Plain" / "openbox-3"
        theme.mkdir(parents=True)
        (theme / "themerc").write_text(_FRAME)
        ready = folder / "ready"
        manager = subprocess.Popen(
            ["openbox", "--config-file", str(folder / "rc.xml"), "--startup", f"touch {ready}"],
            env=screen.environment | {"XDG_DATA_HOME": str(folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        stack.callback(_end, manager)
        _wait_for(ready, manager)
        yield screen


def _wait_for(file: Path, program: subprocess.Popen[bytes]) -> None:
    for _ in range(int(_LONGEST_START_S / 0.05)):
        if file.exists():
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            raise RuntimeError(f"openbox did not start (it ended with {program.wait(0.05)})")
    raise RuntimeError("openbox did not start in time")


def _end(program: subprocess.Popen[bytes]) -> None:
    program.terminate()
    try:
        program.wait(10)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
