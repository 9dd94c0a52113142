"""Draws the rows of the list of running tasks."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.models.columns import Index
from app.models.domain_looks import DomainLook
from app.models.task_row import TaskColumn, TaskProgress
from app.models.tasks_model import CAPTION_ROLE, LOOK_ROLE, STATE_ROLE
from app.models.wording import bytes_text
from app.theme import GRID, body_font, small_font
from app.widgets.row_painting import (
    CELL_PADDING,
    ROW_HEIGHT,
    paint_domain,
    paint_focus,
    paint_ground,
    paint_text,
    paint_two_lines,
)
from app.widgets.state_bar import paint_progress

_BAR = 8
_FIGURES_WIDTH = 66
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TaskDelegate(QStyledItemDelegate):
    """For a RowsView over a TasksModel or a proxy of it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows are 48 high."""
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws one cell."""
        painter.save()
        paint_ground(painter, option)
        column = TaskColumn(index.column())
        cell = option.rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, -1)
        text = index.data(Qt.ItemDataRole.DisplayRole) or ""
        if column == TaskColumn.TASK:
            paint_focus(painter, option, index)
            paint_two_lines(painter, cell, text, index.data(CAPTION_ROLE) or "")
        elif column == TaskColumn.DOMAIN:
            paint_domain(painter, cell, index.data(LOOK_ROLE))
        elif column == TaskColumn.PROGRESS:
            self._paint_progress(painter, cell, text, index)
        elif column == TaskColumn.DATA:
            self._paint_data(painter, cell, text, index.data(STATE_ROLE))
        elif column != TaskColumn.ACTIONS:
            paint_text(painter, cell, text, align=_RIGHT)
        painter.restore()

    def _paint_progress(self, painter: QPainter, cell: QRect, text: str, index: Index) -> None:
        state: TaskProgress = index.data(STATE_ROLE)
        look: DomainLook = index.data(LOOK_ROLE)
        message = state.message or ""
        line = QFontMetrics(body_font()).height()
        caption = QFontMetrics(small_font()).height()
        block = line + (caption + 2 if message else 0)
        top = cell.top() + (cell.height() - block) // 2
        bar = QRectF(cell.left(), top + (line - _BAR) / 2, cell.width() - _FIGURES_WIDTH, _BAR)
        paint_progress(painter, bar, state.fraction, look.token, state.is_guess)
        beside = QRect(cell.right() - _FIGURES_WIDTH + 1, top, _FIGURES_WIDTH, line)
        if state.fraction is None:
            # A word, no figure: it stands at the bar it belongs to.
            paint_text(painter, beside.adjusted(GRID, 0, 0, 0), text, token="muted")
        else:
            paint_text(painter, beside, text, align=_RIGHT)
        if message:
            below = QRect(cell.left(), top + line + 2, cell.width(), caption)
            paint_text(painter, below, message, token="muted", font=small_font())

    def _paint_data(self, painter: QPainter, cell: QRect, text: str, state: TaskProgress) -> None:
        if state.bytes_per_s <= 0 or not text:
            paint_text(painter, cell, text, align=_RIGHT)
            return
        line, caption = QFontMetrics(body_font()).height(), QFontMetrics(small_font()).height()
        top = cell.top() + (cell.height() - line - caption) // 2
        paint_text(painter, QRect(cell.left(), top, cell.width(), line), text, align=_RIGHT)
        rate = self.tr("{0}/s").format(bytes_text(state.bytes_per_s))
        below = QRect(cell.left(), top + line, cell.width(), caption)
        paint_text(painter, below, rate, token="muted", font=small_font(), align=_RIGHT)
