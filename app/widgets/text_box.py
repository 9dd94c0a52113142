"""Text as a machine wrote it: a traceback, JSON; to be read, selected and copied."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase, QFontMetrics
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.theme import GRID

_FONT_PIXELS = 12
_LEAST_LINES = 2


class TextBox(QPlainTextEdit):
    """As high as its text, up to `most_lines`; long lines scroll."""

    def __init__(
        self, accessible_name: str, text: str, most_lines: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._most_lines = most_lines
        self.setAccessibleName(accessible_name)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(_FONT_PIXELS)
        self.setFont(font)
        self.document().setDocumentMargin(0)
        # Where the two scroll bars meet Qt would paint a square.
        self.setCornerWidget(QWidget())
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Other text; the box becomes as high as that."""
        shown = text.rstrip()
        if shown != self.toPlainText():
            self.setPlainText(shown)
        lines = min(self._most_lines, max(_LEAST_LINES, shown.count("\n") + 1))
        # Its frame, its padding, and the scroll bar of a long line.
        self.setFixedHeight(lines * QFontMetrics(self.font()).lineSpacing() + 2 * GRID + 16)
