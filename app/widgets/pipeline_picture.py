"""A job's way through the domains as a picture: a box a domain, an arrow between them, a bar for each task type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QPolygonF

from app.models.job_figures import PipelineBox, figures
from app.models.wording import number_text
from app.theme import CARD_RADIUS, GRID, body_font, color, small_font
from app.widgets.row_painting import paint_swatch, paint_text
from app.widgets.state_bar import paint_state_bar

_ARROW: Final = 24
_LEAST_BOX: Final = 120
_WIDEST_BOX: Final = 320
_ONE_LINE_FROM: Final = 190
"""In narrower boxes the figures stand below the name."""
_HEAD: Final = 24
_STAGE: Final = 34
_LINE: Final = 16
_PADDING: Final = 10
_BAR: Final = 6
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def picture_height(boxes: Sequence[PipelineBox], width: int) -> int:
    """How high the picture is at this width, with its margins; boxes that do not fit in one line go to the next."""
    lines, box_width = _lines(boxes, width)
    return sum(_line_height(line, box_width) + GRID for line in lines) + GRID + 4


def paint_pipeline(painter: QPainter, rect: QRect, boxes: Sequence[PipelineBox]) -> None:
    """Draws the boxes into `rect`, which is as high as `picture_height` says."""
    lines, box_width = _lines(boxes, rect.width())
    top = rect.top() + GRID + 2
    for line in lines:
        height = _line_height(line, box_width)
        left = rect.left()
        for place, box in enumerate(line):
            if place:
                _paint_arrow(painter, QPointF(left + _ARROW / 2, top + height / 2))
                left += _ARROW
            _paint_box(painter, QRect(left, top, box_width, height), box)
            left += box_width
        top += height + GRID


def stage_texts(counts: Mapping[str, int]) -> tuple[str, str]:
    """How far one stage is, in full and in short: "308 of 1,590 · 8 running" and "308 of 1,590"."""
    one = figures(counts)
    short = _tr("{0} of {1}").format(number_text(one.done), number_text(one.total))
    if one.running:
        return f"{short} · {_tr('{0} running').format(number_text(one.running))}", short
    if one.paused:
        return f"{short} · {_tr('{0} paused').format(number_text(one.paused))}", short
    return short, short


def _lines(boxes: Sequence[PipelineBox], width: int) -> tuple[list[Sequence[PipelineBox]], int]:
    """The boxes line by line, and how wide each of them is."""
    fit = max(1, min(len(boxes), (width + _ARROW) // (_LEAST_BOX + _ARROW)))
    box_width = min(_WIDEST_BOX, (width - _ARROW * (fit - 1)) // fit)
    return [boxes[first : first + fit] for first in range(0, len(boxes), fit)], box_width


def _stage_height(box_width: int) -> int:
    return _STAGE if box_width >= _ONE_LINE_FROM else _STAGE + _LINE


def _line_height(line: Sequence[PipelineBox], box_width: int) -> int:
    most = max((len(box.stages) for box in line), default=1)
    return _HEAD + most * _stage_height(box_width) + _PADDING


def _paint_box(painter: QPainter, rect: QRect, box: PipelineBox) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color("line"), 1))
    painter.setBrush(color("surface"))
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), CARD_RADIUS, CARD_RADIUS)
    inner = rect.adjusted(_PADDING, 6, -_PADDING, 0)
    head = QRect(inner.left(), inner.top(), inner.width(), _HEAD)
    paint_swatch(painter, QRectF(head.left(), head.center().y() - 4.5, 10, 10), box.look.token)
    bold = body_font()
    bold.setWeight(QFont.Weight.DemiBold)
    paint_text(painter, head.adjusted(18, 0, 0, 0), box.look.title, font=bold)
    height = _stage_height(rect.width())
    for place, (name, counts) in enumerate(box.stages):
        stage = QRect(inner.left(), head.bottom() + 1 + place * height, inner.width(), height)
        _paint_stage(painter, stage, name, counts, one_line=rect.width() >= _ONE_LINE_FROM)
    painter.restore()


def _paint_stage(
    painter: QPainter, rect: QRect, name: str, counts: Mapping[str, int], *, one_line: bool
) -> None:
    line = QRect(rect.left(), rect.top() + 2, rect.width(), _LINE)
    _paint_figures(painter, line, name, counts, with_figures=one_line)
    if not one_line:
        line.translate(0, _LINE)
        paint_text(painter, line, stage_texts(counts)[1], token="muted", font=small_font())
    bar = QRectF(rect.left(), line.bottom() + 4, rect.width(), _BAR)
    paint_state_bar(painter, bar, counts)


def _paint_figures(
    painter: QPainter, line: QRect, name: str, counts: Mapping[str, int], *, with_figures: bool
) -> None:
    """The name at the left; what failed, and before it the figures, at the right."""
    font = small_font()
    metrics = QFontMetrics(font)
    failed = figures(counts).failed
    warning = _tr("{0} failed").format(number_text(failed)) if failed else ""
    room = line.width() - (metrics.horizontalAdvance(warning) + GRID if warning else 0)
    full, short = stage_texts(counts) if with_figures else ("", "")
    told = full if metrics.horizontalAdvance(f"{name} {full}") + GRID <= room else short
    # Where both do not fit, the figures matter more than the name.
    told_width = min(metrics.horizontalAdvance(told) + 2, room) if told else 0
    name_width = max(0, room - told_width - (GRID if told else 0))
    paint_text(painter, QRect(line.left(), line.top(), name_width, line.height()), name, font=font)
    middle = QRect(line.left() + room - told_width, line.top(), told_width, line.height())
    paint_text(painter, middle, told, token="muted", font=font, align=_RIGHT)
    if warning:
        paint_text(painter, line, warning, token="failure", font=font, align=_RIGHT)


def _paint_arrow(painter: QPainter, center: QPointF) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(
        QPen(color("muted"), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    painter.drawLine(center + QPointF(-6, 0), center + QPointF(6, 0))
    painter.drawPolyline(QPolygonF([center + QPointF(2, -4), center + QPointF(6, 0), center + QPointF(2, 4)]))
    painter.restore()


def _tr(text: str) -> str:
    return QCoreApplication.translate("pipeline", text)
