"""Room for the inspector at the right of the pages: beside them, or over them where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from app.theme import GRID

_WIDTH = 376
_LEAST_WIDTH = 296
_BESIDE_FROM = 960
"""Narrower, and a list beside the inspector could not be read."""
_ALONE_BELOW = 720
"""Narrower, and what it left of the page could not be read either: it takes all of the room."""
_GAP = 12


class InspectorRoom(QWidget):
    """Closed at first, or as it was when the program ended. Esc closes it. `toggled(bool)`: it is open now, or closed."""

    toggled = Signal(bool)

    def __init__(self, content: QWidget, state: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        # An empty card, until the panel is there.
        self._panel: QWidget = QFrame()
        self._panel.setProperty("role", "card")
        self._panel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._state = state
        self._is_allowed = True
        self._is_open = str(state.value("inspector-open", "false")).lower() == "true"
        width = str(state.value("inspector-width", _WIDTH))
        self._width = max(_LEAST_WIDTH, int(width) if width.isdigit() else _WIDTH)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        # The gap between two cards, not a bar.
        self._splitter.setStyleSheet("QSplitter::handle { background: transparent; }")
        self._splitter.setHandleWidth(_GAP)
        self._splitter.addWidget(content)
        self._splitter.splitterMoved.connect(lambda *_: self._on_moved())
        self._holder = QWidget(self)
        self._holder.setMinimumWidth(_LEAST_WIDTH)
        # Nothing of the page is to be seen around its corners.
        self._holder.setAutoFillBackground(True)
        self._held = QVBoxLayout(self._holder)
        self._held.setContentsMargins(0, 0, 0, GRID)  # as the pages have it
        self._held.addWidget(self._panel)
        self._holder.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)

    @property
    def is_open(self) -> bool:
        """Is it to be seen, where the page lets it?"""
        return self._is_open

    @property
    def is_beside(self) -> bool:
        """Is there room for it beside the page?"""
        return self.width() >= _BESIDE_FROM

    def set_panel(self, panel: QWidget) -> None:
        """What is shown in it; it gets the focus if the room has been opened by key meanwhile."""
        had_focus = self._panel.hasFocus()
        layout = self._holder.layout()
        if layout is not None:
            layout.replaceWidget(self._panel, panel)
        self._panel.hide()
        self._panel.deleteLater()
        self._panel = panel
        panel.show()
        if had_focus:
            panel.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_allowed(self, allowed: bool) -> None:
        """Does the page that is shown leave room for it?"""
        self._is_allowed = allowed
        self._place()

    def toggle(self) -> None:
        """Opens it, with the focus, or closes it."""
        if not self._is_allowed:
            return
        self.set_open(not self._is_open)
        if self._is_open:
            self._panel.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_open(self, is_open: bool) -> None:
        """Opens it, or closes it."""
        if is_open == self._is_open:
            return
        had_focus = self._panel.isAncestorOf(self.focusWidget() or self)
        self._is_open = is_open
        self._state.setValue("inspector-open", "true" if is_open else "false")
        self._place()
        if had_focus and not is_open:
            self._content.setFocus(Qt.FocusReason.OtherFocusReason)
            self._content.focusNextChild()
        self.toggled.emit(is_open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook; another width may have room for it beside the page, or no longer."""
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's hook; Esc that nobody within had a use for closes it."""
        if event.key() == Qt.Key.Key_Escape and self._is_open and self._is_allowed:
            self.set_open(False)
        else:
            super().keyPressEvent(event)

    def _place(self) -> None:
        shown = self._is_open and self._is_allowed
        is_in = self._holder.parent() is self._splitter
        is_over = not self.is_beside and self.width() >= _ALONE_BELOW
        self._held.setContentsMargins(_GAP if is_over else 0, 0, 0, GRID)
        if not shown:
            self._holder.hide()
        elif self.is_beside:
            if not is_in:
                self._splitter.addWidget(self._holder)
                self._splitter.setStretchFactor(0, 1)
                self._splitter.setStretchFactor(1, 0)
            if not is_in or self._holder.isHidden():
                self._holder.show()
                self._splitter.setSizes([self.width() - self._width - _GAP, self._width])
        else:
            if is_in:
                self._holder.setParent(self)
            width = self._width + _GAP if is_over else self.width()
            self._holder.setGeometry(self.width() - width, 0, width, self.height())
            self._holder.show()
            self._holder.raise_()

    def _on_moved(self) -> None:
        self._width = max(_LEAST_WIDTH, self._holder.width())
        self._state.setValue("inspector-width", str(self._width))
