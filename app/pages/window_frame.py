"""Where the parts of the main window stand: the list at the left, beside it header, banners and the page."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.theme import GRID


def put_together(side: QWidget, header: QWidget, banners: QWidget, room: QWidget) -> QWidget:
    """One widget of all of them; `room` takes what is left."""
    right = QVBoxLayout()
    right.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 0)
    right.setSpacing(0)
    right.addWidget(header)
    right.addSpacing(2 * GRID)
    right.addWidget(banners)
    right.addWidget(room, 1)
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(side)
    row.addLayout(right, 1)
    return whole
