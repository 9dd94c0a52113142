"""The attempts of a task below each other, each with a bar on one axis: told apart by words, colour and pattern."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.attempt_lines import AttemptLine
from app.theme import color, follow_theme, pattern
from app.widgets.prose import Prose
from app.widgets.swatch import pattern_ink

_BAR_HEIGHT = 8
_LEAST_WIDTH = 4.0


class AttemptTimeline(QWidget):
    """As many rows are kept as were ever shown; `earlier` says what is left out."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._earlier = Prose("", "muted")
        self._column.addWidget(self._earlier)
        self._rows: list[tuple[Prose, _Bar]] = []

    def show_lines(self, lines: Sequence[AttemptLine], earlier: str) -> None:
        """These and no others."""
        for _ in range(len(self._rows), len(lines)):
            row = (Prose(""), _Bar())
            self._rows.append(row)
            for part in row:
                self._column.addWidget(part)
        self._earlier.set_text(earlier)
        self._earlier.setVisible(bool(earlier))
        for place, (text, bar) in enumerate(self._rows):
            is_used = place < len(lines)
            text.setVisible(is_used)
            bar.setVisible(is_used)
            if is_used:
                text.set_text(lines[place].text)
                bar.show_line(lines[place])


class _Bar(QWidget):
    """Where on the axis one attempt was. The words above it say the same."""

    def __init__(self) -> None:
        super().__init__()
        self._line: AttemptLine | None = None
        self.setFixedHeight(_BAR_HEIGHT + 6)
        follow_theme(self, self.update)

    def show_line(self, line: AttemptLine) -> None:
        """Another attempt."""
        if line != self._line:
            self._line = line
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The track, and the attempt on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(0, 1, self.width(), _BAR_HEIGHT)
        painter.setBrush(color("track"))
        painter.drawRoundedRect(track, 3, 3)
        if self._line is None:
            return
        left = self._line.begin * self.width()
        width = max(_LEAST_WIDTH, (self._line.end - self._line.begin) * self.width())
        bar = QRectF(min(left, self.width() - width), 1, width, _BAR_HEIGHT)
        painter.setBrush(color(self._line.token))
        painter.drawRoundedRect(bar, 3, 3)
        style = pattern(self._line.token)
        if style != Qt.BrushStyle.SolidPattern:
            painter.setBrush(QBrush(pattern_ink(), style))
            painter.drawRoundedRect(bar, 3, 3)
