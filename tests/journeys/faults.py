"""What eyes would find wrong with how a window is laid out: words cut off, parts over each other or out of sight."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHeaderView,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QTreeView,
    QWidget,
)

from app.widgets.elide_label import ElideLabel
from app.widgets.wrap_label import WrapLabel

_SEEN = (QLabel, QAbstractButton, QComboBox, QLineEdit)
_HEADER_PADDING = 22


def faults(window: QWidget) -> list[str]:
    """All of them, each in words that name the thing."""
    parts = [window, *window.findChildren(QWidget)]
    seen = [one for one in parts if one.isVisible() and not one.visibleRegion().isEmpty()]
    return [
        *(f"cut: {text}" for one in seen if (text := _cut(one))),
        *(f"over each other: {text}" for one in seen for text in _overlaps(one)),
        *(
            f"out of sight: {text}"
            for one in seen
            if isinstance(one, _SEEN) and (text := _outside(one, window))
        ),
        *(f"wider than its view: {text}" for one in seen if (text := _too_wide(one))),
        *(f"cut heading: {text}" for one in seen if isinstance(one, QTreeView) for text in _headings(one)),
    ]


def _name(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.objectName()!r} {words!r}".replace(" ''", "")


def _cut(one: QWidget) -> str:
    if isinstance(one, ElideLabel):
        return f"{_name(one)} has no tooltip" if one.is_cut and not one.toolTip() else ""
    if isinstance(one, WrapLabel):
        return _lower(one, one.heightForWidth(one.width()))
    if isinstance(one, QLabel):
        if not one.text() or not one.pixmap().isNull():
            return ""
        if one.wordWrap():
            return _lower(one, one.heightForWidth(one.width()))
        return _narrower(one, one.sizeHint().width()) or _lower(one, one.fontMetrics().height())
    if isinstance(one, QPushButton | QComboBox):
        return _narrower(one, one.sizeHint().width())
    if isinstance(one, QLineEdit) and not one.text() and one.placeholderText():
        margins = one.textMargins()
        words = one.fontMetrics().horizontalAdvance(one.placeholderText())
        return _narrower(one, words + margins.left() + margins.right() + 8)
    return ""


def _narrower(one: QWidget, needed: int) -> str:
    return f"{_name(one)} needs {needed} px and has {one.width()}" if needed > one.width() + 1 else ""


def _lower(one: QWidget, needed: int) -> str:
    return (
        f"{_name(one)} needs a height of {needed} px and has {one.height()}"
        if needed > one.height() + 1
        else ""
    )


def _overlaps(parent: QWidget) -> Iterator[str]:
    layout = parent.layout()
    if layout is None:
        return
    for one, other in combinations(_leaves(layout), 2):
        both = one.geometry().intersected(other.geometry())
        if both.width() > 1 and both.height() > 1:
            yield f"{_name(one)} and {_name(other)}"


def _leaves(layout: QLayout) -> Iterator[QWidget]:
    """The widgets that a layout places beside each other, also those of layouts within it."""
    if isinstance(layout, QStackedLayout):
        return
    for place in range(layout.count()):
        item = layout.itemAt(place)
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None and widget.isVisible():
            yield widget
        elif inner is not None:
            yield from _leaves(inner)


def _outside(one: QWidget, window: QWidget) -> str:
    """Is a part of it beyond the left or the right edge of what it stands in? Below there may be more to scroll to."""
    rect, inside = one.rect(), one
    while inside is not window and (parent := inside.parentWidget()) is not None:
        rect = QRect(inside.mapToParent(QPoint(rect.left(), rect.top())), rect.size())
        if rect.left() < -1 or rect.right() > parent.width():
            return f"{_name(one)} reaches from {rect.left()} to {rect.right()} of {parent.width()} px in {_name(parent)}"
        inside = parent
    return ""


def _too_wide(one: QWidget) -> str:
    if isinstance(one, QScrollArea) and (content := one.widget()) is not None:
        room = one.viewport().width()
        if content.width() > room:
            return f"{_name(one)}: {content.width()} px in {room}, because of {' > '.join(_widest(content))}"
    return ""


def _widest(widget: QWidget) -> Iterator[str]:
    """From the outside to the inside, what asks for the most room."""
    inner = [one for one in widget.children() if isinstance(one, QWidget) and one.isVisible()]
    if inner:
        widest = max(inner, key=lambda one: max(one.minimumSizeHint().width(), one.minimumWidth()))
        yield f"{_name(widest)} ({max(widest.minimumSizeHint().width(), widest.minimumWidth())} px)"
        yield from _widest(widest)


def _headings(view: QTreeView) -> Iterator[str]:
    header: QHeaderView = view.header()
    model = view.model()
    if header.isHidden() or model is None:
        return
    for column in range(header.count()):
        title = str(model.headerData(column, header.orientation()) or "")
        needed = header.fontMetrics().horizontalAdvance(title) + _HEADER_PADDING
        if not header.isSectionHidden(column) and needed > header.sectionSize(column):
            yield f"{title!r} of {view.objectName()} needs {needed} px and has {header.sectionSize(column)}"
