"""What the live graphs draw, painted in pixels so that patterns and labels keep their size at any zoom.

An item with nothing to draw hides: each one that is painted costs calls into Python, and where a task keeps a thread
busy, each call waits for its turn.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPainter, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from app.theme import body_font, color, pattern, small_font
from app.widgets.dashes import WHOLE, Dash, dashed
from app.widgets.pixel_steps import line_rects, pixel_steps
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

        NaN in `upper` leaves a gap.
        """
        self._edges = np.asarray(edges, dtype=float)
        self._lower = np.asarray(lower, dtype=float)
        self._upper = np.asarray(upper, dtype=float)
        self.setVisible(bool(np.any(self._upper > self._lower)))
        self.update()

    def draw(self, painter: QPainter, to_pixels: QTransform, box: QRectF) -> None:
        # Rectangles of whole pixels: a step line has no slopes, and outlines of 900 steps take a third of a second.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        steps = pixel_steps(self._edges, self._upper, to_pixels, self._lower)
        areas = [QRectF(one.left, one.top, one.width, one.bottom - one.top) for one in steps]
        ground = color("accent-ground" if self._outline else self._token)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRects(areas)
        style = pattern(self._token)
        if not self._outline and style != Qt.BrushStyle.SolidPattern:
            painter.setBrush(QBrush(pattern_ink(), style))
            painter.drawRects(areas)
        # The outline; else a thin line that sets it off from what stands on it, also for who sees no colours.
        painter.setBrush(color(self._token if self._outline else "surface"))
        painter.drawRects(line_rects(steps, 2.0 if self._outline else 1.0))


class StepLine(PixelItem):
    """A step line, whole or dashed; it has gaps where nothing is known."""

    def __init__(self, token: str, width: float = 2.0, dash: Dash = WHOLE) -> None:
        super().__init__()
        self._token, self._width, self._dash = token, width, dash
        self._edges = self._values = np.zeros(0)

    def set_steps(self, edges: Sequence[float], values: Sequence[float]) -> None:
        """`edges` is one longer than `values`."""
        self._edges = np.asarray(edges, dtype=float)
        self._values = np.asarray(values, dtype=float)
        self.setVisible(bool(np.any(np.isfinite(self._values))))
        self.update()

    def draw(self, painter: QPainter, to_pixels: QTransform, box: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._token))
        steps = pixel_steps(self._edges, self._values, to_pixels)
        painter.drawRects(dashed(line_rects(steps, self._width), self._dash))


class Bands(PixelItem):
    """Stretches of time on a ground of their own, named where there is room: pauses."""

    def __init__(self, label: str, *, label_below: bool = False) -> None:
        super().__init__()
        self._label = label
        self._label_below = label_below
        self._bands: list[tuple[float, float]] = []
        self.setZValue(-10)

    def set_bands(self, bands: Sequence[tuple[float, float]]) -> None:
        """Each from where to where."""
        self._bands = list(bands)
        self.setVisible(bool(self._bands))
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
                height = painter.fontMetrics().height()
                top = band.bottom() - height - 3 if self._label_below else band.top() + 3
                plate = QRectF(band.left() + 4, top, words + 8, height)
                painter.fillRect(plate, color("warning-ground"))
                painter.setPen(color("warning"))
                painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, self._label)


class OffStrips(PixelItem):
    """One strip a domain along the upper edge, for as long as the domain was switched off."""

    HEIGHT = 18

    def __init__(self) -> None:
        super().__init__()
        self._strips: list[tuple[str, str, list[tuple[float, float]]]] = []
        self.setZValue(4)

    def set_strips(self, strips: Sequence[tuple[str, str, list[tuple[float, float]]]]) -> None:
        """Each with its words, its token and its stretches of time."""
        self._strips = list(strips)
        self.setVisible(bool(self._strips))
        self.update()

    def draw(self, painter: QPainter, to_pixels: QTransform, box: QRectF) -> None:
        painter.setFont(small_font())
        for row, (words, token, spans) in enumerate(self._strips):
            for begin, end in spans:
                left, right = to_pixels.map(QPointF(begin, 0)).x(), to_pixels.map(QPointF(end, 0)).x()
                top = box.top() + row * self.HEIGHT
                strip = QRectF(left, top, max(2.0, right - left), self.HEIGHT - 2)
                painter.fillRect(strip, color("hover"))
                ink = color(token)
                painter.fillRect(QRectF(left, strip.bottom() - 2, strip.width(), 2), ink)
                if strip.width() > painter.fontMetrics().horizontalAdvance(words) + 8:
                    painter.setPen(ink)
                    place = strip.adjusted(4, 0, 0, -2)
                    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


class LineName(PixelItem):
    """The name of a level line, above the line's right end."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token
        self._text = ""
        self._height = 0.0
        self.setZValue(5)

    @property
    def text(self) -> str:
        """The name as it is written now."""
        return self._text

    @property
    def room(self) -> float:
        """How many pixels above its line it needs."""
        return QFontMetricsF(small_font()).height()

    def set_name(self, text: str, height: float) -> None:
        """Writes `text` above the line at `height`, in the graph's unit."""
        self._text, self._height = text, height
        self.update()

    def draw(self, painter: QPainter, to_pixels: QTransform, box: QRectF) -> None:
        painter.setFont(small_font())
        metrics = painter.fontMetrics()
        width, tall = metrics.horizontalAdvance(self._text) + 8, metrics.height()
        y = to_pixels.map(QPointF(0, self._height)).y()
        plate = QRectF(box.right() - width, max(box.top(), y - tall - 1), width, tall)
        # Where the line was higher a moment ago, areas stand here.
        painter.fillRect(plate, color("surface"))
        painter.setPen(color(self._token))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, self._text)


class Thresholds(PixelItem):
    """Dashed lines across the view at fixed heights, highest last, each with its name at the left end.

    A name stands above its line, or below it where the next line is too near.
    """

    def __init__(self, lines: Sequence[tuple[float, str, str]]) -> None:
        super().__init__()
        self._lines = tuple(lines)
        self.setZValue(5)

    def set_lines(self, lines: Sequence[tuple[float, str, str]]) -> None:
        """Other heights, lowest first."""
        self._lines = tuple(lines)
        self.update()

    def draw(self, painter: QPainter, to_pixels: QTransform, box: QRectF) -> None:
        painter.setFont(small_font())
        metrics = painter.fontMetrics()
        above = box.top() - metrics.height()
        for height, token, label in reversed(self._lines):
            y = to_pixels.map(QPointF(0, height)).y()
            painter.setPen(QPen(color(token), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            top = y - metrics.height() if y - above > metrics.height() else y + 1
            above = y
            words = QRectF(box.left() + 4, top, metrics.horizontalAdvance(label) + 2, metrics.height())
            painter.setPen(color(token))
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, label)


class Hint(PixelItem):
    """A sentence in the middle of a graph that has nothing to show."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.setZValue(6)

    def draw(self, painter: QPainter, to_pixels: QTransform, box: QRectF) -> None:
        painter.setFont(body_font())
        plate = QRectF(painter.boundingRect(box, Qt.AlignmentFlag.AlignCenter, self._text))
        # Lines of the graph run behind the words, not through them.
        painter.fillRect(plate.adjusted(-8, 0, 8, 0), color("surface"))
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
        self.setVisible(at is not None)
        self.update()

    def draw(self, painter: QPainter, to_pixels: QTransform, box: QRectF) -> None:
        if self._at is None:
            return
        x = round(to_pixels.map(QPointF(self._at, 0)).x()) + 0.5
        painter.setPen(QPen(color("text"), 1))
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
