"""How thumbnails are to be, in plain values that travel to worker processes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ThumbnailShape:
    """How thumbnails are made: longest edge in pixels, WebP quality 1..100, largest picture in megapixels."""

    edge: int = 512
    quality: int = 82
    largest_megapixels: int = 150
