"""The three graphs of the Overview: what runs, how loaded the machine is, what ends."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QLocale

from app.models.timeline import Reading, View
from app.widgets.card_wording import source_text
from app.widgets.dashes import DASH_DOT_DOTTED, DASH_DOTTED, DASHED, DOTTED, WHOLE
from app.widgets.graph_card import GraphCard
from app.widgets.graph_items import Hint, LineName, OffStrips, StepArea, StepLine, Thresholds
from app.widgets.stable_label import StableLabel
from scheduler_core import Priority

# Not the first four, which stand for the usual domains.
_SOURCE_TOKENS = ("series-5", "series-6", "series-8", "series-7")
_SOURCE_DASHES = (DOTTED, DASH_DOTTED, DASH_DOT_DOTTED, DASHED)


_HIGHEST_MARK = 0.96


class LiveGraph(GraphCard):
    """A graph that draws one figure of a view of the timeline, and reads it off at an instant."""

    def draw(self, view: View, edges: Sequence[float]) -> float:
        """Draws; `edges` are where the view's steps begin and the last one ends.

        Returns the highest value, 0.0 where words say that there is nothing to see.
        """
        raise NotImplementedError

    def read(self, reading: Reading) -> None:
        """Says the figures of one instant, for eyes and for screen readers."""
        raise NotImplementedError


class RunningGraph(LiveGraph):
    """Running tasks by domain on top of each other, against the cap over all."""

    def __init__(self, base_s: float, series: Sequence[tuple[str, str, str]]) -> None:
        super().__init__("graph-concurrency", base_s, pauses_below=True)
        self.set_title(self.tr("Running"))
        self._base_s = base_s
        self._series = tuple(series)
        self._areas: dict[str, StepArea] = {}
        self._labels: dict[str, StableLabel] = {}
        for domain, title, token in self._series:
            area = self._areas[domain] = StepArea(token)
            self.add(area)
            self._labels[domain] = self.add_legend(token, title)
        self._cap = StepLine("muted", 1, DASHED)
        self.add(self._cap)
        self._cap_name = LineName("muted")
        self.add(self._cap_name)
        self._off = OffStrips()
        self.add(self._off)
        self._hint = Hint(self.tr("Nothing is running. Drop files on the window, and they are taken in."))
        self.add(self._hint)

    def draw(self, view: View, edges: Sequence[float]) -> float:
        below: Sequence[float] = [0.0] * len(view.cap)
        for domain, area in self._areas.items():
            area.set_steps(edges, below, view.stack[domain])
            below = view.stack[domain]
        highest = _highest(below)
        self._hint.setVisible(highest == 0.0)
        self._draw_cap(view.cap if highest else [math.nan] * len(view.cap), edges)
        strips = [
            (self.tr("{0} off").format(title), token, self._after_base(view.off[domain]))
            for domain, title, token in self._series
            if domain in view.off
        ]
        self._off.set_strips(strips)
        if highest == 0.0:
            return 0.0
        # The strips and the cap's name stand above everything, and the graph makes room for them.
        taken = len(strips) * OffStrips.HEIGHT + self._cap_name.room
        room = max(1.0, self.plot.height() - taken) / max(1, self.plot.height())
        return max(_highest(view.cap), highest, 1.0) / max(0.3, room)

    def _draw_cap(self, caps: Sequence[float], edges: Sequence[float]) -> None:
        self._cap.set_steps(edges, caps)
        now = next((cap for cap in reversed(caps) if math.isfinite(cap)), None)
        self._cap_name.setVisible(now is not None)
        if now is not None:
            self._cap_name.set_name(self.tr("{0} at most").format(number_text(now)), now)

    def _after_base(self, spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(begin - self._base_s, end - self._base_s) for begin, end in spans]

    def read(self, reading: Reading) -> None:
        total = number_text(sum(reading.running.values()))
        text = total if reading.cap is None else self.tr("{0} of {1}").format(total, number_text(reading.cap))
        self.set_figure(text)
        parts = [text]
        for domain, title, _ in self._series:
            words = f"{title} {number_text(reading.running.get(domain, 0.0))}"
            self._labels[domain].setText(words)
            parts.append(words)
        self.describe(", ".join(parts))


class PressureGraph(LiveGraph):
    """The load of the machine, total and by source, with the marks above which work waits."""

    def __init__(self, base_s: float) -> None:
        super().__init__("graph-pressure", base_s)
        self.set_title(self.tr("Pressure"))
        self._lines: dict[str, StepLine] = {}
        self._labels: dict[str, StableLabel] = {}
        self._unmeasured = Hint(self.tr("Measured while tasks run"))
        self.add(self._unmeasured)
        self._total = StepLine("text", 2)
        self._total_label = self.add_legend("text", "", WHOLE)
        self.add(self._total)
        self._marks = Thresholds(())
        self.add(self._marks)

    def set_marks(self, marks: Sequence[tuple[int, float]]) -> None:
        """Pairs of a priority and the pressure above which its tasks wait, lowest pressure first."""
        lines: list[tuple[float, str, str]] = []
        for priority, pressure in marks:
            if pressure > _HIGHEST_MARK:  # only a condition holds anybody back
                continue
            words = (
                self.tr("{0} background waits") if priority > Priority.NORMAL else self.tr("{0} work waits")
            )
            token = "warning" if priority > Priority.NORMAL else "failure"
            lines.append((pressure, token, words.format(QLocale().toString(pressure, "f", 2))))
        self._marks.set_lines(lines)

    def draw(self, view: View, edges: Sequence[float]) -> float:
        self._total.set_steps(edges, view.pressure)
        self._unmeasured.setVisible(all(math.isnan(value) for value in view.pressure))
        for name, values in view.sources.items():
            self._line(name).set_steps(edges, values)
        return 1.0

    def read(self, reading: Reading) -> None:
        def number(value: float | None) -> str:
            return "–" if value is None else QLocale().toString(value, "f", 2)

        text = self.tr("overall {0}").format(number(reading.pressure))
        self._total_label.setText(text)
        parts = [text]
        for name in dict.fromkeys((*self._lines, *reading.sources)):
            self._line(name)
            words = f"{source_text(name)} {number(reading.sources.get(name))}"
            self._labels[name].setText(words)
            parts.append(words)
        self.describe(", ".join(parts))

    def _line(self, name: str) -> StepLine:
        if name not in self._lines:
            place = len(self._lines)
            token = _SOURCE_TOKENS[place % len(_SOURCE_TOKENS)]
            # Of the second round, each with another dash than in the first.
            dash = _SOURCE_DASHES[(place + place // len(_SOURCE_TOKENS)) % len(_SOURCE_DASHES)]
            line = self._lines[name] = StepLine(token, 2.0, dash)
            # The total is one of them and stays in sight.
            line.setZValue(-1)
            self.add(line)
            self._labels[name] = self.add_legend(token, source_text(name), dash)
        return self._lines[name]


class EndedGraph(LiveGraph):
    """Tasks finished and failed a second, above the clock."""

    def __init__(self, base_s: float) -> None:
        super().__init__("graph-throughput", base_s, clock=True)
        self.set_title(self.tr("Finished a second"))
        self._finished = StepArea("accent", outline=True)
        self._failed = StepArea("state-failed")
        self.add(self._finished)
        self.add(self._failed)
        self._finished_label = self.add_legend("accent", "")
        self._failed_label = self.add_legend("state-failed", "")
        self._hint = Hint(self.tr("Nothing has finished in the time shown here."))
        self.add(self._hint)

    def draw(self, view: View, edges: Sequence[float]) -> float:
        # A step that is not over yet would look like a drop.
        zeros = [0.0] * (len(view.finished) - 1)
        self._finished.set_steps(edges[:-1], zeros, view.finished[:-1])
        self._failed.set_steps(edges[:-1], zeros, view.failed[:-1])
        highest = max(_highest(view.finished), _highest(view.failed))
        self._hint.setVisible(highest == 0.0)
        return max(highest, 4.0) if highest else 0.0

    def read(self, reading: Reading) -> None:
        finished = self.tr("{0} finished").format(number_text(reading.finished))
        failed = self.tr("{0} failed").format(number_text(reading.failed))
        self._finished_label.setText(finished)
        self._failed_label.setText(failed)
        self.describe(f"{finished}, {failed}")


def ticks_below(top: float) -> list[float]:
    """0 and a few round heights up to `top`."""
    if top <= 1.0:
        return [0.0, 0.5, 1.0]
    step = 1.0
    for factor in itertools.cycle((2.0, 2.5, 2.0)):
        if top / step <= 3:
            break
        step *= factor
    return [step * count for count in range(int(top / step) + 1)]


def number_text(value: float) -> str:
    """Whole numbers as they are, means with one digit."""
    whole = abs(value - round(value)) < 0.05
    return QLocale().toString(float(value), "f", 0 if whole else 1)


def _highest(values: Iterable[float]) -> float:
    return max((value for value in values if math.isfinite(value)), default=0.0)
