"""Draws the rows of the queue: bars for what runs, words for what waits."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from app.models.columns import Index
from app.models.queue_model import QueueColumn
from app.models.state_words import state_icon
from app.models.tasks_model import CAPTION_ROLE, LOOK_ROLE, RECORD_ROLE, STATE_ROLE
from app.theme import state_token
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
from app.widgets.task_delegate import TaskDelegate
from scheduler_core import Priority, TaskRecord, TaskStatus

_ICON = 16
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class QueueDelegate(TaskDelegate):
    """For a RowsView over a QueueModel."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows are 48 high."""
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws one cell."""
        painter.save()
        paint_ground(painter, option)
        column = QueueColumn(index.column())
        cell = option.rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, -1)
        text = index.data(Qt.ItemDataRole.DisplayRole) or ""
        record: TaskRecord = index.data(RECORD_ROLE)
        if column == QueueColumn.TASK:
            paint_focus(painter, option, index)
            caption = index.data(CAPTION_ROLE) or ""
            paint_two_lines(painter, cell, text, caption, bold=record.status is TaskStatus.RUNNING)
        elif column == QueueColumn.DOMAIN:
            paint_domain(painter, cell, index.data(LOOK_ROLE))
        elif column == QueueColumn.STATE:
            if record.status is TaskStatus.RUNNING:
                self.paint_progress_cell(painter, cell, text, index)
            else:
                paint_state(painter, cell, record.status, text)
        elif column == QueueColumn.DATA:
            self.paint_data_cell(painter, cell, text, index.data(STATE_ROLE))
        elif column == QueueColumn.PRIORITY:
            is_usual = record.priority == Priority.NORMAL
            paint_text(painter, cell, text, token="muted" if is_usual else "text")
        elif column != QueueColumn.ACTIONS:
            paint_text(
                painter, cell, text, token="muted" if column == QueueColumn.TIME else "text", align=_RIGHT
            )
        painter.restore()


def paint_state(painter: QPainter, cell: QRect, status: TaskStatus, text: str, caption: str = "") -> None:
    """A state: its icon in its colour, its words, and below them why."""
    paint_icon(painter, cell, state_icon(status), state_token(status.value), _ICON)
    paint_two_lines(painter, cell.adjusted(_ICON + 10, 0, 0, 0), text, caption, bold=False)
