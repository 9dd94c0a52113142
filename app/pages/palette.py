"""Ctrl+K: type a few letters of anything, and go there or do it. It lies over the window and blocks nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.models.palette_model import Entry, PaletteModel
from app.theme import GRID
from app.widgets.announce import announce
from app.widgets.palette_delegate import PALETTE_ROW, PaletteDelegate

_WIDTH = 560
_MOST_ROWS = 9
_TO_LIST = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Palette(QFrame):
    """`typed(str)` says what was typed, `chosen(str)` the key of what is about to be done, `left()` that it is gone.

    It goes with Escape, when something was chosen, and when the focus goes elsewhere.
    """

    typed = Signal(str)
    chosen = Signal(str)
    left = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._before: QWidget | None = None
        self.setObjectName("palette")
        self.setProperty("role", "palette")
        self.setAccessibleName(self.tr("Palette"))
        self._model = PaletteModel(self)
        self._box = QLineEdit()
        self._box.setObjectName("palette-search")
        self._box.setAccessibleName(self.tr("Go to or do"))
        self._box.setPlaceholderText(self.tr("Pages, actions, domains, jobs, settings…"))
        self._box.textChanged.connect(self._on_text)
        self._box.returnPressed.connect(self._on_return)
        self._box.installEventFilter(self)
        self._list = QListView()
        self._list.setObjectName("palette-list")
        self._list.setAccessibleName(self.tr("What fits"))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setMouseTracking(True)
        self._list.setUniformItemSizes(True)
        self._list.setItemDelegate(PaletteDelegate(self._list))
        self._list.setModel(self._model)
        self._list.clicked.connect(self._on_clicked)
        self._list.selectionModel().currentChanged.connect(self._on_current)
        self._nothing = QLabel(self.tr("Nothing fits. Type fewer letters, or another word."))
        self._nothing.setProperty("role", "muted")
        self._nothing.setContentsMargins(GRID, 0, GRID, GRID)
        self._nothing.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self._box)
        column.addWidget(self._list)
        column.addWidget(self._nothing)
        self.hide()
        host.installEventFilter(self)

    def open(self, entries: Sequence[Entry], lately: Sequence[str]) -> None:
        """Comes up with nothing typed; what had the focus gets it back afterwards."""
        if not self.isVisible():
            self._before = self.window().focusWidget()
        self._box.clear()
        self._model.set_typed("")
        self._model.set_entries(entries, lately)
        self.show()
        self.raise_()
        self._choose_first()
        self._box.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_jobs(self, typed: str, jobs: Sequence[Entry]) -> None:
        """Jobs that were found for `typed`; too late for what is typed now, they are not wanted any more."""
        if self.isVisible() and typed == self._box.text():
            row = self._list.currentIndex().row()
            self._model.set_jobs(jobs)
            self._choose_first(max(0, row))

    def close_palette(self) -> None:
        """Goes, and gives the focus back. Idempotent."""
        if not self.isVisible():
            return
        before, self._before = self._before, None
        self.hide()
        # It may have gone meanwhile, as the button of a short message does.
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that move in the list, Escape, and the host's size."""
        kind = event.type()
        if watched is self._host:
            if kind == QEvent.Type.Resize and self.isVisible():
                self._place()
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.close_palette()
                return True
            if event.key() in _TO_LIST:
                self._move(Qt.Key(event.key()))
                return True
        elif kind == QEvent.Type.FocusOut and self.isVisible() and not self._is_within():
            self._before = None
            self.close_palette()
        return False

    def _is_within(self) -> bool:
        """Another program's window in front does not count as having gone elsewhere."""
        window = self.window()
        return not window.isActiveWindow() or window.focusWidget() is self._box

    def _move(self, key: Qt.Key) -> None:
        rows = self._model.rowCount()
        if not rows:
            return
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: 1 - _MOST_ROWS,
            Qt.Key.Key_PageDown: _MOST_ROWS - 1,
        }
        row = self._list.currentIndex().row() + steps[key]
        if abs(steps[key]) == 1:
            row %= rows
        self._list.setCurrentIndex(self._model.index(min(max(row, 0), rows - 1), 0))

    def _on_text(self, text: str) -> None:
        self._model.set_typed(text)
        self._choose_first()
        self.typed.emit(text)

    def _choose_first(self, row: int = 0) -> None:
        rows = self._model.rowCount()
        self._list.setVisible(rows > 0)
        self._nothing.setVisible(rows == 0)
        self._list.setFixedHeight(min(max(rows, 1), _MOST_ROWS) * PALETTE_ROW)
        if rows:
            self._list.setCurrentIndex(self._model.index(min(row, rows - 1), 0))
        else:
            announce(self, self._nothing.text())
        self._place()

    def _on_current(self, current: QModelIndex) -> None:
        words = current.data(Qt.ItemDataRole.AccessibleTextRole)
        if words and self.isVisible():
            # The focus stays in the box, so that nobody else would say it.
            announce(self._list, words)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._run(index.row())

    def _on_return(self) -> None:
        self._run(self._list.currentIndex().row())

    def _run(self, row: int) -> None:
        entry = self._model.entry(row)
        if entry is None:
            return
        self.close_palette()
        self.chosen.emit(entry.key)
        entry.run()

    def _place(self) -> None:
        width = min(_WIDTH, self._host.width() - 4 * GRID)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((self._host.width() - width) // 2, 6 * GRID)
