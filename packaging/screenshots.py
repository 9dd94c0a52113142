"""Photographs the window into build/pictures: the real app on a screen of its own, at real work. By `make screenshots`.

python packaging/screenshots.py                                     the whole matrix, and a contact sheet of each part
python packaging/screenshots.py --scene busy --theme dark --scale 1.5 --page jobs
python packaging/screenshots.py --docs                              and the pictures in docs/pictures
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
# The helpers of the tests open the screen and fill the folders.
sys.path.insert(0, str(ROOT))

from pictures.choice import DOCS, OUT, Choice, Shot, parse  # noqa: E402
from pictures.pages import FULL, PAGES, page_names  # noqa: E402
from pictures.scenes import SCENES, Stage  # noqa: E402

if TYPE_CHECKING:
    from tests.journeys.beside import Onlooker

SETTINGS = '[general]\ntheme = "light"\nwelcome_done = {welcome_done}\n'
LONGEST_S = 900
AT_ONCE = 2
IN_DOCS = (
    Shot("busy", "overview", "light", 1.0),
    Shot("busy", "overview", "dark", 1.0),
    Shot("busy", "jobs", "light", 1.0),
    Shot("busy", "inspector", "light", 1.0),
    Shot("failing", "failures", "light", 1.0),
)


def main(arguments: list[str]) -> int:
    """Makes the pictures that are wanted; returns the exit code."""
    if arguments and arguments[0] == "--play":
        return play(arguments[1], arguments[2], Path(arguments[3]), float(arguments[4]), arguments[5:])
    choice = parse(arguments, list(SCENES), page_names())
    # Two at a time: each waits a good deal for what it is to show. But no two that want the disk for themselves.
    parts = [(name, scale) for scale in choice.scales for name in SCENES if name in choice.scenes]
    disk = Lock()

    def make(part: tuple[str, float]) -> str:
        with disk if SCENES[part[0]].is_heavy else nullcontext():
            return start(*part, arguments)

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for failed in pool.map(make, parts):
            if failed:
                raise SystemExit(failed)
    make_sheets(choice)
    if choice.docs:
        renew_docs()
    return 0


def start(name: str, scale: float, arguments: list[str]) -> str:
    """Plays one scene at one scale in a process and on a screen of its own; returns what went wrong."""
    from tests.journeys.virtual_screen import virtual_screen

    began_s = time.monotonic()
    with (
        virtual_screen(round(FULL[0] * scale), round(FULL[1] * scale)) as screen,
        tempfile.TemporaryDirectory(prefix="tidemill-pictures-") as folder,
    ):
        data_dir = Path(folder) / "Tidemill"
        data_dir.mkdir()
        scene = SCENES[name]
        done = "true" if scene.welcome_done else "false"
        settings = SETTINGS.format(welcome_done=done) + scene.settings.format(folder=folder)
        (data_dir / "settings.toml").write_text(settings)
        scene.prepare(Path(folder))
        command = [sys.executable, __file__, "--play", name, screen.display, folder, str(scale), *arguments]
        environment = screen.environment | {
            "QT_SCALE_FACTOR": str(scale),
            # A plugin that a scene brought.
            "PYTHONPATH": str(Path(folder) / "site"),
        }
        ended = subprocess.run(command, env=environment, check=False, timeout=LONGEST_S)
        if ended.returncode != scene.exit_code:
            return f"the scene {name} at {scale} failed: it ended with {ended.returncode}"
    print(f"{name} at {scale}: {time.monotonic() - began_s:.0f} s", flush=True)
    return ""


def play(name: str, display: str, folder: Path, scale: float, arguments: list[str]) -> int:
    """Runs the app in this process and photographs one scene of it; returns the exit code."""
    from pictures.photographer import Photographer

    from tests.journeys.beside import run_with
    from tests.journeys.virtual_screen import VirtualScreen

    stage = Stage(folder, scale, parse(arguments, list(SCENES), page_names()))

    def script(onlooker: Onlooker) -> None:
        stage.by = Photographer(onlooker, VirtualScreen(display))
        stage.by.put_pointer_away()
        SCENES[name].play(stage)

    return run_with(["run", "--data-dir", str(folder / "Tidemill")], script)


def make_sheets(choice: Choice) -> None:
    """One sheet for each scene, theme and scale, of the pictures that are there."""
    from pictures.sheet import make_sheet

    order = {name: place for place, name in enumerate(page_names())}
    assert len(order) >= len(PAGES)
    for scene in choice.scenes:
        for theme in choice.themes:
            for scale in choice.scales:
                shots = [Shot(scene, page, theme, scale).path for page in order]
                there = [path for path in shots if path.exists()]
                if there:
                    sheet = OUT / f"{scene}-{theme}-{scale}x.png"
                    make_sheet(there, sheet)
                    print(f"{sheet.relative_to(ROOT)}: {len(there)} pictures", flush=True)


def renew_docs() -> None:
    """The few pictures that the documentation shows, each small."""
    from pictures.sheet import save_small

    for shot in IN_DOCS:
        path = DOCS / f"{shot.page}-{shot.scene}-{shot.theme}.png"
        save_small(shot.path, path)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
