"""One bar for all states of a set of tasks: told apart by colour, and by pattern and order where colour is not seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath

from app.theme import color, pattern, state_token
from app.widgets.swatch import pattern_ink

BAR_HEIGHT: Final = 10
_GAP: Final = 1.0
_LEAST_WIDTH: Final = 4.0
_ORDER: Final = ("state-done", "state-running", "state-failed", "state-cancelled", "state-paused")
"""What is done comes first, so that the bar grows from the left; what waits is the empty track."""
_CALM: Final = {"state-cancelled": 0.16, "state-paused": 0.22}
"""How strong the ground under the pattern is; these may be most of a bar and must not shout."""


def segments(counts: Mapping[str, int], width: float) -> list[tuple[str, float, float]]:
    """(token, left, width) of each state that has tasks. A state with few tasks is drawn wide enough to be seen."""
    by_token: dict[str, int] = {}
    for status, number in counts.items():
        if number > 0:
            token = state_token(status)
            by_token[token] = by_token.get(token, 0) + number
    total = sum(by_token.values())
    shown = [token for token in _ORDER if token in by_token]
    if not total or width <= 0:
        return []
    wanted = {token: max(_LEAST_WIDTH, width * by_token[token] / total) for token in shown}
    # What the small ones got too much, the widest gives.
    too_much = sum(wanted.values()) - width * sum(by_token[token] for token in shown) / total
    if shown and too_much > 0:
        widest = max(shown, key=lambda token: wanted[token])
        wanted[widest] = max(_LEAST_WIDTH, wanted[widest] - too_much)
    parts: list[tuple[str, float, float]] = []
    left = 0.0
    for token in shown:
        parts.append((token, left, wanted[token]))
        left += wanted[token]
    return parts


def paint_state_bar(painter: QPainter, rect: QRectF, counts: Mapping[str, int]) -> None:
    """Draws the bar into `rect`, with round ends."""
    painter.save()
    _paint_track(painter, rect)
    for token, left, width in segments(counts, rect.width()):
        end = rect.left() + left + width
        gap = _GAP if end < rect.right() - 0.5 else 0.0
        _paint_segment(
            painter, QRectF(rect.left() + left, rect.top(), max(1.0, width - gap), rect.height()), token
        )
    painter.restore()


def paint_progress(painter: QPainter, rect: QRectF, fraction: float | None, token: str, guess: bool) -> None:
    """Draws how far one task is. A guess is hatched; what is not known is a track with a broken line."""
    painter.save()
    _paint_track(painter, rect)
    if fraction is None:
        painter.fillRect(rect, QBrush(_faint(color(token), 0.55), Qt.BrushStyle.BDiagPattern))
    elif fraction > 0:
        part = QRectF(
            rect.left(), rect.top(), max(rect.height(), rect.width() * min(1.0, fraction)), rect.height()
        )
        ink = color(token)
        if guess:
            painter.fillRect(part, _faint(ink, 0.35))
            painter.fillRect(part, QBrush(ink, Qt.BrushStyle.BDiagPattern))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawRoundedRect(part, rect.height() / 2, rect.height() / 2)
    painter.restore()


def _paint_track(painter: QPainter, rect: QRectF) -> None:
    """The empty bar; what is painted after it stays within its round ends."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    clip = QPainterPath()
    clip.addRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    painter.setClipPath(clip)
    painter.fillRect(rect, color("track"))


def _paint_segment(painter: QPainter, rect: QRectF, token: str) -> None:
    ink, brush = color(token), pattern(token)
    if brush is Qt.BrushStyle.SolidPattern:
        painter.fillRect(rect, ink)
        return
    if token in _CALM:
        painter.fillRect(rect, _faint(ink, _CALM[token]))
        painter.fillRect(rect, QBrush(_faint(ink, 0.6), brush))
    else:
        painter.fillRect(rect, ink)
        painter.fillRect(rect, QBrush(pattern_ink(), brush))


def _faint(ink: QColor, alpha: float) -> QColor:
    faint = QColor(ink)
    faint.setAlphaF(alpha)
    return faint
