"""What the live graphs draw, painted in pixels so that patterns and labels keep their size at any zoom."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from app.theme import body_font, color, pattern, small_font
from app.widgets.swatch import pattern_ink

# In seconds and in units; beyond it Qt's pixels overflow. 1e7 s are 115 days of one window.
_FAR = QRectF(-1e7, -1e5, 2e7, 2e5)


class PixelItem(pg.GraphicsObject):
    """An item that fills its view and draws in the view's pixels. `x` is seconds, `y` the graph's unit."""

    def boundingRect(self) -> QRectF:
        """Everywhere: what is drawn depends on the view alone, which cuts it to itself."""
        return _FAR

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Qt's hook; hands over to `draw` with the way from data to pixels."""
        view = self.getViewBox()
        if view is None:
            return
        to_pixels = painter.transform()
        box = view.sceneBoundingRect()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter, to_pixels, box)
        painter.restore()

    def draw(self, painter: QPainter, to_pixels: QTransform, box: QRectF) -> None:
        """Draws within `box`, which is the view in pixels."""
        raise NotImplementedError


class StepArea(PixelItem):
    """The area between two step lines, filled with a token's colour and its pattern."""

    def __init__(self, token: str, *, outline: bool = False) -> None:
        super().__init__()
        self._token = token
        self._outline = outline
        self._edges = self._lower = self._upper = np.zeros(0)

    def set_steps(self, edges: Sequence[float], lower: Sequence[float], upper: Sequence[float]) -> None:
        """`edges` is one longer than the values: where each step begins, and where the last one ends.

        NaN at the beginning of `upper` is left out.
        """
        top = np.asarray(upper, dtype=float)
        known = np.flatnonzero(np.isfinite(top))
        first = int(known[0]) if known.size else top.size
        self._edges = np.asarray(edges, dtype=float)[first:]
        self._lower = np.asarray(lower, dtype=float)[first:]
        self._upper = np.nan_to_num(top[first:])
        self.update()

    def draw(self, painter: QPainter, to_pixels: QTransform, box: QRectF) -> None:
        if not np.any(self._upper > self._lower):
            return
        top = _steps(self._edges, self._upper, to_pixels)
        polygon = QPolygonF([*top, *reversed(_steps(self._edges, self._lower, to_pixels))])
        ground = color(self._token)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._outline:
            painter.setBrush(color("accent-ground"))
            painter.drawPolygon(polygon)
            painter.setPen(QPen(ground, 2))
            painter.drawPolyline(QPolygonF(top))
            return
        painter.setBrush(ground)
        painter.drawPolygon(polygon)
        style = pattern(self._token)
        if style != Qt.BrushStyle.SolidPattern:
            painter.setBrush(QBrush(pattern_ink(), style))
            painter.drawPolygon(polygon)
        # A thin line sets it off from what stands on it, also for who sees no colours.
        painter.setPen(QPen(color("surface"), 1))
        painter.drawPolyline(QPolygonF(top))


class StepLine(PixelItem):
    """A step line; it has gaps where nothing is known."""

    def __init__(self, token: str, width: float = 2.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> None:
        super().__init__()
        self._token, self._width, self._style = token, width, style
        self._edges = self._values = np.zeros(0)

    def set_steps(self, edges: Sequence[float], values: Sequence[float]) -> None:
        """`edges` is one longer than `values`."""
        self._edges = np.asarray(edges, dtype=float)
        self._values = np.asarray(values, dtype=float)
        self.update()

    def draw(self, painter: QPainter, to_pixels: QTransform, box: QRectF) -> None:
        pen = QPen(color(self._token), self._width, self._style)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        known = np.flatnonzero(np.isfinite(self._values))
        if not known.size:
            return
        for run in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
            edges = self._edges[run[0] : run[-1] + 2]
            painter.drawPolyline(QPolygonF(_steps(edges, self._values[run], to_pixels)))


class Bands(PixelItem):
    """Stretches of time on a ground of their own, named where there is room: pauses."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self._label = label
        self._bands: list[tuple[float, float]] = []
        self.setZValue(-10)

    def set_bands(self, bands: Sequence[tuple[float, float]]) -> None:
        """Each from where to where."""
        self._bands = list(bands)
        self.update()

    def draw(self, painter: QPainter, to_pixels: QTransform, box: QRectF) -> None:
        painter.setFont(small_font())
        for begin, end in self._bands:
            left, right = to_pixels.map(QPointF(begin, 0)).x(), to_pixels.map(QPointF(end, 0)).x()
            band = QRectF(left, box.top(), max(2.0, right - left), box.height())
            painter.fillRect(band, color("warning-ground"))
            ink = color("warning")
            ink.setAlphaF(0.35)
            painter.fillRect(band, QBrush(ink, Qt.BrushStyle.FDiagPattern))
            words = painter.fontMetrics().horizontalAdvance(self._label)
            if self._label and band.width() > words + 12:
                plate = QRectF(band.left() + 4, band.top() + 3, words + 8, painter.fontMetrics().height())
                painter.fillRect(plate, color("warning-ground"))
                painter.setPen(color("warning"))
                painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, self._label)


class Thresholds(PixelItem):
    """Dashed lines across the view at fixed heights, each with its name at the left end."""

    def __init__(self, lines: Sequence[tuple[float, str, str]]) -> None:
        super().__init__()
        self._lines = tuple(lines)
        self.setZValue(5)

    def draw(self, painter: QPainter, to_pixels: QTransform, box: QRectF) -> None:
        painter.setFont(small_font())
        for height, token, label in self._lines:
            y = to_pixels.map(QPointF(0, height)).y()
            painter.setPen(QPen(color(token), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            metrics = painter.fontMetrics()
            words = QRectF(
                box.left() + 4, y - metrics.height(), metrics.horizontalAdvance(label) + 2, metrics.height()
            )
            painter.setPen(color(token))
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, label)


class Hint(PixelItem):
    """A sentence in the middle of a graph that has nothing to show."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def draw(self, painter: QPainter, to_pixels: QTransform, box: QRectF) -> None:
        painter.setFont(body_font())
        painter.setPen(color("muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._text)


class Cursor(PixelItem):
    """The upright line at the instant that is read off."""

    def __init__(self) -> None:
        super().__init__()
        self._at: float | None = None
        self.setZValue(20)

    def set_at(self, at: float | None) -> None:
        """Where it stands; None hides it."""
        self._at = at
        self.update()

    def draw(self, painter: QPainter, to_pixels: QTransform, box: QRectF) -> None:
        if self._at is None:
            return
        x = round(to_pixels.map(QPointF(self._at, 0)).x()) + 0.5
        painter.setPen(QPen(color("text"), 1))
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))


def _steps(edges: np.ndarray, values: np.ndarray, to_pixels: QTransform) -> list[QPointF]:
    """The corners of a step line in pixels; steps of the same height are one."""
    if not values.size:
        return []
    changes = np.flatnonzero(np.diff(values)) + 1
    begins = np.concatenate(([0], changes))
    ends = np.concatenate((changes, [values.size]))
    left = edges[begins] * to_pixels.m11() + to_pixels.dx()
    right = edges[ends] * to_pixels.m11() + to_pixels.dx()
    height = values[begins] * to_pixels.m22() + to_pixels.dy()
    points: list[QPointF] = []
    for x0, x1, y in zip(left.tolist(), right.tolist(), height.tolist(), strict=True):
        points += (QPointF(x0, y), QPointF(x1, y))
    return points
