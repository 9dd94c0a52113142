"""The spin box for how many tasks run at once, with "no cap" above the highest number."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QSpinBox, QWidget

_HIGHEST = 64
_WIDTH = 116


class CapBox(QSpinBox):
    """`cap_chosen(object)` carries what the person chose: an int, or None for no cap. `show_cap` never emits it."""

    cap_chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None, *, is_quiet: bool = True) -> None:
        """`is_quiet`: its frame is seen only under the mouse and with the focus."""
        super().__init__(parent)
        self.setAccessibleName(name)
        if is_quiet:
            self.setProperty("role", "quiet")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedWidth(_WIDTH)
        self.setRange(1, _HIGHEST + 1)
        # While a person types "12", 1 is not what they want.
        self.setKeyboardTracking(False)
        self.valueChanged.connect(self._on_value)

    @property
    def cap(self) -> int | None:
        """What is shown; None for no cap."""
        return None if self.value() == self.maximum() else self.value()

    def show_cap(self, cap: int | None) -> None:
        """Shows what holds now."""
        with QSignalBlocker(self):
            if cap is not None:
                self.setRange(min(1, cap), max(_HIGHEST, cap) + 1)
            self.setValue(self.maximum() if cap is None else cap)

    def textFromValue(self, val: int) -> str:
        """Qt's hook: the words for a number."""
        return self.tr("no cap") if val == self.maximum() else self.tr("{0} at once").format(val)

    def valueFromText(self, text: str) -> int:
        """Qt's hook: the number in what was typed."""
        digits = "".join(letter for letter in text if letter.isdigit())
        return int(digits) if digits else self.maximum()

    def validate(self, text: str, pos: int) -> tuple[QValidator.State, str, int]:
        """Qt's hook: a number, with or without words, or the words for no cap."""
        digits = "".join(letter for letter in text if letter.isdigit())
        if len(digits) > len(str(self.maximum())):
            return QValidator.State.Invalid, text, pos
        if not digits:
            done = text.strip() == self.tr("no cap")
            return QValidator.State.Acceptable if done else QValidator.State.Intermediate, text, pos
        return QValidator.State.Acceptable, text, pos

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turns with the wheel only when it has the focus: scrolling the page must change no limit."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _on_value(self, _value: int) -> None:
        self.cap_chosen.emit(self.cap)
