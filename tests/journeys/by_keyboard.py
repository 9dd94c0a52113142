"""A day by keyboard alone, in a program of its own: `python -m tests.journeys.by_keyboard DATA_DIR`, on screen $DISPLAY.

The real program, on the X server, under a window manager; every key is the X server's, and no pointer is moved.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from app.resources import samples_dir
from tests.journeys.beside import Onlooker, run_with
from tests.journeys.virtual_screen import VirtualScreen


class Typist:
    """Presses keys, and looks at what comes of it."""

    def __init__(self, onlooker: Onlooker, screen: VirtualScreen) -> None:
        self.onlooker = onlooker
        self._screen = screen

    def press(self, *keys: str) -> None:
        """Presses keys by the X server's names, one after the other."""
        self._screen.press(*keys)

    def type(self, text: str) -> None:
        """Types a text."""
        self._screen.type(text)

    def focus(self) -> str:
        """The name of what has the focus; to be asked for on the GUI's thread."""
        widget = QApplication.focusWidget()
        return "" if widget is None else widget.objectName()

    def tab_to(self, name: str) -> None:
        """Presses Tab until the control has the focus; fails when it is never reached."""
        seen: list[str] = []
        for _ in range(60):
            focus = self.onlooker.ask(self.focus)
            if focus == name:
                return
            seen.append(focus)
            self.press("Tab")
            self.onlooker.pause(0.05)
        raise AssertionError(f"Tab never comes to {name}; it came to {seen}")

    def sees(self, name: str, kind: type[QWidget] = QWidget) -> QWidget:
        """The widget of that name, once it can be seen."""
        return self.onlooker.until(lambda: self.onlooker.find(kind, name), f"{name} to be seen")

    def is_gone(self, name: str) -> None:
        """Returns once nobody sees a widget of that name any more."""
        self.onlooker.until(lambda: self.onlooker.find(QWidget, name) is None, f"{name} to be gone")

    def palette(self, text: str) -> None:
        """Goes to or does what fits the text best."""
        self.press("ctrl+k")
        self.sees("palette")
        self.type(text)
        box = self.sees("palette-search", QLineEdit)
        assert isinstance(box, QLineEdit)
        self.onlooker.until(lambda: box.text() == text, "the text to be typed")
        self.press("Return")
        self.is_gone("palette")

    def title(self, text: str) -> None:
        """Returns once this stands above the page."""

        def is_it() -> bool:
            label = self.onlooker.find(QLabel, "page-title")
            return isinstance(label, QLabel) and label.text() == text

        self.onlooker.until(is_it, f"the page {text}")


def play(onlooker: Onlooker, screen: VirtualScreen, data_dir: Path) -> None:
    """Begins with the samples, pauses, goes everywhere, and takes back what was done."""
    typist = Typist(onlooker, screen)
    onlooker.until(onlooker.is_open, "the database to be open")
    typist.tab_to("welcome-samples")
    typist.press("space")
    onlooker.until(onlooker.is_idle, "the samples to be done")
    assert len(list((data_dir / "library" / "thumbnails").rglob("*.webp"))) == len(
        list(samples_dir().iterdir())
    )
    for number, page in enumerate(("Overview", "Jobs", "Queue", "History", "Failures"), start=1):
        typist.press(f"ctrl+{number}")
        typist.title(page)
        onlooker.all_words_fit(lambda: onlooker.window, page)
    typist.palette("open process")
    typist.title("Process")
    onlooker.all_words_fit(lambda: onlooker.window, "Process")

    typist.palette("pause sync hour")
    onlooker.until(lambda: onlooker.scheduler.domain("sync").is_paused, "sync to be paused")
    typist.palette("show overview")
    typist.title("Overview")
    typist.tab_to("domain-switch-sync")
    typist.press("space")
    onlooker.until(lambda: not onlooker.scheduler.domain("sync").is_paused, "sync to go on")
    typist.press("Menu")
    typist.sees("pause-menu-sync")
    typist.press("Down", "Down", "Return")
    onlooker.until(lambda: onlooker.scheduler.domain("sync").is_paused, "sync to be paused again")
    assert onlooker.ask(lambda: onlooker.scheduler.pauses()[0].until) is not None

    typist.press("ctrl+p")
    typist.sees("pause-banner")
    typist.press("ctrl+p")
    typist.is_gone("pause-banner")

    onlooker.ask(lambda: QApplication.clipboard().setText(str(samples_dir())))
    typist.press("ctrl+p")
    onlooker.until(lambda: onlooker.scheduler.is_paused, "the pause")
    typist.press("ctrl+v")
    onlooker.until(lambda: onlooker.scheduler.counts.active, "the folder to be taken in")
    typist.sees("toast-action", QAbstractButton)
    typist.press("ctrl+z")
    onlooker.until(lambda: onlooker.scheduler.counts.active == 0, "it to be taken back")

    typist.press("ctrl+comma")
    typist.sees("settings-window")
    for page in ("general", "domains", "limits", "pressure", "plugins", "notifications", "advanced"):
        typist.sees(f"settings-page-{page}")
        onlooker.all_words_fit(lambda: onlooker.settings_window, page)
        typist.press("Down")
    typist.press("Escape")
    typist.is_gone("settings-window")
    typist.press("F1")
    help_window = typist.sees("help-window")
    onlooker.all_words_fit(lambda: help_window, "help")
    typist.press("Escape")
    typist.is_gone("help-window")
    print("all of it by keyboard", flush=True)
    typist.press("ctrl+q")


def main() -> int:
    """Returns the program's exit code, or 70 when something was not as it should be."""
    data_dir, screen = Path(sys.argv[1]), VirtualScreen(os.environ["DISPLAY"])
    return run_with(["run", "--data-dir", str(data_dir)], lambda onlooker: play(onlooker, screen, data_dir))


if __name__ == "__main__":
    sys.exit(main())
