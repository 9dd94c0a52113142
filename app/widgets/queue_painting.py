"""Draws the rows of the queue: bars for what runs, words for what waits."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.models.columns import Index
from app.models.queue_model import QueueColumn, QueueModel
from app.models.state_words import state_icon
from app.models.task_row import TaskRow
from app.theme import GRID, state_token
from app.widgets.row_ink import RIGHT, RowInk
from app.widgets.row_painting import ROW_HEIGHT, paint_icon, paint_swatch
from app.widgets.state_bar import paint_progress
from scheduler_core import Priority, TaskStatus

_COLUMNS = tuple(QueueColumn)
_ICON = 16
_BAR = 8
_FIGURES_WIDTH = 66
_SWATCH = 10


class TallRows(QStyledItemDelegate):
    """All rows are 48 high; the list draws them itself."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Their height."""
        return QSize(0, ROW_HEIGHT)


class QueuePainter:
    """The `paint_cell` of a list over a QueueModel."""

    def __init__(self, model: QueueModel) -> None:
        self._model = model

    def __call__(self, ink: RowInk, cell: QRect, column: int, row: TaskRow) -> None:
        """Draws one cell."""
        place = _COLUMNS[column]
        if place is QueueColumn.ACTIONS:
            return
        record, text = row.record, self._model.text(row, place)
        is_running = record.status is TaskStatus.RUNNING
        if column == QueueColumn.TASK:
            ink.two_lines(cell, text, row.caption(), "bold" if is_running else "body")
        elif column == QueueColumn.DOMAIN:
            paint_domain_cell(ink, cell, row.look.token, text)
        elif column == QueueColumn.STATE:
            if is_running:
                _paint_progress(ink, cell, text, row)
            else:
                paint_state(ink, cell, record.status, text)
        elif column == QueueColumn.DATA:
            _paint_data(ink, cell, text, self._model.rate_text(row))
        elif column == QueueColumn.PRIORITY:
            ink.text(cell, text, "muted" if record.priority == Priority.NORMAL else "text")
        else:
            ink.text(cell, text, "muted" if column == QueueColumn.TIME else "text", align=RIGHT)


def paint_domain_cell(ink: RowInk, cell: QRect, token: str, title: str) -> None:
    """The domain's mark in its colour and pattern, and its title."""
    mark = QRectF(0.0, 0.5, _SWATCH, _SWATCH)
    top = cell.center().y() - _SWATCH // 2
    key = ("swatch", token)
    ink.stamp(cell.left(), top, key, (_SWATCH, _SWATCH + 1), lambda by: paint_swatch(by, mark, token))
    ink.text(cell.adjusted(_SWATCH + GRID, 0, 0, 0), title)


def paint_state(ink: RowInk, cell: QRect, status: TaskStatus, text: str, caption: str = "") -> None:
    """A state: its icon in its colour, its words, and below them why."""
    size, top = (_ICON, cell.height()), cell.top()
    ink.stamp(
        cell.left(),
        top,
        ("state", status, cell.height()),
        size,
        lambda by: paint_icon(by, QRect(0, 0, *size), state_icon(status), state_token(status.value), _ICON),
    )
    ink.two_lines(cell.adjusted(_ICON + 10, 0, 0, 0), text, caption)


def _paint_progress(ink: RowInk, cell: QRect, text: str, row: TaskRow) -> None:
    """The bar, the figure beside it, and below it what the task says."""
    state, message = row.state, row.state.message or ""
    block = ink.line + (ink.caption + 2 if message else 0)
    top = cell.top() + (cell.height() - block) // 2
    bar = QRectF(0.0, (ink.line - _BAR) / 2, cell.width() - _FIGURES_WIDTH, _BAR)
    if state.fraction is None:
        size = (cell.width() - _FIGURES_WIDTH, ink.line)
        key = ("unknown", row.look.token, size)
        ink.stamp(
            cell.left(), top, key, size, lambda by: paint_progress(by, bar, None, row.look.token, False)
        )
    else:
        ink.painter.save()
        bar.translate(cell.left(), top)
        paint_progress(ink.painter, bar, state.fraction, row.look.token, state.is_guess)
        ink.painter.restore()
    beside = QRect(cell.right() - _FIGURES_WIDTH + 1, top, _FIGURES_WIDTH, ink.line)
    if state.fraction is None:
        # A word, no figure: it stands at the bar it belongs to.
        ink.text(beside.adjusted(GRID, 0, 0, 0), text, "muted")
    else:
        ink.text(beside, text, align=RIGHT)
    ink.text(QRect(cell.left(), top + ink.line + 2, cell.width(), ink.caption), message, "muted", "small")


def _paint_data(ink: RowInk, cell: QRect, text: str, rate: str) -> None:
    """What a task has moved, and how fast."""
    if not rate or not text:
        ink.text(cell, text, align=RIGHT)
        return
    top = cell.top() + (cell.height() - ink.line - ink.caption) // 2
    ink.text(QRect(cell.left(), top, cell.width(), ink.line), text, align=RIGHT)
    below = QRect(cell.left(), top + ink.line, cell.width(), ink.caption)
    ink.text(below, rate, "muted", "small", RIGHT)
