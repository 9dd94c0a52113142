"""Step lines as rectangles of pixels: drawn without outlines, in a time that hardly grows with the number of steps."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QTransform


class Step(NamedTuple):
    """One step in pixels; `bottom` is where the area below it ends."""

    left: float
    top: float
    width: float
    bottom: float


def pixel_steps(
    edges: np.ndarray, values: np.ndarray, to_pixels: QTransform, lower: np.ndarray | None = None
) -> list[Step]:
    """The steps from left to right; neighbours of the same height are one, NaN is left out."""
    if not values.size:
        return []
    floor = np.zeros_like(values) if lower is None else lower
    same = (values[1:] == values[:-1]) & (floor[1:] == floor[:-1])
    begins = np.concatenate(([0], np.flatnonzero(~same) + 1))
    ends = np.concatenate((begins[1:], [values.size]))
    known = np.isfinite(values[begins])
    begins, ends = begins[known], ends[known]
    # Whole pixels, so that neighbours neither overlap nor leave a seam.
    left = np.round(edges[begins] * to_pixels.m11() + to_pixels.dx())
    right = np.round(edges[ends] * to_pixels.m11() + to_pixels.dx())
    top = np.round(values[begins] * to_pixels.m22() + to_pixels.dy())
    bottom = np.round(floor[begins] * to_pixels.m22() + to_pixels.dy())
    columns = np.stack((left, top, right - left, bottom), axis=1)
    return [Step(*column) for column in columns.tolist()]


def line_rects(steps: list[Step], thick: float) -> list[QRectF]:
    """The line along the tops of the steps: a flat rectangle for each, and an upright one where two meet."""
    rects: list[QRectF] = []
    before: Step | None = None
    for step in steps:
        if before is not None and before.left + before.width == step.left:
            high, low = min(before.top, step.top), max(before.top, step.top)
            rects.append(QRectF(step.left - thick / 2, high - thick / 2, thick, low - high + thick))
        rects.append(QRectF(step.left, step.top - thick / 2, step.width, thick))
        before = step
    return rects
