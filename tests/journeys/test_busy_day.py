"""5,000 tasks over three domains, one of them of another author and failing: found, switched off, mended, retried."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.programs import REPOSITORY
from tests.helpers.pipeline import contents_of
from tests.helpers.real_files import jpeg
from tests.journeys.courier import PARCELS, install_courier, write_parcels
from tests.journeys.virtual_screen import virtual_screen

LETTERS, PICTURES = 700, 100
"""With a thumbnail for each picture, and the parcels: 5,000 and some."""
LONGEST_S = 400


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    folder = tmp_path / "letters"
    folder.mkdir()
    for number in range(LETTERS):
        (folder / f"{number:04}.txt").write_text(f"Dear aunt, this is letter {number}")
    for number in range(PICTURES):
        (folder / f"{number:04}.jpg").write_bytes(jpeg(mark=number))
    return folder


@pytest.mark.timeout(LONGEST_S + 30)
def test_a_busy_day_with_a_failing_plugin(data_dir: Path, tmp_path: Path, letters: Path) -> None:
    site, parcels = tmp_path / "site", tmp_path / "morning.parcels"
    install_courier(site)
    write_parcels(parcels)
    with (data_dir / "settings.toml").open("a") as settings:
        # Nobody knows what else the disk of this machine has to do.
        settings.write("[pressure]\nslow_down = false\n")
    with virtual_screen() as screen:
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.busy_day", *map(str, (data_dir, letters, parcels))],
            cwd=REPOSITORY,
            env=screen.environment | {"PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(site)])},
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "a busy day" in done.stdout
    carried = (data_dir / "plugins" / "courier" / "carried.txt").read_text().split()
    # Interrupted or not, retried or not: none is lost, none is carried twice.
    assert sorted(map(int, carried)) == list(range(PARCELS))
    stored = contents_of(data_dir / "library")
    assert len([name for name in stored if name.startswith("content/")]) == LETTERS + PICTURES
    assert len([name for name in stored if name.startswith("thumbnails/")]) == PICTURES
    assert contents_of(data_dir / "mirror") == stored
    assert "ERROR" not in (data_dir / "logs" / "tidemill.log").read_text("utf-8")
