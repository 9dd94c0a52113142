"""A list of tasks of which several can be chosen, by mouse and by keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QWidget

from app.models.window_model import WindowModel
from app.widgets.row_ink import RowInk
from app.widgets.row_painting import CELL_PADDING
from app.widgets.rows_view import Column, RowsView


class PaintCell(Protocol):
    """Draws what is in a cell of a row; its ground is drawn already."""

    def __call__(self, ink: RowInk, cell: QRect, column: int, row: Any) -> None: ...


class TaskRowsView(RowsView):
    """Over a WindowModel; a whole row is drawn in one go, each of its cells by `paint_cell`.

    Ctrl+A: `all_wanted()`; Ctrl+C: `copy_wanted()`; Delete: `delete_pressed()`; Enter or a double click:
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
        self.paint_cell: PaintCell = lambda ink, cell, column, row: None
        self._ink: RowInk | None = None
        self._cells: list[tuple[int, int, int]] = []
        self._marked = (-1, -1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's hook; what all rows need is looked up once."""
        header = self.header()
        self._cells = [
            (column, header.sectionViewportPosition(column), header.sectionSize(column))
            for column in range(header.count())
            if not header.isSectionHidden(column)
        ]
        current = self.currentIndex().row() if self.hasFocus() else -1
        self._marked = (current, self.hovered_row)
        scale, leftward = self.devicePixelRatioF(), self.isRightToLeft()
        if self._ink is None or not self._ink.fits(scale, leftward=leftward):
            self._ink = RowInk(scale, leftward=leftward)
        super().paintEvent(event)

    def drawRow(
        self, painter: QPainter, options: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt's hook; a call for each cell, with its options and roles, would cost several times as much."""
        model, place, rect = self.model(), index.row(), options.rect
        ink = self._ink
        if ink is None or not isinstance(model, WindowModel) or place >= len(model.rows):
            return
        ink.painter = painter
        current, hovered = self._marked
        if self.selectionModel().isSelected(index):
            painter.fillRect(rect, ink.color("accent-ground"))
        elif place == hovered:
            painter.fillRect(rect, ink.color("hover"))
        top, height = rect.top(), rect.height()
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, ink.color("line"))
        if place == current:
            painter.fillRect(rect.left(), top, 3, height - 1, ink.color("accent"))
        row = model.rows[place]
        for column, left, width in self._cells:
            cell = QRect(left + CELL_PADDING, top, width - 2 * CELL_PADDING, height - 1)
            self.paint_cell(ink, cell, column, row)

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
