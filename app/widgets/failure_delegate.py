"""Draws the rows of the failures list: message and file, one below the other."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.models.columns import Index
from app.models.failures_model import LOOK_ROLE, FailureColumn
from app.widgets.row_painting import (
    CELL_PADDING,
    ROW_HEIGHT,
    paint_domain,
    paint_focus,
    paint_ground,
    paint_icon,
    paint_text,
    paint_two_lines,
)

_ICON = 16
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class FailureDelegate(QStyledItemDelegate):
    """For a RowsView over a FailuresModel. With `is_file_first` the message stands below the file."""

    is_file_first = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows are 48 high."""
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws one cell."""
        painter.save()
        paint_ground(painter, option)
        column = FailureColumn(index.column())
        cell = option.rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, -1)
        text = index.data(Qt.ItemDataRole.DisplayRole) or ""
        if column == FailureColumn.MESSAGE:
            paint_focus(painter, option, index)
            paint_icon(painter, cell, "failed", "failure", _ICON)
            file = (
                index.model().index(index.row(), FailureColumn.FILE).data(Qt.ItemDataRole.DisplayRole) or ""
            )
            title, caption = (file, text) if self.is_file_first else (text, file)
            paint_two_lines(painter, cell.adjusted(_ICON + 10, 0, 0, 0), title, caption, bold=False)
        elif column == FailureColumn.DOMAIN:
            paint_domain(painter, cell, index.data(LOOK_ROLE))
        elif column == FailureColumn.ATTEMPTS:
            paint_text(painter, cell, text, token="muted", align=_RIGHT)
        elif column == FailureColumn.WHEN:
            paint_text(painter, cell, text, token="muted")
        painter.restore()
