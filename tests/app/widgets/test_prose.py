"""Texts that are read and copied: they wrap wherever they must, and what is copied is what was given."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.widgets.prose import Prose

PATH = "/home/anna/" + "a_very_long_name_without_a_space" * 20


def test_a_path_wraps_and_is_copied_as_it_is(qtbot: QtBot) -> None:
    prose = Prose(PATH)
    qtbot.addWidget(prose)
    prose.resize(200, prose.heightForWidth(200))
    prose.show()
    QGuiApplication.clipboard().clear()
    prose.selectAll()
    QTest.keyClick(prose, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == PATH


def test_its_height_follows_its_width_and_shows_all_lines(qtbot: QtBot) -> None:
    prose = Prose(PATH)
    qtbot.addWidget(prose)
    line = prose.fontMetrics().height()
    assert prose.minimumSizeHint().width() == 0
    assert prose.heightForWidth(100_000) <= line + 2
    prose.resize(200, prose.heightForWidth(200))
    prose.show()
    assert prose.height() > 5 * line
    assert prose.verticalScrollBar().maximum() == 0


def test_it_can_not_be_written_in_and_leaves_the_wheel_to_others(qtbot: QtBot) -> None:
    prose = Prose("as it was")
    qtbot.addWidget(prose)
    prose.show()
    QTest.keyClicks(prose, "x")
    assert prose.toPlainText() == "as it was"
    at, none = QPointF(2, 2), Qt.MouseButton.NoButton
    turn = QWheelEvent(
        at,
        at,
        QPoint(),
        QPoint(0, -120),
        none,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    prose.wheelEvent(turn)
    assert not turn.isAccepted()


def test_other_words_are_as_high_as_if_they_had_been_there_from_the_start(qtbot: QtBot) -> None:
    first, later = Prose("one line"), Prose("")
    qtbot.addWidget(first)
    qtbot.addWidget(later)
    later.set_text("one line")
    for width in (300, 30, 12):
        assert later.heightForWidth(width) == first.heightForWidth(width)
