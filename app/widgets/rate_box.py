"""How often something may start: a number, and in each what."""

from __future__ import annotations

from typing import Any, get_args

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QWidget

from app.settings_model import Per, RateSetting
from app.theme import GRID

_MOST = 1_000_000
_NUMBER_WIDTH, _PER_WIDTH = 104, 128


class RateBox(QWidget):
    """`rate_chosen(object)`: a RateSetting, or None for no limit. `show_rate` never emits it."""

    rate_chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = QSpinBox()
        self._count.setRange(0, _MOST)
        self._count.setSpecialValueText(self.tr("no limit"))
        self._count.setKeyboardTracking(False)
        self._count.setGroupSeparatorShown(True)
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._count.setFixedWidth(_NUMBER_WIDTH)
        self._count.setAccessibleName(self.tr("Starts of {0}").format(name))
        self._per = QComboBox()
        self._per.setFixedWidth(_PER_WIDTH)
        self._per.setAccessibleName(self.tr("In each second, minute or hour: {0}").format(name))
        words = {
            "second": self.tr("a second"),
            "minute": self.tr("a minute"),
            "hour": self.tr("an hour"),
        }
        for per in get_args(Per):
            self._per.addItem(words[per], per)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._count)
        row.addWidget(self._per)
        self.setFocusProxy(self._count)
        for box in (self._count, self._per):
            # Scrolling the page must change no limit that merely lies under the mouse.
            box.installEventFilter(self)
        self._count.valueChanged.connect(lambda _count: self._tell())
        self._per.activated.connect(lambda _place: self._tell())
        self.show_rate(None)

    @property
    def rate(self) -> RateSetting | None:
        """What is shown."""
        count = self._count.value()
        return RateSetting(count=count, per=self._per.currentData()) if count else None

    def show_rate(self, rate: RateSetting | None) -> None:
        """Shows what holds now."""
        with QSignalBlocker(self._count), QSignalBlocker(self._per):
            self._count.setValue(0 if rate is None else rate.count)
            self._per.setCurrentIndex(self._per.findData("minute" if rate is None else rate.per))
        self._per.setEnabled(rate is not None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's hook: the wheel turns only what has the focus."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        rate: Any = self.rate
        self._per.setEnabled(rate is not None)
        self.rate_chosen.emit(rate)
