"""Words that change many times a second move nothing around them, until they need another room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.figure_label import FigureLabel
from app.widgets.nav_list import NavList
from app.widgets.stable_label import StableLabel


class Watch(QObject):
    """Counts what a widget is told."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.layouts = self.paints = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.layouts += event.type() == QEvent.Type.LayoutRequest
        self.paints += event.type() == QEvent.Type.Paint
        return False


def shown_with(label: QLabel, qtbot: QtBot) -> QWidget:
    host = QWidget()
    qtbot.addWidget(host)
    row = QHBoxLayout(host)
    row.addWidget(label)
    row.addWidget(QLabel("beside it"))
    host.show()
    qtbot.waitExposed(host)
    QApplication.processEvents()
    return host


def test_another_figure_of_the_same_width_is_drawn_and_moves_nothing(qtbot: QtBot) -> None:
    label = FigureLabel("1,111 a second")
    host = shown_with(label, qtbot)
    around, on_it = Watch(host), Watch(label)
    label.setText("1,112 a second")
    qtbot.waitUntil(lambda: on_it.paints > 0)
    assert label.text() == "1,112 a second"
    assert around.layouts == 0
    assert not label.isHidden()


def test_what_needs_more_room_gets_it_at_once(qtbot: QtBot) -> None:
    label = FigureLabel("9")
    host = shown_with(label, qtbot)
    around = Watch(host)
    label.setText("1,234,567 tasks a second")
    qtbot.waitUntil(lambda: around.layouts > 0)
    assert label.width() >= label.sizeHint().width()
    # And what needs less gives it back.
    label.setText("9")
    qtbot.waitUntil(lambda: around.layouts > 1)


def test_one_that_only_grows_has_nothing_laid_out_for_less(qtbot: QtBot) -> None:
    label = StableLabel("1,000")
    host = shown_with(label, qtbot)
    around = Watch(host)
    label.setText("9")
    QApplication.processEvents()
    assert around.layouts == 0
    label.setText("1,000,000")
    qtbot.waitUntil(lambda: around.layouts == 1)
    # What is something else has a width of its own.
    label.forget()
    label.setText("none")
    assert label.sizeHint() == QLabel.sizeHint(label)


def test_a_hidden_one_is_as_wide_as_its_words_when_it_comes(qtbot: QtBot) -> None:
    label = FigureLabel("9")
    host = shown_with(label, qtbot)
    label.hide()
    label.setText("1,234,567 tasks a second")
    assert label.isHidden()
    label.show()
    qtbot.waitUntil(lambda: label.width() >= label.sizeHint().width())
    assert host.width() >= label.width()


def test_a_badge_draws_its_entry_and_not_the_whole_list(qtbot: QtBot) -> None:
    nav = NavList()
    qtbot.addWidget(nav)
    for name in ("overview", "queue", "history"):
        nav.add_page(name, name.capitalize(), name)
    nav.resize(184, 200)
    nav.show()
    qtbot.waitExposed(nav)
    QApplication.processEvents()
    drawn: list[int] = []
    delegate = nav.itemDelegate()
    paint = delegate.paint
    delegate.paint = lambda painter, option, index: (drawn.append(index.row()), paint(painter, option, index))  # type: ignore[method-assign]
    nav.set_badge("queue", "1.2k")
    qtbot.waitUntil(lambda: bool(drawn))
    assert set(drawn) == {1}
    assert nav.badge("queue") == "1.2k"
