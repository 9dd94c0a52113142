"""What finds faults of a layout finds them: else a window without faults would say nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.widgets.elide_label import ElideLabel
from app.widgets.wrap_label import WrapLabel
from tests.journeys.faults import faults

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")
LONG = "a sentence that is far longer than the room there is for it"


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(200, 240)
    return made


def found(window: QWidget) -> list[str]:
    window.show()
    answer = faults(window)
    window.hide()
    return answer


def test_a_layout_without_faults_has_none(window: QWidget) -> None:
    column = QVBoxLayout(window)
    for part in (QLabel("short"), WrapLabel(LONG), ElideLabel(LONG), QPushButton("Press")):
        column.addWidget(part)
    assert found(window) == []


@pytest.mark.parametrize("part", [QLabel, QPushButton])
def test_words_that_are_cut_are_found(window: QWidget, part: type[QLabel | QPushButton]) -> None:
    one = part(LONG, window)
    one.setGeometry(0, 0, 100, 30)
    assert "needs" in "".join(found(window))


def test_words_that_are_too_high_are_found(window: QWidget) -> None:
    one = WrapLabel(LONG)
    one.setParent(window)
    one.setGeometry(0, 0, 100, 16)
    assert "needs a height of" in "".join(found(window))


def test_a_hint_of_a_field_that_is_cut_is_found(window: QWidget) -> None:
    one = QLineEdit(window)
    one.setPlaceholderText(LONG)
    one.setGeometry(0, 0, 100, 30)
    assert [fault.split(":")[0] for fault in found(window)] == ["cut"]


def test_words_that_are_elided_without_a_tooltip_are_found(window: QWidget) -> None:
    one = ElideLabel("short", window)
    one.setGeometry(0, 0, 100, 20)
    window.show()
    one.setText(LONG)
    assert faults(window) == []
    one.setToolTip("")
    assert "has no tooltip" in "".join(faults(window))


def test_parts_over_each_other_are_found(window: QWidget) -> None:
    grid = QGridLayout(window)
    grid.addWidget(QPushButton("one"), 0, 0)
    row = QHBoxLayout()
    row.addWidget(QPushButton("two"))
    grid.addLayout(row, 0, 0)
    assert "over each other" in "".join(found(window))


def test_what_reaches_out_of_its_view_is_found(window: QWidget) -> None:
    content = QWidget()
    content.setMinimumWidth(400)
    button = QPushButton("far away", content)
    button.setGeometry(150, 0, 100, 30)
    area = QScrollArea(window)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidgetResizable(True)
    area.setWidget(content)
    area.setGeometry(0, 0, 200, 120)
    kinds = {fault.split(":")[0] for fault in found(window)}
    assert kinds == {"out of sight", "wider than its view"}
