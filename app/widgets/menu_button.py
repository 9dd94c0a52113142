"""A button that opens a menu to choose from: one of several, or any of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.theme import follow_theme
from app.widgets.icons import icon

_ICON = QSize(12, 12)


class MenuButton(QPushButton):
    """`chosen(object)` carries the value of what was chosen, or, where any may be, a tuple of the values that are on."""

    chosen = Signal(object)

    def __init__(
        self,
        name: str,
        text: str,
        accessible_name: str,
        *,
        several: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setToolTip(accessible_name)
        self.setIconSize(_ICON)
        # The arrow stands behind the word.
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._several = several
        self._group = QActionGroup(self)
        self._group.setExclusionPolicy(
            QActionGroup.ExclusionPolicy.None_ if several else QActionGroup.ExclusionPolicy.Exclusive
        )
        self._group.triggered.connect(self._on_triggered)
        menu = QMenu(self)
        menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        menu.setAccessibleName(accessible_name)
        self.setMenu(menu)
        follow_theme(self, self._ink)
        self._ink()

    def set_choices(self, choices: Sequence[tuple[object, str]], *, checkable: bool = True) -> None:
        """The values and their texts, in order; nothing is on."""
        for action in self._group.actions():
            self._group.removeAction(action)
            self.menu().removeAction(action)
            action.deleteLater()
        for value, text in choices:
            action = QAction(text, self)
            action.setData(value)
            action.setCheckable(checkable)
            self._group.addAction(action)
            self.menu().addAction(action)

    def set_on(self, values: Collection[object]) -> None:
        """Which values are on."""
        for action in self._group.actions():
            action.setChecked(action.data() in values)

    def text_of(self, value: object) -> str:
        """The text of a value; the value itself where there is none."""
        return next((one.text() for one in self._group.actions() if one.data() == value), str(value))

    def choose(self, value: object) -> None:
        """As if a person chose it; nothing happens where there is no such value."""
        for action in self._group.actions():
            if action.data() == value:
                action.trigger()

    def _on_triggered(self, action: QAction) -> None:
        if self._several:
            self.chosen.emit(tuple(one.data() for one in self._group.actions() if one.isChecked()))
        else:
            self.chosen.emit(action.data())

    def _ink(self) -> None:
        self.setIcon(icon("chevron-down", "muted", _ICON.width()))
