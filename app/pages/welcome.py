"""The first start, in one calm page: what Tidemill does, something to try it on, and done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.theme import GRID, body_font, heading_font
from app.widgets.card import Card
from app.widgets.icons import IconLabel, app_icon
from app.widgets.step_number import StepNumber

if TYPE_CHECKING:
    from app.bridge.session import Session

_WIDTH = 680
_ICON_SIZE = 64


class WelcomePage(QWidget):
    """`samples_requested()`, `folder_requested()` and `skip_requested()` come from its three buttons."""

    samples_requested = Signal()
    folder_requested = Signal()
    skip_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page-welcome")
        self.samples_button = _button("welcome-samples", self.tr("&Try it with sample files"))
        self.samples_button.setProperty("role", "main")
        self.folder_button = _button("welcome-folder", self.tr("&Choose a folder…"))
        self.skip_button = _button("welcome-skip", self.tr("&Start without files"))
        # Only the samples need the scheduler at once; a folder that is chosen early waits for it.
        self.samples_button.setEnabled(False)
        self.samples_button.clicked.connect(lambda: self.samples_requested.emit())
        self.folder_button.clicked.connect(lambda: self.folder_requested.emit())
        self.skip_button.clicked.connect(lambda: self.skip_requested.emit())
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addLayout(self._head())
        column.addWidget(self._what_it_does())
        column.addWidget(self._something_to_try())
        column.addWidget(self._done())
        holder = QWidget()
        holder.setMaximumWidth(_WIDTH)
        holder.setLayout(column)
        inner = QWidget()
        middle = QVBoxLayout(inner)
        middle.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(holder, 100)
        row.addStretch(1)
        middle.addLayout(row)
        middle.addStretch(3)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def attach(self, session: Session) -> None:
        """The samples can be taken in now."""
        self.samples_button.setEnabled(True)

    def detach(self) -> None:
        """The samples have to wait."""
        self.samples_button.setEnabled(False)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(_ICON_SIZE, _ICON_SIZE))
        row.addWidget(picture)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch(1)
        title = QLabel(self.tr("Welcome to Tidemill"))
        title.setFont(heading_font(20))
        words.addWidget(title)
        words.addWidget(_muted(self.tr("It does your background work, shows it, and gets out of the way.")))
        words.addStretch(1)
        row.addLayout(words, 1)
        return row

    def _what_it_does(self) -> Card:
        card = Card()
        card.body.addLayout(_step(1, self.tr("What it does")))
        row = QHBoxLayout()
        row.setContentsMargins(5 * GRID, 4, GRID, 4)
        row.setSpacing(GRID)
        parts = (
            ("ingest", "series-1", self.tr("Takes files in")),
            ("process", "series-2", self.tr("Makes thumbnails")),
            ("sync", "series-3", self.tr("Mirrors the library")),
            ("notify", "series-4", self.tr("Says how it went")),
        )
        for place, (name, token, text) in enumerate(parts):
            if place:
                row.addWidget(IconLabel("chevron-right", "muted", 16))
            row.addLayout(_part(name, token, text), 1)
        card.body.addLayout(row)
        return card

    def _something_to_try(self) -> Card:
        card = Card()
        card.body.addLayout(_step(2, self.tr("Give it something")))
        text = self.tr(
            "Choose a folder of your own; its files are copied, never moved or changed. Or try it with the pictures "
            "that come with Tidemill. It works without an account and without a network."
        )
        _indent(card, _muted(text))
        row = QHBoxLayout()
        row.setContentsMargins(5 * GRID, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.samples_button)
        row.addWidget(self.folder_button)
        row.addStretch(1)
        card.body.addLayout(row)
        return card

    def _done(self) -> Card:
        card = Card()
        card.body.addLayout(_step(3, self.tr("Watch it work")))
        text = self.tr(
            "The Overview shows what runs, what waits and why, and what went wrong. Each part of the work has a "
            "switch there, and you can drop files on the window at any time."
        )
        _indent(card, _muted(text))
        row = QHBoxLayout()
        row.setContentsMargins(5 * GRID, 0, 0, 0)
        row.addWidget(self.skip_button)
        row.addStretch(1)
        card.body.addLayout(row)
        return card


def _step(number: int, title: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(2 * GRID)
    row.addWidget(StepNumber(number))
    label = QLabel(title)
    label.setFont(heading_font(14))
    row.addWidget(label, 1)
    return row


def _part(name: str, token: str, text: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(IconLabel(name, token, 28), 0, Qt.AlignmentFlag.AlignHCenter)
    label = QLabel(text)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
    column.addWidget(label)
    return column


def _indent(card: Card, label: QLabel) -> None:
    frame = QFrame()
    row = QHBoxLayout(frame)
    row.setContentsMargins(5 * GRID, 0, 0, 0)
    row.addWidget(label)
    card.body.addWidget(frame)


def _muted(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(body_font())
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _button(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text.replace("&", "").rstrip("…"))
    return button
