"""What the desktop and the package manager are told."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtGui import QImage

from app.cli import _parser
from tests.packaging.freezer import REPOSITORY

FOLDER = REPOSITORY / "packaging" / "debian"


def desktop_entry() -> dict[str, str]:
    """The lines of the menu's entry."""
    lines = (FOLDER / "tidemill.desktop").read_text("utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if not line.startswith("#"))
    return {name: value for name, mark, value in pairs if mark}


def test_the_entry_of_the_menu_is_valid() -> None:
    ended = subprocess.run(
        ["desktop-file-validate", str(FOLDER / "tidemill.desktop")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")


@pytest.mark.parametrize("files", [[], ["a.jpg", "b c.png"]])
def test_the_menu_starts_the_window_with_and_without_files(files: list[str]) -> None:
    program, *words = shlex.split(desktop_entry()["Exec"])
    assert program == "tidemill"
    assert words[-1] == "%F"
    given = _parser().parse_args([*words[:-1], *files])
    assert (given.command, given.headless, given.take) == ("run", False, [Path(one) for one in files])


def test_the_description_names_the_entry_and_the_release() -> None:
    from debian_package import Version, fill_in

    text = fill_in((FOLDER / "metainfo.xml").read_text("utf-8"), Version("1.2.3", 0))
    root = ET.fromstring(text)
    assert root.findtext("launchable") == "tidemill.desktop"
    assert root.findtext("name") == desktop_entry()["Name"]
    release = root.find("releases/release")
    assert release is not None
    assert release.attrib == {"version": "1.2.3", "date": "1970-01-01"}
    assert "@" not in fill_in((FOLDER / "tidemill.1").read_text("utf-8"), Version("1.2.3", 0))


def test_the_icon_is_drawn_in_every_size(tmp_path: Path) -> None:
    from icons import SIZES, draw_icons

    draw_icons(REPOSITORY / "resources/icons/tidemill.svg", tmp_path, "tidemill")
    for size in SIZES:
        image = QImage(str(tmp_path / f"{size}x{size}/apps/tidemill.png"))
        assert (image.width(), image.height()) == (size, size)
        middle = image.pixelColor(size // 2, size // 2)
        assert middle.alpha() == 255
        assert image.pixelColor(0, 0).alpha() == 0
    assert (tmp_path / "scalable/apps/tidemill.svg").is_file()


def test_the_copyright_names_all_that_is_inside() -> None:
    from debian_package import copyright_text
    from licences import Component

    text = copyright_text([Component("thing", "2.0", "BSD-3-Clause", ())], "MIT License\n\nBe nice.\n")
    assert "  thing 2.0: BSD-3-Clause\n" in text
    assert text.endswith("License: Expat\n MIT License\n .\n Be nice.\n")
