"""What an empty list shows instead of nothing: an icon, what it means, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.theme import GRID, heading_font
from app.widgets.icons import IconLabel

_TEXT_WIDTH = 420


class EmptyState(QWidget):
    """Centred in its room. `activated()` comes from the button, which is there when it has a text."""

    activated = Signal()

    def __init__(
        self, icon: str, title: str, sentence: str, button: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = IconLabel(icon, "muted", 40)
        self._title = QLabel()
        self._title.setFont(heading_font(14))
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence = QLabel()
        self._sentence.setProperty("role", "muted")
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.button = QPushButton(button)
        self.button.setProperty("role", "main")
        self.button.setAccessibleName(button)
        self.button.setVisible(bool(button))
        self.button.clicked.connect(lambda: self.activated.emit())
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        layout.addStretch(2)
        center = Qt.AlignmentFlag.AlignHCenter
        for part in (self._icon, self._title, self._sentence, self.button):
            layout.addWidget(part, 0, center)
        layout.addStretch(3)
        self.set_text(title, sentence)

    def set_text(self, title: str, sentence: str) -> None:
        """Says something else: why the list is empty now."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        # A centred label is not asked for its height at a width, so it is told.
        self._sentence.setVisible(bool(sentence))
        self._sentence.setFixedSize(_TEXT_WIDTH, max(0, self._sentence.heightForWidth(_TEXT_WIDTH)))
        self.setAccessibleName(f"{title}. {sentence}")
