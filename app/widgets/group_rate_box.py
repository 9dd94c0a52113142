"""How often something may start: a number, and a second, a minute or an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from app.group_limits import HIGHEST_RATE, PERIODS, Rate, rate_of
from app.theme import GRID
from app.widgets.quiet_spin import QuietSpin

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

    from scheduler_core import RateLimit

_NUMBER_WIDTH = 116


class GroupRateBox(QWidget):
    """`rate_chosen(object)` carries "10/minute", or None for no limit; `show_limit` never emits it."""

    rate_chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._number = QuietSpin(self.tr("{0}: how many").format(name), 0, HIGHEST_RATE, self.tr("no limit"))
        self._number.setObjectName("rate-number")
        self._number.setFixedWidth(_NUMBER_WIDTH)
        self._number.chosen.connect(lambda _number: self._tell())
        self._period = _QuietCombo()
        self._period.setObjectName("rate-period")
        self._period.setAccessibleName(self.tr("{0}: in what time").format(name))
        words = {"second": self.tr("a second"), "minute": self.tr("a minute"), "hour": self.tr("an hour")}
        for period in PERIODS:
            self._period.addItem(words[period], period)
        self._period.setCurrentIndex(self._period.findData("minute"))
        self._period.activated.connect(lambda _place: self._on_period())
        self.setFocusProxy(self._number)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._number)
        row.addWidget(self._period)

    def show_limit(self, limit: RateLimit | None) -> None:
        """Shows what holds now; without a limit the period stays as it was."""
        rate = None if limit is None else rate_of(limit)
        number = 0 if rate is None else rate.number
        # What is being typed is not its value yet, and stays.
        if self._number.value() != number:
            self._number.show_number(number)
        if rate is not None:
            with QSignalBlocker(self._period):
                self._period.setCurrentIndex(self._period.findData(rate.period))

    def _on_period(self) -> None:
        if self._number.value():
            self._tell()

    def _tell(self) -> None:
        number = self._number.value()
        self.rate_chosen.emit(Rate(number, self._period.currentData()).text if number else None)


class _QuietCombo(QComboBox):
    """Turns with the wheel only when it has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
