"""What the selected task has logged: closed at first, and live while it is open."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.theme import GRID, follow_theme
from app.widgets.detail_parts import caption_font
from app.widgets.icons import icon
from app.widgets.text_box import TextBox

_MOST_LINES = 14
_ICON = QSize(12, 12)


class LogSection(QWidget):
    """`toggled(bool)`: a person opened or closed it; `copied(str)`: the text that the button was pressed for."""

    toggled = Signal(bool)
    copied = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._text = self._whole = ""
        self._is_known = False
        title = self.tr("Log")
        self._opener = QPushButton(title.upper())
        self._opener.setObjectName(f"{name}-open")
        self._opener.setAccessibleName(title)
        self._opener.setToolTip(self.tr("Show or hide what the task has logged"))
        self._opener.setFont(caption_font())
        self._opener.setProperty("role", "crumb")
        self._opener.setStyleSheet("QPushButton { text-align: left; padding: 0; }")
        self._opener.setCheckable(True)
        self._opener.setIconSize(_ICON)
        self._opener.setCursor(Qt.CursorShape.PointingHandCursor)
        self._opener.toggled.connect(self._on_toggled)
        self._copy = QPushButton(self.tr("Copy"))
        self._copy.setObjectName(f"{name}-copy")
        self._copy.setAccessibleName(self.tr("Copy: {0}").format(title))
        self._copy.setProperty("role", "link")
        self._copy.setCursor(Qt.CursorShape.PointingHandCursor)
        self._copy.clicked.connect(lambda: self.copied.emit(self._whole))
        self._none = QLabel(self.tr("This task has logged nothing."))
        self._none.setProperty("role", "muted")
        self._none.setWordWrap(True)
        self._box = TextBox(title, "", _MOST_LINES, wrap=True)
        self._box.setObjectName(name)
        self._is_at_end = True
        bar = self._box.verticalScrollBar()
        bar.valueChanged.connect(lambda value: self._on_place(value))
        # How long the text is, is known only when it has been laid out.
        bar.rangeChanged.connect(lambda _, most: bar.setValue(most) if self._is_at_end else None)
        tools = QHBoxLayout()
        tools.setSpacing(GRID)
        tools.addWidget(self._opener)
        tools.addStretch(1)
        tools.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(tools)
        column.addWidget(self._none)
        column.addWidget(self._box)
        follow_theme(self, self._ink)
        self._on_toggled(False)

    @property
    def is_open(self) -> bool:
        """Does a person want to see it?"""
        return self._opener.isChecked()

    def show_log(self, text: str, whole: str, *, is_known: bool = True) -> None:
        """This text; `whole` is what is copied. Not `is_known`: it has not been looked up yet.

        Who reads the end goes on reading the end; who reads elsewhere, and what is selected, is left alone.
        """
        bar = self._box.verticalScrollBar()
        place = None if self._is_at_end else bar.value()
        if self._text and text.startswith(self._text + "\n"):
            self._box.append_text(text[len(self._text) + 1 :])
        elif text != self._text:
            self._box.set_text(text)
        self._text, self._whole, self._is_known = text, whole, is_known
        bar.setValue(bar.maximum() if place is None else place)
        self._show_parts()

    def _on_place(self, place: int) -> None:
        self._is_at_end = place >= self._box.verticalScrollBar().maximum()

    def _on_toggled(self, is_open: bool) -> None:
        self._ink()
        self._show_parts()
        self.toggled.emit(is_open)

    def _show_parts(self) -> None:
        for part in (self._box, self._copy):
            part.setVisible(self.is_open and bool(self._text))
        self._none.setVisible(self.is_open and self._is_known and not self._text)

    def _ink(self) -> None:
        self._opener.setIcon(
            icon("chevron-down" if self.is_open else "chevron-right", "muted", _ICON.width())
        )
