"""Dashes of lines, in pixels: what tells curves apart without colour, in a graph and in its legend."""

from __future__ import annotations

from PySide6.QtCore import QRectF

Dash = tuple[int, ...]
"""Pixels drawn and left out, in turns, along x; empty for a whole line."""

WHOLE: Dash = ()
DASHED: Dash = (6, 4)
DOTTED: Dash = (2, 3)
DASH_DOTTED: Dash = (8, 3, 2, 3)
DASH_DOT_DOTTED: Dash = (8, 3, 2, 3, 2, 3)


def dashed(rects: list[QRectF], dash: Dash) -> list[QRectF]:
    """What of a line is drawn. The dashes keep their places as the line changes its height."""
    if not dash:
        return rects
    period = sum(dash)
    drawn: list[QRectF] = []
    for rect in rects:
        start = int(rect.left() // period) * period
        while start < rect.right():
            at = start
            for place, length in enumerate(dash):
                left, right = max(rect.left(), at), min(rect.right(), at + length)
                if place % 2 == 0 and right > left:
                    drawn.append(QRectF(left, rect.top(), right - left, rect.height()))
                at += length
            start += period
    return drawn
