"""The table of `make bench`: a row a figure, each measured several times beside its reference in the same run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.figures import summary


@dataclass(frozen=True)
class Aim:
    """What the ratio of ours to the reference should be: at least `bound` of it, or at most."""

    bound: float
    at_least: bool = True

    def is_met(self, ratio: float) -> bool:
        """Is it?"""
        return ratio >= self.bound if self.at_least else ratio <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


def at_least(bound: float) -> Aim:
    """For figures of which more is better, like tasks a second."""
    return Aim(bound)


def at_most(bound: float) -> Aim:
    """For figures of which less is better, like seconds."""
    return Aim(bound, at_least=False)


@dataclass(frozen=True)
class Row:
    """One thing that was measured, `ours[n]` beside `reference[n]`: both in `unit`, in turns in the same run.

    `of` is the file's durability ("NORMAL", "FULL", "memory") or empty where there is none. Without `reference` the figure
    stands alone, and its aim is one for itself.
    """

    what: str
    of: str
    unit: str
    ours: Sequence[float]
    reference_name: str = ""
    reference: Sequence[float] = ()
    aim: Aim | None = None

    @property
    def ratios(self) -> list[float]:
        """Of each run; the figures themselves where there is no reference."""
        if not self.reference:
            return list(self.ours)
        return [ours / reference for ours, reference in zip(self.ours, self.reference, strict=True)]

    @property
    def verdict(self) -> str:
        """How the median ratio stands to the aim."""
        if self.aim is None:
            return ""
        return "met" if self.aim.is_met(median(self.ratios)) else "NOT MET"

    def cells(self) -> tuple[str, ...]:
        """As the table shows it."""
        return (
            self.what,
            self.of,
            summary(self.ours, f" {self.unit}", _digits(self.ours)),
            f"{self.reference_name}: {summary(self.reference, f' {self.unit}', _digits(self.reference))}"
            if self.reference
            else "",
            summary(self.ratios) if self.reference else "",
            "" if self.aim is None else f"{self.aim} {self.verdict}",
        )


HEAD = ("what", "file", "ours", "reference", "ratio", "aim")


def markdown(rows: Sequence[Row]) -> str:
    """All rows, as `docs/performance.md` holds them."""
    lines = [HEAD, tuple("---" for _ in HEAD), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _digits(values: Sequence[float]) -> int:
    size = median(values)
    return 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 4
