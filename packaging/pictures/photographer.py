"""Looks at the window, waits for what is to be seen, and takes pictures of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image
    from PySide6.QtWidgets import QWidget

    from tests.journeys.beside import Onlooker
    from tests.journeys.virtual_screen import VirtualScreen

_LOOK_EVERY_S = 0.08
_LONGEST_SETTLING_S = 0.7


class Photographer:
    """Works in the script's thread, beside the app."""

    def __init__(self, onlooker: Onlooker, screen: VirtualScreen) -> None:
        self.onlooker = onlooker
        self.screen = screen

    def shoot(self, path: Path, inside: Callable[[], QWidget] | None = None) -> None:
        """The screen as it is now, or what lies within the window that `inside` answers."""
        # Another turn of the loop, so that what was asked for is painted, however busy the machine is.
        self.onlooker.pause(_LOOK_EVERY_S)
        self.onlooker.ask(lambda: None)
        self._settle()
        picture = self.screen.picture()
        if inside is not None:
            picture = picture.crop(self.onlooker.ask(lambda: _place(inside())))
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path, compress_level=3)

    def use_theme(self, theme: str) -> None:
        """Switches as a person does in the settings; returns when the window shows it."""
        self.onlooker.ask(lambda: self.onlooker.window._settings.update(general={"theme": theme}))
        self.onlooker.until(lambda: self._is_dark() == (theme == "dark"), f"the {theme} theme")

    def put_pointer_away(self) -> None:
        """From everything that would light up under it."""
        width, height = self.screen.picture().size
        self.screen.move(width - 2, height - 2)

    def do(self, act: Callable[[], object]) -> None:
        """Acts on the GUI's thread."""
        self.onlooker.ask(act)

    def until(self, question: Callable[[], object], what: str, longest_s: float = 60.0) -> None:
        """Waits until it holds, on the GUI's thread; fails, naming `what`, when it does not."""
        self.onlooker.until(question, what, longest_s)

    def sees(self, kind: type[QWidget], name: str) -> None:
        """Waits until a widget can be seen."""
        self.until(lambda: self.onlooker.find(kind, name), f"{name} to be seen")

    def _is_dark(self) -> bool:
        from app.theme import color

        return color("window").lightnessF() < 0.5

    def _settle(self) -> None:
        """Returns when what was asked for is on the screen: two looks that are alike, or a moment of looking."""
        from PIL import ImageChops

        deadline_s = time.monotonic() + _LONGEST_SETTLING_S
        last: Image.Image | None = None
        while time.monotonic() < deadline_s:
            now = self.screen.picture()
            if last is not None and ImageChops.difference(last, now).getbbox() is None:
                return
            last = now
            self.onlooker.pause(_LOOK_EVERY_S)


def _place(window: QWidget) -> tuple[int, int, int, int]:
    """Where a window lies on the screen, in the screen's pixels."""
    ratio, box = window.devicePixelRatio(), window.geometry()
    edges = (box.left(), box.top(), box.left() + box.width(), box.top() + box.height())
    left, top, right, bottom = (round(edge * ratio) for edge in edges)
    return left, top, right, bottom
