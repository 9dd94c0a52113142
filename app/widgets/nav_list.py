"""The list of pages at the left edge of the window."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.theme import BUTTON_RADIUS, GRID, body_font, bold_font, color, follow_theme
from app.widgets.icons import icon_pixmap

_PAGE = Qt.ItemDataRole.UserRole
_ICON = Qt.ItemDataRole.UserRole + 1
_BADGE = Qt.ItemDataRole.UserRole + 2
_BADGE_TOKEN = Qt.ItemDataRole.UserRole + 3
_TOKEN = Qt.ItemDataRole.UserRole + 4
_ROW_HEIGHT = 34
_ICON_SIZE = 18
_SUB_HEIGHT = 28
_SUB_ICON_SIZE = 16
_LEAST_ROWS = 4

Index = QModelIndex | QPersistentModelIndex


class NavList(QListWidget):
    """One entry a page, in the order of `add_page`. `page_chosen(str)` names the page that was chosen.

    An entry may have others below it that come and go; in a low window the list scrolls.
    """

    page_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nav")
        self.setAccessibleName(self.tr("Pages"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_NavDelegate(self))
        self.setMouseTracking(True)
        self.currentItemChanged.connect(self._on_current)
        follow_theme(self, self.viewport().update)

    def add_page(self, name: str, title: str, icon: str) -> None:
        """A new entry at the end; `icon` names one of the app's icons."""
        item = QListWidgetItem(title, self)
        item.setData(_PAGE, name)
        item.setData(_ICON, icon)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, title)
        self._fit()

    def add_sub_page(self, name: str, title: str, icon: str, token: str, below: str) -> None:
        """A new entry below that of the page `below` and those that are below it already, its icon in `token`'s colour."""
        place = next(row for row in range(self.count()) if self.item(row).data(_PAGE) == below) + 1
        while place < self.count() and self.item(place).data(_TOKEN):
            place += 1
        item = QListWidgetItem(title)
        item.setData(_PAGE, name)
        item.setData(_ICON, icon)
        item.setData(_TOKEN, token)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, title)
        item.setToolTip(title)
        self.insertItem(place, item)
        self._fit()

    def remove_page(self, name: str) -> None:
        """The entry goes; it should not be the current one."""
        item = self._item(name)
        if item is not None:
            self.takeItem(self.row(item))
            self._fit()

    def sizeHint(self) -> QSize:
        """As high as all entries."""
        return QSize(0, self._height())

    def show_page(self, name: str) -> None:
        """Marks the page as the current one."""
        item = self._item(name)
        if item is not None:
            self.setCurrentItem(item)

    def title_of(self, name: str) -> str:
        """The title of a page; empty for a page that is not in the list."""
        item = self._item(name)
        return "" if item is None else item.text()

    def set_badge(self, name: str, text: str, token: str = "muted") -> None:
        """Shows a short text beside the entry, in the colour of `token`; empty for none."""
        item = self._item(name)
        if item is not None and item.data(_BADGE) != text:
            # Told of a change, the list would be laid out and drawn as a whole, and badges change many times a second.
            told = self.model().blockSignals(True)
            item.setData(_BADGE, text)
            item.setData(_BADGE_TOKEN, token)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()} {text}".strip())
            self.model().blockSignals(told)
            self.viewport().update(self.visualItemRect(item))

    def badge(self, name: str) -> str:
        """What `set_badge` was given last."""
        item = self._item(name)
        return "" if item is None else item.data(_BADGE) or ""

    def _height(self) -> int:
        heights = (_SUB_HEIGHT if self.item(row).data(_TOKEN) else _ROW_HEIGHT for row in range(self.count()))
        return sum(heights) + 2

    def _fit(self) -> None:
        height = self._height()
        self.setMinimumHeight(min(height, _LEAST_ROWS * _ROW_HEIGHT))
        self.setMaximumHeight(height)
        self.updateGeometry()

    def _item(self, name: str) -> QListWidgetItem | None:
        items = (self.item(row) for row in range(self.count()))
        return next((item for item in items if item.data(_PAGE) == name), None)

    def _on_current(self, current: QListWidgetItem | None) -> None:
        if current is not None:
            self.page_chosen.emit(current.data(_PAGE))


class _NavDelegate(QStyledItemDelegate):
    """Draws an entry: icon, title, badge; the current one on the accent's ground."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, _SUB_HEIGHT if index.data(_TOKEN) else _ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box = option.rect.adjusted(0, 1, 0, -1)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(painter, box, state, chosen)
        token, sub_token = "accent" if chosen else "text", index.data(_TOKEN)
        # What is below another page stands under its title.
        left = GRID + 2 + (_ICON_SIZE + GRID + 2 if sub_token else 0)
        size = _SUB_ICON_SIZE if sub_token else _ICON_SIZE
        ink = sub_token if sub_token and not chosen else token
        pixmap = icon_pixmap(index.data(_ICON), ink, size, painter.device().devicePixelRatioF())
        painter.drawPixmap(box.left() + left, box.center().y() - size // 2 + 1, pixmap)
        words = box.adjusted(
            left + size + GRID + (0 if sub_token else 2), 0, -4 if sub_token else -GRID - 2, 0
        )
        badge = index.data(_BADGE) or ""
        self._draw_text(painter, words, index.data(Qt.ItemDataRole.DisplayRole), token, bold=chosen)
        if badge:
            token = index.data(_BADGE_TOKEN) or "muted"
            self._draw_text(painter, words, badge, token, bold=token != "muted", right=True)
        painter.restore()

    def _draw_ground(self, painter: QPainter, box: QRect, state: QStyle.StateFlag, chosen: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(color("accent-ground" if chosen else "hover"))
            painter.drawRoundedRect(box, BUTTON_RADIUS, BUTTON_RADIUS)
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(QPen(color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), BUTTON_RADIUS, BUTTON_RADIUS)

    def _draw_text(
        self, painter: QPainter, box: QRect, text: str, token: str, *, bold: bool, right: bool = False
    ) -> None:
        painter.setFont(bold_font() if bold else body_font())
        painter.setPen(color(token))
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)
