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


@dataclass(frozen=True)
class Scroll:
    """What is to be done with the list of a page: so many screens down and up by each means, and this text searched for."""

    page: str
    screens: int
    text: str = ""


@dataclass(frozen=True)
class Scrolled:
    """What came of it: for each thing that was done the seconds until the list was painted, and what of them the GUI thread
    computed; the same for what was typed; and the longest time in which the loop did not answer, by itself.

    `rows` is how many the list had been shown in the end, `held` how many of them its model still had.
    """

    frames_s: list[float]
    computed_s: list[float]
    typed_s: list[float]
    typed_computed_s: list[float]
    longest_ours_s: float
    rows: int
    held: int
    found: int
