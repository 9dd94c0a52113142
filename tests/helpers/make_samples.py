"""Draws the sample pictures that Tidemill ships: `python -m tests.helpers.make_samples resources/samples`.

Made for the purpose from nothing but arithmetic, and given to the public domain (CC0). The same code draws
the same pictures; some JPEGs are stored turned, with the EXIF orientation that turns them back.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from tests.helpers.sample_canvas import OVERSAMPLING, Canvas, Colour, Floats

# How stored pixels have to lie so that this EXIF orientation shows them upright.
STORED_BY: Final = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


def _waves(canvas: Canvas, horizon: float, near: Colour, far: Colour, rows: int = 9) -> None:
    for row in range(rows):
        share = row / (rows - 1)
        colour = tuple(round(a + (b - a) * share) for a, b in zip(far, near, strict=True))
        level = horizon + (1 - horizon) * share**1.5 * 0.93
        canvas.fill_below(canvas.ridge(level, 0.004 + 0.03 * share, 3), colour)  # type: ignore[arg-type]


def dawn_tide() -> Image.Image:
    """The sun rises over an incoming tide."""
    canvas = Canvas(1500, 1000, 1)
    canvas.sky((38, 52, 98), (186, 104, 128), (252, 178, 110), (255, 226, 170))
    canvas.disc(0.5, 0.56, 0.3, (255, 214, 140), 0.5, 0.1)
    canvas.disc(0.5, 0.56, 0.085, (255, 244, 214))
    _waves(canvas, 0.58, (24, 52, 86), (214, 132, 118))
    canvas.path_of_light(0.5, 0.6, (255, 226, 176))
    return canvas.finished()


def misty_hills() -> Image.Image:
    """Seven ridges, each paler than the one before it."""
    canvas = Canvas(1500, 1000, 4)
    canvas.sky((146, 186, 206), (214, 226, 222), (250, 236, 214))
    canvas.disc(0.74, 0.27, 0.06, (255, 250, 232), 0.95, 0.004)
    for step in range(7):
        share = step / 6
        colour = (round(172 - 156 * share), round(198 - 136 * share), round(200 - 130 * share))
        canvas.fill_below(canvas.ridge(0.42 + 0.085 * step, 0.13, 6), colour)
    return canvas.finished()


def moonlit_bay() -> Image.Image:
    """A moon, stars, and the sea below them."""
    canvas = Canvas(1200, 800, 7)
    canvas.sky((8, 12, 34), (20, 34, 74), (54, 78, 122))
    canvas.stars(150, 0.55)
    canvas.disc(0.68, 0.25, 0.2, (150, 176, 214), 0.35, 0.07)
    canvas.disc(0.68, 0.25, 0.085, (246, 244, 228))
    canvas.disc(0.655, 0.235, 0.018, (222, 220, 202), 0.7)
    canvas.disc(0.695, 0.275, 0.026, (226, 224, 206), 0.6)
    _waves(canvas, 0.6, (6, 14, 32), (40, 62, 102))
    canvas.path_of_light(0.68, 0.62, (214, 222, 232))
    canvas.fill_below(canvas.ridge(0.5, 0.1, 5) + np.linspace(0, 1, canvas.width) ** 1.3 * 1.5, (6, 10, 22))
    return canvas.finished()


def lighthouse() -> Image.Image:
    """A lighthouse at dusk, upright in a portrait."""
    canvas = Canvas(900, 1300, 12)
    canvas.sky((28, 36, 84), (120, 76, 128), (234, 128, 106), (255, 202, 138))
    canvas.stars(60, 0.3)
    canvas.shape([(0.53, 0.335), (-0.3, 0.16), (-0.3, 0.34)], (255, 240, 190), 0.45, 0.008)
    canvas.shape([(0.53, 0.335), (1.3, 0.42), (1.3, 0.6)], (255, 240, 190), 0.35, 0.008)
    _waves(canvas, 0.74, (16, 30, 60), (196, 104, 104), 7)
    for band in range(5):
        top, bottom = 0.38 + band * 0.088, 0.38 + (band + 1) * 0.088
        left, right = (
            (0.475 - 0.008 * band, 0.475 - 0.008 * (band + 1)),
            (0.585 + 0.008 * band, 0.585 + 0.008 * (band + 1)),
        )
        colour = (190, 48, 46) if band % 2 == 0 else (240, 234, 224)
        canvas.shape([(left[0], top), (right[0], top), (right[1], bottom), (left[1], bottom)], colour)
    canvas.shape([(0.455, 0.38), (0.605, 0.38), (0.605, 0.37), (0.455, 0.37)], (40, 36, 50))
    canvas.shape([(0.49, 0.37), (0.57, 0.37), (0.57, 0.31), (0.49, 0.31)], (255, 236, 170))
    canvas.shape([(0.475, 0.31), (0.585, 0.31), (0.53, 0.272)], (40, 36, 50))
    canvas.disc(0.53, 0.34, 0.05, (255, 246, 210), 0.7, 0.02)
    rock = canvas.ridge(0.78, 0.05, 5) + np.abs(np.linspace(-0.53, 0.47, canvas.width)) * 0.45
    canvas.fill_below(rock, (26, 22, 40))
    return canvas.finished()


def dunes() -> Image.Image:
    """Sand, light and shadow."""
    canvas = Canvas(1500, 1000, 21)
    canvas.sky((90, 160, 206), (186, 216, 222), (252, 232, 196))
    for step, colour in enumerate(
        [(232, 190, 136), (222, 166, 104), (206, 138, 78), (178, 104, 60), (132, 70, 48)]
    ):
        line = canvas.ridge(0.5 + 0.11 * step, 0.13, 2)
        canvas.fill_below(line, colour)
        canvas.fill_below(line + 0.03 + 0.02 * np.sin(np.linspace(0, 5, canvas.width) + step), colour, 0.5)
        shade = tuple(round(band * 0.86) for band in colour)
        canvas.fill_below(line + np.abs(canvas.ridge(0.02, 0.1, 2)) + 0.01, shade, 0.65)  # type: ignore[arg-type]
    return canvas.finished()


def aurora() -> Image.Image:
    """Northern lights over a dark forest."""
    canvas = Canvas(1500, 1000, 33)
    canvas.sky((6, 10, 30), (12, 32, 56), (26, 62, 74))
    canvas.stars(200, 0.7)
    for colour, level in (((70, 240, 160), 0.36), ((90, 220, 220), 0.3), ((176, 110, 236), 0.24)):
        line = canvas.ridge(level, 0.16, 3)
        band = [(index / canvas.width, y) for index, y in enumerate(line)]
        low = [(x, y + 0.2 + 0.06 * np.sin(x * 23)) for x, y in reversed(band)]
        canvas.shape(band + low, colour, 0.42, 0.035)
        canvas.shape(band + [(x, y + 0.05) for x, y in reversed(band)], colour, 0.4, 0.012)
    canvas.fill_below(canvas.ridge(0.82, 0.06, 4), (8, 20, 28))
    for _ in range(120):
        x, height = canvas.random.random(), canvas.random.uniform(0.06, 0.17)
        foot = 0.93 + canvas.random.uniform(-0.05, 0.05)
        canvas.shape([(x - height * 0.13, foot), (x, foot - height), (x + height * 0.13, foot)], (4, 12, 16))
    canvas.fill_below(np.full(canvas.width, 0.92), (4, 12, 16))
    return canvas.finished()


def sailing_boats() -> Image.Image:
    """Three sails in a fresh wind."""
    canvas = Canvas(1500, 1000, 45)
    canvas.sky((72, 148, 206), (150, 202, 228), (232, 244, 240))
    for x, y, size in (
        (0.2, 0.2, 0.06),
        (0.27, 0.22, 0.08),
        (0.35, 0.21, 0.055),
        (0.75, 0.13, 0.05),
        (0.81, 0.14, 0.065),
    ):
        canvas.disc(x, y, size, (255, 255, 255), 0.75, 0.012)
    canvas.fill_below(canvas.ridge(0.53, 0.035, 4), (108, 152, 156))
    _waves(canvas, 0.56, (10, 70, 110), (88, 164, 190))
    for x, y, size, sail in (
        (0.3, 0.64, 0.3, (250, 246, 236)),
        (0.62, 0.6, 0.2, (226, 84, 66)),
        (0.83, 0.72, 0.4, (250, 204, 92)),
    ):
        wide = size * 0.46
        canvas.shape([(x, y - size), (x, y - 0.02), (x + wide, y - 0.02)], sail)
        canvas.shape(
            [(x - 0.008, y - size * 0.9), (x - 0.008, y - 0.02), (x - wide * 0.55, y - 0.02)], sail, 0.85
        )
        hull = [
            (x - wide * 0.7, y),
            (x + wide * 1.02, y),
            (x + wide * 0.8, y + size * 0.12),
            (x - wide * 0.45, y + size * 0.12),
        ]
        canvas.shape(hull, (66, 44, 38))
        canvas.shape(
            [
                (x - wide * 0.6, y + size * 0.12),
                (x + wide * 0.9, y + size * 0.12),
                (x + wide * 0.2, y + size * 0.3),
            ],
            (230, 244, 246),
            0.25,
            0.006,
        )
    return canvas.finished()


def sea_stacks() -> Image.Image:
    """Rocks in a calm sea, in the last light."""
    canvas = Canvas(1000, 1400, 58)
    canvas.sky((64, 60, 116), (206, 110, 118), (250, 186, 126), (254, 228, 178))
    canvas.disc(0.36, 0.52, 0.055, (255, 246, 220))
    canvas.disc(0.36, 0.52, 0.17, (255, 214, 150), 0.45, 0.06)
    _waves(canvas, 0.56, (44, 48, 92), (240, 164, 128), 8)
    canvas.path_of_light(0.36, 0.58, (255, 234, 190))
    for x, foot, width, height in ((0.72, 0.66, 0.13, 0.34), (0.88, 0.69, 0.1, 0.22), (0.18, 0.76, 0.1, 0.2)):
        outline = [(x - width, foot)]
        for step in range(9):
            share = step / 8
            edge = width * (0.62 - 0.1 * np.cos(share * 9) + canvas.random.uniform(-0.06, 0.06))
            outline.append(
                (
                    x - edge + 2 * edge * share,
                    foot - height * (0.8 + 0.2 * np.sin(share * np.pi)) - canvas.random.uniform(0, 0.02),
                )
            )
        canvas.shape([*outline, (x + width, foot)], (42, 34, 58))
        canvas.shape(
            [
                (x - width, foot),
                (x + width, foot),
                (x + width * 0.5, foot + height * 0.6),
                (x - width * 0.5, foot + height * 0.6),
            ],
            (42, 34, 58),
            0.35,
            0.01,
        )
    return canvas.finished()


def tide_rings() -> Image.Image:
    """Rings that meet, as on still water."""
    width, height = 1000 * OVERSAMPLING, 1000 * OVERSAMPLING
    y, x = np.mgrid[0 : 1 : complex(0, height), 0 : 1 : complex(0, width)]
    field = np.zeros((height, width))
    for centre_x, centre_y, frequency in ((0.28, 0.34, 15), (0.74, 0.62, 18), (0.55, 0.12, 11)):
        distance = np.hypot(x - centre_x, y - centre_y)
        field += np.cos(distance * frequency * 2 * np.pi) / (1 + 2.5 * distance)
    toned = _toned(field, ((10, 42, 70), (16, 110, 126), (98, 196, 186), (244, 240, 214)), 8)
    return toned.resize((1000, 1000), Image.Resampling.LANCZOS)


def depth_chart() -> Image.Image:
    """Depths of an imagined sea, as a chart draws them."""
    random = np.random.default_rng(71)
    width, height = 1200 * OVERSAMPLING, 900 * OVERSAMPLING
    y, x = np.mgrid[0 : 0.75 : complex(0, height), 0 : 1 : complex(0, width)]
    field = np.zeros((height, width))
    for _ in range(16):
        centre_x, centre_y, size = random.random(), random.random() * 0.75, random.uniform(0.06, 0.2)
        field += random.choice([-0.8, 1]) * np.exp(-((x - centre_x) ** 2 + (y - centre_y) ** 2) / size**2)
    tones = ((18, 60, 104), (44, 122, 160), (128, 194, 206), (226, 236, 214), (236, 208, 150), (164, 150, 92))
    return _toned(field, tones, 13).resize((1200, 900), Image.Resampling.LANCZOS)


def pebbles() -> Image.Image:
    """A beach of round stones."""
    canvas = Canvas(1200, 900, 83)
    canvas.sky((206, 196, 178), (190, 178, 160))
    tones = (
        (94, 106, 118),
        (148, 152, 150),
        (196, 178, 152),
        (120, 96, 84),
        (222, 214, 200),
        (84, 120, 124),
        (178, 122, 98),
    )
    for size in (0.085, 0.06, 0.04, 0.025):
        for _ in range(int(1.1 / size**1.25)):
            x, y, radius = (
                canvas.random.random(),
                canvas.random.random(),
                size * canvas.random.uniform(0.75, 1.1),
            )
            colour = tones[canvas.random.integers(len(tones))]
            canvas.disc(x + 0.004, y + 0.008, radius, (70, 60, 52), 0.55)
            canvas.disc(x, y, radius, colour)
            canvas.disc(x - radius * 0.2, y - radius * 0.3, radius * 0.45, (255, 252, 244), 0.22)
    return canvas.finished()


def paper_tides() -> Image.Image:
    """Waves as if cut from coloured paper."""
    canvas = Canvas(1400, 1000, 96)
    canvas.sky((252, 240, 220), (252, 232, 208))
    canvas.disc(0.72, 0.26, 0.13, (242, 110, 84))
    tones = [(190, 226, 218), (122, 196, 194), (62, 156, 168), (30, 112, 140), (20, 76, 108), (14, 48, 78)]
    for step, colour in enumerate(tones):
        x = np.linspace(0, 1, canvas.width)
        line = 0.4 + 0.1 * step + 0.045 * np.sin((x * (1.6 + 0.25 * step) + step * 0.37) * 2 * np.pi)
        canvas.fill_below(line - 0.008, (40, 50, 60), 0.16)
        canvas.fill_below(line, colour)
    return canvas.finished()


def _toned(field: Floats, tones: tuple[Colour, ...], steps: int) -> Image.Image:
    """`field` in `steps` flat tones, with a fine dark line where one meets the next."""
    level = (field - field.min()) / (field.max() - field.min()) * steps
    flat = np.clip(np.floor(level), 0, steps - 1) / (steps - 1)
    places = np.linspace(0, 1, len(tones))
    pixels = np.stack([np.interp(flat, places, [tone[band] for tone in tones]) for band in range(3)], 2)
    gradient = np.hypot(*np.gradient(level))
    line = np.abs(level - np.round(level)) < np.clip(gradient * 1.1, 0.0, 0.45)
    pixels[line] *= 0.8
    return Image.fromarray(pixels.astype(np.uint8))


PICTURES: Final[tuple[tuple[str, Callable[[], Image.Image], int], ...]] = (
    ("Dawn tide.jpg", dawn_tide, 1),
    ("Misty hills.jpg", misty_hills, 3),
    ("Moonlit bay.png", moonlit_bay, 1),
    ("Lighthouse.jpg", lighthouse, 6),
    ("Dunes.webp", dunes, 1),
    ("Aurora.webp", aurora, 1),
    ("Sailing boats.jpg", sailing_boats, 1),
    ("Sea stacks.jpg", sea_stacks, 8),
    ("Tide rings.png", tide_rings, 1),
    ("Depth chart.png", depth_chart, 1),
    ("Pebbles.jpg", pebbles, 1),
    ("Paper tides.webp", paper_tides, 1),
)
"""File name, who draws it, and the EXIF orientation it is stored with."""


def save(picture: Image.Image, path: Path, orientation: int) -> None:
    """Writes `picture` in the type that `path` names, small enough to ship."""
    match path.suffix:
        case ".jpg":
            exif = Image.Exif()
            exif[0x0112] = orientation
            stored = picture if orientation == 1 else picture.transpose(STORED_BY[orientation])
            stored.save(path, quality=82, exif=exif, optimize=True, progressive=True)
        case ".png":
            picture.quantize(
                160, dither=Image.Dither.FLOYDSTEINBERG if "bay" in path.name else Image.Dither.NONE
            ).save(path, optimize=True)
        case _:
            picture.save(path, quality=80, method=6)


def main(folder: Path) -> None:
    """Draws all samples into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw, orientation in PICTURES:
        save(draw(), folder / name, orientation)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
