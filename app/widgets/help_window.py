"""F1: what the keys do, as the window's list of actions has it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.theme import GRID, heading_font, small_font

_LEAST_HEIGHT = 320

Groups = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Headings, and below each the keys and what they do."""


class HelpWindow(QDialog):
    """A window beside the work, not before it: by heading, keys and what they do, in the order given."""

    def __init__(self, groups: Groups, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("help-window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Tidemill: help"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 3 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        title = QLabel(self.tr("Keyboard"))
        title.setFont(heading_font(20))
        layout.addWidget(title)
        layout.addWidget(self._keys(groups), 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setAccessibleName(close.text().replace("&", ""))
        # The style's own picture is of another family than our icons.
        close.setIcon(QIcon())
        layout.addWidget(buttons)
        room = self.screen().availableSize().height() - 12 * GRID
        self.resize(self.sizeHint().width(), max(_LEAST_HEIGHT, min(self._inner_height + 17 * GRID, room)))

    def _keys(self, groups: Groups) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 2 * GRID, 0)
        column.setSpacing(GRID)
        beside = QHBoxLayout()
        beside.setSpacing(5 * GRID)
        for half in _halves(groups):
            grid = _grid(half)
            grid.setRowStretch(grid.rowCount(), 1)
            beside.addLayout(grid)
        column.addLayout(beside)
        hint = QLabel(
            self.tr(
                "Drop files, folders or links on the window, or copy them and press {0}: they become one job. The menu key"
                " on a domain's switch offers pauses that end by themselves."
            ).format(QKeySequence("Ctrl+V").toString(QKeySequence.SequenceFormat.NativeText))
        )
        hint.setWordWrap(True)
        hint.setFont(small_font())
        hint.setProperty("role", "muted")
        hint.setTextFormat(Qt.TextFormat.PlainText)
        hint.setContentsMargins(0, GRID, 0, 0)
        column.addWidget(hint)
        column.addStretch(1)
        area = QScrollArea()
        area.setObjectName("help-keys")
        area.setAccessibleName(self.tr("Keys and what they do"))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        area.setMinimumWidth(inner.sizeHint().width() + 2 * GRID)
        self._inner_height = inner.sizeHint().height()
        return area


def _halves(groups: Groups) -> tuple[Groups, Groups]:
    """The first groups, and those behind the middle of all keys: so nobody has to scroll to see the last."""
    total, so_far = sum(len(keys) + 1 for _, keys in groups), 0
    for place, (_, keys) in enumerate(groups):
        so_far += len(keys) + 1
        if 2 * so_far >= total:
            return groups[: place + 1], groups[place + 1 :]
    return groups, ()


def _grid(groups: Groups) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(4 * GRID)
    grid.setVerticalSpacing(GRID)
    grid.setColumnStretch(1, 1)
    row = 0
    for heading, keys in groups:
        label = QLabel(heading)
        label.setFont(heading_font(14))
        label.setContentsMargins(0, GRID if row else 0, 0, 0)
        grid.addWidget(label, row, 0, 1, 2)
        row += 1
        for key_text, meaning in keys:
            key = QLabel(key_text)
            key.setProperty("role", "muted")
            grid.addWidget(key, row, 0)
            grid.addWidget(QLabel(meaning), row, 1)
            row += 1
    return grid
