"""Text as a machine wrote it: a traceback, JSON; to be read, selected and copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.theme import GRID

_FONT_PIXELS = 12
_LEAST_LINES = 2


class TextBox(QPlainTextEdit):
    """As high as its text, up to `most_lines`; long lines scroll, or with `wrap` go on below."""

    def __init__(
        self,
        accessible_name: str,
        text: str,
        most_lines: int,
        parent: QWidget | None = None,
        *,
        wrap: bool = False,
    ) -> None:
        super().__init__(parent)
        self._most_lines = most_lines
        self.setAccessibleName(accessible_name)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self._wraps = wrap
        if wrap:
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        mode = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(mode.WidgetWidth if wrap else mode.NoWrap)
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
        self._fit()

    def append_text(self, text: str) -> None:
        """More lines below; what is selected stays so."""
        self.appendPlainText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook; another width may have room for more of a line."""
        super().resizeEvent(event)
        if self._wraps:
            self._fit()

    def _fit(self) -> None:
        # The layout of plain text counts in lines.
        count = round(self.document().size().height()) if self._wraps else self.blockCount()
        lines = min(self._most_lines, max(_LEAST_LINES, count))
        # Its frame, its padding, and the scroll bar of a long line.
        around = 2 * GRID + (2 if self._wraps else 16)
        self.setFixedHeight(lines * QFontMetrics(self.font()).lineSpacing() + around)
