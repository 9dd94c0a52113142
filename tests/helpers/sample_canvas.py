"""What the sample pictures are drawn on: skies, ridges, light on water, in coordinates from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Floats = NDArray[np.float64]
OVERSAMPLING: Final = 2  # drawn twice as large and shrunk: smooth edges


class Canvas:
    """A picture in the making; coordinates run 0..1 from the top left."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        self.width, self.height = width * OVERSAMPLING, height * OVERSAMPLING
        self.random = np.random.default_rng(seed)
        self.image = Image.new("RGB", (self.width, self.height))

    def sky(self, *stops: Colour) -> None:
        """Fills the picture from top to bottom with a gradient through `stops`."""
        where = np.linspace(0, len(stops) - 1, self.height)
        column = np.stack(
            [np.interp(where, range(len(stops)), [stop[band] for stop in stops]) for band in range(3)], 1
        )
        pixels = np.repeat(column[:, None, :], self.width, axis=1)
        self.image = Image.fromarray(
            (pixels + self.random.uniform(-1, 1, pixels.shape)).clip(0, 255).astype(np.uint8)
        )

    def ridge(self, level: float, height: float, roughness: int) -> Floats:
        """A random skyline: the y of each column, around `level`, up to `height` above and below."""
        x = np.linspace(0, 1, self.width)
        line = np.zeros(self.width)
        for octave in range(roughness):
            frequency = 1.3 * 2**octave
            line += np.sin((x * frequency + self.random.random()) * 2 * np.pi) / 1.9**octave
        return level + height * line / 2

    def fill_below(self, line: Floats, colour: Colour, opacity: float = 1.0) -> None:
        """Everything below `line` in `colour`."""
        points = [(index, y * self.height) for index, y in enumerate(line)]
        points += [(self.width, self.height), (0, self.height)]
        self._paint(colour, opacity, lambda draw: draw.polygon(points, fill=255))

    def disc(
        self, x: float, y: float, radius: float, colour: Colour, opacity: float = 1.0, blur: float = 0
    ) -> None:
        """A round of `radius` heights; `blur`, in heights too, makes it glow."""
        box = [x * self.width - radius * self.height, (y - radius) * self.height]
        box += [x * self.width + radius * self.height, (y + radius) * self.height]
        self._paint(colour, opacity, lambda draw: draw.ellipse(box, fill=255), blur)

    def shape(
        self, points: list[tuple[float, float]], colour: Colour, opacity: float = 1.0, blur: float = 0
    ) -> None:
        """A polygon."""
        scaled = [(x * self.width, y * self.height) for x, y in points]
        self._paint(colour, opacity, lambda draw: draw.polygon(scaled, fill=255), blur)

    def path_of_light(self, x: float, horizon: float, colour: Colour) -> None:
        """Glitter on water below a light at `x`."""
        for y in np.linspace(horizon + 0.01, 0.99, 46):
            spread = 0.01 + (y - horizon) * 0.16
            centre = x + self.random.normal(0, spread * 0.35)
            length = spread * self.random.uniform(0.4, 1.1)
            thickness = 0.0012 + (y - horizon) * 0.007
            box = [
                (centre - length, y),
                (centre, y - thickness),
                (centre + length, y),
                (centre, y + thickness),
            ]
            self.shape(box, colour, 0.55)

    def stars(self, count: int, lowest: float) -> None:
        """Stars down to `lowest`."""
        for _ in range(count):
            x, y = self.random.random(), self.random.random() * lowest
            self.disc(
                x, y, self.random.uniform(0.0008, 0.0024), (250, 248, 235), self.random.uniform(0.35, 1)
            )

    def finished(self) -> Image.Image:
        """The picture at its final size."""
        return self.image.resize(
            (self.width // OVERSAMPLING, self.height // OVERSAMPLING), Image.Resampling.LANCZOS
        )

    def _paint(
        self, colour: Colour, opacity: float, draw: Callable[[ImageDraw.ImageDraw], None], blur: float = 0
    ) -> None:
        mask = Image.new("L", self.image.size)
        draw(ImageDraw.Draw(mask))
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur * self.height))
        if opacity < 1:
            mask = mask.point([round(value * opacity) for value in range(256)])
        self.image.paste(colour, mask=mask)
