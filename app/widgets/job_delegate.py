"""Draws the rows of the jobs list, and the picture below an open one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from app.models.columns import Index
from app.models.job_figures import Figures, Standing
from app.models.job_row import JobColumn
from app.models.jobs_model import CAPTION_ROLE, FIGURES_ROLE, PIPELINE_ROLE, SUMMARY_ROLE
from app.theme import body_font, bold_font, color
from app.widgets.pipeline_picture import paint_pipeline, picture_height
from app.widgets.row_painting import (
    CELL_PADDING,
    ROW_HEIGHT,
    paint_chevron,
    paint_focus,
    paint_ground,
    paint_icon,
    paint_text,
    paint_two_lines,
)
from app.widgets.state_bar import BAR_HEIGHT, paint_state_bar

_CHEVRON = 28
_ICON = 16
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_SIGNS = {
    # standing: (icon, token)
    Standing.RUNNING: ("running", "state-running"),
    Standing.WAITING: ("waiting", "muted"),
    Standing.PAUSED: ("paused", "warning"),
    Standing.DONE: ("done", "accent"),
    Standing.FAILED: ("failed", "failure"),
    Standing.CANCELLED: ("cancelled", "muted"),
}


class JobDelegate(QStyledItemDelegate):
    """For one RowsView over a JobsModel or a proxy of it."""

    def __init__(self, view: QTreeView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A row is 48 high; a picture as high as its boxes at the list's width."""
        if index.parent().isValid():
            boxes = index.data(PIPELINE_ROLE) or ()
            return QSize(0, picture_height(boxes, self._picture_width()))
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws one cell."""
        painter.save()
        if index.parent().isValid():
            self._paint_picture(painter, option.rect, index)
        else:
            paint_ground(painter, option)
            self._paint_cell(painter, option, index)
        painter.restore()

    def _picture_width(self) -> int:
        return max(200, self._view.viewport().width() - _CHEVRON - CELL_PADDING - 4)

    def _paint_picture(self, painter: QPainter, rect: QRect, index: Index) -> None:
        painter.fillRect(rect, color("window"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), color("line"))
        room = QRect(rect.left() + _CHEVRON + 4, rect.top(), self._picture_width(), rect.height())
        paint_pipeline(painter, room, index.data(PIPELINE_ROLE) or ())

    def _paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        column = JobColumn(index.column())
        cell = option.rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, -1)
        if column == JobColumn.NAME:
            paint_focus(painter, option, index)
            center = QPointF(option.rect.left() + CELL_PADDING + 4, option.rect.center().y() + 0.5)
            paint_chevron(painter, center, self._view.isExpanded(_own(index)))
            room = option.rect.adjusted(_CHEVRON + 4, 0, -CELL_PADDING, -1)
            paint_two_lines(painter, room, _text(index), index.data(CAPTION_ROLE) or "")
        elif column == JobColumn.PROGRESS:
            self._paint_bar(painter, cell, index)
        elif column == JobColumn.READY:
            self._paint_ready(painter, cell, index)
        elif column != JobColumn.ACTIONS:
            self._paint_figure(painter, cell, index, column)

    def _paint_bar(self, painter: QPainter, cell: QRect, index: Index) -> None:
        top = cell.center().y() - BAR_HEIGHT / 2 + 0.5
        paint_state_bar(
            painter, QRectF(cell.left(), top, cell.width(), BAR_HEIGHT), index.data(SUMMARY_ROLE).counts
        )

    def _paint_ready(self, painter: QPainter, cell: QRect, index: Index) -> None:
        figures: Figures = index.data(FIGURES_ROLE)
        name, token = _SIGNS[figures.standing]
        paint_icon(painter, cell, name, token, _ICON)
        ink = token if figures.standing in {Standing.FAILED, Standing.PAUSED} else "text"
        paint_text(painter, cell.adjusted(_ICON + 6, 0, 0, 0), _text(index), token=ink)

    def _paint_figure(self, painter: QPainter, cell: QRect, index: Index, column: JobColumn) -> None:
        text = _text(index)
        failed = column == JobColumn.FAILED and text != "0"
        zero = text == "0"
        font = bold_font() if failed else body_font()
        token = "failure" if failed else "muted" if zero else "text"
        paint_text(painter, cell, text, token=token, font=font, align=_RIGHT)


def _own(index: Index) -> QModelIndex:
    return index if isinstance(index, QModelIndex) else QModelIndex(index)  # type: ignore[call-overload]


def _text(index: Index) -> str:
    text: Any = index.data(Qt.ItemDataRole.DisplayRole)
    return text or ""
