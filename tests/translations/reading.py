"""Reads all that a person can read in a window, and looks what of it is cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QTextEdit,
    QWidget,
)

_MOST_ROWS = 60
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)


@dataclass(frozen=True)
class Read:
    """A text and who shows it ("queue-cancel (QPushButton)")."""

    text: str
    where: str


def read_all(window: QWidget) -> Iterator[Read]:
    """Every text of a window, of what is hidden in it too: it may be seen at any time."""
    for widget in (window, *window.findChildren(QWidget)):
        where = f"{_path(widget)} ({type(widget).__name__})"
        for text in _texts_of(widget):
            if (plain := _plain(text)) and not widget.objectName().endswith("traceback"):
                yield Read(plain, where)
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from (Read(_plain(text), where) for text in _cells(widget.model()) if text)
    for action in window.findChildren(QAction):
        if type(action.parent()).__name__ == "GraphicsScene":
            continue  # of pyqtgraph, in a menu that is switched off
        for text in (action.text(), action.toolTip()):
            if text:
                yield Read(_plain(text), f"{action.objectName()} (QAction)")


def cut_off(window: QWidget) -> dict[str, str]:
    """What a person sees that has less room than its words need: who, and which words."""
    found: dict[str, str] = {}
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.width() > 0 and (words := _cut(widget)):
            found[f"{_path(widget)} ({type(widget).__name__})"] = words
    return found


def mnemonics(window: QWidget) -> dict[str, list[str]]:
    """The keys that buttons and labels which can be seen have with Alt, and the words that ask for each."""
    found: dict[str, list[str]] = {}
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and isinstance(widget, QAbstractButton | QLabel):
            text = widget.text()
            if isinstance(widget, QLabel) and widget.buddy() is None:
                continue
            for key in re.findall(r"(?<!&)&(\w)", text):
                found.setdefault(key.upper(), []).append(text)
    return found


def _texts_of(widget: QWidget) -> Iterator[str]:
    yield from (
        widget.toolTip(),
        widget.accessibleName(),
        widget.accessibleDescription(),
        widget.windowTitle(),
    )
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(place) for place in range(widget.count()))
    elif isinstance(widget, QSpinBox | QDoubleSpinBox):
        yield from (widget.text(), widget.suffix(), widget.specialValueText())
    elif isinstance(widget, QTextEdit | QPlainTextEdit):
        yield from widget.toPlainText().splitlines()


def _cells(model: QAbstractItemModel, parent: QModelIndex | None = None) -> Iterator[str]:
    root = parent or QModelIndex()
    # Of a list Qt hides how many there are.
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(root)
    if parent is None:
        for column in range(columns):
            yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
    for row in range(min(_MOST_ROWS, model.rowCount(root))):
        for column in range(columns):
            index = model.index(row, column, root)
            for role in _ROLES:
                value = index.data(role)
                if isinstance(value, str):
                    yield value
            if model.rowCount(index.siblingAtColumn(0)) > 0 and column == 0:
                yield from _cells(model, index)


def _cut(widget: QWidget) -> str:
    metrics = widget.fontMetrics()
    if isinstance(widget, QHeaderView):
        cut: list[str] = []
        model = widget.model()
        for section in range(widget.count()):
            text = str(model.headerData(section, widget.orientation()) or "")
            room = widget.sectionSize(section)
            if text and not widget.isSectionHidden(section) and metrics.horizontalAdvance(text) + 16 > room:
                cut.append(text)
        return ", ".join(cut)
    if isinstance(widget, QAbstractButton):
        text = widget.text()
        return text if text and widget.width() < widget.sizeHint().width() - 1 else ""
    if isinstance(widget, QLabel):
        text = _plain(widget.text())
        if not text or widget.wordWrap():
            return ""
        return text if metrics.horizontalAdvance(text) > widget.contentsRect().width() + 1 else ""
    if isinstance(widget, QLineEdit):
        if isinstance(widget.parent(), QAbstractSpinBox):
            text = widget.text()
        else:
            text = "" if widget.text() else widget.placeholderText()
        return text if text and metrics.horizontalAdvance(text) > widget.width() - 8 else ""
    if isinstance(widget, QComboBox):
        return widget.currentText() if widget.width() < widget.minimumSizeHint().width() else ""
    return ""


def _plain(text: str) -> str:
    if re.search(r"<\w+[^>]*>", text):
        document = QTextDocument()
        document.setHtml(text)
        text = document.toPlainText()
    return re.sub(r"&(?=\w)", "", text).strip()


def _path(widget: QWidget) -> str:
    names: list[str] = []
    one: QWidget | None = widget
    while one is not None and len(names) < 3:
        if one.objectName() and not one.objectName().startswith("qt_"):
            names.append(one.objectName())
        one = one.parentWidget()
    return " < ".join(names) or "?"
