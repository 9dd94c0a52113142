"""What the delegates of all lists share: the row's ground, its lines of text, and the mark of a domain."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QFont,
    QFontMetrics,
    QPainter,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem

from app.models.domain_looks import DomainLook
from app.theme import GRID, body_font, bold_font, color, pattern, small_font
from app.widgets.icons import icon_pixmap
from app.widgets.swatch import pattern_ink

ROW_HEIGHT: Final = 48
CELL_PADDING: Final = 12
_SWATCH: Final = 10.0
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """The row's ground as its state wants it, and the line below it."""
    rect = option.rect
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, color("accent-ground"))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, color("hover"))
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), color("line"))


def paint_text(
    painter: QPainter,
    rect: QRect,
    text: str,
    *,
    token: str = "text",
    font: QFont | None = None,
    align: Qt.AlignmentFlag = _LEFT,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    """One line of text, cut with an ellipsis where it does not fit."""
    font = font or body_font()
    painter.setFont(font)
    painter.setPen(color(token))
    shown = QFontMetrics(font).elidedText(text, elide, rect.width())
    painter.drawText(rect, align, shown)


def paint_two_lines(painter: QPainter, rect: QRect, title: str, caption: str, *, bold: bool = True) -> None:
    """A title and a quieter line below it, both in the middle of the row's height."""
    title_font, caption_font = bold_font() if bold else body_font(), small_font()
    if not caption:
        paint_text(painter, rect, title, font=title_font)
        return
    upper, lower = QFontMetrics(title_font).height(), QFontMetrics(caption_font).height()
    top = rect.top() + (rect.height() - upper - lower) // 2
    paint_text(painter, QRect(rect.left(), top, rect.width(), upper), title, font=title_font)
    below = QRect(rect.left(), top + upper, rect.width(), lower)
    paint_text(painter, below, caption, token="muted", font=caption_font)


def paint_domain(painter: QPainter, rect: QRect, look: DomainLook) -> None:
    """The domain's mark in its colour and pattern, and its title."""
    mark = QRectF(rect.left(), rect.center().y() - _SWATCH / 2 + 0.5, _SWATCH, _SWATCH)
    paint_swatch(painter, mark, look.token)
    paint_text(painter, rect.adjusted(int(_SWATCH) + GRID, 0, 0, 0), look.title)


def paint_swatch(painter: QPainter, rect: QRectF, token: str) -> None:
    """A small square in the colour and pattern of a series."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(token))
    painter.drawRoundedRect(rect, 2, 2)
    brush = pattern(token)
    if brush is not Qt.BrushStyle.SolidPattern:
        painter.setBrush(QBrush(pattern_ink(), brush))
        painter.drawRoundedRect(rect, 2, 2)
    painter.restore()


def paint_icon(painter: QPainter, cell: QRect, name: str, token: str, size: int = 16) -> None:
    """An icon at the left of `cell`, in the middle of its height."""
    pixmap = icon_pixmap(name, token, size, painter.device().devicePixelRatioF())
    painter.drawPixmap(cell.left(), cell.top() + (cell.height() - size) // 2, pixmap)


def paint_chevron(painter: QPainter, center: QPointF, is_open: bool) -> None:
    """The sign that a row can be opened, or is open."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(
        QPen(color("muted"), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    points = [(-3.5, -1.75), (0, 1.75), (3.5, -1.75)] if is_open else [(-1.75, -3.5), (1.75, 0), (-1.75, 3.5)]
    painter.drawPolyline(QPolygonF([center + QPointF(x, y) for x, y in points]))
    painter.restore()


def paint_focus(
    painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
) -> None:
    """A stripe at the left of the current row while its list has the focus; for the delegate of the first cell."""
    view = option.widget
    if isinstance(view, QAbstractItemView) and view.hasFocus():
        current = view.currentIndex()
        if current.row() == index.row() and current.parent() == index.parent():
            rect = option.rect
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height() - 1), color("accent"))
