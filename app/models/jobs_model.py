"""Jobs as a tree of two storeys: one row a job, and below it one row that holds the picture of its stages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt, Signal

from app.models.columns import ROOT, Index, alignment, header, runs_of
from app.models.domain_looks import Looks
from app.models.job_figures import JOB_TAG, pipeline
from app.models.job_row import FIGURES, JobColumn, JobRow
from app.models.paging import Paging
from scheduler_core import JobSummary

SUMMARY_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""The JobSummary of a job's row or of the row below it."""
FIGURES_ROLE: Final = Qt.ItemDataRole.UserRole + 2
"""The job's Figures."""
PIPELINE_ROLE: Final = Qt.ItemDataRole.UserRole + 3
"""The job's tuple of PipelineBox."""
CAPTION_ROLE: Final = Qt.ItemDataRole.UserRole + 4
"""The second, quieter line of the name cell."""

Placed = tuple[int, JobSummary]
"""A job, and how many were newer when it was asked for."""
MOST_ROWS: Final = 200
"""Of a list that may have thousands, so many are held; a view asks how high each of them is whenever one comes."""
CHUNK: Final = 100
"""Of which so many are forgotten at once, and asked for again when somebody comes back to them."""


class JobsModel(QAbstractItemModel):
    """Newest first. Rows are changed, inserted, moved and removed one by one; the model is never reset.

    `more_wanted()` asks for older jobs; the answer comes by `append`. As many as come below are forgotten above: then
    `is_slid`, and `newer_wanted(int)` asks for those above the place of the first row; the answer comes by `prepend`.
    """

    more_wanted = Signal()
    newer_wanted = Signal(int)

    def __init__(
        self, parent: QObject | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._looks: Looks = {}
        self._tag = JOB_TAG
        self._jobs: list[JobRow] = []
        self._keys = count(1)
        self._is_slid = self._is_newer_asked = False
        self.paging = Paging()

    # --- what is fed in ------------------------------------------------------------------------------------

    def set_looks(self, looks: Looks) -> None:
        """How domains are called and coloured, for the rows that come from now on."""
        self._looks = looks

    def set_tag(self, tag: str) -> None:
        """The tag whose values the rows are: their column is called so."""
        self._tag = tag
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, JobColumn.NAME, JobColumn.NAME)

    def show_newest(self, summaries: Sequence[JobSummary], *, is_all: bool) -> None:
        """The newest jobs, in order. With `is_all` they are all there are, and other rows go."""
        if is_all:
            wanted = {one.value for one in summaries}
            self.keep_only(lambda one: one.value in wanted)
        for row, summary in enumerate(summaries):
            self._put(row, summary)
        # Only now: whoever asks for more must be told where the list ends.
        self.paging.on_newest(is_all=is_all, reaches_end=len(summaries) >= len(self._jobs))

    def show_again(self, summaries: Sequence[JobSummary], *, is_all: bool) -> None:
        """The newest that are wanted now; no others, but there may be older ones unless `is_all`."""
        self._is_slid = self._is_newer_asked = False
        self.show_newest(summaries, is_all=True)
        self.paging.on_page(is_last=is_all)

    def append(self, jobs: Sequence[Placed], *, is_last: bool, is_done: bool = True) -> int:
        """Older jobs with their places, the answer to `more_wanted`, or, with `is_done` off, a part of it.

        Those that are there already are brought up to date. Returns how many were not.
        """
        fresh = self._fresh(jobs)
        self._insert(len(self._jobs), fresh)
        if len(self._jobs) > MOST_ROWS:
            self._is_slid = True
            self._delete(0, len(self._jobs) - (MOST_ROWS - CHUNK) - 1)
        if is_done:
            self.paging.on_page(is_last=is_last)
        return len(fresh)

    def prepend(self, jobs: Sequence[Placed], *, is_top: bool) -> None:
        """Newer jobs with their places, the answer to `newer_wanted`; with `is_top` there are none above them."""
        self._is_newer_asked = False
        self._insert(0, self._fresh(jobs))
        self._is_slid = not is_top
        if len(self._jobs) > MOST_ROWS:
            self._delete(MOST_ROWS - CHUNK, len(self._jobs) - 1)
            self.paging.on_page(is_last=False)

    def keep_newer_away(self) -> None:
        """What was asked for by `newer_wanted` did not come; it may be asked for again."""
        self._is_newer_asked = False

    def keep_only(self, is_wanted: Callable[[JobSummary], bool]) -> None:
        """Takes out what is not wanted any more."""
        rows = [row for row, job in enumerate(self._jobs) if not is_wanted(job.summary)]
        for first, last in reversed(runs_of(rows)):
            self._delete(first, last)

    def update_job(self, summary: JobSummary) -> None:
        """New figures of one job; one that is not there is left out."""
        row = self.row_of(summary.value)
        if row is not None:
            self._change(row, summary)

    def remove_job(self, value: str) -> None:
        """The job is gone (its history was pruned)."""
        row = self.row_of(value)
        if row is not None:
            self._delete(row, row)

    def tick(self) -> None:
        """Time has passed: what counts down to the end of a job is to be drawn again."""
        for row, job in enumerate(self._jobs):
            if job.summary.eta is not None and job.figures.active:
                cell = self.index(row, JobColumn.READY)
                self.dataChanged.emit(cell, cell, [Qt.ItemDataRole.DisplayRole])

    def clear(self) -> None:
        """No rows, and no more to ask for."""
        self.paging.on_page(is_last=True)
        self._is_slid = self._is_newer_asked = False
        if self._jobs:
            self._delete(0, len(self._jobs) - 1)

    # --- what is read --------------------------------------------------------------------------------------

    @property
    def is_slid(self) -> bool:
        """Are there newer jobs than the first row, which were forgotten?"""
        return self._is_slid

    def row_of(self, value: str) -> int | None:
        """The row of the job with this tag value."""
        return next((row for row, job in enumerate(self._jobs) if job.summary.value == value), None)

    def summary_at(self, index: Index) -> JobSummary | None:
        """The job of a row of either storey."""
        job = self._job(index)
        return None if job is None else job.summary

    def values(self) -> list[str]:
        """The tag values, in order."""
        return [job.summary.value for job in self._jobs]

    def active_values(self) -> set[str]:
        """The tag values of the jobs of which something runs or is to run."""
        return {job.summary.value for job in self._jobs if job.figures.active}

    # --- Qt's side -----------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        """The index of a cell of a job, or of the picture below a job."""
        if not parent.isValid():
            # Asked for a hundred thousand times while a list is scrolled: no detour over `hasIndex`.
            is_there = 0 <= row < len(self._jobs) and 0 <= column < len(JobColumn)
            return self.createIndex(row, column, 0) if is_there else QModelIndex()
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, self._jobs[parent.row()].key)

    def parent(self, child: Index = ROOT) -> QModelIndex:  # type: ignore[override]
        """The job that a picture belongs to."""
        if not child.isValid() or child.internalId() == 0:
            return QModelIndex()
        key = child.internalId()
        row = next((row for row, job in enumerate(self._jobs) if job.key == key), None)
        return QModelIndex() if row is None else self.createIndex(row, 0, 0)

    def rowCount(self, parent: Index = ROOT) -> int:
        """Jobs at the top, one picture below the first cell of each."""
        if not parent.isValid():
            return len(self._jobs)
        return 1 if parent.internalId() == 0 and parent.column() == 0 else 0

    def columnCount(self, parent: Index = ROOT) -> int:
        """Cells of a job; a picture is one cell."""
        return 1 if parent.isValid() else len(JobColumn)

    def canFetchMore(self, parent: Index) -> bool:
        """Are there older jobs that nobody has asked for yet, and is the end of the list in sight?"""
        return not parent.isValid() and self.paging.may_ask()

    def fetchMore(self, parent: Index) -> None:
        """Asks for the older jobs."""
        if self.canFetchMore(parent):
            self.paging.ask()
            self.more_wanted.emit()

    def fetch_newer(self) -> None:
        """Somebody comes near the first row: asks for those above it that were forgotten."""
        if self._is_slid and self._jobs and not self._is_newer_asked:
            self._is_newer_asked = True
            self.newer_wanted.emit(self._jobs[0].place)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        return header(section, orientation, role, self._titles, FIGURES)

    def _titles(self) -> dict[int, str]:
        return {
            JobColumn.NAME: self.tr("Job") if self._tag == JOB_TAG else self._tag,
            JobColumn.PROGRESS: self.tr("Progress"),
            JobColumn.DONE: self.tr("Done"),
            JobColumn.RUNNING: self.tr("Running"),
            JobColumn.WAITING: self.tr("Waiting"),
            JobColumn.FAILED: self.tr("Failed"),
            JobColumn.READY: self.tr("Ready"),
        }

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for people and screen readers, and the values behind them; all from memory."""
        job = self._job(index)
        if job is None:
            return None
        if role == SUMMARY_ROLE:
            return job.summary
        if role == FIGURES_ROLE:
            return job.figures
        if role == PIPELINE_ROLE:
            return job.boxes
        if index.internalId() != 0:
            spoken = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole)
            return job.spoken_stages() if role in spoken else None
        return self._job_data(job, JobColumn(index.column()), role)

    def _job_data(self, job: JobRow, column: JobColumn, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return job.text(column, self._now())
        if role == CAPTION_ROLE and column == JobColumn.NAME:
            return job.caption(self._now())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return job.spoken(self._now()) if column == JobColumn.NAME else job.text(column, self._now())
        if role == Qt.ItemDataRole.ToolTipRole and column in {JobColumn.NAME, JobColumn.PROGRESS}:
            return job.summary.value if column == JobColumn.NAME else job.states_text()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column, FIGURES)
        return None

    # --- rows ----------------------------------------------------------------------------------------------

    def _job(self, index: Index) -> JobRow | None:
        if not index.isValid():
            return None
        top = index if index.internalId() == 0 else self.parent(index)
        return self._jobs[top.row()] if top.isValid() and top.row() < len(self._jobs) else None

    def _new(self, summary: JobSummary, place: int) -> JobRow:
        return JobRow(next(self._keys), summary, pipeline(summary.stages, self._looks), place)

    def _fresh(self, jobs: Sequence[Placed]) -> list[Placed]:
        """Those that are not there; the others are brought up to date."""
        known = {job.summary.value: row for row, job in enumerate(self._jobs)}
        for _, summary in jobs:
            if summary.value in known:
                self._change(known[summary.value], summary)
        return [one for one in jobs if one[1].value not in known]

    def _insert(self, row: int, jobs: Sequence[Placed]) -> None:
        if jobs:
            self.beginInsertRows(ROOT, row, row + len(jobs) - 1)
            self._jobs[row:row] = [self._new(summary, place) for place, summary in jobs]
            self.endInsertRows()

    def _put(self, row: int, summary: JobSummary) -> None:
        """Makes `summary` the job of `row`, wherever it was."""
        at = self.row_of(summary.value)
        if at is None:
            self._insert(row, [(row, summary)])
            return
        if at != row:
            # Rows before `row` are in place already, so that a known job can only come from further down.
            self.beginMoveRows(ROOT, at, at, ROOT, row)
            self._jobs.insert(row, self._jobs.pop(at))
            self.endMoveRows()
        self._change(row, summary)

    def _change(self, row: int, summary: JobSummary) -> None:
        job = self._jobs[row]
        if job.summary == summary:
            return
        had_as_many = len(job.summary.stages) == len(summary.stages)
        self._jobs[row] = JobRow(job.key, summary, pipeline(summary.stages, self._looks), job.place)
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(JobColumn) - 1))
        below = self.index(0, 0, self.index(row, 0))
        # A picture with more stages is taller; the view asks again for its size only when told so.
        roles = [PIPELINE_ROLE] if had_as_many else [PIPELINE_ROLE, Qt.ItemDataRole.SizeHintRole]
        self.dataChanged.emit(below, below, roles)

    def _delete(self, first: int, last: int) -> None:
        self.beginRemoveRows(ROOT, first, last)
        del self._jobs[first : last + 1]
        self.endRemoveRows()
