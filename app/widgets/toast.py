"""Short messages that come up at the lower edge, one after the other, and go by themselves."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QEvent, QObject, QPropertyAnimation, Qt, QTimer
from PySide6.QtWidgets import QFrame, QGraphicsOpacityEffect, QHBoxLayout, QLabel, QWidget

from app.theme import GRID
from app.widgets.announce import announce
from app.widgets.motion import duration_ms

_FADE_MS = 160
_SHOW_MS = 4_000
_SHOW_WHILE_OTHERS_WAIT_MS = 1_800
_MOST_WAITING = 4


class Toaster(QFrame):
    """Lies over the lower edge of `host`. `say` queues a text; the oldest give way when too many wait."""

    def __init__(self, host: QWidget, show_ms: int = _SHOW_MS) -> None:
        super().__init__(host)
        self._host = host
        self.setProperty("role", "toast")
        self.setObjectName("toast")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._show_ms = show_ms
        self._text = ""
        self._waiting: deque[str] = deque(maxlen=_MOST_WAITING)
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        layout.addWidget(self._label)
        self._effect = QGraphicsOpacityEffect(self)
        self.setGraphicsEffect(self._effect)
        self._fade = QPropertyAnimation(self._effect, b"opacity", self)
        self._fade.finished.connect(self._on_faded)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._leave)
        self.hide()
        host.installEventFilter(self)

    @property
    def text(self) -> str:
        """What is shown now; empty when nothing is."""
        return self._text if self.isVisibleTo(self._host) else ""

    def say(self, text: str) -> None:
        """Shows `text` now, or after those before it."""
        if text in (self.text, *self._waiting):
            return
        if self.text:
            self._waiting.append(text)
            self._timer.start(min(max(0, self._timer.remainingTime()), _SHOW_WHILE_OTHERS_WAIT_MS))
        else:
            self._enter(text)

    def _enter(self, text: str) -> None:
        self._text = text
        self.show()
        self._place()
        self.raise_()
        announce(self, text)
        self._fade_to(1.0)
        self._timer.start(_SHOW_WHILE_OTHERS_WAIT_MS if self._waiting else self._show_ms)

    def _leave(self) -> None:
        self._fade_to(0.0)

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
        if self._waiting:
            self._enter(self._waiting.popleft())

    def _place(self) -> None:
        host = self._host
        metrics = self._label.fontMetrics()
        room = host.width() - 8 * GRID
        self._label.setText(metrics.elidedText(self._text, Qt.TextElideMode.ElideMiddle, room))
        self.adjustSize()
        self.move((host.width() - self.width()) // 2, host.height() - self.height() - 2 * GRID)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps its place when the host changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False
