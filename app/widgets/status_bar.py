"""The bar below the pages: how many tasks run, wait and have failed, and how loaded the machine is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QPushButton, QStatusBar, QWidget

from app.theme import GRID
from app.widgets.card_wording import sentence, source_text
from app.widgets.holding_wording import holding_title
from app.widgets.stable_label import StableLabel
from app.work_names import CONDITIONS

if TYPE_CHECKING:
    from scheduler_core import DomainCounts, HeldBack, PressureReading

_BUSY, _VERY_BUSY = 0.50, 0.75


class StatusBar(QStatusBar):
    """Says "Opening…" until it is told of counts. `failures_requested()` comes from the number of failures."""

    failures_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setObjectName("status")
        self.setContentsMargins(GRID + 6, 0, 2 * GRID, 0)
        self._counts = self._label("status-counts", self.tr("Tasks"))
        self._shape: object = None
        self._failed = QPushButton()
        self._failed.setObjectName("status-failed")
        self._failed.setProperty("role", "link")
        self._failed.setAccessibleName(self.tr("Show the failures"))
        self._failed.clicked.connect(lambda: self.failures_requested.emit())
        self._pressure = self._label("status-pressure", self.tr("Load of the machine"))
        self._pressure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._reading: PressureReading | None = None
        self._held: HeldBack | None = None
        self.addWidget(self._counts)
        self.addWidget(self._failed)
        self.addPermanentWidget(self._pressure)
        self.show_opening()

    def show_text(self, text: str) -> None:
        """Says one thing instead of counts: that the database is being opened, or could not be."""
        self._set_shape(text)
        self._counts.setText(text)
        self._failed.hide()
        self._pressure.clear()

    def show_opening(self) -> None:
        """Says that the database is being opened."""
        self.show_text(self.tr("Opening…"))

    def set_counts(
        self, counts: DomainCounts, failures: int, *, paused: bool, until: str = "", of_domains: str = ""
    ) -> None:
        """Shows the sums over all domains, and how many failures want attention.

        `until` when a pause of all ends; `of_domains`: which single ones are paused until when.
        """
        number = QLocale().toString
        waiting = counts.pending + counts.waiting + counts.blocked
        parts = [
            self.tr("{0} running").format(number(counts.running)),
            self.tr("{0} waiting").format(number(waiting)),
        ]
        if counts.paused:
            parts.append(self.tr("{0} paused").format(number(counts.paused)))
        if paused:
            parts.insert(0, self.tr("All paused until {0}").format(until) if until else self.tr("All paused"))
        if of_domains:
            parts.append(of_domains)
        # As numbers change, what stands behind them stays where it is.
        self._set_shape((len(parts), paused, until, of_domains))
        self._counts.setText(" · ".join(parts))
        self._failed.setVisible(failures > 0)
        if failures:
            text = self.tr("{0} failed").format(number(failures))
            self._failed.setText(text)
            self._failed.setAccessibleName(self.tr("{0}: show the failures").format(text))

    def set_pressure(self, reading: PressureReading | None) -> None:
        """Shows the load in a word, with its source and its number; None, or one without sources: nothing is measured."""
        self._reading = reading
        self._show_pressure()

    def set_held_back(self, held: HeldBack | None) -> None:
        """Says what holds work back instead of the load; None: nothing does."""
        self._held = held
        self._show_pressure()

    def free_room(self, window: QWidget) -> QRect:
        """What lies between its words, as a part of `window`."""
        last = self._counts if self._failed.isHidden() else self._failed
        left = last.geometry().right() + 2 * GRID
        right = self.width() if not self._pressure.text() else self._pressure.geometry().left()
        room = QRect(left, 0, max(0, right - 2 * GRID - left), self.height())
        return room.translated(self.mapTo(window, QPoint(0, 0)))

    def _set_shape(self, shape: object) -> None:
        if shape != self._shape:
            self._shape = shape
            self._counts.forget()

    def _show_pressure(self) -> None:
        reading, held = self._reading, self._held
        if held is not None:
            self._pressure.forget()
            self._pressure.setText(holding_title(held.source))
        else:
            self._pressure.setText("" if reading is None or not reading.breakdown else self._words(reading))

    def _words(self, reading: PressureReading) -> str:
        percent = round(reading.pressure * 100)
        source = source_text(reading.source or "")
        if reading.source in CONDITIONS:
            return sentence(source)
        if reading.pressure < _BUSY:
            return self.tr("Calm · {0} %").format(percent)
        if reading.pressure < _VERY_BUSY:
            return self.tr("Busy: {0} {1} %").format(source, percent)
        return self.tr("Very busy: {0} {1} %").format(source, percent)

    def _label(self, name: str, accessible: str) -> StableLabel:
        label = StableLabel()
        label.setObjectName(name)
        label.setAccessibleName(accessible)
        return label
