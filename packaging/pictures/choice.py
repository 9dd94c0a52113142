"""What is to be photographed: scenes, themes, scales and pages, chosen on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "pictures"
"""Git ignores it. One folder a scene, and the contact sheets."""
DOCS = ROOT / "docs" / "pictures"

THEMES = ("light", "dark")
SCALES = (1.0, 1.5)


@dataclass(frozen=True)
class Choice:
    """A part of the matrix, or all of it. No pages: all that a scene has."""

    scenes: tuple[str, ...]
    themes: tuple[str, ...] = THEMES
    scales: tuple[float, ...] = SCALES
    pages: tuple[str, ...] = ()
    docs: bool = False

    def wants(self, page: str) -> bool:
        """Is this page to be photographed?"""
        return not self.pages or page in self.pages


@dataclass(frozen=True)
class Shot:
    """One picture of the matrix."""

    scene: str
    page: str
    theme: str
    scale: float

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return OUT / self.scene / f"{self.page}-{self.theme}-{self.scale}x.png"


def parse(arguments: Sequence[str], scenes: Sequence[str], pages: Sequence[str]) -> Choice:
    """Reads the command line; ends the program with a usage message when it is wrong."""
    parser = argparse.ArgumentParser(
        prog="make screenshots ARGS=...",
        description="Photographs the window at real work: every scene, page, theme and scale, or those that are named.",
    )
    parser.add_argument("--scene", action="append", choices=scenes, help="only this scene; may be repeated")
    parser.add_argument("--theme", action="append", choices=THEMES, help="only this theme")
    parser.add_argument("--scale", action="append", type=float, choices=SCALES, help="only this scale")
    parser.add_argument("--page", action="append", choices=pages, help="only this page")
    parser.add_argument("--docs", action="store_true", help="also renew the pictures in docs/pictures")
    chosen = parser.parse_args(arguments)
    return Choice(
        scenes=tuple(chosen.scene or scenes),
        themes=tuple(chosen.theme or THEMES),
        scales=tuple(chosen.scale or SCALES),
        pages=tuple(chosen.page or ()),
        docs=chosen.docs,
    )
