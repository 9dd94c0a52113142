"""Draws causes of failures as cards: the domain, what went wrong in a sentence, how many, and the newest of them."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.models.causes_model import CAPTION_ROLE, CAUSE_ROLE, COUNT_ROLE, LOOK_ROLE, SAMPLE_ROLE
from app.models.columns import Index
from app.theme import CARD_RADIUS, GRID, bold_font, color, small_font
from app.widgets.row_painting import paint_swatch, paint_text

_ALL_HEIGHT, _HEIGHT = 48, 112
"""Heights of the card of all failures and of the others, with the gap below them."""
_PADDING = 12
_SWATCH = 10
_LINE = 18
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTER = Qt.AlignmentFlag.AlignCenter


class CauseDelegate(QStyledItemDelegate):
    """For a list view over a CausesModel, on the ground of the window."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as there is room."""
        return QSize(0, _ALL_HEIGHT if index.data(CAUSE_ROLE) is None else _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws one card."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = option.rect.adjusted(0, 0, 0, -GRID)
        self._paint_ground(painter, option, card)
        room = card.adjusted(_PADDING, 0, -_PADDING, 0)
        title = index.data(Qt.ItemDataRole.DisplayRole) or ""
        count = index.data(COUNT_ROLE) or ""
        if index.data(CAUSE_ROLE) is None:
            paint_text(painter, room, title, font=bold_font())
            paint_text(painter, room, count, token="muted", align=_RIGHT)
        else:
            self._paint_cause(painter, room, index, title, count)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, card: QRect) -> None:
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        view = option.widget
        has_focus = is_selected and isinstance(view, QAbstractItemView) and view.hasFocus()
        ground = "accent-ground" if is_selected else "hover" if is_hovered else "surface"
        width = 2 if has_focus else 1
        painter.setPen(QPen(color("accent" if is_selected else "line"), width))
        painter.setBrush(color(ground))
        half = width / 2
        painter.drawRoundedRect(QRectF(card).adjusted(half, half, -half, -half), CARD_RADIUS, CARD_RADIUS)

    def _paint_cause(self, painter: QPainter, room: QRect, index: Index, title: str, count: str) -> None:
        look = index.data(LOOK_ROLE)
        top = QRect(room.left(), room.top() + _PADDING - 2, room.width(), _LINE + 4)
        pill = _paint_pill(painter, top, count)
        mark = QRectF(top.left(), top.center().y() - _SWATCH / 2 + 0.5, _SWATCH, _SWATCH)
        paint_swatch(painter, mark, look.token)
        words = QRect(
            top.left() + _SWATCH + GRID,
            top.top(),
            pill.left() - top.left() - _SWATCH - 2 * GRID,
            top.height(),
        )
        paint_text(painter, words, look.title, token="muted", font=small_font())
        middle = QRect(room.left(), top.bottom() + 3, room.width(), 2 * _LINE)
        lines = _paint_lines(painter, middle, title, index.data(SAMPLE_ROLE) or "")
        caption = QRect(room.left(), middle.top() + lines * _LINE + 1, room.width(), _LINE)
        paint_text(painter, caption, index.data(CAPTION_ROLE) or "", token="muted", font=small_font())


def _paint_pill(painter: QPainter, room: QRect, text: str) -> QRect:
    """A number at the right, on the ground of failures; returns where it is."""
    width = max(24, QFontMetrics(bold_font()).horizontalAdvance(text) + 2 * GRID)
    pill = QRect(room.right() + 1 - width, room.top() + 1, width, room.height() - 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color("failure-ground"))
    painter.drawRoundedRect(QRectF(pill), pill.height() / 2, pill.height() / 2)
    paint_text(painter, pill, text, token="failure", font=bold_font(), align=_CENTER)
    return pill


def _paint_lines(painter: QPainter, room: QRect, text: str, sample: str) -> int:
    """Two lines at most, the second cut with an ellipsis where the text does not fit; `sample` below a single one.

    Returns how many there are.
    """
    font = bold_font()
    metrics = QFontMetrics(font)
    layout = QTextLayout(text, font)
    layout.setTextOption(_wrapping())
    layout.beginLayout()
    first = layout.createLine()
    first.setLineWidth(room.width())
    split = first.textStart() + first.textLength()
    layout.endLayout()
    lines = [text[:split].rstrip(), text[split:].lstrip()]
    if not lines[1]:
        below = QRect(room.left(), room.top() + _LINE, room.width(), _LINE)
        paint_text(painter, below, sample, token="muted")
    for place, line in enumerate(lines):
        part = QRect(room.left(), room.top() + place * _LINE, room.width(), _LINE)
        if line:
            shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, room.width())
            paint_text(painter, part, shown, font=font)
    return 2 if lines[1] or sample else 1


def _wrapping() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option
