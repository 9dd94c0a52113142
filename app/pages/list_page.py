"""What the pages with a list share: a line of controls, and below it grey rows, an empty state, or the list."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.theme import GRID
from app.widgets.empty_state import EmptyState
from app.widgets.list_skeleton import ListSkeleton


class ListPage(QWidget):
    """`seen_changed(bool)` when the page comes to the front or leaves it."""

    seen_changed = Signal(bool)

    def __init__(self, name: str, empty: EmptyState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.empty = empty
        self.bar = QHBoxLayout()
        self.bar.setContentsMargins(0, 0, 0, 0)
        self.bar.setSpacing(GRID)
        self._bar_room = QWidget()
        self._bar_room.setLayout(self.bar)
        # Where there is nothing to control the controls go, and nothing else moves.
        policy = self._bar_room.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar_room.setSizePolicy(policy)
        self._stack = QStackedLayout()
        self._skeleton = ListSkeleton()
        self._content: QWidget | None = None
        for part in (self._skeleton, empty):
            self._stack.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, GRID)
        layout.setSpacing(GRID + 4)
        layout.addWidget(self._bar_room)
        layout.addLayout(self._stack, 1)
        self.show_skeleton()

    def set_content(self, content: QWidget) -> None:
        """What is shown when there is something to show."""
        self._content = content
        self._stack.addWidget(content)

    def show_skeleton(self) -> None:
        """Nothing is known yet."""
        self._bar_room.setEnabled(False)
        self._bar_room.show()
        self._stack.setCurrentWidget(self._skeleton)

    def show_content(self, *, has_rows: bool, keep_bar: bool = False) -> None:
        """The list, or the empty state; `keep_bar` leaves the controls usable when a filter made it empty."""
        self._bar_room.setEnabled(has_rows or keep_bar)
        self._bar_room.setVisible(has_rows or keep_bar)
        self._stack.setCurrentWidget(self._content if has_rows and self._content is not None else self.empty)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's hook; the page is in front."""
        super().showEvent(event)
        self.seen_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt's hook; nobody sees the page."""
        super().hideEvent(event)
        self.seen_changed.emit(False)
