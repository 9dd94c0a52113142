"""An on/off switch: a button that is checked when it is on."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QEvent, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QWidget

from app.theme import color

_TRACK = QSize(32, 18)
_RING = 3
_SLIDE_MS = 120


class Switch(QAbstractButton):
    """A checkable button drawn as a switch; mouse, space and screen readers work as with any button.

    With `follows=True` a click changes nothing by itself: `requested(bool)` says what the person wants, the knob
    waits in the middle, and `settle(on)` shows what came of it. Otherwise it toggles like a check box.
    """

    requested = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None, *, follows: bool = False) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._follows = follows
        self._wanted: bool | None = None
        self._set_knob(0.0)
        # Not a Property of the class: PySide's are never collected, and Python complains of that when it ends.
        self._slide = QVariantAnimation(self)
        self._slide.setEasingCurve(QEasingCurve.Type.InOutQuad)
        self._slide.valueChanged.connect(self._set_knob)
        self.toggled.connect(self._move)

    @property
    def is_settling(self) -> bool:
        """Was something requested that has not happened yet?"""
        return self._wanted is not None

    def settle(self, on: bool) -> None:
        """Shows `on` as a fact; whatever was requested is over."""
        self._wanted = None
        if self.isChecked() == on:
            self._move()
        else:
            self.setChecked(on)

    def nextCheckState(self) -> None:
        """Qt's hook for a click by a person: asks instead of toggling when it follows something else."""
        if not self._follows:
            super().nextCheckState()
            return
        self._wanted = not (self.isChecked() if self._wanted is None else self._wanted)
        self._move()
        self.requested.emit(self._wanted)

    def sizeHint(self) -> QSize:
        """The track and room for the focus ring."""
        return _TRACK + QSize(2 * _RING, 2 * _RING)

    def hitButton(self, pos: object) -> bool:
        """All of it is the button."""
        return True

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaints for the hover."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Repaints for the end of the hover."""
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws track, knob, a sign of the state that needs no colour, and the focus ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(_RING, (self.height() - _TRACK.height()) / 2, _TRACK.width(), _TRACK.height())
        radius = track.height() / 2
        on = self.isChecked() if self._wanted is None else self._wanted
        ground = color("accent" if on else "switch-off")
        if not self.isEnabled():
            ground = color("line")
        elif self.underMouse():
            ground = color("accent-hover") if on else color("muted")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(track, radius, radius)
        knob = track.height() - 6
        left = track.left() + 3 + self._knob * (track.width() - track.height())
        painter.setBrush(color("surface"))
        painter.drawEllipse(QRectF(left, track.top() + 3, knob, knob))
        if self.hasFocus():
            painter.setPen(QPen(color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = track.adjusted(-2, -2, 2, 2)
            painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)

    def _set_knob(self, place: float) -> None:
        self._knob = place
        self.setProperty("knob", place)  # where tests and scripts read it
        self.update()

    def _move(self, *_: object) -> None:
        target = 0.5 if self._wanted is not None else float(self.isChecked())
        self._slide.stop()
        # 0 where the system or the person has switched animations off; nothing slides where nobody looks.
        animated = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0
        if not animated or not self.isVisible():
            self._set_knob(target)
            return
        self._slide.setDuration(_SLIDE_MS)
        self._slide.setStartValue(self._knob)
        self._slide.setEndValue(target)
        self._slide.start()
