"""One line below the buttons of a cause: what to do first, and then what became of the one that was tried."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.theme import GRID
from app.widgets.announce import announce
from app.widgets.icons import IconLabel
from app.widgets.prose import Prose

_LOOKS = {
    # kind: (role of the frame, icon, token)
    "hint": ("", "info", "muted"),
    "busy": ("banner-accent", "running", "accent"),
    "held": ("banner-warning", "paused", "warning"),
    "good": ("banner-accent", "done", "accent"),
    "bad": ("banner-failure", "failed", "failure"),
}


class TrialStrip(QFrame):
    """`show_text` says something, in the look of "hint", "busy", "held", "good" or "bad"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("failures-outcome")
        self._kind = ""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GRID, 6, GRID, 6)
        self._row.setSpacing(GRID)
        self._icons = {kind: IconLabel(name, token, 16) for kind, (_, name, token) in _LOOKS.items()}
        self._texts = {kind: Prose("", token) for kind, (_, _, token) in _LOOKS.items()}
        for kind in _LOOKS:
            self._row.addWidget(self._icons[kind])
            self._row.addWidget(self._texts[kind], 1)
        self.show_text("", "hint")

    @property
    def text(self) -> str:
        """What it says."""
        return self._texts[self._kind].toPlainText()

    @property
    def kind(self) -> str:
        """The look it has."""
        return self._kind

    def show_text(self, text: str, kind: str) -> None:
        """Says `text`; what is new is read out."""
        if kind == self._kind and text == self.text:
            return
        if kind != self._kind:
            self._kind = kind
            self.setProperty("role", _LOOKS[kind][0])
            self.style().unpolish(self)
            self.style().polish(self)
            for one in _LOOKS:
                self._icons[one].setVisible(one == kind)
                self._texts[one].setVisible(one == kind)
        self._texts[kind].set_text(text)
        self.setAccessibleName(text)
        if kind != "hint":
            announce(self, text)
