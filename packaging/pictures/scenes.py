"""The states in which the window is photographed: nothing to do, busy, much gone wrong, and not open at all."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pictures import files
from pictures.choice import Choice, Shot
from pictures.pages import PAGES

if TYPE_CHECKING:
    from app.bridge.commands import Commands
    from pictures.photographer import Photographer
    from tests.journeys.beside import Onlooker

SETTLED_S = 6.0
LONGEST_S = 300.0
"""Also on a machine that others keep busy."""


@dataclass
class Stage:
    """One start of the app on a new folder, and what of the matrix is to be photographed in it."""

    folder: Path
    scale: float
    choice: Choice
    by: Photographer = field(init=False)

    def shoot(self, scene: str, page: str, theme: str) -> None:
        """The whole screen, if this page is wanted."""
        if self.choice.wants(page):
            self.by.shoot(Shot(scene, page, theme, self.scale).path)

    def walk(self, scene: str, before_theme: Callable[[int], None] = lambda _: None) -> None:
        """Photographs all pages of a scene, theme by theme; `before_theme` gets the theme's place."""
        for place, theme in enumerate(self.choice.themes):
            self.by.use_theme(theme)
            before_theme(place)
            for page in PAGES:
                if scene not in page.scenes or not self.choice.wants(page.name):
                    continue
                page.show(self.by)
                inside = None if page.cut is None else page.cut(self.by)
                self.by.shoot(Shot(scene, page.name, theme, self.scale).path, inside)
                page.leave(self.by)


@dataclass(frozen=True)
class Scene:
    """`settings` are those of its start, `{folder}` in them is its folder; `prepare` fills it; `play` photographs.

    `exit_code` is what the program ends with. One that `is_heavy` keeps the disk busy: two of them would hold each other
    up.
    """

    play: Callable[[Stage], None]
    settings: str = ""
    prepare: Callable[[Path], None] = lambda folder: None
    welcome_done: bool = True
    exit_code: int = 0
    is_heavy: bool = False


def play_empty(stage: Stage) -> None:
    """The first start, and every page with nothing to do."""
    from PySide6.QtWidgets import QPushButton

    by = stage.by
    by.onlooker.until(by.onlooker.is_open, "the database to be open")
    by.sees(QPushButton, "welcome-samples")
    for theme in stage.choice.themes:
        by.use_theme(theme)
        stage.shoot("empty", "welcome", theme)
    skip = by.onlooker.until(lambda: by.onlooker.find(QPushButton, "welcome-skip"), "the button")
    by.do(skip.click)
    stage.walk("empty")


def fill_busy(folder: Path) -> None:
    """A mixed folder, two of letters, and for each theme one of large photographs and one of many scans."""
    from tests.helpers.real_files import make_mixed_folder

    make_mixed_folder(folder / "From the old laptop", count=120)
    files.texts(folder / "Letters 1998-2014", "Letter", 1000)
    for name in ("Norway 2025", "Iceland 2026"):
        files.photos(folder / name, 400)  # so many wait on to the last page, on a quick machine too
    for name in ("Recipes", "Minutes of the choir"):
        files.texts(folder / name, name.split()[0].rstrip("s"), 1500)


def play_busy(stage: Stage) -> None:
    """Three domains at work at once, graphs with a history, some thousand tasks in line."""
    onlooker, folder = stage.by.onlooker, stage.folder
    onlooker.until(onlooker.is_open, "the database to be open")
    onlooker.drop(folder / "From the old laptop")
    onlooker.until(onlooker.is_idle, "the mixed folder to be done", longest_s=LONGEST_S)
    onlooker.drop(folder / "Letters 1998-2014")
    onlooker.until(lambda: onlooker.running("sync"), "the letters to be mirrored", longest_s=LONGEST_S)
    drops = (("Norway 2025", "Recipes"), ("Iceland 2026", "Minutes of the choir"))

    def drop_more(place: int) -> None:
        for name in drops[place]:
            onlooker.drop(folder / name)
        domains = ("ingest", "process", "sync") if place == 0 else ("ingest", "process")
        onlooker.until(lambda: onlooker.running(*domains), "several domains at work", LONGEST_S)
        onlooker.pause(SETTLED_S if place == 0 else 1.0)

    stage.walk("busy", drop_more)


SETTINGS_OF_FAILURES = """
[domains.sync]
target = "{folder}/Backup disk/Tidemill"
retries = 1
retry_delay_s = 0
[domains.ingest]
retries = 0
"""
BROKEN_PLUGIN = "import colour_profiles_that_nobody_installed\n"
BROKEN_MANIFEST = """\
name = "print"
title = "Print"
description = "Prints what is taken in"
version = "0.1.0"
core = ">=0.1,<0.2"
color = "series-5"
order = 50
touches = ["files"]
"""
LINK = "http://127.0.0.1:9/holiday.jpg"
"""Where nothing answers."""


def fill_failing(folder: Path) -> None:
    """Pictures that are cut off, empty or none at all, whole ones to wait, and a plugin that cannot be loaded."""
    from tests.app.programs import PluginMaker

    files.broken(folder / "SD card", 120)
    files.photos(folder / "Norway 2025", 60)
    site = folder / "site"
    site.mkdir()
    PluginMaker(site)("print", BROKEN_PLUGIN, BROKEN_MANIFEST)


def play_failing(stage: Stage) -> None:
    """Failures of several causes, a domain that is off, banners, and a disk that is too busy to go on."""
    onlooker, folder = stage.by.onlooker, stage.folder
    onlooker.until(onlooker.is_open, "the database to be open")
    onlooker.drop(folder / "SD card")
    onlooker.until(onlooker.is_idle, "the card to be done", longest_s=LONGEST_S)
    onlooker.ask(lambda: onlooker.window.files_dropped.emit([LINK]))
    onlooker.until(lambda: onlooker.scheduler.failure_count > 120, "failures")
    tomorrow = datetime.now(UTC) + timedelta(hours=16)
    reason = "no messages while the camera is away for repair"
    onlooker.ask(lambda: _commands(onlooker).pause_domain("notify", tomorrow, reason))
    onlooker.drop(folder / "Norway 2025")
    onlooker.until(lambda: onlooker.running("process"), "photographs at work")
    settings = onlooker.ask(lambda: onlooker.settings)
    # So low that the disk is busy enough on any machine.
    onlooker.ask(lambda: settings.update(pressure={"ordinary": 15, "background": 10}))
    with _busy_disk(folder):
        onlooker.until(lambda: onlooker.scheduler.held_back, "the disk to be busy", LONGEST_S)
        text = settings.path.read_text("utf-8")
        settings.path.write_text(text.replace("ordinary = 15", "ordinary = 300"))
        stage.walk("failing", lambda place: onlooker.pause(SETTLED_S if place == 0 else 0.0))


def _commands(onlooker: Onlooker) -> Commands:
    assert onlooker.session is not None
    return onlooker.session.commands


_WRITER = """
import os, sys
block = os.urandom(1_000_000)
with open(sys.argv[1], "wb") as file:
    while True:
        file.seek(0)
        file.write(block)
        file.flush()
        os.fsync(file.fileno())
"""


@contextmanager
def _busy_disk(folder: Path) -> Iterator[None]:
    """Another program writes a lot meanwhile, and wants each word to be on the disk."""
    command = [sys.executable, "-c", _WRITER, str(folder / "another program.tmp")]
    with subprocess.Popen(command) as writer:
        try:
            yield
        finally:
            writer.kill()


def spoil(folder: Path) -> None:
    """A data folder whose database is none."""
    (folder / "Tidemill" / "tidemill.db").write_bytes(b"Dear diary, today the tide was high.\n" * 200)


def play_problem(stage: Stage) -> None:
    """A data folder that cannot be opened."""
    from PySide6.QtWidgets import QWidget

    by = stage.by
    by.sees(QWidget, "page-problem")
    # Else the window does so when the database is open.
    by.do(by.onlooker.window._theme.follow_settings)
    for theme in stage.choice.themes:
        by.use_theme(theme)
        stage.shoot("problem", "problem", theme)


SCENES = {
    "busy": Scene(play_busy, prepare=fill_busy, is_heavy=True),
    "failing": Scene(play_failing, SETTINGS_OF_FAILURES, fill_failing, is_heavy=True),
    "empty": Scene(play_empty, welcome_done=False),
    "problem": Scene(play_problem, prepare=spoil, exit_code=2),
}
