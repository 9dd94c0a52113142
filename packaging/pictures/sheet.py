"""Contact sheets: all pictures of a scene, a theme and a scale side by side, so that one look sees many."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

_COLUMNS: Final = 4
_WIDTH, _HEIGHT = 640, 400
_GAP, _CAPTION = 16, 20
_GROUND, _INK = (128, 132, 136), (255, 255, 255)


def make_sheet(pictures: Sequence[Path], path: Path) -> None:
    """Puts the pictures, each with its name below it, on one sheet."""
    columns = min(_COLUMNS, len(pictures))
    rows = -(-len(pictures) // columns)
    step_x, step_y = _WIDTH + _GAP, _HEIGHT + _CAPTION + _GAP
    sheet = Image.new("RGB", (columns * step_x + _GAP, rows * step_y + _GAP), _GROUND)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(14)
    for place, picture in enumerate(pictures):
        x, y = _GAP + place % columns * step_x, _GAP + place // columns * step_y
        with Image.open(picture) as whole:
            whole.thumbnail((_WIDTH, _HEIGHT), Image.Resampling.LANCZOS)
            sheet.paste(whole, (x, y))
        draw.text((x, y + _HEIGHT + 3), picture.stem, _INK, font)
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, compress_level=3)


def save_small(picture: Path, path: Path) -> None:
    """A picture for the documentation: 256 colours are enough for a window, and take a third of the room."""
    with Image.open(picture) as whole:
        few = whole.convert("RGB").quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        path.parent.mkdir(parents=True, exist_ok=True)
        few.save(path, optimize=True)
