"""The Overview's three live graphs on one time axis, read off together at one instant."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.timeline import Timeline
from app.theme import GRID
from app.widgets.live_graphs import EndedGraph, LiveGraph, PressureGraph, RunningGraph, ticks_below

_LEAST_HEIGHTS = (124, 112, 108)
_STRETCHES = (15, 12, 13)
_HEADROOM = 1.15
_BETWEEN_MS = 15


class GraphPanel(QWidget):
    """Draws `timeline` when it is told to (`refresh`); `series` is (domain, title, token), lowest first.

    The graphs are made, and drawn, one a turn of the event loop, so that it is not held for all three at once.
    `ready()` comes when the last one is there.
    """

    ready = Signal()

    def __init__(
        self, timeline: Timeline, series: Sequence[tuple[str, str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._timeline = timeline
        self._base_s = timeline.view().begin_s
        self._pointed: float | None = None
        self._graphs: list[LiveGraph] = []
        self._pressure: PressureGraph | None = None
        self._to_make: deque[Callable[[], LiveGraph]] = deque(
            (
                lambda: RunningGraph(self._base_s, series),
                self._make_pressure,
                lambda: EndedGraph(self._base_s),
            )
        )
        self._to_draw: deque[Callable[[], None]] = deque()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID + 4)
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(_BETWEEN_MS)
        self._turn.timeout.connect(self._on_turn)
        self._turn.start()

    def refresh(self) -> None:
        """Draws what the timeline holds now; nothing while nobody sees it, or while it is being made."""
        if self._to_make:
            return
        self._read()
        if self.isVisible():
            self._draw()

    def set_marks(self, marks: Sequence[tuple[int, float]]) -> None:
        """Draws the pressures above which tasks of a priority wait."""
        if self._pressure is not None:
            self._pressure.set_marks(marks)

    def read_running(self) -> None:
        """Says how many run now, and draws nothing; nothing while an instant is pointed at or nobody sees it."""
        if not self._to_make and self._pointed is None and self.isVisible():
            self._graphs[0].read(self._timeline.reading())

    def showEvent(self, event: QShowEvent) -> None:
        """Draws what it missed while it was hidden."""
        super().showEvent(event)
        self.refresh()

    def _on_turn(self) -> None:
        if self._to_make:
            self._make(self._to_make.popleft())
        elif self._to_draw:
            self._to_draw.popleft()()
        if self._to_make or self._to_draw:
            self._turn.start()

    def _make_pressure(self) -> LiveGraph:
        self._pressure = PressureGraph(self._base_s)
        return self._pressure

    def _make(self, make: Callable[[], LiveGraph]) -> None:
        place, graph = len(self._graphs), make()
        graph.set_least_height(_LEAST_HEIGHTS[place])
        graph.pointed.connect(self._on_pointed)
        self._graphs.append(graph)
        self._column.addWidget(graph, _STRETCHES[place])
        if not self._to_make:
            self._read()
            self.ready.emit()

    def _draw(self) -> None:
        view = self._timeline.view()
        edges = [view.first - self._base_s + step * view.step_s for step in range(len(view.finished) + 1)]
        # The step that is under way ends now.
        edges[-1] = max(edges[-2], view.end_s - self._base_s)
        pauses = [(begin - self._base_s, end - self._base_s) for begin, end in view.pauses]

        def draw(graph: LiveGraph) -> None:
            top = graph.draw(view, edges)
            graph.set_range(edges[0], edges[-1], (top or 1.0) * _HEADROOM, ticks_below(top) if top else ())
            graph.set_pauses(pauses)

        self._to_draw = deque(lambda graph=graph: draw(graph) for graph in self._graphs)
        self._on_turn()

    def _on_pointed(self, x: float | None) -> None:
        self._pointed = x
        for graph in self._graphs:
            graph.set_cursor(x)
        self._read()

    def _read(self) -> None:
        pointed = None if self._pointed is None else self._base_s + self._pointed
        reading = self._timeline.reading(pointed)
        clock = "" if pointed is None else datetime.fromtimestamp(pointed).strftime("%H:%M:%S")  # noqa: DTZ006
        paused = clock and reading.paused
        self._graphs[0].note.setText(self.tr("{0}, paused").format(clock) if paused else clock)
        for graph in self._graphs:
            graph.read(reading)
