"""One job as a row of the list: its values, and what its cells say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.language import named
from app.models.job_figures import Figures, PipelineBox, Standing, figures, job_moment, job_title
from app.models.wording import eta_text, moment_text, number_text, percent_text
from scheduler_core import JobSummary


class JobColumn(IntEnum):
    """The columns, left to right."""

    NAME = 0
    PROGRESS = 1
    DONE = 2
    RUNNING = 3
    WAITING = 4
    FAILED = 5
    READY = 6
    ACTIONS = 7


FIGURES: Final[dict[int, Callable[[Figures], int]]] = {
    JobColumn.DONE: lambda one: one.done,
    JobColumn.RUNNING: lambda one: one.running,
    # What is paused is told apart, as on the cards and in the status bar.
    JobColumn.WAITING: lambda one: one.waiting - one.paused,
    JobColumn.FAILED: lambda one: one.failed,
}
"""The columns that hold a number, and which."""


@dataclass(frozen=True)
class JobRow:
    """`key` names the row to the picture below it for as long as it is in the model; 0 is nobody's.

    `place` is how many jobs were newer when it was asked for.
    """

    key: int
    summary: JobSummary
    boxes: tuple[PipelineBox, ...]
    place: int = 0
    figures: Figures = field(init=False)
    title: str = field(init=False)
    moment: datetime | None = field(init=False)

    def __post_init__(self) -> None:
        # Worked out once: cells are painted far more often than jobs change.
        object.__setattr__(self, "figures", figures(self.summary.counts))
        object.__setattr__(self, "title", job_name(self.summary))
        object.__setattr__(self, "moment", job_moment(self.summary))

    def text(self, column: JobColumn, now: datetime) -> str:
        """What the cell shows."""
        if column in FIGURES:
            return number_text(FIGURES[column](self.figures))
        if column == JobColumn.NAME:
            return self.title
        if column == JobColumn.PROGRESS:
            return percent_text(self.summary.progress)
        return self.ready_text(now) if column == JobColumn.READY else ""

    def caption(self, now: datetime) -> str:
        """The second line of the name: when it was made, and how large it is."""
        many = _tr("{0} tasks").format(number_text(self.summary.total))
        total = _tr("1 task") if self.summary.total == 1 else many
        return total if self.moment is None else f"{moment_text(self.moment, now)} · {total}"

    def ready_text(self, now: datetime) -> str:
        """When it will be ready, or how it ended."""
        standing, eta = self.figures.standing, self.summary.eta
        if eta is not None and standing in {Standing.RUNNING, Standing.WAITING}:
            return eta_text(eta, now)
        return {
            Standing.RUNNING: _tr("estimating…"),
            Standing.WAITING: _tr("waiting"),
            Standing.PAUSED: _tr("{0} paused").format(number_text(self.figures.paused)),
            Standing.DONE: _tr("done"),
            Standing.FAILED: _tr("some failed"),
            Standing.CANCELLED: _tr("cancelled"),
        }[standing]

    def states_text(self) -> str:
        """All its states in words: "9 done, 1 failed"."""
        one = self.figures
        parts = (
            (one.done, _tr("{0} done")),
            (one.running, _tr("{0} running")),
            (one.waiting - one.paused, _tr("{0} waiting")),
            (one.paused, _tr("{0} paused")),
            (one.failed, _tr("{0} failed")),
            (one.cancelled, _tr("{0} cancelled")),
        )
        return ", ".join(text.format(number_text(number)) for number, text in parts if number)

    def spoken(self, now: datetime) -> str:
        """The whole row for a screen reader."""
        parts = (self.title, self.caption(now), self.states_text(), self.ready_text(now))
        return ". ".join(part for part in parts if part)

    def spoken_stages(self) -> str:
        """The picture of its way for a screen reader."""
        told: list[str] = []
        for box in self.boxes:
            for name, counts in box.stages:
                one = figures(counts)
                text = _tr("{0}, {1}: {2} of {3} done")
                told.append(text.format(box.look.title, name, number_text(one.done), number_text(one.total)))
        return "; ".join(told)


def job_name(job: JobSummary) -> str:
    """How people call it; the value of a tag may be nothing at all.

    What goes through several domains is called after what a person dropped; of one domain it may be its plugin's word.
    """
    title, domains = job_title(job), {stage.domain for stage in job.stages}
    if len(domains) == 1:
        title = named(title, domains.pop())
    return title or _tr("(empty)")


def _tr(text: str) -> str:
    return QCoreApplication.translate("jobs", text)
