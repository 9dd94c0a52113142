"""A list of tasks of which several can be chosen, by mouse and by keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.widgets.rows_view import Column, RowsView


class TaskRowsView(RowsView):
    """Ctrl+A: `all_wanted()`; Ctrl+C: `copy_wanted()`; Delete: `delete_pressed()`; Enter or a double click:
    `row_opened(QModelIndex)`. `touched()`: a person chose other rows, one by one.
    """

    all_wanted = Signal()
    copy_wanted = Signal()
    delete_pressed = Signal()
    row_opened = Signal(QModelIndex)
    touched = Signal()

    def __init__(
        self, name: str, accessible_name: str, columns: Sequence[Column], parent: QWidget | None = None
    ) -> None:
        super().__init__(name, accessible_name, columns, parent)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.doubleClicked.connect(self.row_opened)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's hook."""
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.all_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_pressed.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.row_opened.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Qt's hook; with an event it is a person who chooses."""
        command = super().selectionCommand(index, event)
        if event is not None and command != QItemSelectionModel.SelectionFlag.NoUpdate:
            self.touched.emit()
        return command
