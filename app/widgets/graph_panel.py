"""The Overview's three live graphs on one time axis, read off together at one instant."""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.timeline import Reading, Timeline, View
from app.theme import GRID
from app.widgets.card_wording import source_text
from app.widgets.graph_card import GraphCard
from app.widgets.graph_items import Hint, StepArea, StepLine, Thresholds
from app.widgets.pixel_steps import DASH_DOT_DOTTED, DASH_DOTTED, DASHED, DOTTED, WHOLE
from app.widgets.stable_label import StableLabel

_LEAST_HEIGHTS = (124, 100, 108)
_STRETCHES = (15, 12, 13)
# Not the first four, which stand for the usual domains.
_SOURCE_TOKENS = ("series-5", "series-6", "series-8", "series-7")
_SOURCE_DASHES = (DOTTED, DASH_DOTTED, DASH_DOT_DOTTED, DASHED)
_HEADROOM = 1.15
_BETWEEN_MS = 15


class GraphPanel(QWidget):
    """Draws `timeline` when it is told to (`refresh`); `series` is (domain, title, token), lowest first."""

    def __init__(
        self, timeline: Timeline, series: Sequence[tuple[str, str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._timeline = timeline
        self._series = tuple(series)
        self._base_s = timeline.view().begin_s
        self._pointed: float | None = None
        self._running = GraphCard("graph-concurrency", self.tr("Running"), self._base_s)
        self._pressure = GraphCard("graph-pressure", self.tr("Pressure"), self._base_s)
        self._ended = GraphCard("graph-throughput", self.tr("Finished a second"), self._base_s, clock=True)
        self._graphs = (self._running, self._pressure, self._ended)
        self._areas: dict[str, StepArea] = {}
        self._domain_labels: dict[str, StableLabel] = {}
        self._source_lines: dict[str, StepLine] = {}
        self._source_labels: dict[str, StableLabel] = {}
        self._to_draw: deque[tuple[GraphCard, Callable[[], float]]] = deque()
        self._pauses: list[tuple[float, float]] = []
        self._time = (0.0, 1.0)
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(_BETWEEN_MS)
        self._next.timeout.connect(self._draw_next)
        self._fill()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID + 4)
        for graph, height, stretch in zip(self._graphs, _LEAST_HEIGHTS, _STRETCHES, strict=True):
            graph.setMinimumHeight(height)
            graph.pointed.connect(self._on_pointed)
            column.addWidget(graph, stretch)
        self.refresh()

    def refresh(self) -> None:
        """Draws what the timeline holds now; nothing while nobody sees it."""
        for place, name in enumerate(self._timeline.sources):
            self._add_source(name, place)
        if self.isVisible():
            self._draw()
        self._read()

    def showEvent(self, event: QShowEvent) -> None:
        """Draws what it missed while it was hidden."""
        super().showEvent(event)
        self._draw()

    def _fill(self) -> None:
        for domain, title, token in self._series:
            area = self._areas[domain] = StepArea(token)
            self._running.add(area)
            self._domain_labels[domain] = self._running.add_legend(token, title)
        self._cap = StepLine("muted", 1, DASHED)
        self._running.add(self._cap)
        self._hint = Hint(self.tr("Nothing is running. Drop files on the window, and they are taken in."))
        self._running.add(self._hint)
        self._unmeasured = Hint(self.tr("Measured while tasks run"))
        self._pressure.add(self._unmeasured)
        self._total = StepLine("text", 2)
        self._total_label = self._pressure.add_legend("text", "", WHOLE)
        self._pressure.add(self._total)
        self._pressure.add(
            Thresholds(
                (
                    (0.50, "warning", self.tr("0.50 busy")),
                    (0.75, "failure", self.tr("0.75 very busy")),
                )
            )
        )
        self._finished = StepArea("accent", outline=True)
        self._failed = StepArea("state-failed")
        self._ended.add(self._finished)
        self._ended.add(self._failed)
        self._finished_label = self._ended.add_legend("accent", "")
        self._failed_label = self._ended.add_legend("state-failed", "")

    def _draw(self) -> None:
        """Draws one graph now and the others in the next turns: the loop is not held for all three at once."""
        view = self._timeline.view()
        edges = [view.first - self._base_s + step * view.step_s for step in range(len(view.finished) + 1)]
        # The step that is under way ends now.
        edges[-1] = max(edges[-2], view.end_s - self._base_s)
        self._to_draw = deque(
            (
                (self._running, lambda: self._draw_running(view, edges)),
                (self._pressure, lambda: self._draw_pressure(view, edges)),
                (self._ended, lambda: self._draw_ended(view, edges)),
            )
        )
        self._pauses = [(begin - self._base_s, end - self._base_s) for begin, end in view.pauses]
        self._time = (edges[0], edges[-1])
        self._draw_next()

    def _draw_next(self) -> None:
        graph, draw = self._to_draw.popleft()
        top = draw()
        graph.set_range(*self._time, top * _HEADROOM, _ticks(top))
        graph.set_pauses(self._pauses)
        if self._to_draw:
            self._next.start()

    def _draw_running(self, view: View, edges: Sequence[float]) -> float:
        below: Sequence[float] = [0.0] * len(view.cap)
        for domain, area in self._areas.items():
            area.set_steps(edges, below, view.stack[domain])
            below = view.stack[domain]
        self._cap.set_steps(edges, view.cap)
        self._hint.setVisible(_highest(below) == 0.0)
        return max(_highest(view.cap), _highest(below), 1.0)

    def _draw_pressure(self, view: View, edges: Sequence[float]) -> float:
        self._total.set_steps(edges, view.pressure)
        self._unmeasured.setVisible(all(math.isnan(value) for value in view.pressure))
        for name, line in self._source_lines.items():
            line.set_steps(edges, view.sources[name])
        return 1.0

    def _draw_ended(self, view: View, edges: Sequence[float]) -> float:
        # A step that is not over yet would look like a drop.
        zeros = [0.0] * (len(view.finished) - 1)
        self._finished.set_steps(edges[:-1], zeros, view.finished[:-1])
        self._failed.set_steps(edges[:-1], zeros, view.failed[:-1])
        return max(_highest(view.finished), _highest(view.failed), 4.0)

    def _add_source(self, name: str, place: int) -> None:
        if name in self._source_lines:
            return
        token = _SOURCE_TOKENS[place % len(_SOURCE_TOKENS)]
        dash = _SOURCE_DASHES[place % len(_SOURCE_DASHES)]
        line = self._source_lines[name] = StepLine(token, 2.0, dash)
        # The total is one of them and stays in sight.
        line.setZValue(-1)
        self._pressure.add(line)
        self._source_labels[name] = self._pressure.add_legend(token, source_text(name), dash)

    def _on_pointed(self, x: float | None) -> None:
        self._pointed = x
        for graph in self._graphs:
            graph.set_cursor(x)
        self._read()

    def _read(self) -> None:
        pointed = None if self._pointed is None else self._base_s + self._pointed
        reading = self._timeline.reading(pointed)
        clock = "" if pointed is None else datetime.fromtimestamp(pointed).strftime("%H:%M:%S")  # noqa: DTZ006
        self._running.note.setText(
            self.tr("{0}, paused").format(clock) if clock and reading.paused else clock
        )
        self._read_running(reading)
        self._read_pressure(reading)
        self._read_ended(reading)

    def _read_running(self, reading: Reading) -> None:
        total = _number(sum(reading.running.values()))
        text = total if reading.cap is None else self.tr("{0} of {1}").format(total, _number(reading.cap))
        self._running.set_figure(text)
        parts = [text]
        for domain, title, _ in self._series:
            words = f"{title} {_number(reading.running.get(domain, 0.0))}"
            self._domain_labels[domain].setText(words)
            parts.append(words)
        self._running.describe(", ".join(parts))

    def _read_pressure(self, reading: Reading) -> None:
        text = "–" if reading.pressure is None else QLocale().toString(reading.pressure, "f", 2)
        self._total_label.setText(text)
        for name, label in self._source_labels.items():
            label.setText(f"{source_text(name)} {QLocale().toString(reading.sources.get(name, 0.0), 'f', 2)}")
        self._pressure.describe(text)

    def _read_ended(self, reading: Reading) -> None:
        finished = self.tr("{0} finished").format(_number(reading.finished))
        failed = self.tr("{0} failed").format(_number(reading.failed))
        self._finished_label.setText(finished)
        self._failed_label.setText(failed)
        self._ended.describe(f"{finished}, {failed}")


def _highest(values: Iterable[float]) -> float:
    return max((value for value in values if math.isfinite(value)), default=0.0)


def _ticks(top: float) -> list[float]:
    """0 and a few round heights up to `top`."""
    if top <= 1.0:
        return [0.0, 0.5, 1.0]
    step = 1.0
    for factor in itertools.cycle((2.0, 2.5, 2.0)):
        if top / step <= 3:
            break
        step *= factor
    return [step * count for count in range(int(top / step) + 1)]


def _number(value: float) -> str:
    """Whole numbers as they are, means with one digit."""
    whole = abs(value - round(value)) < 0.05
    return QLocale().toString(float(value), "f", 0 if whole else 1)
