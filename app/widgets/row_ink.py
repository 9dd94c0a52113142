"""What a list needs to draw its rows, looked up once for a whole picture: a storm of tasks asks for several a second."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from app.theme import body_font, bold_font, color, small_font

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
FontName = Literal["body", "bold", "small"]


class RowInk:
    """Fonts and colours as they are now; made for one picture and used for no other."""

    painter: QPainter
    """Qt's, for one row: it is another one for the next."""

    def __init__(self) -> None:
        self._fonts = {"body": body_font(), "bold": bold_font(), "small": small_font()}
        self._metrics = {name: QFontMetrics(font) for name, font in self._fonts.items()}
        self.line, self.caption = self._metrics["body"].height(), self._metrics["small"].height()
        self._colors: dict[str, QColor] = {}
        self._widths: dict[tuple[FontName, str], int] = {}

    def color(self, token: str) -> QColor:
        """The colour of a token."""
        found = self._colors.get(token)
        if found is None:
            found = self._colors[token] = color(token)
        return found

    def text(
        self,
        rect: QRect,
        text: str,
        token: str = "text",
        font: FontName = "body",
        align: Qt.AlignmentFlag = _LEFT,
    ) -> None:
        """One line of text, cut with an ellipsis where it does not fit."""
        if not text:
            return
        self.painter.setFont(self._fonts[font])
        self.painter.setPen(self.color(token))
        width = self._widths.get((font, text))  # most cells of a column say the same
        if width is None:
            width = self._widths[font, text] = self._metrics[font].horizontalAdvance(text)
        if width > rect.width():
            text = self._metrics[font].elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        self.painter.drawText(rect, align, text)

    def two_lines(self, rect: QRect, title: str, caption: str, font: FontName = "body") -> None:
        """A title and a quieter line below it, both in the middle of the row's height."""
        if not caption:
            self.text(rect, title, font=font)
            return
        top = rect.top() + (rect.height() - self.line - self.caption) // 2
        self.text(QRect(rect.left(), top, rect.width(), self.line), title, font=font)
        below = QRect(rect.left(), top + self.line, rect.width(), self.caption)
        self.text(below, caption, "muted", "small")
