"""Which running tasks are shown, and in what order."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from app.models.task_row import TaskColumn
from app.models.tasks_model import SORT_ROLE, TasksModel
from scheduler_core import TaskRecord


class TasksFilter(QSortFilterProxyModel):
    """All domains, or one; in the order of their start, or by a column."""

    def __init__(self, model: TasksModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._domain: str | None = None
        self._model = model
        self.setSortRole(SORT_ROLE)
        # Rows must not change places under the mouse while their figures move.
        self.setDynamicSortFilter(False)
        self.setSourceModel(model)

    def set_domain(self, domain: str | None) -> None:
        """Shows only tasks of this domain; None: of all."""
        self.beginFilterChange()
        self._domain = domain
        self.endFilterChange()

    def record_at(self, index: QModelIndex) -> TaskRecord | None:
        """The task of a row."""
        return self._model.record_at(self.mapToSource(index))

    def filterAcceptsRow(self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex) -> bool:
        """Qt's hook."""
        if self._domain is None:
            return True
        record = self._model.record_at(self._model.index(source_row, TaskColumn.TASK))
        return record is not None and record.domain == self._domain
