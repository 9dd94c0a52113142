"""Which jobs of a JobsModel are shown: all, those at work, or those with failures; and by a word of their name."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from app.models.job_row import JobColumn
from app.models.jobs_model import FIGURES_ROLE, JobsModel
from scheduler_core import JobSummary


class JobKind(Enum):
    """What a person wants to see."""

    ALL = "all"
    ACTIVE = "active"
    FAILED = "failed"


class JobsFilter(QSortFilterProxyModel):
    """Keeps the order of its source; a picture is shown with its job."""

    def __init__(self, model: JobsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kind = JobKind.ALL
        self._text = ""
        self._model = model
        self.setSourceModel(model)

    @property
    def is_filtering(self) -> bool:
        """May jobs be left out?"""
        return self._kind is not JobKind.ALL or bool(self._text)

    def set_kind(self, kind: JobKind) -> None:
        """Shows only jobs of this kind."""
        self.beginFilterChange()
        self._kind = kind
        self.endFilterChange()

    def set_text(self, text: str) -> None:
        """Shows only jobs that have this in their name."""
        self.beginFilterChange()
        self._text = text.strip().casefold()
        self.endFilterChange()

    def summary_at(self, index: QModelIndex) -> JobSummary | None:
        """The job of a row of either storey."""
        return self._model.summary_at(self.mapToSource(index))

    def filterAcceptsRow(self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex) -> bool:
        """Qt's hook."""
        if source_parent.isValid():
            return True
        index = self._model.index(source_row, JobColumn.NAME)
        figures = self._model.data(index, FIGURES_ROLE)
        if self._kind is JobKind.ACTIVE and not figures.active:
            return False
        if self._kind is JobKind.FAILED and not figures.failed:
            return False
        summary = self._model.summary_at(index)
        return not self._text or (summary is not None and self._text in summary.value.casefold())
