"""Finds a setting by its words: a field to type in, and below it what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

_MOST = 40
_ROW_HEIGHT = 44


class Found(NamedTuple):
    """A setting: its title, the page it is on, all words it is found by, and what it stands for."""

    title: str
    page: str
    words: str
    target: Any


class SettingsSearch(QWidget):
    """`chosen(object)`: the target of what the person wants. `searching(bool)`: the list is shown, or gone.

    `settings` answers with all there are, when somebody begins to type.
    """

    chosen = Signal(object)
    searching = Signal(bool)

    def __init__(self, settings: Callable[[], Sequence[Found]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.line = QLineEdit()
        self.line.setObjectName("search")
        self.line.setPlaceholderText(self.tr("Search"))
        self.line.setAccessibleName(self.tr("Search all settings"))
        self.line.setToolTip(self.tr("Search all settings (Ctrl+F)"))
        self.line.setClearButtonEnabled(True)
        for part in self.line.findChildren(QToolButton):
            part.setAccessibleName(self.tr("Clear the search"))
        self.line.textChanged.connect(self._on_text)
        self.line.returnPressed.connect(self._on_return)
        self.line.installEventFilter(self)
        self.results = QListWidget()
        self.results.setObjectName("search-results")
        self.results.setAccessibleName(self.tr("Settings that were found"))
        self.results.setStyleSheet("QListView { background: transparent; border: none; border-radius: 0; }")
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.results.itemActivated.connect(self._choose)
        self.results.itemClicked.connect(self._choose)
        self._nothing = QLabel(self.tr("No setting has these words. Try another, or fewer."))
        self._nothing.setProperty("role", "muted")
        self._nothing.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self._nothing)
        column.addWidget(self.results, 1)
        self.results.hide()
        self._nothing.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's hook: Down goes to what was found, Escape clears the field before it closes the window."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Down and self.results.count():
                self.results.setFocus(Qt.FocusReason.TabFocusReason)
                self.results.setCurrentRow(0)
                return True
            if event.key() == Qt.Key.Key_Escape and self.line.text():
                self.line.clear()
                return True
        return super().eventFilter(watched, event)

    def _on_text(self, text: str) -> None:
        self.results.clear()
        wanted = text.casefold().split()
        found = (
            [one for one in self._settings() if all(word in one.words for word in wanted)] if wanted else []
        )
        # What has the words in its title comes first.
        found.sort(key=lambda one: not all(word in one.title.casefold() for word in wanted))
        for one in found[:_MOST]:
            item = QListWidgetItem(f"{one.title}\n{one.page}")
            item.setData(Qt.ItemDataRole.UserRole, one.target)
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole,
                self.tr("{0}, on the page {1}").format(one.title, one.page),
            )
            item.setSizeHint(QSize(0, _ROW_HEIGHT))
            item.setToolTip(one.title)
            self.results.addItem(item)
        self.results.setVisible(bool(found))
        self._nothing.setVisible(bool(wanted) and not found)
        self.searching.emit(bool(wanted))

    def _on_return(self) -> None:
        if self.results.count():
            self._choose(self.results.item(max(0, self.results.currentRow())))

    def _choose(self, item: QListWidgetItem) -> None:
        target = item.data(Qt.ItemDataRole.UserRole)
        self.line.clear()
        self.chosen.emit(target)
