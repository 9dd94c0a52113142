"""Tries the .deb as a person would: in a clean Debian 12 it is installed, works, is looked at, and is removed again.

python packaging/try_package.py [FILE.deb]      else the newest in dist; run by `make test-package`, as root

What it looked like is kept as build/test-package/window.png.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from clean_debian import HOME, CleanDebian

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "test-package"
NAME = "tidemill"
SAMPLES = f"/usr/lib/{NAME}/_internal/app/_resources/samples"
HEADLESS, WINDOW = f"{HOME}/headless", f"{HOME}/.local/share/{NAME}"
LONGEST_S = 120.0
# Where apt, dpkg and their hooks keep books; and the home of the person, whose data stay.
NOT_OURS = (
    "/var/lib/dpkg",
    "/var/lib/apt",
    "/var/log",
    "/var/cache",
    "/proc",
    "/dev",
    "/run",
    HOME,
    "/tmp/.X11-unix",  # noqa: S108 - the X server of this machine
)
# The helpers of the tests open the screen.
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from tests.journeys.virtual_screen import VirtualScreen


class TrialError(Exception):
    """Something was not as it should be."""


def main() -> int:
    """Tries the package; returns the exit code."""
    if os.geteuid() != 0:
        print(
            "It installs a Debian into a folder, and that takes root: sudo make test-package", file=sys.stderr
        )
        return 2
    packages = sorted((ROOT / "dist").glob(f"{NAME}_*.deb"), key=lambda path: path.stat().st_mtime)
    given = [Path(word) for word in sys.argv[1:]] or packages[-1:]
    if not given:
        print("There is no package in dist. Make one: make package", file=sys.stderr)
        return 2
    try:
        try_package(given[0])
    except (TrialError, RuntimeError, subprocess.CalledProcessError) as error:
        print(f"NOT GOOD: {error}", file=sys.stderr)
        return 1
    return 0


def try_package(package: Path) -> None:
    """Takes it from its installation to its removal. Raises TrialError and what commands raise."""
    WORK.mkdir(parents=True, exist_ok=True)
    tell("a clean Debian")
    debian = CleanDebian(WORK)
    before = debian.files()
    debian.inside("/package.deb").write_bytes(package.read_bytes())
    tell(f"apt installs {package.name} ({package.stat().st_size / 1e6:.0f} MB)")
    debian.run(["apt-get", "install", "-y", "--no-install-recommends", "/package.deb"])
    debian.inside("/package.deb").unlink()
    installed = debian.run(["dpkg", "-L", NAME]).split("\n")
    with_package = debian.files()
    check_descriptions(debian)
    done = work_headless(debian)
    work_in_window(debian, done)
    remove(debian, (before | with_package), set(installed) - {"", "/."})


def check_descriptions(debian: CleanDebian) -> None:
    """What the desktop is told of it is right: its entry, its icon, its description."""
    share = debian.inside("/usr/share")
    subprocess.run(["desktop-file-validate", str(share / f"applications/{NAME}.desktop")], check=True)
    for metainfo in (share / "metainfo").glob("*.xml"):
        subprocess.run(
            ["appstreamcli", "validate", "--no-net", str(metainfo)], check=True, stdout=subprocess.DEVNULL
        )
    version = debian.run_as_user([NAME, "--version"]).strip()
    tell(f"entry and description are valid; {version}")


def work_headless(debian: CleanDebian) -> int:
    """Does the samples in the terminal; returns how many tasks that were."""
    said = debian.run_as_user(
        [NAME, "run", "--headless", "--data-dir", HEADLESS, "--take", SAMPLES, "--until-idle"]
    )
    match = re.search(r"^(\d+) done, 0 failed, 0 not finished$", said, re.MULTILINE)
    if match is None:
        raise TrialError(f"the samples are not done:\n{said}")
    check_thumbnails(debian, HEADLESS)
    tell(f"without a window: {match[0]}")
    return int(match[1])


def work_in_window(debian: CleanDebian, tasks: int) -> None:
    """A first start: the button of the welcome page by its key, the work, a picture, and Ctrl+Q."""
    from tests.journeys.virtual_screen import virtual_screen

    with virtual_screen() as screen, running(debian, screen.display) as process:
        log = debian.inside(WINDOW) / "logs" / f"{NAME}.log"
        wait_for(
            lambda: log.exists() and "opened " in log.read_text("utf-8"), "the window to be open", process
        )
        press(screen, "alt+t")
        database = debian.inside(WINDOW) / f"{NAME}.db"
        wait_for(lambda: completed(database) == tasks, f"{tasks} tasks to be done", process)
        check_thumbnails(debian, WINDOW)
        wait_for(lambda: is_still(screen.picture), "the window to be still", process)
        screen.picture().save(WORK / "window.png")
        paint = re.search(r"first paint after .*", log.read_text("utf-8"))
        tell(f"in the window: {tasks} tasks done; {paint[0] if paint else 'no first paint in the log'}")
        press(screen, "ctrl+q")
        code = process.wait(LONGEST_S)
    said = process.stdout.read() if process.stdout else ""
    if code != 0 or said:
        raise TrialError(f"the window ended with {code} and said {said!r}")
    complaints = [line for line in log.read_text("utf-8").splitlines() if is_complaint(line)]
    if complaints:
        raise TrialError("its log has complaints:\n" + "\n".join(complaints))
    tell(f"closed; its picture is {(WORK / 'window.png').relative_to(ROOT)}")


def remove(debian: CleanDebian, before: set[str], installed: set[str]) -> None:
    """Removes the package, and looks for anything of it and of its runs that is left but the person's data."""
    debian.run(["apt-get", "purge", "-y", NAME])
    left = {path for path in debian.files() if not path.startswith(NOT_OURS)}
    new = left - before
    # A folder that another package has, too, stays.
    own = (installed & left) - debian.owned(installed & left)
    if new or own:
        raise TrialError("left behind: " + ", ".join(sorted(new | own)))
    check_thumbnails(debian, WINDOW)
    tell("removed; nothing is left but the data in the person's home")


def check_thumbnails(debian: CleanDebian, data: str) -> None:
    """Worker processes have made one of each sample."""
    made = len(list((debian.inside(data) / "library/thumbnails").rglob("*.webp")))
    samples = len(list((ROOT / "resources/samples").iterdir()))
    if made != samples:
        raise TrialError(f"{data} has {made} thumbnails of {samples} samples")


@contextlib.contextmanager
def running(debian: CleanDebian, display: str) -> Iterator[subprocess.Popen[str]]:
    """The window on a screen, started by its name as a desktop does; killed if it is there at the end."""
    process = debian.start_as_user([NAME, "run", "--take"], {"DISPLAY": display})
    try:
        yield process
    finally:
        process.kill()


def completed(database: Path) -> int:
    """How many tasks are in the history."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    with contextlib.closing(connection):
        return int(connection.execute("SELECT count(*) FROM history").fetchone()[0])


def is_complaint(line: str) -> bool:
    """Does this line of the log complain? How long a busy machine held the window says nothing of the package."""
    return bool(re.search(r" (ERROR|CRITICAL|WARNING) ", line)) and "app.system.stall_watch" not in line


def is_still(picture: Callable[[], object]) -> bool:
    """Do two looks, half a second apart, show the same?"""
    first = picture()
    time.sleep(0.5)
    return first == picture()


def press(screen: VirtualScreen, key: str) -> None:
    """Presses keys on the screen's keyboard."""
    subprocess.run(["xdotool", "key", key], env=screen.environment, check=True)


def wait_for(question: Callable[[], bool], what: str, process: subprocess.Popen[str]) -> None:
    """Returns when the answer is yes. Raises TrialError when the program ended or it took too long."""
    deadline_s = time.monotonic() + LONGEST_S
    while not question():
        if process.poll() is not None or time.monotonic() > deadline_s:
            process.kill()
            said = process.stdout.read() if process.stdout else ""
            raise TrialError(f"waited for {what}; the program said {said!r}")
        time.sleep(0.1)


def tell(what: str) -> None:
    """Says how far it is."""
    print(f"== {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
