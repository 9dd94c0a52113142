"""The tray's icon, drawn for each state with a sign of its own, so that colour alone says nothing."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPalette, QPen, QPixmap, QPolygonF

_SIZES = (16, 22, 24, 32, 48, 64)


class TrayState(StrEnum):
    """What the icon tells at a glance."""

    IDLE = "idle"
    BUSY = "busy"
    PAUSED = "paused"
    ATTENTION = "attention"


def tray_icon(state: TrayState, palette: QPalette) -> QIcon:
    """The icon of `state` in the colours of `palette`, in all sizes that trays use."""
    icon = QIcon()
    for size in _SIZES:
        icon.addPixmap(_pixmap(state, palette, size))
    return icon


def _pixmap(state: TrayState, palette: QPalette, size: int) -> QPixmap:
    ground, ink = (
        palette.color(QPalette.ColorRole.Highlight),
        palette.color(QPalette.ColorRole.HighlightedText),
    )
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / 24, size / 24)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(1, 1, 22, 22), 6, 6)
        _draw_sign(painter, state, ink)
    finally:
        painter.end()
    return pixmap


def _draw_sign(painter: QPainter, state: TrayState, ink: QColor) -> None:
    if state is TrayState.IDLE:
        path = QPainterPath(QPointF(5, 13))
        path.cubicTo(QPointF(8, 7), QPointF(11, 7), QPointF(12, 12))
        path.cubicTo(QPointF(13, 17), QPointF(16, 17), QPointF(19, 11))
        painter.setPen(QPen(ink, 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        return
    painter.setBrush(ink)
    if state is TrayState.BUSY:
        painter.drawPolygon(QPolygonF([QPointF(8.5, 6), QPointF(18, 12), QPointF(8.5, 18)]))
    elif state is TrayState.PAUSED:
        painter.drawRoundedRect(QRectF(7, 6, 3.6, 12), 1, 1)
        painter.drawRoundedRect(QRectF(13.4, 6, 3.6, 12), 1, 1)
    else:
        painter.drawRoundedRect(QRectF(10.4, 5, 3.2, 9), 1.4, 1.4)
        painter.drawEllipse(QPointF(12, 17.6), 1.9, 1.9)
