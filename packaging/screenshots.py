"""Photographs the window into docs/pictures: the real app on a screen of its own, at real work. Run by `make screenshots`.

python packaging/screenshots.py           all pictures
python packaging/screenshots.py busy      those of one scene: first, busy or large
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
# The helpers of the tests open the screen and fill the folders.
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from tests.journeys.beside import Onlooker
    from tests.journeys.virtual_screen import VirtualScreen

THEMES = ("light", "dark")
SETTINGS = '[general]\ntheme = "light"\nwelcome_done = {welcome_done}\n'
PHOTOS, TEXTS = 240, 6000
SETTLED_S = 6.0


def main() -> int:
    """Makes the pictures of the scenes that are named, or of all; returns the exit code."""
    from tests.journeys.virtual_screen import virtual_screen

    wanted = sys.argv[1:] or list(SCENES)
    if wanted[0] == "--play":
        return play(wanted[1], wanted[2], Path(wanted[3]))
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name in wanted:
        scale = SCENES[name].scale
        with (
            virtual_screen(round(1280 * scale), round(800 * scale)) as screen,
            tempfile.TemporaryDirectory(prefix="tidemill-pictures-") as folder,
        ):
            command = [sys.executable, __file__, "--play", name, screen.display, folder]
            environment = screen.environment | {"QT_SCALE_FACTOR": str(scale)}
            subprocess.run(command, env=environment, check=True, timeout=600)
    return 0


def play(name: str, display: str, folder: Path) -> int:
    """Runs the app in this process and plays one scene in it; returns the exit code."""
    from tests.journeys.beside import run_with
    from tests.journeys.virtual_screen import VirtualScreen

    scene = SCENES[name]
    data_dir = folder / "Tidemill"
    data_dir.mkdir()
    done = "true" if scene.welcome_done else "false"
    (data_dir / "settings.toml").write_text(SETTINGS.format(welcome_done=done))
    fill = scene.fill(folder) if scene.fill is not None else ()

    def script(onlooker: Onlooker) -> None:
        scene.script(Photographer(onlooker, VirtualScreen(display)), fill)

    return run_with(["run", "--data-dir", str(data_dir)], script)


class Photographer:
    """Looks at the window, waits for what is to be seen, and takes pictures of it."""

    def __init__(self, onlooker: Onlooker, screen: VirtualScreen) -> None:
        self.onlooker = onlooker
        self._screen = screen

    def shoot(self, name: str) -> None:
        """The screen as it is now, in light and dark: `<name>-light.png`, `<name>-dark.png`."""
        for theme in THEMES:
            self._use(theme)
            self.shoot_one(f"{name}-{theme}")
        self._use("light")

    def shoot_one(self, name: str) -> None:
        """The screen as it is now."""
        width, height = self._screen.picture().size
        # Away from everything that would light up under it.
        self._screen.move(width - 2, height - 2)
        self._settle()
        picture = self._screen.picture()
        path = PICTURES / f"{name}.png"
        picture.save(path, optimize=True)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB", flush=True)

    def show(self, page: str, content: str) -> None:
        """Brings a page to the front and waits until its list can be read."""
        from PySide6.QtWidgets import QAbstractItemView

        self.onlooker.ask(lambda: self.onlooker.window.show_page(page))
        self.onlooker.until(lambda: self.onlooker.find(QAbstractItemView, content), f"{content} to be filled")

    def _use(self, theme: str) -> None:
        self.onlooker.ask(lambda: self.onlooker.settings.update(general={"theme": theme}))
        while self._is_dark() != (theme == "dark"):
            self.onlooker.pause(0.1)

    def _is_dark(self) -> bool:
        from PIL import ImageStat

        return ImageStat.Stat(self._screen.picture().convert("L")).mean[0] < 128

    def _settle(self) -> None:
        """Returns when what was asked for is on the screen: two looks that are alike, or a second of looking."""
        from PIL import ImageChops

        last = self._screen.picture()
        for _ in range(10):
            self.onlooker.pause(0.1)
            now = self._screen.picture()
            if ImageChops.difference(last, now).getbbox() is None:
                return
            last = now


def play_first(photographer: Photographer, _fill: tuple[Path, ...]) -> None:
    """The first start, and the Overview with nothing to do."""
    from PySide6.QtWidgets import QPushButton

    onlooker = photographer.onlooker
    onlooker.place_of(QPushButton, "welcome-samples")
    photographer.shoot("welcome")
    skip = onlooker.until(lambda: onlooker.find(QPushButton, "welcome-skip"), "the button")
    onlooker.ask(skip.click)
    photographer.shoot("overview-empty")


def play_busy(photographer: Photographer, fill: tuple[Path, ...]) -> None:
    """Everything at work, and what it left behind."""
    from PySide6.QtWidgets import QAbstractButton, QWidget

    work_until_busy(photographer.onlooker, fill)
    photographer.shoot("overview-busy")
    for page in ("queue", "history", "jobs", "failures"):
        photographer.show(page, f"{page}-list")
        photographer.shoot(page)
    onlooker = photographer.onlooker
    onlooker.ask(lambda: onlooker.window.show_page("domain-process"))
    onlooker.place_of(QWidget, "page-domain-process")
    photographer.shoot("domain")
    onlooker.ask(lambda: onlooker.window.show_page("overview"))
    onlooker.ask(lambda: onlooker.window.show_settings())
    onlooker.ask(lambda: onlooker.settings_window.show_page("domains"))
    onlooker.place_of(QAbstractButton, "settings-switch-sync")
    photographer.shoot("settings")


def play_large(photographer: Photographer, fill: tuple[Path, ...]) -> None:
    """The busy Overview on a screen with larger pixels."""
    work_until_busy(photographer.onlooker, fill)
    photographer.shoot_one("overview-busy-light-1.5x")


def work_until_busy(onlooker: Onlooker, fill: tuple[Path, ...]) -> None:
    """Drops the folders so that three domains come to work at once while the graphs have a history."""
    mixed, letters, photos, scans = fill
    onlooker.until(onlooker.is_open, "the database to be open")
    onlooker.drop(mixed)
    onlooker.until(onlooker.is_idle, "the mixed folder to be done")
    onlooker.drop(letters)
    onlooker.until(lambda: onlooker.running("sync"), "the letters to be mirrored", longest_s=180)
    onlooker.drop(photos)
    onlooker.drop(scans)
    onlooker.until(lambda: onlooker.running("ingest", "process", "sync"), "three domains at work")
    onlooker.pause(SETTLED_S)


def fill_busy(folder: Path) -> tuple[Path, ...]:
    """A mixed folder, one of many letters, one of large photographs, and one of many scans."""
    from tests.helpers.real_files import make_mixed_folder

    mixed = make_mixed_folder(folder / "From the old laptop", count=200).root
    letters = _texts(folder / "Letters 1998-2014", "Letter")
    return mixed, letters, _photos(folder / "Norway 2025"), _texts(folder / "Recipes", "Recipe")


def _photos(folder: Path) -> Path:
    from PIL import Image

    folder.mkdir()
    with Image.open(ROOT / "resources" / "samples" / "Misty hills.jpg") as sample:
        large = sample.resize((6000, 4000), Image.Resampling.BICUBIC)
    pattern = folder / "DSC_0000.jpg"
    large.save(pattern, quality=92)
    content = pattern.read_bytes()
    for number in range(1, PHOTOS):
        # A comment makes each one a content of its own; 24 megapixels are read all the same.
        words = f"photograph {number}".encode()
        comment = b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words
        (folder / f"DSC_{number:04}.jpg").write_bytes(content[:2] + comment + content[2:])
    return folder


def _texts(folder: Path, name: str) -> Path:
    for number in range(TEXTS):
        year = folder / str(1998 + number * 17 // TEXTS)
        year.mkdir(parents=True, exist_ok=True)
        (year / f"{name} {number:04}.txt").write_text(f"{name} number {number} of that year.\n" * 40)
    return folder


@dataclass(frozen=True)
class Scene:
    """What is played on a screen of 1280 x 800 points at `scale`, on a new data folder."""

    script: Callable[[Photographer, tuple[Path, ...]], None]
    fill: Callable[[Path], tuple[Path, ...]] | None = None
    welcome_done: bool = True
    scale: float = 1.0


SCENES = {
    "first": Scene(play_first, welcome_done=False),
    "busy": Scene(play_busy, fill_busy),
    "large": Scene(play_large, fill_busy, scale=1.5),
}


if __name__ == "__main__":
    sys.exit(main())
