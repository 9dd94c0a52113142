"""The list that all pages share: rows of fixed columns that follow the width, and buttons in the row that is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTreeView, QWidget

from app.theme import CARD_RADIUS, bold_font, color, follow_theme
from app.widgets.row_painting import CELL_PADDING

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel, QRect
    from PySide6.QtGui import QFocusEvent, QPaintEvent, QResizeEvent


@dataclass(frozen=True)
class Column:
    """How wide a column is: at best `width`, at least `least`; `share` of the room that is left.

    In a list narrower than `narrow_below` it is `least` wide, in one narrower than `hide_below` it is hidden. One that
    `is_firm` gives way only when the others have.
    """

    width: int
    least: int = 0
    share: int = 0
    narrow_below: int = 0
    hide_below: int = 0
    is_firm: bool = False

    def best(self, room: int) -> int:
        """The width it would have if all were as they like."""
        if room < self.hide_below:
            return 0
        return self.least if room < self.narrow_below else self.width


def fit_columns(columns: Sequence[Column], room: int) -> list[int]:
    """The widths that fill `room`; 0 for a hidden column."""
    widths = [column.best(room) for column in columns]
    spare = room - sum(widths)
    if spare >= 0:
        shares = [column.share if width else 0 for column, width in zip(columns, widths, strict=True)]
        return _spread(widths, shares, spare)
    for is_firm in (False, True):
        slack = [
            width - min(width, column.least or width) if column.is_firm is is_firm else 0
            for column, width in zip(columns, widths, strict=True)
        ]
        cut = max(spare, -sum(slack))
        widths, spare = _spread(widths, slack, cut), spare - cut
    return widths


def _spread(widths: list[int], weights: list[int], room: int) -> list[int]:
    total = sum(weights)
    if not total:
        return widths
    parts = [int(room * weight / total) for weight in weights]
    parts[weights.index(max(weights))] += room - sum(parts)
    return [width + part for width, part in zip(widths, parts, strict=True)]


@lru_cache(maxsize=16)
def _frame(width: float, height: float, right: float) -> tuple[QPainterPath, QPainterPath]:
    """The frame with its round corners, and what of the list lies outside of it; a size has them worked out once."""
    room = QRectF(0.0, 0.0, width, height)
    frame, whole = QPainterPath(), QPainterPath()
    frame.addRoundedRect(room.adjusted(-0.5, -2 * CARD_RADIUS, right, 0.5), CARD_RADIUS, CARD_RADIUS)
    whole.addRect(room)
    return frame, whole - frame


class RowsView(QTreeView):
    """`actions_moved()` says that the buttons belong to another row, or that their row has changed.

    The buttons stand in the row under the mouse, else in the current one, so that a list of any length has one set.
    """

    actions_moved = Signal()

    def __init__(
        self, name: str, accessible_name: str, columns: Sequence[Column], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.header().setAccessibleName(self.tr("{0}: columns").format(accessible_name))
        self._columns = tuple(columns)
        self._actions: QWidget | None = None
        self._actions_column = 0
        self.can_act: Callable[[QModelIndex], bool] = lambda _row: True
        """Is there anything to press in this row? If not, the buttons stay in the current one."""
        self._hovered = QPersistentModelIndex()
        self._acting = QPersistentModelIndex()
        self._is_laying_out = False
        self._is_losing_rows = False
        self.near_top: Callable[[], None] = lambda: None
        """Called when the first row is in view, or no further than one screen above it."""
        self.is_top_first: Callable[[], bool] = lambda: True
        """Is there nothing above the first row? If there is, that stays where it is when others come above it."""
        # The row at the upper edge before others came or went, and where on the screen it was.
        self._anchor: tuple[QPersistentModelIndex, int] | None = None
        self._is_changing = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._place)
        self._dress()
        follow_theme(self, self.viewport().update)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Other widths, of as many columns."""
        self._columns = tuple(columns)
        self.fit()

    def set_actions(self, actions: QWidget, column: int) -> None:
        """The widget that stands in `column` of the row that is meant."""
        self._actions, self._actions_column = actions, column
        actions.setParent(self.viewport())
        actions.hide()

    @property
    def acting_index(self) -> QModelIndex:
        """The first cell of the row the buttons belong to; not valid when there is none."""
        return QModelIndex(self._acting)  # type: ignore[call-overload]

    @property
    def hovered_row(self) -> int:
        """The row under the mouse, -1 for none."""
        return self._hovered.row() if self._hovered.isValid() else -1

    def fit(self) -> None:
        """Gives the columns their widths again."""
        for column, width in enumerate(fit_columns(self._columns, self.viewport().width())):
            self.setColumnHidden(column, width == 0)
            if width:
                self.setColumnWidth(column, width)
        if not self.uniformRowHeights():
            # A row's height may follow from the width.
            self.scheduleDelayedItemsLayout()
        self._soon.start()

    def add_menu_action(self, text: str, slot: Callable[[], None]) -> QAction:
        """One more entry of the menu that the right mouse button and the menu key open."""
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        action = QAction(text, self)
        action.triggered.connect(lambda: slot())
        self.addAction(action)
        return action

    def is_end_in_sight(self) -> bool:
        """Is the last row in view, or no further than one screen below it?"""
        bar = self.verticalScrollBar()
        return not self._is_laying_out and bar.value() + bar.pageStep() >= bar.maximum()

    def sizeHint(self) -> QSize:
        """Qt's hook; a stack of pages asks for it, and knows nothing of a height that is fixed."""
        return super().sizeHint().boundedTo(self.maximumSize())

    def doItemsLayout(self) -> None:
        """Qt's hook; while rows are being laid out nobody knows yet where they end."""
        self._is_laying_out = True
        try:
            super().doItemsLayout()
        finally:
            self._is_laying_out = False
        self._is_changing = False
        anchor, self._anchor = self._anchor, None
        if anchor is not None and anchor[0].isValid():
            moved = self.visualRect(QModelIndex(anchor[0])).top() - anchor[1]  # type: ignore[call-overload]
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved)
        if (
            not self.is_top_first()
            and self.verticalScrollBar().value() <= self.verticalScrollBar().pageStep()
        ):
            QTimer.singleShot(0, self, lambda: self.near_top())

    def rowsAboutToBeRemoved(self, parent: QModelIndex | QPersistentModelIndex, start: int, end: int) -> None:
        """Qt's hook; where rows go above what is looked at, that stays where it is."""
        self._is_losing_rows = True
        self._hold()
        super().rowsAboutToBeRemoved(parent, start, end)

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Qt's hook; when the current row goes, another becomes that, but nobody went there."""
        if not self._is_losing_rows:
            super().scrollTo(index, hint)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Qt's hook; the buttons follow the rows of the model."""
        super().setModel(model)
        if model is None:
            return
        model.rowsAboutToBeInserted.connect(lambda *_: self._hold())
        model.rowsRemoved.connect(lambda *_: self._on_lost())
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        signals = (
            model.rowsInserted,
            model.rowsRemoved,
            model.rowsMoved,
            model.dataChanged,
            model.layoutChanged,
        )
        for signal in signals:
            signal.connect(lambda *_: self._soon.start())
        self.selectionModel().currentChanged.connect(lambda *_: self._soon.start())
        self.fit()

    def drawBranches(self, painter: QPainter, rect: QRect, index: Any) -> None:
        """No lines of a tree: the delegate draws what shows that a row can be opened."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's hook; the line below the header, and round corners that no coloured row may cut."""
        super().paintEvent(event)
        room = QRectF(self.viewport().rect())
        # The frame is one pixel wider than what is painted here, and goes on above it and over the scroll bar.
        right = self.verticalScrollBar().width() if self.verticalScrollBar().isVisible() else 0.5
        frame, outside = _frame(room.width(), room.height(), right)
        painter = QPainter(self.viewport())
        painter.fillRect(0, 0, self.viewport().width(), 1, color("line"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(outside, color("window"))
        painter.setClipRect(QRectF(room.left(), room.bottom() - CARD_RADIUS, room.width(), CARD_RADIUS))
        painter.setPen(QPen(color("line"), 1))
        painter.drawPath(frame)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook; the columns follow the width."""
        super().resizeEvent(event)
        self.fit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Qt's hook; the buttons move with their row."""
        super().scrollContentsBy(dx, dy)
        # The corners and the line below the header stay where they are: nothing painted may be moved.
        self.viewport().update()
        self._place()
        bar = self.verticalScrollBar()
        if dy and bar.value() <= bar.pageStep():
            self.near_top()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt's hook; the current row shows that it has the focus."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt's hook; and that it has it no longer."""
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        """Qt's hook; the buttons come to the row under the mouse."""
        if event.type() == QEvent.Type.Leave:
            self._set_hovered(QModelIndex())
        return super().viewportEvent(event)

    def _dress(self) -> None:
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setItemsExpandable(True)
        self.setExpandsOnDoubleClick(False)
        self.setUniformRowHeights(False)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = self.header()
        # The list's corners are round; the header lies on top of two of them.
        header.setStyleSheet(
            "QHeaderView { background: transparent; }"
            # The line below it is drawn in one piece by the list: at 1.5 the sections' own would have gaps.
            "QHeaderView::section { border-bottom: none; }"
            f"QHeaderView::section:first {{ border-top-left-radius: {CARD_RADIUS - 1}px; }}"
            f"QHeaderView::section:last {{ border-top-right-radius: {CARD_RADIUS - 1}px; }}"
        )
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(2 * CELL_PADDING)
        header.setSectionsMovable(False)
        header.setHighlightSections(False)
        # Measured as it is drawn, so that what is cut has its ellipsis.
        header.setFont(bold_font())
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.entered.connect(self._set_hovered)
        self.expanded.connect(lambda _index: self._soon.start())
        self.collapsed.connect(lambda _index: self._soon.start())

    def _on_lost(self) -> None:
        self._is_losing_rows = False

    def _hold(self) -> None:
        """Notes the row at the upper edge before the first change since rows were laid out: others may move it."""
        # Once, because whoever asks where a row is has all of them laid out first.
        if self._is_changing:
            return
        self._is_changing = True
        if self.verticalScrollBar().value() > 0 or not self.is_top_first():
            top = self._top(self.indexAt(QPoint(0, 0)))
            if top.isValid():
                self._anchor = (QPersistentModelIndex(top), self.visualRect(top).top())

    def _set_hovered(self, index: QModelIndex) -> None:
        self._hovered = QPersistentModelIndex(self._top(index))
        self._place()

    def _top(self, index: QModelIndex) -> QModelIndex:
        top = index.parent() if index.parent().isValid() else index
        return top.siblingAtColumn(0)

    def _wanted(self) -> QModelIndex:
        focus = self.focusWidget()
        in_use = self._actions is not None and focus is not None and self._actions.isAncestorOf(focus)
        if in_use and self._acting.isValid():
            return self.acting_index
        hovered = QModelIndex(self._hovered)  # type: ignore[call-overload]
        if hovered.isValid() and self.can_act(hovered):
            return hovered
        return self._top(self.currentIndex())

    def _place(self) -> None:
        wanted = self._wanted()
        self._acting = QPersistentModelIndex(wanted)
        self.actions_moved.emit()
        actions = self._actions
        if actions is None:
            return
        rect = self.visualRect(wanted.siblingAtColumn(self._actions_column)) if wanted.isValid() else None
        if rect is None or rect.isEmpty() or not self.viewport().rect().intersects(rect):
            actions.hide()
            return
        actions.setGeometry(rect.adjusted(0, 0, 0, -1))
        actions.show()
