"""The first start by hand, in a program of its own: `python -m tests.journeys.by_mouse DATA_DIR`, on the screen $DISPLAY.

The real program, on the X server, under a window manager; every click is the X server's, at a place on the screen.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PIL import ImageChops, ImageStat
from PySide6.QtWidgets import QAbstractButton, QPushButton

from app.resources import samples_dir
from tests.journeys.beside import Onlooker, run_with
from tests.journeys.virtual_screen import VirtualScreen


def play(onlooker: Onlooker, screen: VirtualScreen, data_dir: Path) -> None:
    """Tries the samples, looks at what came of them, and switches sync off and on."""
    samples = len(list(samples_dir().iterdir()))
    onlooker.until(onlooker.is_open, "the database to be open")
    welcome = screen.picture()
    screen.click(*onlooker.place_of(QPushButton, "welcome-samples"))
    onlooker.until(onlooker.is_idle, "the samples to be done")
    thumbnails = data_dir / "library" / "thumbnails"
    assert len(list(thumbnails.rglob("*.webp"))) == samples

    # The welcome has given way to the Overview, on the screen and not only in the widgets' minds.
    switch = onlooker.place_of(QAbstractButton, "domain-switch-sync")
    changed = ImageStat.Stat(ImageChops.difference(welcome, screen.picture()).convert("L")).mean[0]
    assert changed > 1, f"the screen has not changed ({changed:.2f})"

    for on in (False, True):
        before = screen.picture()
        screen.click(*switch)
        screen.move(switch[0], switch[1] + 200)
        onlooker.until(lambda on=on: is_on(onlooker) == on, f"sync to be {on}")
        assert onlooker.ask(lambda: onlooker.scheduler.domain("sync").is_paused) != on
        around = (switch[0] - 12, switch[1] - 6, switch[0] + 12, switch[1] + 6)
        for _ in range(100):
            if ImageChops.difference(before.crop(around), screen.picture().crop(around)).getbbox():
                break
            onlooker.pause(0.05)
        else:
            raise AssertionError("the switch looks as it did before")
    print(f"{samples} thumbnails, sync switched off and on", flush=True)


def is_on(onlooker: Onlooker) -> bool:
    """Does the switch of sync on the Overview say that it is on?"""
    switch = onlooker.find(QAbstractButton, "domain-switch-sync")
    return switch is not None and switch.isChecked()


def main() -> int:
    """Returns the program's exit code, or 70 when something was not as it should be."""
    data_dir, screen = Path(sys.argv[1]), VirtualScreen(os.environ["DISPLAY"])
    return run_with(["run", "--data-dir", str(data_dir)], lambda onlooker: play(onlooker, screen, data_dir))


if __name__ == "__main__":
    sys.exit(main())
