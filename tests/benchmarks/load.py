"""What the app is loaded with in a measurement, and what comes of it. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Load:
    """What is asked for: so many tasks in one batch, or, with `rate`, so many a second as far as they are done in time.

    With `watch` off nobody looks at the loop while they run: that alone costs something.
    """

    tasks: int
    page: str = "overview"
    kind: str = "nothing"
    rate: int = 0
    watch: bool = True


@dataclass(frozen=True)
class Measured:
    """What came of it. Seconds; `quick` is the share of events that were answered within 16 ms, a frame.

    `longest_busy_s` is the most that the GUI thread computed between two answers, `cpu_s` what all threads did together,
    `work_cpu_s` what they did once all was submitted. `p99_s`, `longest_ours_s`, `ours_p99_s`: see `Lateness`.
    """

    submit_s: float
    work_s: float
    longest_qt_s: float
    longest_asyncio_s: float
    longest_busy_s: float
    quick: float
    cpu_s: float
    work_cpu_s: float
    p99_s: float
    longest_ours_s: float
    ours_p99_s: float
    place: str

    @property
    def longest_s(self) -> float:
        """The longest time without an answer, of either kind."""
        return max(self.longest_qt_s, self.longest_asyncio_s)


def result_file(order: Path) -> Path:
    """Where the result of an order is written."""
    return order.with_suffix(".result")
