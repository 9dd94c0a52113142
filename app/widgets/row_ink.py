"""What a list needs to draw its rows, looked up and drawn once: a storm of tasks asks for several pictures a second."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final, Literal

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QPainter, QPixmap

from app.theme import body_font, bold_font, color, small_font

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
FontName = Literal["body", "bold", "small"]


_MOST_KEPT: Final = 2_000
"""Widths of texts, and pictures, that are kept: as many as a list has cells, many times over."""


class RowInk:
    """Fonts, colours and small pictures as they are under one theme and on one screen; see `fits`."""

    painter: QPainter
    """Qt's, for one row: it is another one for the next."""

    def __init__(self, scale: float, *, leftward: bool = False) -> None:
        """`scale`: pixels of the screen for one of ours; `leftward`: one reads from right to left."""
        self._made_for = (scale, leftward, *_surroundings())
        self._scale = scale
        self._leftward = leftward
        self._fonts = {"body": body_font(), "bold": bold_font(), "small": small_font()}
        self._metrics = {name: QFontMetrics(font) for name, font in self._fonts.items()}
        self._ascents = {name: metrics.ascent() for name, metrics in self._metrics.items()}
        self._heights = {name: metrics.height() for name, metrics in self._metrics.items()}
        self.line, self.caption = self._heights["body"], self._heights["small"]
        self._colors: dict[str, QColor] = {}
        self._widths: dict[tuple[FontName, str], int] = {}
        self._stamps: dict[Hashable, QPixmap] = {}

    def fits(self, scale: float, *, leftward: bool = False) -> bool:
        """Is it still of use on a screen of this `scale`, with the theme and the font as they are now?"""
        return self._made_for == (scale, leftward, *_surroundings())

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
        painter = self.painter
        painter.setFont(self._fonts[font])
        painter.setPen(self.color(token))
        room = rect.width()
        width = self._widths.get((font, text))  # most cells of a column say the same
        if width is None:
            if len(self._widths) > _MOST_KEPT:
                self._widths.clear()
            width = self._widths[font, text] = self._metrics[font].horizontalAdvance(text)
        if width > room:
            text = self._metrics[font].elidedText(text, Qt.TextElideMode.ElideRight, room)
            width = room
        if self._leftward or not text.isprintable():
            painter.drawText(rect, align | Qt.TextFlag.TextSingleLine, text)
            return
        # By its place, not by its room: Qt then lays out nothing, which takes half of the time.
        left = rect.left() + (room - width if align is RIGHT else 0)
        painter.drawText(
            left, rect.top() + (rect.height() - self._heights[font]) // 2 + self._ascents[font], text
        )

    def stamp(
        self, left: int, top: int, key: Hashable, size: tuple[int, int], draw: Callable[[QPainter], None]
    ) -> None:
        """A picture of `size`, which `draw` paints from 0, 0 the first time that this `key` is asked for."""
        made = self._stamps.get(key)
        if made is None:
            if len(self._stamps) > _MOST_KEPT:
                self._stamps.clear()
            width, height = size
            made = QPixmap(round(width * self._scale), round(height * self._scale))
            made.setDevicePixelRatio(self._scale)
            made.fill(Qt.GlobalColor.transparent)
            painter = QPainter(made)
            draw(painter)
            painter.end()
            self._stamps[key] = made
        self.painter.drawPixmap(left, top, made)

    def two_lines(self, rect: QRect, title: str, caption: str, font: FontName = "body") -> None:
        """A title and a quieter line below it, both in the middle of the row's height."""
        if not caption:
            self.text(rect, title, font=font)
            return
        top = rect.top() + (rect.height() - self.line - self.caption) // 2
        self.text(QRect(rect.left(), top, rect.width(), self.line), title, font=font)
        below = QRect(rect.left(), top + self.line, rect.width(), self.caption)
        self.text(below, caption, "muted", "small")


def _surroundings() -> tuple[int, str]:
    return QGuiApplication.palette().cacheKey(), QGuiApplication.font().key()
