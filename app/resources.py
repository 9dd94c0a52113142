"""Finds the files that ship with Tidemill: icons, translations, sample pictures; in a checkout and in a wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def resources_dir() -> Path:
    """The folder of the shipped files. Raises FileNotFoundError when the installation is incomplete."""
    package = Path(__file__).resolve().parent
    for folder in (package / "_resources", package.parent / "resources"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"{package / '_resources'} is missing: install Tidemill again")


def icon_path(name: str) -> Path:
    """The SVG of the icon `name` (without its extension); it need not exist."""
    return resources_dir() / "icons" / f"{name}.svg"


def translations_dir() -> Path:
    """The folder of translations: `tidemill_<language>.qm` and `sentences_<language>.toml`."""
    return resources_dir() / "translations"


def samples_dir() -> Path:
    """The folder of sample pictures that the welcome page offers."""
    return resources_dir() / "samples"
