"""Makes thumbnails for Tidemill: upright, in sRGB, in worker processes."""

from __future__ import annotations
