"""Navigation, status bar, drops, icons and the other parts of the frame."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, QMimeData, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.resources import icon_path
from app.theme import color
from app.widgets.card_wording import count_text, left_text, speed_text
from app.widgets.drop_target import DropTarget, dropped_in, local_paths, paths_in
from app.widgets.elide_label import ElideLabel
from app.widgets.empty_state import EmptyState
from app.widgets.flow_grid import FlowGrid
from app.widgets.icons import app_icon, icon, icon_pixmap
from app.widgets.nav_list import NavList
from app.widgets.page_header import PageHeader
from app.widgets.stable_label import StableLabel
from app.widgets.status_bar import StatusBar
from scheduler_core import DomainCounts, PressureReading


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Figures as they are written in English, wherever the tests run."""
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


def test_the_navigation_tells_which_page_was_chosen(qtbot: QtBot) -> None:
    nav = NavList()
    qtbot.addWidget(nav)
    nav.add_page("overview", "Overview", "overview")
    nav.add_page("failures", "Failures", "failures")
    with qtbot.waitSignal(nav.page_chosen) as chosen:
        nav.show_page("failures")
    assert chosen.args == ["failures"]
    assert nav.objectName() == "nav"
    nav.set_badge("failures", "4", "failure")
    assert nav.badge("failures") == "4"
    assert nav.item(1).data(Qt.ItemDataRole.AccessibleTextRole) == "Failures 4"
    assert nav.title_of("failures") == "Failures"
    nav.show()
    assert not nav.grab().isNull()


def test_the_status_bar_counts(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    counts, failed = bar.findChild(QLabel, "status-counts"), bar.findChild(QPushButton, "status-failed")
    assert isinstance(counts, QLabel)
    assert isinstance(failed, QPushButton)
    assert counts.text() == "Opening…"
    bar.set_counts(DomainCounts(running=2, pending=1280, blocked=4, paused=12), 3, paused=True)
    assert counts.text() == "All paused · 2 running · 1,284 waiting · 12 paused"
    with qtbot.waitSignal(bar.failures_requested):
        failed.click()
    bar.set_counts(DomainCounts(), 0, paused=False)
    assert counts.text() == "0 running · 0 waiting"
    assert failed.isHidden()


@pytest.mark.parametrize(
    ("pressure", "words"), [(0.2, "Calm · 20 %"), (0.6, "Busy: disk 60 %"), (0.9, "Very busy: disk 90 %")]
)
def test_the_pressure_is_a_word_and_a_number(qtbot: QtBot, pressure: float, words: str) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.set_pressure(PressureReading(pressure=pressure, breakdown={"cpu": 0.1, "disk": pressure}))
    label = bar.findChild(QLabel, "status-pressure")
    assert isinstance(label, QLabel)
    assert label.text() == words
    bar.set_pressure(None)
    assert label.text() == ""


def test_pause_all_offers_the_opposite_of_what_is(qtbot: QtBot) -> None:
    header = PageHeader()
    qtbot.addWidget(header)
    assert not header.pause_button.isEnabled()
    header.set_paused(False)
    with qtbot.waitSignal(header.pause_requested) as wanted:
        header.pause_button.click()
    assert wanted.args == [True]
    assert header.pause_button.text() == "Pausing…"
    header.set_paused(True)
    assert header.pause_button.text() == "Resume all"
    with qtbot.waitSignal(header.pause_requested) as wanted:
        header.pause_button.click()
    assert wanted.args == [False]


@pytest.mark.parametrize("title", ["Overview", "A domain with a long name"])
def test_where_it_is_narrow_the_folder_gives_its_words_to_the_title(qtbot: QtBot, title: str) -> None:
    header = PageHeader()
    qtbot.addWidget(header)
    header.set_title(title)
    header.resize(1_000, 32)
    header.show()
    label = header.findChild(ElideLabel, "page-title")
    assert label is not None
    assert header.add_folder_button.text() == "Add folder…"
    needed = header.sizeHint().width() + label.fontMetrics().horizontalAdvance(title)
    header.resize(needed, 32)
    qtbot.waitUntil(lambda: not label.is_cut)
    assert header.add_folder_button.text() == "Add folder…"
    header.resize(needed - 1, 32)
    qtbot.waitUntil(lambda: not label.is_cut)
    assert header.add_folder_button.text() == ""
    assert not header.add_folder_button.icon().isNull()
    header.resize(1_000, 32)
    assert header.add_folder_button.text() == "Add folder…"


def test_where_it_is_narrower_still_the_other_buttons_do_so_too(qtbot: QtBot) -> None:
    header = PageHeader()
    qtbot.addWidget(header)
    header.set_paused(False)
    header.set_title("A domain with a long name")
    header.set_above("Overview")
    header.show()
    label = header.findChild(ElideLabel, "page-title")
    assert label is not None
    words: list[tuple[str, ...]] = []
    for width in range(1_000, 300, -4):
        header.resize(width, 32)
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        buttons = (header.add_folder_button, header.pause_button, header.add_files_button)
        shown = tuple(button.text() for button in buttons)
        if shown not in words:
            words.append(shown)
        assert not label.is_cut or shown == ("", "", ""), f"{width}: {shown}"
        assert all(button.text() or not button.icon().isNull() for button in buttons)
    assert words == [
        ("Add folder…", "Pause all", "Add files…"),
        ("", "Pause all", "Add files…"),
        ("", "", "Add files…"),
        ("", "", ""),
    ]
    header.pause_button.click()
    assert header.pause_button.text() == "", "there is still no room for words"
    header.resize(1_000, 32)
    assert header.pause_button.text() == "Pausing…"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
def test_a_dropped_name_keeps_its_bytes(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9 \xf0\x9f\x8c\x8a.jpg"))
    odd.touch()
    url = QUrl.fromEncoded(odd.as_uri().encode())
    assert local_paths([url, QUrl("https://example.org/a.jpg")]) == [odd]


def test_paths_come_from_links_or_lines(tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setText(f"{tmp_path}\n\n/no/such/file\nnot a path")
    assert paths_in(mime) == [tmp_path]
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "with space"))])
    assert paths_in(mime) == [tmp_path / "with space"]
    assert paths_in(QMimeData()) == []


def test_files_are_dropped_on_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(400, 300)
    host.show()
    target = DropTarget(host)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    move, copy = Qt.DropAction.MoveAction, Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), move | copy, mime, buttons, keys)
    QApplication.sendEvent(host, enter)
    assert enter.isAccepted()
    assert target.isVisible()
    assert target.size() == host.size()
    assert not target.grab().isNull()
    QApplication.sendEvent(host, QDragLeaveEvent())
    assert target.isHidden()
    QApplication.sendEvent(host, QDragEnterEvent(QPoint(9, 9), move | copy, mime, buttons, keys))
    drop = QDropEvent(QPointF(9, 9), move | copy, mime, buttons, keys)
    with qtbot.waitSignal(target.dropped) as dropped:
        QApplication.sendEvent(host, drop)
    assert dropped.args == [[tmp_path]]
    assert drop.dropAction() == copy


def test_what_is_no_file_is_refused(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    target = DropTarget(host)
    mime = QMimeData()
    mime.setText("words")
    enter = QDragEnterEvent(
        QPoint(9, 9),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter.ignore()
    QApplication.sendEvent(host, enter)
    assert not enter.isAccepted()
    assert target.isHidden()


def test_icons_take_the_colour_of_a_token(qtbot: QtBot) -> None:
    picture = icon_pixmap("jobs", "failure", 24, 2.0)
    assert picture.deviceIndependentSize().toSize() == QSize(24, 24)
    image = picture.toImage()
    inks = {
        image.pixelColor(x, y).name()
        for x in range(48)
        for y in range(48)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert color("failure").name() in inks
    assert not icon_pixmap("no such icon").toImage().isNull()
    assert not icon("jobs").isNull()
    assert not app_icon().pixmap(64, 64).isNull()


def test_all_icons_are_of_one_family() -> None:
    folder = icon_path("jobs").parent
    for path in folder.glob("*.svg"):
        text = path.read_text("utf-8")
        if path.stem == "tidemill" or path.stem.startswith("arrow-"):
            continue
        assert 'viewBox="0 0 24 24"' in text, path.name
        assert 'stroke="currentColor"' in text, path.name
        assert "#" not in text, path.name


def test_an_empty_state_says_what_to_do(qtbot: QtBot) -> None:
    state = EmptyState("calm", "Nothing is running", "Drop files on the window.", "Add files…")
    qtbot.addWidget(state)
    assert state.accessibleName() == "Nothing is running. Drop files on the window."
    with qtbot.waitSignal(state.activated):
        state.button.click()
    bare = EmptyState("calm", "Nothing", "")
    qtbot.addWidget(bare)
    assert bare.button.isHidden()


def test_cards_flow_into_as_many_columns_as_fit(qtbot: QtBot) -> None:
    grid = FlowGrid(200)
    qtbot.addWidget(grid)
    grid.set_cards([QLabel(str(number)) for number in range(5)])
    grid.resize(900, 400)
    grid.show()
    assert grid.columns == 4
    grid.resize(450, 400)
    assert grid.columns == 2
    grid.resize(100, 400)
    assert grid.columns == 1


def test_a_wide_card_has_a_row_of_its_own(qtbot: QtBot) -> None:
    grid = FlowGrid(200)
    qtbot.addWidget(grid)
    cards = [QLabel(str(number)) for number in range(4)]
    cards[2].setProperty("wide", True)
    grid.set_cards(list(cards))
    grid.resize(900, 400)
    grid.show()
    assert grid.columns == 3, "it takes no place of the others"
    assert cards[2].width() == 900
    tops = [card.y() for card in cards]
    assert tops[0] == tops[1] < tops[2] < tops[3]


def test_a_stable_label_never_shrinks(qtbot: QtBot) -> None:
    label = StableLabel("1,284 waiting")
    qtbot.addWidget(label)
    width = label.sizeHint().width()
    label.setText("0")
    assert label.sizeHint().width() == width
    label.forget()
    assert label.sizeHint().width() < width, "unless it is told that it says something else"


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (1284, "1,284"), (99_999, "99,999"), (123_456, "123k"), (1_210_000, "1.2M")]
)
def test_counts_keep_their_width(count: int, text: str) -> None:
    assert count_text(count) == text


@pytest.mark.parametrize(
    ("per_second", "text"), [(0.0, ""), (38.4, "38 a second"), (1.31, "1.3 a second"), (0.1, "6 a minute")]
)
def test_speeds_are_read_as_people_say_them(per_second: float, text: str) -> None:
    assert speed_text(per_second) == text


def test_time_left() -> None:
    assert left_text(None) == ""
    assert left_text(0.2) == "1 s left"
    assert left_text(3_700) == "1 h 1 min left"


def test_links_are_taken_as_links_and_texts_that_only_hold_one_are_not(tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a b.jpg"), QUrl.fromLocalFile(str(tmp_path)), QUrl("ftp://x/y")])
    assert dropped_in(mime) == [tmp_path, "https://example.org/a%20b.jpg"]
    text = QMimeData()
    text.setText("http://example.org/1\nhttp://example.org/1\n http://example.org/2 \n")
    assert dropped_in(text) == ["http://example.org/1", "http://example.org/2"]
    text.setText("see http://example.org/1")
    assert dropped_in(text) == []
    text.setText(QUrl.fromLocalFile(str(tmp_path)).toString())
    assert dropped_in(text) == [tmp_path]


def test_fewer_cards_than_before_take_all_of_the_width(qtbot: QtBot) -> None:
    grid = FlowGrid(200)
    qtbot.addWidget(grid)
    grid.set_cards([QLabel(str(number)) for number in range(4)])
    grid.resize(1000, 100)
    grid.show()
    assert grid.columns == 4
    cards = [QLabel(str(number)) for number in range(3)]
    grid.set_cards([*cards])
    assert grid.columns == 3
    qtbot.waitUntil(lambda: cards[-1].geometry().right() == grid.width() - 1)
