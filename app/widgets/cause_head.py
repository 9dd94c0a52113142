"""The head of an opened cause: what went wrong, how often, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.theme import GRID, follow_theme, heading_font
from app.widgets.icons import icon
from app.widgets.prose import Prose
from app.widgets.trial_strip import TrialStrip

if TYPE_CHECKING:
    from PySide6.QtWidgets import QBoxLayout


class CauseHead(QFrame):
    """Buttons with signals: `try_requested`, `retry_requested`, `clear_requested`, `back_requested`."""

    try_requested = Signal()
    retry_requested = Signal()
    clear_requested = Signal()
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._title = Prose("", font=heading_font(14))
        self._title.setObjectName("cause-title")
        self._caption = Prose("", "muted")
        self._caption.setObjectName("cause-caption")
        self.strip = TrialStrip()
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        self.back_button = self._button(buttons, "failures-back", self.back_requested.emit)
        self.back_button.setText(self.tr("&Back"))
        self.back_button.setAccessibleName(self.tr("Back to all causes"))
        self.back_button.setToolTip(self.tr("Back to all causes (Esc)"))
        self.back_button.hide()
        self.try_button = self._button(buttons, "failures-try-one", self.try_requested.emit)
        self.try_button.setToolTip(
            self.tr("Try the selected one again, and see here whether it works (Ctrl+T)")
        )
        self.retry_button = self._button(buttons, "failures-retry-all", self.retry_requested.emit)
        self.retry_button.setToolTip(self.tr("Try all failures of this cause again"))
        self.clear_button = self._button(buttons, "failures-clear-all", self.clear_requested.emit)
        self.clear_button.setToolTip(
            self.tr("Take all failures of this cause off the list; they stay in the history")
        )
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID + 4, GRID + 4, GRID + 4, GRID + 4)
        column.setSpacing(GRID)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._caption)
        column.addLayout(words)
        column.addLayout(buttons)
        column.addWidget(self.strip)
        self.show_buttons(
            self.tr("&Try one"), self.tr("Retry &all"), self.tr("&Clear all"), may_try=False, may_clear=False
        )
        self._ink()
        follow_theme(self, self._ink)

    def show_words(self, title: str, caption: str) -> None:
        """What went wrong, and where, how often and when."""
        self._title.set_text(title)
        self._caption.set_text(caption)

    def show_buttons(self, attempt: str, retry: str, clear: str, *, may_try: bool, may_clear: bool) -> None:
        """The texts of the buttons, empty for one that is not there; whether something may be tried, and cleared."""
        for button, text, is_usable in (
            (self.try_button, attempt, may_try),
            (self.retry_button, retry, may_try),
            (self.clear_button, clear, may_clear),
        ):
            button.setText(text)
            button.setAccessibleName(text.replace("&", ""))
            button.setVisible(bool(text))
            button.setEnabled(is_usable)

    def make_main(self, *, retry: bool) -> None:
        """The one thing to do next: retry all, or (False) try one."""
        for button, is_main in ((self.retry_button, retry), (self.try_button, not retry)):
            role = "main" if is_main else ""
            if button.property("role") != role:
                button.setProperty("role", role)
                button.style().unpolish(button)
                button.style().polish(button)

    def _ink(self) -> None:
        self.back_button.setIcon(icon("chevron-left", "text", 16))

    def _button(self, row: QBoxLayout, name: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton()
        button.setObjectName(name)
        button.setProperty("role", "")
        button.clicked.connect(lambda: slot())
        row.addWidget(button)
        return button
