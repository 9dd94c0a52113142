"""What the lists are painted with: bars, columns, pictures of a job's way, and buttons in the row that is meant."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.models.domain_looks import DomainLook
from app.models.job_figures import PipelineBox
from app.theme import color
from app.widgets.pipeline_picture import paint_pipeline, picture_height, stage_texts
from app.widgets.row_buttons import RowButtons
from app.widgets.rows_view import Column, RowsView, fit_columns
from app.widgets.state_bar import paint_progress, paint_state_bar, segments

COLUMNS = (Column(200, least=100, share=2), Column(100, share=1), Column(80, hide_below=300))


# --- the state bar -----------------------------------------------------------------------------------------


def test_parts_of_a_bar_are_as_wide_as_their_counts() -> None:
    parts = segments({"completed": 50, "running": 10, "pending": 40}, 200)
    assert parts == [("state-done", 0.0, 100.0), ("state-running", 100.0, 20.0)]


def test_few_of_many_are_still_seen_and_the_bar_does_not_grow() -> None:
    parts = segments({"completed": 99_998, "failed": 1, "running": 1}, 200)
    assert [token for token, _, _ in parts] == ["state-done", "state-running", "state-failed"]
    assert all(width >= 4 for _, _, width in parts)
    _, left, width = parts[-1]
    assert left + width == pytest.approx(200)


def test_states_of_one_meaning_are_one_part_and_nothing_is_no_part() -> None:
    both = segments({"failed": 1, "dead_letter": 1, "expired": 0}, 100)
    assert both == [("state-failed", 0.0, 100.0)]
    assert segments({}, 100) == []
    assert segments({"completed": 1}, 0) == []


def painted(width: int = 120, height: int = 10) -> tuple[QImage, QPainter]:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(QColor("white"))
    return image, QPainter(image)


def test_no_two_states_look_alike_even_without_colour(qapp: QCoreApplication) -> None:
    grey: list[bytes] = []
    for status in ("completed", "running", "failed", "cancelled", "paused", "pending"):
        image, painter = painted()
        paint_state_bar(painter, QRectF(0, 0, 120, 10), {status: 1})
        painter.end()
        # Black and white alone: brightness above or below the middle of the bar's own.
        scan = [image.pixelColor(x, y).lightness() for x in range(20, 100) for y in range(1, 9)]
        middle = (min(scan) + max(scan)) / 2
        pattern = bytes(value > middle for value in scan) if max(scan) - min(scan) > 8 else bytes([max(scan)])
        grey.append(pattern)
    assert len(set(grey)) == len(grey)


def test_a_guess_and_the_unknown_look_unlike_a_report(qapp: QCoreApplication) -> None:
    images: list[QImage] = []
    for fraction, guess in ((0.5, False), (0.5, True), (None, False), (0.0, False)):
        image, painter = painted()
        paint_progress(painter, QRectF(0, 0, 120, 10), fraction, "series-1", guess)
        painter.end()
        images.append(image)
    assert all(one != two for one, two in itertools.combinations(images, 2))
    assert images[0].pixelColor(30, 5) == color("series-1")
    assert images[0].pixelColor(90, 5) == color("track")


# --- columns -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("room", "widths"),
    [
        (380, [200, 100, 80]),
        (680, [400, 200, 80]),
        (320, [140, 100, 80]),
        (280, [180, 100, 0]),
        (150, [100, 100, 0]),
    ],
)
def test_columns_fill_the_room_shrink_and_hide(room: int, widths: list[int]) -> None:
    assert fit_columns(COLUMNS, room) == widths


def test_a_column_may_be_narrow_in_a_narrow_list() -> None:
    columns = (Column(100, share=1), Column(200, least=50, narrow_below=400))
    assert fit_columns(columns, 399) == [349, 50]
    assert fit_columns(columns, 400) == [200, 200]


# --- the picture of a job's way ----------------------------------------------------------------------------


def box(name: str, stages: int = 1) -> PipelineBox:
    return PipelineBox(
        DomainLook(name, "series-1", 0), tuple((f"stage {n}", {"completed": 1}) for n in range(stages))
    )


def test_boxes_that_do_not_fit_go_to_the_next_line(qapp: QCoreApplication) -> None:
    boxes = [box(name) for name in ("a", "b", "c", "d")]
    in_one, in_two = picture_height(boxes, 1000), picture_height(boxes, 400)
    assert in_two > 1.5 * in_one
    assert picture_height([box("a", 3)], 1000) > picture_height([box("a", 1)], 1000)
    assert picture_height([], 1000) < in_one


@pytest.mark.parametrize("width", [90, 300, 640, 1400])
def test_nothing_is_painted_outside_the_picture(qapp: QCoreApplication, width: int) -> None:
    boxes = [box("Ingest", 2), box("A domain with a long name"), box("Sync"), box("Notify")]
    height = picture_height(boxes, width)
    pixmap = QPixmap(width + 40, height + 40)
    pixmap.fill(QColor("magenta"))
    painter = QPainter(pixmap)
    paint_pipeline(painter, QRect(20, 20, width, height), boxes)
    painter.end()
    image = pixmap.toImage()
    edge = [(x, y) for x in range(0, width + 40, 3) for y in (2, height + 37)]
    edge += [(x, y) for y in range(0, height + 40, 3) for x in (2, width + 37)]
    assert all(image.pixelColor(x, y) == QColor("magenta") for x, y in edge)


def test_a_stage_tells_what_runs_and_what_is_paused(qapp: QCoreApplication) -> None:
    assert stage_texts({"completed": 1, "running": 2}) == ("1 of 3 · 2 running", "1 of 3")
    assert stage_texts({"completed": 1, "paused": 2}) == ("1 of 3 · 2 paused", "1 of 3")
    assert stage_texts({"pending": 2}) == ("0 of 2", "0 of 2")


# --- buttons in a row --------------------------------------------------------------------------------------


@pytest.fixture
def view(qtbot: QtBot) -> RowsView:
    made = RowsView("rows", "Rows", COLUMNS)
    qtbot.addWidget(made)
    model = QStandardItemModel(40, 3, made)
    for row in range(40):
        model.setItem(row, 0, QStandardItem(f"row {row}"))
    made.setModel(model)
    made.resize(500, 300)
    return made


@pytest.fixture
def buttons(view: RowsView, qtbot: QtBot) -> RowButtons:
    made = RowButtons(words_from=150)
    made.add_button("do-it", "retry", "Do it", "Do it to this row")
    view.set_actions(made, 2)
    view.show()
    qtbot.waitUntil(lambda: view.visualRect(view.model().index(0, 0)).isValid())
    return made


def test_buttons_stand_in_the_current_row_or_the_one_under_the_mouse(
    view: RowsView, buttons: RowButtons, qtbot: QtBot
) -> None:
    assert not buttons.isVisible()
    view.setCurrentIndex(view.model().index(2, 1))
    qtbot.waitUntil(buttons.isVisible)
    assert view.acting_index == view.model().index(2, 0)
    assert buttons.geometry().top() == view.visualRect(view.model().index(2, 2)).top()
    over = view.visualRect(view.model().index(5, 0)).center()
    QTest.mouseMove(view.viewport(), over + QPoint(1, 0))
    QTest.mouseMove(view.viewport(), over)
    qtbot.waitUntil(lambda: view.acting_index.row() == 5)
    view.can_act = lambda row: row.row() != 5
    view.fit()
    qtbot.waitUntil(lambda: view.acting_index.row() == 2)


def test_buttons_follow_their_row_and_hide_with_it(view: RowsView, buttons: RowButtons, qtbot: QtBot) -> None:
    # Wherever the mouse may be: what comes under it has nothing to press.
    view.can_act = lambda _row: False
    view.setCurrentIndex(view.model().index(1, 0))
    qtbot.waitUntil(buttons.isVisible)
    top = buttons.y()
    view.model().insertRow(0)
    qtbot.waitUntil(lambda: buttons.y() > top)
    assert view.acting_index.row() == 2
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    assert not buttons.isVisible()
    view.model().removeRows(0, view.model().rowCount())
    qtbot.waitUntil(lambda: not view.acting_index.isValid())


def test_a_button_keeps_its_row_while_it_has_the_focus(
    view: RowsView, buttons: RowButtons, qtbot: QtBot
) -> None:
    view.setCurrentIndex(view.model().index(1, 0))
    qtbot.waitUntil(buttons.isVisible)
    view.activateWindow()
    button = buttons.findChild(QPushButton, "do-it")
    assert button is not None
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    over = view.visualRect(view.model().index(4, 0)).center()
    QTest.mouseMove(view.viewport(), over + QPoint(1, 0))
    QTest.mouseMove(view.viewport(), over)
    QCoreApplication.processEvents()
    assert view.acting_index.row() == 1


def test_words_go_where_there_is_no_room_for_them(buttons: RowButtons) -> None:
    button = buttons.findChild(QPushButton, "do-it")
    assert button is not None
    buttons.show()
    buttons.resize(200, 40)
    assert button.text() == "Do it"
    buttons.resize(80, 40)
    assert (button.text(), button.accessibleName()) == ("", "Do it to this row")
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


# --- rows that come and go above -----------------------------------------------------------------------------


def long_list(qtbot: QtBot) -> tuple[RowsView, QStandardItemModel]:
    model = QStandardItemModel(200, 1)
    for row in range(200):
        model.setItem(row, QStandardItem(str(row)))
    view = RowsView("list", "A list", [Column(200, share=1)])
    qtbot.addWidget(view)
    view.setModel(model)
    view.resize(300, 300)
    view.show()
    qtbot.waitExposed(view)
    view.doItemsLayout()
    return view, model


def top(view: RowsView) -> tuple[str, int]:
    """The text of the first row that is seen, and where it begins."""
    index = view.indexAt(QPoint(1, 1))
    return index.data(), view.visualRect(index).top()


def test_what_is_looked_at_stays_where_it_is(qtbot: QtBot) -> None:
    view, model = long_list(qtbot)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    seen = top(view)
    for number in range(30):
        model.insertRow(0, QStandardItem(f"new {number}"))
    view.doItemsLayout()
    assert top(view) == seen
    model.removeRows(0, 60)
    model.insertRow(model.rowCount(), QStandardItem("last"))
    view.doItemsLayout()
    assert top(view) == seen


def test_at_the_top_new_rows_are_seen_unless_there_are_others_above(qtbot: QtBot) -> None:
    view, model = long_list(qtbot)
    model.insertRow(0, QStandardItem("new"))
    view.doItemsLayout()
    assert top(view) == ("new", 0)
    asked: list[None] = []
    view.near_top = lambda: asked.append(None)
    view.is_top_first = lambda: False
    for number in range(40):
        model.insertRow(0, QStandardItem(f"older {number}"))
    view.doItemsLayout()
    assert top(view) == ("new", 0)
    view.verticalScrollBar().setValue(0)
    assert asked


def test_nobody_is_taken_along_when_the_current_row_goes(qtbot: QtBot) -> None:
    view, model = long_list(qtbot)
    view.setCurrentIndex(model.index(3, 0))
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    seen = top(view)
    model.removeRows(0, 20)
    view.doItemsLayout()
    assert top(view) == seen
    view.setCurrentIndex(model.index(1, 0))
    assert top(view) == ("21", 0)
