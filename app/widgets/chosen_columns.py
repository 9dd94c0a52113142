"""Lets a person widen, move and hide the columns of a list: by the header, its menu, and the menu of the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHeaderView, QMenu

from app.models.column_choice import ColumnChoice
from app.widgets.rows_view import Column, RowsView


class ChosenColumns(QObject):
    """`changed(ColumnChoice)` after each change that a person makes.

    The first column is always shown, and the last, which has the buttons of a row, stays where it is. A width that was
    chosen gives way only where there is no room for it; a double click on the edge of a column lets it follow the room
    again.
    """

    changed = Signal(object)

    def __init__(self, view: RowsView, columns: Mapping[str, Column]) -> None:
        """`columns` by their names, as the model has them; the view has its model."""
        super().__init__(view)
        self._view = view
        self._names = list(columns)
        self._columns = list(columns.values())
        self._choice = ColumnChoice()
        self._is_pressed = self._is_arranging = False
        self._pulled: int | None = None
        self._is_moved = False
        self.menu = QMenu(self.tr("Columns"), view)
        self.menu.setObjectName(f"{view.objectName()}-columns")
        self.menu.setAccessibleName(self.tr("Columns"))
        self.menu.aboutToShow.connect(self._fill_menu)
        header = view.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(len(self._names) - 1, QHeaderView.ResizeMode.Fixed)
        header.setSectionsMovable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._on_menu)
        header.sectionResized.connect(self._on_resized)
        header.sectionMoved.connect(self._on_moved)
        header.sectionHandleDoubleClicked.connect(self._on_double_click)
        header.viewport().installEventFilter(self)
        self._fill_menu()

    @property
    def choice(self) -> ColumnChoice:
        """What is chosen now."""
        return self._choice

    def add_to_menu(self) -> None:
        """The menu of the list gets one more entry, at its end: that of the columns."""
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._view.addAction(self.menu.menuAction())

    def show_choice(self, choice: ColumnChoice) -> None:
        """Arranges the columns so; nobody is told."""
        self._choice = choice
        self._arrange()

    def reset(self) -> None:
        """As if nobody had ever changed anything."""
        self._choose(ColumnChoice())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's hook; what is done with the mouse is a choice when it lets go."""
        if event.type() == QEvent.Type.MouseButtonPress:
            self._is_pressed, self._pulled, self._is_moved = True, None, False
        elif event.type() == QEvent.Type.MouseButtonRelease and self._is_pressed:
            # The header, which moves a column only now, has yet to hear of it.
            QTimer.singleShot(0, self, self._on_let_go)
        return False

    def _choose(self, choice: ColumnChoice) -> None:
        self._choice = choice
        self._arrange()
        self.changed.emit(choice)

    def _arrange(self) -> None:
        header = self._view.header()
        self._is_arranging = True
        try:
            for place, name in enumerate(self._choice.ordered(self._names)):
                header.moveSection(header.visualIndex(self._names.index(name)), place)
            header.moveSection(header.visualIndex(len(self._names) - 1), len(self._names) - 1)
            self._view.set_columns([self._column(n) for n in range(len(self._names))])
        finally:
            self._is_arranging = False

    def _column(self, number: int) -> Column:
        name, column = self._names[number], self._columns[number]
        if self._can_hide(number) and name in self._choice.hidden:
            return Column(0)
        width = self._choice.widths.get(name)
        if width is None:
            return column
        return replace(column, width=max(width, column.least), share=0, narrow_below=0, is_firm=True)

    def _can_hide(self, number: int) -> bool:
        return 0 < number < len(self._names) - 1

    def _on_resized(self, number: int, _old: int, _new: int) -> None:
        if self._is_pressed and not self._is_arranging:
            self._pulled = number

    def _on_moved(self, *_: int) -> None:
        if self._is_pressed and not self._is_arranging:
            self._is_moved = True

    def _on_let_go(self) -> None:
        self._is_pressed = False
        header, choice = self._view.header(), self._choice
        if self._pulled is not None:
            choice = choice.with_width(self._names[self._pulled], header.sectionSize(self._pulled))
        if self._is_moved:
            order = [self._names[header.logicalIndex(place)] for place in range(len(self._names))]
            order.append(order.pop(order.index(self._names[-1])))
            choice = choice.with_order(order, self._names)
        self._pulled, self._is_moved = None, False
        if choice != self._choice:
            self._choose(choice)
        else:
            self._arrange()

    def _on_double_click(self, number: int) -> None:
        self._pulled = None
        self._choose(self._choice.with_width(self._names[number], None))

    def _on_menu(self, place: QPoint) -> None:
        self.menu.popup(self._view.header().viewport().mapToGlobal(place))

    def _fill_menu(self) -> None:
        self.menu.clear()
        model, header = self._view.model(), self._view.header()
        for name in self._choice.ordered(self._names):
            number = self._names.index(name)
            title = str(model.headerData(number, Qt.Orientation.Horizontal))
            if not self._can_hide(number):
                continue
            is_wanted = name not in self._choice.hidden
            if is_wanted and header.isSectionHidden(number):
                title = self.tr("{0} (no room for it now)").format(title)
            entry = QAction(title, self.menu)
            entry.setObjectName(f"column-{name}")
            entry.setCheckable(True)
            entry.setChecked(is_wanted)
            entry.toggled.connect(lambda is_on, name=name: self._choose(self._choice.with_shown(name, is_on)))
            self.menu.addAction(entry)
        self.menu.addSeparator()
        reset = self.menu.addAction(self.tr("Reset columns"))
        reset.setObjectName("columns-reset")
        reset.setEnabled(not self._choice.is_default)
        reset.triggered.connect(lambda: self.reset())
