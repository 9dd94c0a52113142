"""Files, folders and web links dropped on a window or pasted into it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.paths import is_link
from app.theme import CARD_RADIUS, GRID, color, heading_font
from app.widgets.icons import icon_pixmap


def local_paths(urls: Iterable[QUrl]) -> list[Path]:
    """The local files among `urls`; names that are no UTF-8 keep their bytes."""
    paths: list[Path] = []
    for url in urls:
        if not url.isLocalFile():
            continue
        if os.name == "nt":
            paths.append(Path(url.toLocalFile()))
        else:
            encoded = url.path(QUrl.ComponentFormattingOption.FullyEncoded)
            paths.append(Path(os.fsdecode(unquote_to_bytes(encoded))))
    return paths


def paths_in(mime: QMimeData) -> list[Path]:
    """The files that a drop or the clipboard holds: as links, or as text with one absolute path a line."""
    if mime.hasUrls():
        return local_paths(mime.urls())
    if not mime.hasText():
        return []
    lines = [line.strip() for line in mime.text().splitlines()]
    if any(line.startswith("file://") for line in lines):
        # Some file managers copy as text what others copy as links.
        return local_paths(QUrl(line) for line in lines if line.startswith("file://"))
    return [path for line in lines if line and (path := Path(line)).is_absolute() and path.exists()]


def links_in(mime: QMimeData) -> list[str]:
    """The web links that a drop or the clipboard holds; as text, one a line and nothing else."""
    if mime.hasUrls():
        texts = [url.toString(QUrl.ComponentFormattingOption.FullyEncoded) for url in mime.urls()]
    elif mime.hasText():
        texts = [line.strip() for line in mime.text().splitlines() if line.strip()]
        if not all(is_link(text) for text in texts):
            return []
    else:
        return []
    return list(dict.fromkeys(text for text in texts if is_link(text)))


def dropped_in(mime: QMimeData) -> list[Path | str]:
    """Files, folders and web links, in this order."""
    return [*paths_in(mime), *links_in(mime)]


class DropTarget(QWidget):
    """Lies over `host` while files or links are dragged over it.

    It emits `dropped(list[Path | str])` when they are let go.
    """

    dropped = Signal(list)

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.setObjectName("drop-overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Drop to take in"))
        self.hide()
        host.setAcceptDrops(True)
        host.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The host's drags and drops; everything else goes on as it is."""
        kind = event.type()
        if kind == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            return self._on_enter(event)
        if kind == QEvent.Type.DragLeave:
            self.hide()
        elif kind == QEvent.Type.Drop and isinstance(event, QDropEvent):
            return self._on_drop(event)
        elif kind == QEvent.Type.Resize:
            self.resize(self._host.size())
        return False

    def _on_enter(self, event: QDragEnterEvent) -> bool:
        if not dropped_in(event.mimeData()):
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.resize(self._host.size())
        self.show()
        self.raise_()
        return True

    def _on_drop(self, event: QDropEvent) -> bool:
        self.hide()
        dropped = dropped_in(event.mimeData())
        if not dropped:
            return False
        # Copy, never move: the source program must not delete what was dropped.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(dropped)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """A veil with a dashed frame, an icon and what letting go will do."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = color("window")
        veil.setAlphaF(0.95)
        painter.fillRect(self.rect(), veil)
        frame = self.rect().adjusted(2 * GRID, 2 * GRID, -2 * GRID, -2 * GRID)
        painter.setPen(QPen(color("accent"), 2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, CARD_RADIUS, CARD_RADIUS)
        center = frame.center()
        pixmap = icon_pixmap("drop", "accent", 48, self.devicePixelRatioF())
        painter.drawPixmap(center.x() - 24, center.y() - 56, pixmap)
        painter.setFont(heading_font(20))
        painter.setPen(color("text"))
        words = frame.adjusted(0, frame.height() // 2, 0, 0)
        painter.drawText(
            words, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self.tr("Drop to take in")
        )
