"""The list of failures: of one cause by what the tasks are called, of all by what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView

from app.models.failures_model import FailureColumn, FailuresModel
from app.widgets.failure_delegate import FailureDelegate
from app.widgets.rows_view import Column, RowsView

_NEVER: Final = 1 << 20
_LINES = Column(220, least=140, share=1)
_WHEN, _ATTEMPTS = Column(140, hide_below=380), Column(112, least=88, hide_below=480)
# The file stands below the message, or the message below the file.
_HIDDEN = Column(0, hide_below=_NEVER)


class FailuresView(RowsView):
    """Delete calls `clear_key`, Ctrl+C `copy_key`; `left()` comes from Escape and the left arrow."""

    left = Signal()

    def __init__(self, accessible_name: str, model: FailuresModel) -> None:
        super().__init__("failures-list", accessible_name, _columns(of_one_cause=False))
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.clear_key: Callable[[], None] = lambda: None
        self.copy_key: Callable[[], None] = lambda: None
        self._delegate = FailureDelegate(self)
        self.setItemDelegate(self._delegate)
        self._model = model
        self.setModel(model)
        model.paging.is_end_in_sight = self.is_end_in_sight
        self.near_top = model.fetch_newer
        self.is_top_first = lambda: not model.is_slid

    def show_kind(self, *, of_one_cause: bool) -> None:
        """Are all of one cause?"""
        self._delegate.is_file_first = of_one_cause
        self._model.set_of_one_cause(of_one_cause)
        self.set_columns(_columns(of_one_cause=of_one_cause))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's hook."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_key()
        elif event.key() == Qt.Key.Key_Delete:
            self.clear_key()
        elif event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Left}:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _columns(*, of_one_cause: bool) -> list[Column]:
    columns = {
        FailureColumn.MESSAGE: _LINES,
        FailureColumn.FILE: _HIDDEN,
        FailureColumn.DOMAIN: _HIDDEN if of_one_cause else Column(132, hide_below=420),
        FailureColumn.WHEN: _WHEN,
        FailureColumn.ATTEMPTS: _ATTEMPTS,
    }
    return [columns[column] for column in FailureColumn]
