"""What the app is loaded with in a measurement, and what comes of it. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Load:
    """What is asked for."""

    tasks: int
    page: str = "overview"
    kind: str = "nothing"


@dataclass(frozen=True)
class Measured:
    """What came of it. Seconds; `quick` is the share of events that were answered within 16 ms, a frame.

    `longest_busy_s` is the most that the GUI thread computed between two answers, `cpu_s` what all threads did together.
    """

    submit_s: float
    work_s: float
    longest_qt_s: float
    longest_asyncio_s: float
    longest_busy_s: float
    quick: float
    cpu_s: float
    place: str

    @property
    def longest_s(self) -> float:
        """The longest time without an answer, of either kind."""
        return max(self.longest_qt_s, self.longest_asyncio_s)


def result_file(order: Path) -> Path:
    """Where the result of an order is written."""
    return order.with_suffix(".result")
