"""The list of causes: cards below each other that stay where they are when others come above them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.theme import GRID, follow_theme
from app.widgets.cause_delegate import CauseDelegate

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel, QModelIndex
    from PySide6.QtGui import QFocusEvent

_OPEN_KEYS: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right})


class CausesView(QListView):
    """`opened()`: a click, Enter or the right arrow; `clear_key` is called by Delete."""

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("failure-causes")
        self.setAccessibleName(self.tr("Causes of failures"))
        self.clear_key: Callable[[], None] = lambda: None
        self._anchor: tuple[QPersistentModelIndex, int] | None = None
        self.setItemDelegate(CauseDelegate(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        # The cards are the surface, not the list; its scroll bar stands in the gap beside them.
        self.setStyleSheet("QListView { background: transparent; border: none; border-radius: 0; }")
        self.setMinimumWidth(30 * GRID)
        self.clicked.connect(lambda _index: self.opened.emit())
        follow_theme(self, self.viewport().update)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Qt's hook; what is looked at stays where it is."""
        super().setModel(model)
        if model is not None:
            model.rowsAboutToBeInserted.connect(lambda *_: self._hold())
            model.rowsInserted.connect(lambda *_: self._settle())
            model.rowsAboutToBeRemoved.connect(lambda *_: self._hold())
            model.rowsRemoved.connect(lambda *_: self._settle())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's hook."""
        if event.key() in _OPEN_KEYS:
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.clear_key()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt's hook; the current card shows that it has the focus."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt's hook; and that it has it no longer."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _hold(self) -> None:
        if self.verticalScrollBar().value() > 0:
            top: QModelIndex = self.indexAt(QPoint(1, 1))
            if top.isValid():
                self._anchor = (QPersistentModelIndex(top), self.visualRect(top).top())

    def _settle(self) -> None:
        anchor, self._anchor = self._anchor, None
        if anchor is not None and anchor[0].isValid():
            self.executeDelayedItemsLayout()
            moved = self.visualRect(anchor[0]).top() - anchor[1]  # type: ignore[arg-type]
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved)
