"""Numbers that grow and shrink move nothing around them."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.domain_card import DomainCard
from app.widgets.elide_label import ElideLabel
from app.widgets.status_bar import StatusBar
from scheduler_core import DomainCounts, DomainHandle
from tests.app.widgets.handles import Asked, Handle

COUNTS = (1, 10, 1_000, 100_000, 10, 1)
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def places(card: DomainCard) -> list[tuple[str, QRect]]:
    """Where every part is, but for the counts and the words beside them, which give way to a longer number."""
    parts = [one for one in card.findChildren(QWidget) if not one.objectName().startswith("count-")]
    return [
        (type(one).__name__, QRect(one.mapTo(card, QPoint(0, 0)), one.size()))
        for one in parts
        if one.isVisible() and not isinstance(one, ElideLabel)
    ]


@pytest.mark.parametrize("width", [216, 256])
def test_the_counts_of_a_card_move_nothing_else_of_it(qtbot: QtBot, width: int) -> None:
    handle = Handle()
    card = DomainCard(cast("DomainHandle", handle), Asked(), "Sync", "series-3", lambda: 0.0)
    qtbot.addWidget(card)
    card.resize(width, 180)
    card.show()
    handle.say_counts(DomainCounts(running=1, pending=1, paused=1, failed=1))
    QApplication.processEvents()
    before = places(card)
    assert len(before) >= 8
    for count in COUNTS:
        handle.say_counts(DomainCounts(running=count, pending=count, paused=count, failed=count))
        QApplication.processEvents()
        assert places(card) == before, count
        assert card.width() == width


def test_the_words_beside_a_count_do_not_come_back_while_there_is_work(qtbot: QtBot) -> None:
    handle = Handle()
    card = DomainCard(cast("DomainHandle", handle), Asked(), "Sync", "series-3", lambda: 0.0)
    qtbot.addWidget(card)
    card.resize(256, 180)
    card.show()
    number = card.findChild(QLabel, "count-waiting")
    assert number is not None
    widths: list[int] = []
    for counts in (
        DomainCounts(pending=12_345),
        DomainCounts(pending=9, completed=12_336),
        DomainCounts(completed=12_345),
    ):
        handle.say_counts(counts)
        QApplication.processEvents()
        widths.append(number.width())
    assert widths[0] == widths[1], "from one moment to the next nothing jumps"
    assert widths[2] < widths[0], "when all is done it begins anew"


def test_the_failures_in_the_status_bar_stay_where_they_are_as_counts_change(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.resize(900, 30)
    bar.show()
    failed = bar.findChild(QPushButton, "status-failed")
    assert failed is not None
    lefts: list[int] = []
    for count in (100_000, 1_000, 10, 1):
        bar.set_counts(DomainCounts(running=count, pending=count), 3, paused=False)
        QApplication.processEvents()
        lefts.append(failed.x())
    assert len(set(lefts)) == 1
    bar.set_counts(DomainCounts(running=1), 3, paused=True)
    QApplication.processEvents()
    assert failed.x() < lefts[0], "another sentence has a width of its own"
