"""Short messages that come up at the lower edge, one after the other, and go by themselves; some can be taken back."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPropertyAnimation, QRect, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QGraphicsOpacityEffect, QHBoxLayout, QLabel, QPushButton, QWidget

from app.theme import GRID
from app.widgets.announce import announce
from app.widgets.motion import duration_ms

_FADE_MS = 160
_SHOW_MS = 4_000
_SHOW_WHILE_OTHERS_WAIT_MS = 1_800
_MOST_WAITING = 4
_LEAST_SHOWN_S = 0.5
"""What can be undone for less than this is not brought up again."""


@dataclass(eq=False)
class _Message:
    """One message; with an action until `deadline_s`, by the toaster's clock."""

    text: str
    action_text: str = ""
    on_action: Callable[[], object] | None = None
    deadline_s: float = 0.0
    passes: bool = False


class Toaster(QFrame):
    """Lies over the lower edge of `host`, or where `free_room` of it, a rectangle in it, leaves something free.

    `say` queues a text; the oldest give way when too many wait.

    One with an action comes up at once, and the last one said is on top: what was covered comes up again while it can
    still be acted upon. Under the pointer, and while its button has the focus, a message stays, unless others wait. `now`
    is a clock that never goes back, in seconds.
    """

    def __init__(
        self,
        host: QWidget,
        show_ms: int = _SHOW_MS,
        now: Callable[[], float] = time.monotonic,
        free_room: Callable[[], QRect] | None = None,
    ) -> None:
        super().__init__(host)
        self._host = host
        self._free_room = free_room
        self.setProperty("role", "toast")
        self.setObjectName("toast")
        self._show_ms = show_ms
        self._now = now
        self._shown: _Message | None = None
        self._waiting: deque[_Message] = deque(maxlen=_MOST_WAITING)
        self._actions: list[_Message] = []
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._button = QPushButton(self)
        self._button.setObjectName("toast-action")
        self._button.setProperty("role", "toast")
        self._button.setCursor(Qt.CursorShape.PointingHandCursor)
        self._button.clicked.connect(lambda: self.run_newest())
        self._button.installEventFilter(self)
        self._button.hide()
        layout = QHBoxLayout(self)
        padding = GRID if free_room is None else GRID // 2
        self.setMinimumHeight(
            3 * GRID + 2 * padding
        )  # as high as with a button: no text moves when one comes
        layout.setContentsMargins(2 * GRID, padding, 2 * GRID, padding)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self._label)
        layout.addWidget(self._button)
        self._effect = QGraphicsOpacityEffect(self)
        self.setGraphicsEffect(self._effect)
        self._fade = QPropertyAnimation(self._effect, b"opacity", self)
        self._fade.finished.connect(self._on_faded)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)
        self.hide()
        host.installEventFilter(self)

    @property
    def text(self) -> str:
        """What is shown now; empty when nothing is."""
        return self._shown.text if self._shown is not None and self.isVisibleTo(self._host) else ""

    @property
    def action_text(self) -> str:
        """What can be done about it; empty when nothing can."""
        return self._button.text() if self.text and not self._button.isHidden() else ""

    def say(
        self,
        text: str,
        action_text: str = "",
        on_action: Callable[[], object] | None = None,
        seconds: float = 10.0,
    ) -> None:
        """Shows `text` now, or after those before it; with an action at once, which can be chosen for so many seconds."""
        if on_action is not None:
            message = _Message(text, action_text, on_action, self._now() + seconds)
            self._actions.append(message)
            self._enter(message)
        elif text in (self.text, *(one.text for one in self._waiting)):
            return
        elif self.text and not self._notes:
            self._waiting.append(_Message(text))
            if self._shown is not None and self._shown.on_action is None:
                self._timer.start(min(max(0, self._timer.remainingTime()), _SHOW_WHILE_OTHERS_WAIT_MS))
        else:
            self._enter(_Message(text))

    def note(self, text: str) -> None:
        """Shows what has begun, at once, until the next message or `end_note`; it is never kept for later."""
        self._enter(_Message(text, passes=True))

    def end_note(self) -> None:
        """What was noted is over; what had been covered by it comes up again."""
        if self._notes:
            self._fade_to(0.0)

    @property
    def _notes(self) -> bool:
        return self._shown is not None and self._shown.passes

    def run_newest(self) -> bool:
        """Carries out the newest action that can still be chosen; False when there is none."""
        self._forget_old()
        if not self._actions:
            return False
        message = self._actions.pop()
        if self._shown is message:
            self._timer.stop()
            self._fade_to(0.0)
        if message.on_action is not None:
            message.on_action()
        return True

    def forget_actions(self) -> None:
        """Offers none of the actions any more: what they would change is gone. What was said stays until its time."""
        self._actions.clear()
        self._button.hide()
        if self._shown is not None and self.isVisible():
            self._place()

    def _forget_old(self) -> None:
        now = self._now()
        self._actions = [one for one in self._actions if one.deadline_s > now]

    def _enter(self, message: _Message) -> None:
        self._shown = message
        can_act = message.on_action is not None
        self._button.setText(message.action_text)
        self._button.setAccessibleName(f"{message.action_text}: {message.text}")
        self._button.setEnabled(True)
        self._button.setVisible(can_act)
        self.setAccessibleName(message.text)
        was_shown = self.isVisible()
        self.show()
        self._place()
        self.raise_()
        announce(self, f"{message.text}. {message.action_text}" if can_act else message.text, alert=True)
        if was_shown and self._effect.opacity() > 0:
            self._fade.stop()
            self._effect.setOpacity(1.0)
        else:
            self._fade_to(1.0)
        self._count_down()

    def _count_down(self) -> None:
        message = self._shown
        if message is None:
            return
        if message.passes:
            self._timer.stop()
        elif message.on_action is not None:
            self._timer.start(max(0, round((message.deadline_s - self._now()) * 1000)))
        else:
            self._timer.start(_SHOW_WHILE_OTHERS_WAIT_MS if self._waiting else self._show_ms)

    def _on_time(self) -> None:
        # A pointer that rests there keeps no other message away.
        if self._waiting or not self._is_read():
            self._fade_to(0.0)
        elif self._shown is not None and self._shown.on_action is not None:
            # Somebody is reading; but what cannot be done any more is not offered.
            self._button.setEnabled(False)

    def _on_left(self) -> None:
        if not self._timer.isActive() and self._fade.endValue() != 0.0:
            self._count_down()

    def _is_read(self) -> bool:
        return self.underMouse() or self._button.hasFocus()

    def _fade_to(self, opacity: float) -> None:
        self._fade.stop()
        self._fade.setStartValue(1.0 - opacity)
        self._fade.setEndValue(opacity)
        self._fade.setDuration(duration_ms(self, _FADE_MS))
        self._fade.start()

    def _on_faded(self) -> None:
        if self._fade.endValue() != 0.0:
            return
        self.hide()
        self._shown = None
        self._forget_old()
        still = [one for one in self._actions if one.deadline_s > self._now() + _LEAST_SHOWN_S]
        if still:
            self._enter(still[-1])
        elif self._waiting:
            self._enter(self._waiting.popleft())

    def _place(self) -> None:
        host, metrics = self._host, self._label.fontMetrics()
        text = "" if self._shown is None else self._shown.text
        around = 4 * GRID
        if not self._button.isHidden():
            around += self._button.sizeHint().width() + 2 * GRID
        place = self._room(metrics.horizontalAdvance(text) + around + 1)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, place.width() - around)
        self._label.setText(shown)
        self._label.setToolTip(text if shown != text else "")
        self.adjustSize()
        left = (host.width() - self.width()) // 2
        left = max(place.left(), min(left, place.right() + 1 - self.width()))
        if self._free_room is None:
            top = host.height() - self.height() - 2 * GRID
        else:
            top = min(place.center().y() - self.height() // 2, host.height() - self.height() - 2)
        self.move(left, top)

    def _room(self, wanted: int) -> QRect:
        """Where it may lie: in what is free if that is wide enough, else up to the right edge."""
        host = self._host.rect()
        if self._free_room is None:
            return host.adjusted(2 * GRID, 0, -2 * GRID, 0)
        free = self._free_room()
        if free.width() < wanted:
            free.setRight(host.right() - GRID)
        return free

    def leaveEvent(self, event: QEvent) -> None:
        """Nobody points at it any more."""
        self._on_left()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the words takes them away: they may lie over what one wants to reach."""
        if self._shown is not None and self._shown.on_action is None:
            self.hide()
            self._fade_to(0.0)
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps its place when the host changes its size, and stays while its button has the focus."""
        kind = event.type()
        if watched is self._button:
            if kind == QEvent.Type.FocusOut and self.isVisible():
                self._on_left()
        elif kind == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False
