"""Files from a dialog or from the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QMimeData, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from app.widgets.drop_target import dropped_in, local_paths


class FilePicker(QObject):
    """`picked(list[Path | str])` carries the files, folders and web links that were chosen or pasted.

    `found_nothing(str)` says why a paste did nothing.
    """

    picked = Signal(list)
    found_nothing = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def choose_files(self) -> None:
        """Opens a dialog for one or more files; the work and the window go on behind it."""
        self._choose(self.tr("Add files"), QFileDialog.FileMode.ExistingFiles)

    def choose_folder(self) -> None:
        """Opens a dialog for one folder."""
        self._choose(self.tr("Add a folder"), QFileDialog.FileMode.Directory)

    def paste(self) -> None:
        """Takes the files and links that were copied elsewhere."""
        # Where nobody has copied anything yet, some platforms have no data at all, whatever the types say.
        copied = cast("QMimeData | None", QGuiApplication.clipboard().mimeData())
        dropped = [] if copied is None else dropped_in(copied)
        if dropped:
            self.picked.emit(dropped)
        else:
            self.found_nothing.emit(self.tr("There are no files or links on the clipboard"))

    def _choose(self, title: str, mode: QFileDialog.FileMode) -> None:
        dialog = QFileDialog(self._window, title)
        dialog.setObjectName("choose-files")
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.urlsSelected.connect(self._on_urls)
        dialog.open()

    def _on_urls(self, urls: Sequence[QUrl]) -> None:
        if paths := local_paths(urls):
            self.picked.emit(paths)
