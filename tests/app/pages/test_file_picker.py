"""Files and links from the clipboard and from a dialog."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.pages.main_window import MainWindow
from app.widgets.toast import Toaster

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def test_copied_files_are_pasted(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    QGuiApplication.clipboard().setMimeData(mime)
    paste = next(one for one in window.findChildren(QAction) if one.shortcut().toString() == "Ctrl+V")
    with qtbot.waitSignal(window.files_dropped) as dropped:
        paste.trigger()
    assert dropped.args == [[tmp_path]]
    QGuiApplication.clipboard().setText("https://example.org/a.jpg\n")
    with qtbot.waitSignal(window.files_dropped) as dropped:
        paste.trigger()
    assert dropped.args == [["https://example.org/a.jpg"]]
    QGuiApplication.clipboard().setText("words of https://example.org")
    paste.trigger()
    toaster = window.findChild(Toaster)
    assert isinstance(toaster, Toaster)
    assert toaster.text == "There are no files or links on the clipboard"


def test_pasting_says_so_where_nothing_was_copied(window: MainWindow) -> None:
    QGuiApplication.clipboard().clear()
    next(one for one in window.findChildren(QAction) if one.shortcut().toString() == "Ctrl+V").trigger()
    toaster = window.findChild(Toaster)
    assert isinstance(toaster, Toaster)
    assert toaster.text == "There are no files or links on the clipboard"


def test_files_are_chosen_without_blocking(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "a.txt").write_text("a")
    button = window.findChild(QPushButton, "add-files")
    assert isinstance(button, QPushButton)
    button.click()
    dialog = window.findChild(QFileDialog, "choose-files")
    assert isinstance(dialog, QFileDialog)
    with qtbot.waitSignal(window.files_dropped) as dropped:
        dialog.urlsSelected.emit([QUrl.fromLocalFile(str(tmp_path / "a.txt"))])
    assert dropped.args == [[tmp_path / "a.txt"]]
    dialog.close()
