"""One part of a page: a heading, a quiet figure beside it, a way to more, and below it what it is about."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.theme import GRID, heading_font, small_font
from app.widgets.elide_label import ElideLabel

_HEAD_HEIGHT = 24


class PanelSection(QWidget):
    """`more_requested()` comes from the button at the right, which is there when it has a text. `body` takes the rest."""

    more_requested = Signal()

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        heading = QLabel(title)
        heading.setFont(heading_font(14))
        self._figure = ElideLabel()
        self._figure.setObjectName(f"{name}-figure")
        self._figure.setFont(small_font())
        self._figure.setProperty("role", "muted")
        self.more = QPushButton()
        self.more.setObjectName(f"{name}-more")
        self.more.setProperty("role", "link")
        self.more.setCursor(Qt.CursorShape.PointingHandCursor)
        self.more.clicked.connect(lambda: self.more_requested.emit())
        self.more.hide()
        head = QWidget()
        head.setFixedHeight(_HEAD_HEIGHT)
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(heading)
        row.addWidget(self._figure, 1)
        row.addWidget(self.more)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(GRID)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(head)
        column.addLayout(self.body)

    @property
    def figure(self) -> str:
        """What stands beside the heading."""
        return self._figure.text()

    def show_figure(self, text: str) -> None:
        """Says how much there is of it; empty for nothing."""
        self._figure.setText(text)

    def offer_more(self, text: str) -> None:
        """Shows the way to more under this text; empty takes it away."""
        self.more.setText(text)
        self.more.setAccessibleName(text)
        self.more.setVisible(bool(text))
