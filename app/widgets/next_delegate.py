"""Draws the rows of the head of a queue."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.models.columns import Index
from app.models.next_tasks_model import CAPTION_ROLE, NextColumn
from app.widgets.row_painting import (
    CELL_PADDING,
    ROW_HEIGHT,
    paint_focus,
    paint_ground,
    paint_text,
    paint_two_lines,
)


class NextDelegate(QStyledItemDelegate):
    """For a RowsView over a NextTasksModel."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows are 48 high."""
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws one cell."""
        painter.save()
        paint_ground(painter, option)
        cell = option.rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, -1)  # pyright: ignore[reportAttributeAccessIssue]
        text = index.data(Qt.ItemDataRole.DisplayRole) or ""
        if index.column() == NextColumn.TASK:
            paint_focus(painter, option, index)
            paint_two_lines(painter, cell, text, index.data(CAPTION_ROLE) or "")
        elif index.column() != NextColumn.ACTIONS:
            paint_text(painter, cell, text, token="muted")
        painter.restore()
