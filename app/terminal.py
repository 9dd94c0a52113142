"""Progress in a terminal: a live table where there is one, plain lines in a pipe or a log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from app.problem import Problem
from scheduler_core import DomainCounts, JobSummary

_SHOWN_FAILURES = 5
_MIN_PLAIN_INTERVAL_S = 2.0


@dataclass(frozen=True)
class DomainLine:
    """One line of the table; `completed` and `failed` count this run only."""

    title: str
    counts: DomainCounts
    completed: int
    failed: int
    is_paused: bool


@dataclass(frozen=True)
class Status:
    """What the terminal shows at one instant. `failures` are "name: reason", oldest first."""

    domains: tuple[DomainLine, ...]
    jobs: tuple[JobSummary, ...]
    failures: tuple[str, ...]


class Terminal:
    """Writes to one console. Between `start` and `stop` a terminal shows a live table below the lines."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None
        self._last_line = ""
        self._last_line_s = float("-inf")

    @property
    def is_live(self) -> bool:
        """Whether there is a real terminal that can be redrawn."""
        return self._console.is_terminal

    def start(self) -> None:
        """Begins the live table, in a real terminal."""
        if self.is_live and self._live is None:
            # No refresh thread: an idle program must not wake up.
            self._live = Live(console=self._console, auto_refresh=False)
            self._live.start()

    def stop(self) -> None:
        """Leaves the last state of the table on the screen. Idempotent."""
        live, self._live = self._live, None
        if live is not None:
            live.stop()

    def show(self, status: Status, now_s: float) -> None:
        """Redraws the table; without a terminal writes one line when the numbers changed, at most every 2 s."""
        if self._live is not None:
            self._live.update(_table(status), refresh=True)
        elif not self.is_live and now_s - self._last_line_s >= _MIN_PLAIN_INTERVAL_S:
            self._progress_line(status, now_s)

    def line(self, text: str, style: str = "") -> None:
        """One line for the person, above the table."""
        self._console.print(Text(printable(text), style=style), soft_wrap=True, highlight=False)

    def failure(self, text: str) -> None:
        """A failure as it happens; the live table shows the last ones itself."""
        if self._live is None:
            self.line(f"failed: {text}", "red")

    def problem(self, problem: Problem) -> None:
        """A problem in words, as a warning or an error."""
        word, style = ("Warning", "yellow") if problem.severity == "warning" else ("Error", "bold red")
        self.line(f"{word}: {problem}", style)

    def _progress_line(self, status: Status, now_s: float) -> None:
        counts = sum((one.counts for one in status.domains), start=DomainCounts())
        done = sum(one.completed for one in status.domains)
        failed = sum(one.failed for one in status.domains)
        waiting = counts.pending + counts.blocked + counts.waiting
        line = f"{counts.running} running, {waiting} waiting, {done} done, {failed} failed"
        if line != self._last_line:
            self._last_line, self._last_line_s = line, now_s
            self.line(line)


def printable(text: str) -> str:
    """`text` without what a terminal cannot show: undecodable bytes of file names, control characters."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(
        letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in clean
    )


def _table(status: Status) -> RenderableType:
    table = Table(box=None, pad_edge=False)
    table.add_column("Domain")
    for name in ("Running", "Waiting", "Paused", "Done", "Failed"):
        table.add_column(name, justify="right", min_width=7)
    for one in status.domains:
        counts = one.counts
        table.add_row(
            Text(one.title + (" (off)" if one.is_paused else "")),
            str(counts.running),
            str(counts.pending + counts.blocked + counts.waiting),
            str(counts.paused),
            str(one.completed),
            Text(str(one.failed), style="red" if one.failed else ""),
        )
    parts: list[RenderableType] = [table]
    if status.jobs:
        parts += [Text(), _jobs(status.jobs)]
    if status.failures:
        parts.append(Text())
        parts += [
            Text(f"failed: {printable(one)}", style="red", overflow="ellipsis", no_wrap=True)
            for one in _last(status.failures)
        ]
        if (more := len(status.failures) - _SHOWN_FAILURES) > 0:
            parts.append(Text(f"and {more} more", style="dim"))
    return Group(*parts)


def _jobs(jobs: Sequence[JobSummary]) -> RenderableType:
    grid = Table(box=None, pad_edge=False, show_header=False)
    for job in jobs:
        grid.add_row(
            Text(printable(job.value)),
            ProgressBar(total=1.0, completed=job.progress, width=30),
            f"{job.progress:4.0%}",
            f"{job.total} tasks",
        )
    return grid


def _last(failures: Sequence[str]) -> Sequence[str]:
    return failures[-_SHOWN_FAILURES:]
