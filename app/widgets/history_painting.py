"""Draws the rows of the history."""

from __future__ import annotations

from PySide6.QtCore import QRect

from app.models.history_model import HistoryColumn, HistoryModel, HistoryRow
from app.widgets.queue_painting import paint_domain_cell, paint_state
from app.widgets.row_ink import RIGHT, RowInk


class HistoryPainter:
    """The `paint_cell` of a list over a HistoryModel."""

    def __init__(self, model: HistoryModel) -> None:
        self._model = model

    def __call__(self, ink: RowInk, cell: QRect, column: int, row: HistoryRow) -> None:
        """Draws one cell."""
        kind = HistoryColumn(column)
        text = self._model.text(row, kind)
        if kind == HistoryColumn.TASK:
            ink.two_lines(cell, text, self._model.caption(row.record, kind))
        elif kind == HistoryColumn.DOMAIN:
            paint_domain_cell(ink, cell, row.look.token, text)
        elif kind == HistoryColumn.STATE:
            paint_state(ink, cell, row.record.status, text, self._model.caption(row.record, kind))
        elif kind == HistoryColumn.ENDED:
            ink.text(cell, text, "muted")
        elif kind != HistoryColumn.ACTIONS:
            ink.text(cell, text, align=RIGHT)
