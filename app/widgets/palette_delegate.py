"""Draws a row of the palette: icon, title, what it is, and its shortcut."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.models.palette_model import PaletteRole
from app.theme import BUTTON_RADIUS, GRID, body_font, color, small_font
from app.widgets.icons import icon_pixmap
from app.widgets.row_painting import paint_text

Index = QModelIndex | QPersistentModelIndex
PALETTE_ROW = 36
_ICON = 18
_LONGEST_KEYS = "Ctrl+Shift+M"
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PaletteDelegate(QStyledItemDelegate):
    """Every row is of one height; what does not fit is cut with an ellipsis."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The height of a row; its width is that of the list."""
        return QSize(0, PALETTE_ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws it; the chosen one on the accent's ground."""
        rect = option.rect.adjusted(0, 1, 0, -1)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("accent-ground" if chosen else "hover"))
            painter.drawRoundedRect(rect, BUTTON_RADIUS, BUTTON_RADIUS)
        name = index.data(PaletteRole.ICON) or "info"
        pixmap = icon_pixmap(
            name, "accent" if chosen else "muted", _ICON, painter.device().devicePixelRatioF()
        )
        painter.drawPixmap(rect.left() + GRID, rect.center().y() - _ICON // 2 + 1, pixmap)
        words = rect.adjusted(2 * GRID + _ICON + 2, 0, -GRID - 4, 0)
        metrics = QFontMetrics(small_font())
        # Keys and what it is make columns of their own, whether or not a row has them.
        for text, room in (
            (index.data(PaletteRole.KEYS), metrics.horizontalAdvance(_LONGEST_KEYS)),
            (index.data(PaletteRole.DETAIL), 0),
        ):
            if text:
                paint_text(painter, words, text, token="muted", font=small_font(), align=_RIGHT)
            taken = max(room, metrics.horizontalAdvance(text or ""))
            words.setRight(words.right() - taken - 2 * GRID)
        paint_text(painter, words, index.data(Qt.ItemDataRole.DisplayRole) or "", font=body_font())
        painter.restore()
