"""What plugins offer, by hand, in a program of its own: `python -m tests.journeys.actions_by_mouse DATA_DIR`.

The real program, on screen $DISPLAY, under a window manager; every click and key is the X server's.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton

from app.resources import samples_dir
from app.widgets.toast import Toaster
from tests.journeys.beside import Onlooker, run_with
from tests.journeys.virtual_screen import VirtualScreen


class Person:
    """One who reads what the window says, and has a mouse and a keyboard."""

    def __init__(self, onlooker: Onlooker, screen: VirtualScreen) -> None:
        self.onlooker = onlooker
        self.screen = screen

    def open_menu(self, domain: str) -> None:
        """Clicks on the button *Actions* of the domain's page, which is in front."""
        self.screen.click(*self.onlooker.place_of(QPushButton, f"actions-{domain}"))

    def choose(self, domain: str, action: str) -> None:
        """Clicks on an action of the menu that is open."""

        def place() -> tuple[int, int] | None:
            button = self.onlooker.find(QPushButton, f"actions-{domain}")
            menu = None if button is None else button.menu()
            if not isinstance(menu, QMenu) or not menu.isVisible():
                return None
            (entry,) = [one for one in menu.actions() if one.objectName().endswith(f"-{domain}-{action}")]
            middle = menu.mapToGlobal(QPoint(menu.actionGeometry(entry).center()))
            return middle.x(), middle.y()

        self.screen.click(*self.onlooker.until(place, f"the menu of {domain} to be open"))

    def use_palette(self, text: str) -> None:
        """Opens the palette by its keys, types, and presses Enter."""
        self.screen.press("ctrl+k")
        box = self.onlooker.until(lambda: self.onlooker.find(QLineEdit, "palette-search"), "the palette")
        self.onlooker.until(box.hasFocus, "the palette to have the focus")
        self.screen.type(text)
        self.onlooker.until(lambda: box.text() == text, f"{text} to be typed")
        self.screen.press("Return")

    def reads(self, text: str) -> None:
        """Returns when the message at the lower edge is this one."""

        def is_read() -> bool:
            toaster = self.onlooker.find(Toaster, "toast")
            return toaster is not None and toaster.text == text

        self.onlooker.until(is_read, f"the message {text!r}")


def play(person: Person, data_dir: Path) -> None:
    """Loses a file of the mirror, has it found by mouse, then by the palette; and wants to see a message."""
    onlooker = person.onlooker
    onlooker.until(onlooker.is_open, "the database to be open")
    onlooker.drop(samples_dir())
    onlooker.until(onlooker.is_idle, "the samples to be done")
    mirror = data_dir / "mirror"

    def lose_one() -> Path:
        # A check that is still at work would be taken for the next one.
        onlooker.until(onlooker.is_idle, "the last check to be done")
        lost = next(mirror.rglob("*.webp"))
        lost.unlink()
        return lost

    first = lose_one()
    onlooker.ask(lambda: onlooker.window.show_page("domain-sync"))
    person.open_menu("sync")
    person.choose("sync", "check-mirror")
    person.reads("Started: Check the mirror")
    onlooker.until(first.is_file, "the file to be back")

    # By keyboard alone.
    second = lose_one()
    person.screen.press("alt+c")
    onlooker.until(
        lambda: (
            (button := onlooker.find(QPushButton, "actions-sync")) is not None and button.menu().isVisible()
        ),
        "the menu to be open",
    )
    person.screen.press("Down", "Return")
    onlooker.until(second.is_file, "the file to be back, by keyboard")

    third = lose_one()
    person.use_palette("sync check mirror now")
    onlooker.until(third.is_file, "the file to be back, by the palette")
    person.use_palette("send test message")
    person.reads("Sent. If no message came up, look at Settings, Notifications")
    onlooker.until(onlooker.is_idle, "all of it to be done")
    print(f"{onlooker.ask(lambda: onlooker.scheduler.domain('sync').counts.completed)} mirrored", flush=True)


def main() -> int:
    """Returns the program's exit code, or 70 when something was not as it should be."""
    data_dir, screen = Path(sys.argv[1]), VirtualScreen(os.environ["DISPLAY"])
    return run_with(
        ["run", "--data-dir", str(data_dir)], lambda onlooker: play(Person(onlooker, screen), data_dir)
    )


if __name__ == "__main__":
    sys.exit(main())
