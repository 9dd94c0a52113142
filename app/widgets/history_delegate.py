"""Draws the rows of the history."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.models.columns import Index
from app.models.history_model import HistoryColumn
from app.models.tasks_model import CAPTION_ROLE, LOOK_ROLE, RECORD_ROLE
from app.widgets.queue_delegate import paint_state
from app.widgets.row_painting import (
    CELL_PADDING,
    ROW_HEIGHT,
    paint_domain,
    paint_focus,
    paint_ground,
    paint_text,
    paint_two_lines,
)

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class HistoryDelegate(QStyledItemDelegate):
    """For a RowsView over a HistoryModel."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows are 48 high."""
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws one cell."""
        painter.save()
        paint_ground(painter, option)
        column = HistoryColumn(index.column())
        cell = option.rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, -1)
        text = index.data(Qt.ItemDataRole.DisplayRole) or ""
        if column == HistoryColumn.TASK:
            paint_focus(painter, option, index)
            paint_two_lines(painter, cell, text, index.data(CAPTION_ROLE) or "", bold=False)
        elif column == HistoryColumn.DOMAIN:
            paint_domain(painter, cell, index.data(LOOK_ROLE))
        elif column == HistoryColumn.STATE:
            status = index.data(RECORD_ROLE).status
            paint_state(painter, cell, status, text, index.data(CAPTION_ROLE) or "")
        elif column == HistoryColumn.ENDED:
            paint_text(painter, cell, text, token="muted")
        elif column != HistoryColumn.ACTIONS:
            paint_text(painter, cell, text, align=_RIGHT)
        painter.restore()
