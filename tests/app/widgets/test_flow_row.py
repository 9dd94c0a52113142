"""Parts in a line that goes on below have the room that their words need."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.flow_row import FlowRow
from app.widgets.stable_label import StableLabel

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


@pytest.fixture
def pages(qtbot: QtBot) -> QStackedWidget:
    """Two pages; a row stands on the first, the second is the one that is shown."""
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    for _ in range(2):
        page = QWidget()
        QVBoxLayout(page)
        stack.addWidget(page)
    stack.resize(400, 200)
    return stack


def entry(label: StableLabel) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(label)
    return made


def settle() -> None:
    """A part asks the row in one turn, and the row its page in the next."""
    for _ in range(3):
        QApplication.processEvents()


def add_row(pages: QStackedWidget, *entries: QWidget) -> FlowRow:
    row = FlowRow(entries, 8)
    page = pages.widget(0)
    assert page is not None
    layout = page.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.addWidget(row)
    layout.addStretch()
    return row


@pytest.mark.parametrize("laid_out_behind", [False, True])
def test_words_that_grew_on_a_page_behind_another_have_their_room_when_it_is_shown(
    pages: QStackedWidget, laid_out_behind: bool
) -> None:
    row = add_row(pages)
    pages.setCurrentIndex(0)
    pages.show()
    QApplication.processEvents()
    pages.setCurrentIndex(1)
    label = StableLabel("Disk")
    part = entry(label)
    row.add(part)
    label.setText("Disk 0.02, and more than it said before")
    if laid_out_behind:
        # Qt does so at times: the part then is content with what it has, and does not ask when it is shown.
        QApplication.sendEvent(part, QResizeEvent(part.size(), QSize()))
    pages.setCurrentIndex(0)
    settle()
    assert label.width() >= label.fontMetrics().horizontalAdvance(label.text())


def test_words_that_grow_in_sight_have_their_room_and_push_the_next_part_on(pages: QStackedWidget) -> None:
    labels = [StableLabel("Disk"), StableLabel("Memory")]
    parts = [entry(label) for label in labels]
    row = add_row(pages, *parts)
    pages.setCurrentIndex(0)
    pages.show()
    QApplication.processEvents()
    before = row.height()
    labels[0].setText("Disk " + "0.02 " * 11)
    settle()
    assert labels[0].width() >= labels[0].fontMetrics().horizontalAdvance(labels[0].text().strip())
    assert parts[1].y() > parts[0].y()
    assert row.height() > before
