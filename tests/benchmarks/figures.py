"""Several measurements of one thing, as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median


def summary(values: Sequence[float], unit: str = "", digits: int = 2) -> str:
    """The median and the spread: `0.31 (0.29 to 0.33 in 5 runs)`."""
    low, middle, high = min(values), median(values), max(values)
    shown = f"{middle:,.{digits}f}{unit}"
    return (
        shown
        if len(values) == 1
        else f"{shown} ({low:,.{digits}f} to {high:,.{digits}f} in {len(values)} runs)"
    )
