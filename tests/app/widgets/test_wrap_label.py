"""Long texts wrap wherever they must, and are never longer than their place."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.widgets.wrap_label import WrapLabel

PATH = "/home/anna/" + "a_very_long_name_without_a_space" * 20


def test_a_path_wraps_and_keeps_its_text(qtbot: QtBot) -> None:
    label = WrapLabel(PATH)
    qtbot.addWidget(label)
    assert label.text() == PATH
    assert label.minimumSizeHint().width() == 0
    line = label.fontMetrics().height()
    assert label.heightForWidth(200) > 5 * line
    assert label.heightForWidth(100_000) <= line + 2


def test_all_of_it_is_drawn(qtbot: QtBot) -> None:
    label = WrapLabel("W" * 200)
    qtbot.addWidget(label)
    label.resize(150, label.heightForWidth(150))
    label.show()
    image = label.grab().toImage()
    ground = image.pixel(image.width() - 1, 0)
    last_line = range(image.height() - label.fontMetrics().height(), image.height())
    assert any(image.pixel(x, y) != ground for x in range(image.width()) for y in last_line)


def test_without_a_text_it_takes_no_room(qtbot: QtBot) -> None:
    label = WrapLabel()
    qtbot.addWidget(label)
    assert label.isHidden()
    label.show_text("now")
    assert not label.isHidden()
