"""A card with one live graph: a title, what it reads, and the plot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.models.wording import decimal_text
from app.theme import GRID, body_font, color, follow_theme, small_font
from app.widgets.card import Card
from app.widgets.dashes import Dash
from app.widgets.flow_row import FlowRow
from app.widgets.graph_items import Bands, Cursor, PixelItem
from app.widgets.stable_label import StableLabel
from app.widgets.swatch import Swatch

_AXIS_WIDTH = 30
_AXIS_HEIGHT = 20
_NO_AXIS_HEIGHT = 8


class ClockAxis(pg.AxisItem):
    """Times of day below a graph whose x is seconds after `base_s`."""

    def __init__(self, base_s: float) -> None:
        super().__init__("bottom")
        self._base_s = base_s

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        """Round numbers of seconds that leave each label its room."""
        fits = max(1.0, size / 90)
        steps = (10, 15, 30, 60, 120, 300, 600)
        step = next((step for step in steps if (maxVal - minVal) / step <= fits), steps[-1])
        return [(float(step), -self._base_s % step)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Hours and minutes, with seconds where labels are closer than a minute."""
        shape = "%H:%M:%S" if spacing < 60 else "%H:%M"
        return [datetime.fromtimestamp(self._base_s + value).strftime(shape) for value in values]  # noqa: DTZ006


class GraphCard(Card):
    """`pointed(object)` carries the x that is to be read off, None for now.

    It is where the mouse is, or where the arrow keys went while the graph has the focus; Escape goes back to now.
    """

    pointed = Signal(object)

    def __init__(
        self,
        name: str,
        base_s: float,
        *,
        clock: bool = False,
        pauses_below: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.body.setSpacing(4)
        self._head = QHBoxLayout()
        self._head.setSpacing(2 * GRID)
        self._title = QLabel()
        font = body_font()
        font.setBold(True)
        self._title.setFont(font)
        self._head.addWidget(self._title)
        self._figure = StableLabel()
        self._figure.hide()
        self._head.addWidget(self._figure)
        # In a narrow window it goes on below, and never widens the page.
        self._legend = FlowRow((), 2 * GRID)
        self._head.addWidget(self._legend, 1)
        self.note = QLabel()
        self.note.setProperty("role", "muted")
        self._head.addWidget(self.note)
        self.body.addLayout(self._head)
        self.plot = pg.PlotWidget(enableMenu=False, axisItems={"bottom": ClockAxis(base_s)})
        self.plot.setObjectName(name)
        # pyqtgraph wants 640 x 480; the page gives what there is.
        self.plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        # A graphics view takes drops for its scene; here they are for the window.
        for part in (self.plot, self.plot.viewport()):
            part.setAcceptDrops(False)
        self.plot.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        # What `plot` finds out at run time, named for readers and checkers.
        self._item = cast(pg.PlotItem, self.plot.getPlotItem())
        self._view = cast(pg.ViewBox, self._item.getViewBox())
        self._at: float | None = None
        self._least_height = 0
        self._bands = Bands(self.tr("paused"), label_below=pauses_below)
        self._cursor = Cursor()
        self._set_up(clock)
        self.body.addWidget(self.plot, 1)
        follow_theme(self, self._ink)

    def set_least_height(self, height: int) -> None:
        """How tall it is at least with a legend of one line; each further line comes on top, not out of the plot."""
        self._least_height = height
        self._keep_plot()

    def set_title(self, title: str) -> None:
        """What the graph shows, above it and for screen readers."""
        self._title.setText(title)
        self.plot.setAccessibleName(title)

    def add(self, item: PixelItem) -> None:
        """Puts an item into the graph."""
        self._item.addItem(item, ignoreBounds=True)

    def add_legend(self, token: str, text: str, line: Dash | None = None) -> StableLabel:
        """A swatch and a text above the graph; the label is for the figure beside it."""
        entry = QWidget()
        row = QHBoxLayout(entry)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(Swatch(token, line=line))
        label = StableLabel(text)
        row.addWidget(label)
        self._legend.add(entry)
        return label

    def set_figure(self, text: str) -> None:
        """The figure beside the title."""
        self._figure.setText(text)
        self._figure.show()

    def set_range(self, begin: float, end: float, top: float, ticks: Sequence[float]) -> None:
        """Shows x from `begin` to `end` and y from 0 to `top`, with these heights named at the left."""
        self._left.setTicks([[(tick, _tick_text(tick)) for tick in ticks]])
        self._view.setRange(xRange=(begin, end), yRange=(0.0, top), padding=0)
        # Else it is done in the middle of painting, and everything is painted twice.
        self._view.prepareForPaint()

    def set_pauses(self, bands: list[tuple[float, float]]) -> None:
        """Shades these stretches."""
        self._bands.set_bands(bands)

    def set_cursor(self, at: float | None) -> None:
        """Shows the upright line."""
        self._at = at
        self._cursor.set_at(at)

    def describe(self, text: str) -> None:
        """What a screen reader says of the graph."""
        self.plot.setAccessibleDescription(text)

    def event(self, event: QEvent) -> bool:
        """Qt's hook; the legend may need another number of lines."""
        answer = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._keep_plot()
        return answer

    def _keep_plot(self) -> None:
        more = self._legend.heightForWidth(self._legend.width()) - self._legend.sizeHint().height()
        if self._least_height and self.minimumHeight() != self._least_height + more:
            self.setMinimumHeight(self._least_height + more)

    def _set_up(self, clock: bool) -> None:
        item = self._item
        item.hideButtons()
        item.setContentsMargins(0, 2, 0, 0)
        self._view.setMouseEnabled(False, False)
        self._view.setDefaultPadding(0)
        self._left, self._bottom = item.getAxis("left"), item.getAxis("bottom")
        self._left.setWidth(_AXIS_WIDTH)
        self._bottom.setHeight(_AXIS_HEIGHT if clock else _NO_AXIS_HEIGHT)
        for axis in (self._left, self._bottom):
            axis.setStyle(
                tickLength=0, tickAlpha=0, tickFont=small_font(), autoExpandTextSpace=False, maxTickLevel=0
            )
        self._bottom.setStyle(showValues=clock)
        self.add(self._bands)
        self.add(self._cursor)
        cast(pg.GraphicsScene, self.plot.scene()).sigMouseMoved.connect(self._on_mouse)
        self.plot.installEventFilter(self)
        self._ink()

    def _ink(self) -> None:
        self.plot.setBackground(color("surface"))
        for axis in (self._left, self._bottom):
            axis.setPen(QPen(Qt.PenStyle.NoPen))
            axis.setTextPen(color("muted"))
        self._bottom.setPen(color("line"))

    def _on_mouse(self, place: QPointF) -> None:
        if self._view.sceneBoundingRect().contains(place):
            self.pointed.emit(self._view.mapSceneToView(place).x())
        else:
            self.pointed.emit(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The mouse leaving, the arrow keys, and the focus, which the card shows."""
        kind = event.type()
        if kind == QEvent.Type.Leave:
            self.pointed.emit(None)
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        elif kind in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._show_focus(kind == QEvent.Type.FocusIn)
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Left: -1.0, Qt.Key.Key_Right: 1.0}
        if event.key() == Qt.Key.Key_Escape and self._at is not None:
            self.pointed.emit(None)
        elif event.key() in steps:
            begin, end = self._view.viewRange()[0]
            at = (end if self._at is None else self._at) + steps[Qt.Key(event.key())]
            self.pointed.emit(None if at > end else max(begin, at))
        else:
            return False
        return True

    def _show_focus(self, has_focus: bool) -> None:
        self.setProperty("focused", has_focus)
        self.style().unpolish(self)
        self.style().polish(self)


def _tick_text(tick: float) -> str:
    """Short enough for the axis: 0.5, 250, 2.5k, 1M."""
    for least, letter in ((1e6, "M"), (1e3, "k")):
        if tick >= least:
            return f"{decimal_text(tick / least)}{letter}"
    return decimal_text(tick)
